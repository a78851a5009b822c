/** `spec/ledger/*.yaml`: every testable statement of the guide, in our own words. */
import type { LedgerEntry, Source, Value } from '../model.ts'
import type { Reading } from './page.ts'
import { LEVELS, STATEMENT_CLASSES } from './vocabulary.ts'
import { readYaml } from './yaml.ts'
import { isOneOf } from '../../base/is-one-of.ts'
import { isList, isMapping } from '../value-kinds.ts'

const KEYS = ['id', 'page', 'class', 'statement', 'level', 'kind', 'how', 'why', 'part', 'sameAs', 'since'] as const
const HOW = ['dynamic', 'static', 'not-testable'] as const

/** Fields of an entry and where each stands. */
interface Fields {
  readonly values: { readonly [key: string]: Value }
  readonly source: Source
  place(key: string): Source
  placeOfKey(key: string): Source
}

/**
 * Reads a file of `spec/ledger/`: the statements of one part of the guide. What they refer to is checked when all pages
 * are read.
 */
export function readLedger(file: string, text: string, reading: Reading): readonly LedgerEntry[] {
  return (readPlainly(file, text) ?? readAsYaml(file, text, reading)).flatMap(
    fields => readEntry(fields, reading) ?? [],
  )
}

/**
 * A ledger has thousands of entries, and nearly always they are nothing but lines `key: text`, which need no YAML
 * parser: this is thirty times as fast. Nothing when a single line is of another kind; then the parser reads the whole
 * file.
 */
export function readPlainly(file: string, text: string): readonly Fields[] | undefined {
  const entries: Fields[] = []
  let values: Map<string, { readonly value: string; readonly line: number; readonly column: number }> | undefined
  for (const [row, line] of text.split('\n').entries()) {
    if (/^\s*(?:#.*)?$/.test(line)) continue
    const [, lead, key, written] = LINE.exec(line.trimEnd()) ?? []
    const value = written === undefined ? undefined : plainText(written)
    if (lead === undefined || key === undefined || value === undefined) return undefined
    if (lead === '- ') {
      values = new Map()
      entries.push(fieldsOf(file, row + 1, values))
    }
    if (values === undefined || values.has(key)) return undefined
    values.set(key, { value, line: row + 1, column: lead.length + key.length + 3 })
  }
  return entries
}

/** `- key: text` or `  key: text`. */
const LINE = /^(- | {2})([A-Za-z]+): (\S.*)$/

/** A text that begins with none of YAML's signs and holds neither `: ` nor ` #` is what it is. */
const PLAIN = /^[^\s\-?:,[\]{}#&*!|>'"%@`](?:(?!:\s|\s#|:$)[^\t])*$/
const SINGLE_QUOTED = /^'((?:[^'\t]|'')*)'$/

/** What YAML takes for something else than text. */
const NOT_TEXT = /^(?:null|true|false|~|[-+.]?\d[\d.eE+_-]*|0[xo][\da-f]+|\.inf|\.nan)$/i

function plainText(written: string): string | undefined {
  if (PLAIN.test(written)) return NOT_TEXT.test(written) ? undefined : written
  return SINGLE_QUOTED.exec(written)?.[1]?.replaceAll("''", "'")
}

function fieldsOf(
  file: string,
  line: number,
  values: ReadonlyMap<string, { readonly value: string; readonly line: number; readonly column: number }>,
): Fields {
  const source = { file, line, column: 3 }
  return {
    source,
    get values() {
      return Object.fromEntries([...values].map(([key, one]) => [key, one.value]))
    },
    place(key) {
      const one = values.get(key)
      return one === undefined ? source : { file, line: one.line, column: one.column }
    },
    placeOfKey(key) {
      const one = values.get(key)
      return one === undefined ? source : { file, line: one.line, column: 3 }
    },
  }
}

function readAsYaml(file: string, text: string, reading: Reading): readonly Fields[] {
  const { report, positions } = reading
  const value = readYaml({ file, text, line: 1 }, report, positions)
  const start = { file, line: 1, column: 1 }
  if (value === undefined || value === null) return []
  if (!isList(value)) {
    report.error(start, 'a ledger is a list of statements: begin each with `- id: NAME`')
    return []
  }
  return value.flatMap((entry, index): readonly Fields[] => {
    const source = positions.ofValue(value, index) ?? start
    if (isMapping(entry))
      return [
        {
          values: entry,
          source,
          place: key => positions.ofValue(entry, key) ?? source,
          placeOfKey: key => positions.ofKey(entry, key) ?? source,
        },
      ]
    report.error(source, 'an entry of the ledger is a mapping')
    return []
  })
}

function readEntry({ values, source, place, placeOfKey }: Fields, { report }: Reading): LedgerEntry | undefined {
  for (const key of Object.keys(values)) {
    if (!isOneOf(KEYS, key))
      report.error(placeOfKey(key), `unknown key \`${key}\`; an entry has ${KEYS.join(', ')}`, {
        wrong: key,
        known: KEYS,
      })
  }
  const text = (key: (typeof KEYS)[number], needed: boolean): string | undefined => {
    const value = values[key]
    if (typeof value === 'string' && value !== '') return value
    if (value !== undefined) report.error(place(key), `\`${key}\` is text`)
    else if (needed) report.error(source, `the entry lacks its \`${key}\``)
    return undefined
  }
  const word = <T extends string>(
    key: 'level' | 'how' | 'class',
    what: string,
    known: readonly T[],
    needed = true,
  ): T | undefined => {
    const value = text(key, needed)
    if (value === undefined || isOneOf(known, value)) return value
    report.error(place(key), `unknown ${what} \`${value}\`; write one of ${known.join(', ')}`, { wrong: value, known })
    return undefined
  }
  const id = text('id', true)
  const page = text('page', true)
  const statement = text('statement', true)
  const kind = text('kind', true)
  const level = word('level', 'level', LEVELS)
  const how = word('how', 'way of testing', HOW)
  const statementClass = word('class', 'class of statements', STATEMENT_CLASSES, false)
  const why = text('why', how === 'not-testable')
  const part = text('part', false)
  const sameAs = text('sameAs', false)
  const since = text('since', false)
  if (id !== undefined && !/^[a-z0-9][\w.-]*$/i.test(id))
    report.error(place('id'), `\`${id}\` is no id; write letters, digits, \`-\`, \`_\` and \`.\``)
  if (
    id === undefined ||
    page === undefined ||
    statement === undefined ||
    kind === undefined ||
    level === undefined ||
    how === undefined
  )
    return undefined
  return {
    id,
    page,
    ...(statementClass && { class: statementClass }),
    statement,
    level,
    kind,
    how,
    ...(why && { why }),
    ...(part && { part }),
    ...(sameAs && { sameAs }),
    ...(since && { since }),
    source,
  }
}

/** `spec/ledger/*.yaml`: every testable statement of the guide, in our own words. */
import type { LedgerEntry, Value } from '../model.ts'
import type { Reading } from './page.ts'
import { isOneOf, LEVELS } from './vocabulary.ts'
import { isList, isMapping, readYaml } from './yaml.ts'

const KEYS = ['id', 'page', 'statement', 'level', 'kind', 'how', 'why', 'sameAs', 'since'] as const
const HOW = ['dynamic', 'static', 'not-testable'] as const

export function readLedger(file: string, text: string, reading: Reading): readonly LedgerEntry[] {
  const { report, positions } = reading
  const value = readYaml({ file, text, line: 1 }, report, positions)
  const start = { file, line: 1, column: 1 }
  if (value === undefined || value === null) return []
  if (!isList(value)) {
    report.error(start, 'a ledger is a list of statements: begin each with `- id: NAME`')
    return []
  }
  return value.flatMap((entry, index) => readEntry(entry, positions.ofValue(value, index) ?? start, reading) ?? [])
}

function readEntry(entry: Value, source: LedgerEntry['source'], { report, positions }: Reading): LedgerEntry | undefined {
  if (!isMapping(entry)) {
    report.error(source, 'an entry of the ledger is a mapping')
    return undefined
  }
  for (const key of Object.keys(entry)) {
    if (!(KEYS as readonly string[]).includes(key)) report.error(positions.ofKey(entry, key) ?? source, `unknown key \`${key}\`; an entry has ${KEYS.join(', ')}`, { wrong: key, known: KEYS })
  }
  const text = (key: (typeof KEYS)[number], needed: boolean): string | undefined => {
    const value = entry[key]
    if (typeof value === 'string' && value !== '') return value
    if (value !== undefined) report.error(positions.ofValue(entry, key) ?? source, `\`${key}\` is text`)
    else if (needed) report.error(source, `the entry lacks its \`${key}\``)
    return undefined
  }
  const id = text('id', true)
  const page = text('page', true)
  const statement = text('statement', true)
  const kind = text('kind', true)
  const level = text('level', true)
  const how = text('how', true)
  const why = text('why', how === 'not-testable')
  const sameAs = text('sameAs', false)
  const since = text('since', false)
  if (id === undefined || page === undefined || statement === undefined || kind === undefined || level === undefined || how === undefined) return undefined
  if (!/^[a-z0-9][\w.-]*$/i.test(id)) report.error(positions.ofValue(entry, 'id') ?? source, `\`${id}\` is no id; write letters, digits, \`-\`, \`_\` and \`.\``)
  if (!isOneOf(LEVELS, level)) {
    report.error(positions.ofValue(entry, 'level') ?? source, `unknown level \`${level}\`; write one of ${LEVELS.join(', ')}`, { wrong: level, known: LEVELS })
    return undefined
  }
  if (!isOneOf(HOW, how)) {
    report.error(positions.ofValue(entry, 'how') ?? source, `unknown way of testing \`${how}\`; write one of ${HOW.join(', ')}`, { wrong: how, known: HOW })
    return undefined
  }
  return { id, page, statement, level, kind, how, ...(why && { why }), ...(sameAs && { sameAs }), ...(since && { since }), source }
}

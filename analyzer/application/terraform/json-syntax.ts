/** Terraform's JSON syntax (`.tf.json`, `.tfvars.json`) as the same blocks and expressions that HCL gives. */
import { rawItems } from '../raw.ts'
import type { Raw, RawEntry } from '../raw.ts'
import { readTemplate } from './syntax.ts'
import type { Attribute, Block, Body, Expression } from './syntax.ts'

/** Sections of a file, and how many labels their blocks have. */
const SECTIONS: { readonly [section: string]: number } = {
  resource: 2,
  data: 2,
  module: 1,
  variable: 1,
  output: 1,
  locals: 0,
}

/** The body of a `.tf.json` file. */
export function readJsonModule(raw: Raw): Body {
  const blocks: Block[] = []
  for (const section of entriesOf(raw)) {
    const labels = Object.hasOwn(SECTIONS, section.key) ? SECTIONS[section.key] : undefined
    if (labels !== undefined) collect(section, section.key, labels, [], blocks)
  }
  return { attributes: [], blocks }
}

/** The body of a `.tfvars.json` file, and of each block. */
export const readJsonBody = (raw: Raw): Body => ({
  attributes: entriesOf(raw).map(
    (entry): Attribute => ({
      name: entry.key,
      start: entry.keyStart,
      nameEnd: entry.keyEnd,
      end: entry.value.end,
      value: expressionOf(entry.value),
    }),
  ),
  blocks: [],
})

function collect(entry: RawEntry, type: string, labels: number, given: readonly string[], into: Block[]): void {
  if (labels > given.length) {
    for (const next of entriesOf(entry.value)) collect(next, type, labels, [...given, next.key], into)
    return
  }
  for (const body of entry.value.kind === 'list' ? entry.value.items : [entry.value])
    into.push({
      type,
      labels: given,
      start: entry.keyStart,
      headEnd: entry.keyEnd,
      end: entry.value.end,
      body: readJsonBody(body),
    })
}

/** Members of a mapping; a list of mappings counts as one, as Terraform reads it. */
const entriesOf = (raw: Raw): readonly RawEntry[] =>
  rawItems(raw).flatMap(item => (item.kind === 'map' ? item.entries : []))

function expressionOf(raw: Raw): Expression {
  const span = { start: raw.start, end: raw.end }
  if (raw.kind === 'list') return { kind: 'tuple', items: raw.items.map(expressionOf), ...span }
  if (raw.kind === 'map')
    return {
      kind: 'object',
      entries: raw.entries.map(entry => ({
        key: { kind: 'literal', value: entry.key, start: entry.keyStart, end: entry.keyEnd },
        value: expressionOf(entry.value),
      })),
      ...span,
    }
  return typeof raw.value === 'string'
    ? placed(readTemplate(raw.value), span)
    : { kind: 'literal', value: raw.value, ...span }
}

/**
 * Everything of an expression at one place: offsets in a JSON text are not those of the file, because of its escapes.
 */
function placed<Part>(part: Part, span: { readonly start: number; readonly end: number }): Part {
  if (Array.isArray(part)) return part.map(item => placed(item, span)) as Part
  if (typeof part !== 'object' || part === null) return part
  const entries = Object.entries(part).map(([name, value]) =>
    name === 'start' || name === 'end' ? [name, span[name]] : [name, placed(value, span)],
  )
  return Object.fromEntries(entries) as Part
}

/** Documents that Terraform keeps as text: policies, redrive policies, state machines. */
import type { Raw } from '../raw.ts'
import { readJson } from '../read-json.ts'
import type { Loc } from '../source.ts'
import { joinValues, listValue, mapValue, scalarValue, unknownValue } from '../value.ts'
import type { Value } from '../value.ts'

/**
 * The structure of a document: of `jsonencode({…})`, or of a text that is JSON, where parts of it may be references.
 */
export function jsonDocument(value: Value): Value {
  if (value.document) return value.document
  if (value.kind === 'map' || value.isAbsent || value.kind === 'null') return value
  const holes = value.kind === 'joined' ? value.parts() : [value]
  const text = holes.map((part, index) => part.string() ?? hole(index)).join('')
  if (holes.every(part => part.isUnknown)) return unknownValue(value.loc, value.why ?? 'the document is not known')
  const { raw, problems } = readJson(text)
  if (!raw || problems.length) return unknownValue(value.loc, 'the document is not JSON')
  return fill(raw, value.loc, holes)
}

/** Marks where a part of a text will be: a private character, which no policy holds. */
const hole = (index: number): string => `\uE000${index}\uE001`
const HOLES = /\uE000(\d+)\uE001/g

function fill(raw: Raw, at: Loc, parts: readonly Value[]): Value {
  if (raw.kind === 'scalar')
    return typeof raw.value === 'string' ? textWith(raw.value, at, parts) : scalarValue(at, raw.value)
  if (raw.kind === 'list')
    return listValue(
      at,
      raw.items.map(item => () => fill(item, at, parts)),
    )
  return mapValue(
    at,
    raw.entries
      .filter(entry => !entry.key.includes('\uE000'))
      .map(entry => ({ key: entry.key, keyLoc: at, evaluate: () => fill(entry.value, at, parts) })),
    raw.entries.some(entry => entry.key.includes('\uE000')),
  )
}

function textWith(text: string, at: Loc, parts: readonly Value[]): Value {
  const pieces: Value[] = []
  let last = 0
  for (const match of text.matchAll(HOLES)) {
    if (match.index > last) pieces.push(scalarValue(at, text.slice(last, match.index)))
    const part = parts[Number(match[1])]
    if (part) pieces.push(part)
    last = match.index + match[0].length
  }
  if (!pieces.length) return scalarValue(at, text)
  if (last < text.length) pieces.push(scalarValue(at, text.slice(last)))
  const [only] = pieces
  return pieces.length === 1 && only ? only : joinValues(at, pieces)
}

/** JSON that stands in a text: everything in it is at the place of the text. */
export const valueOfJson = (raw: Raw, at: Loc): Value => fill(raw, at, [])

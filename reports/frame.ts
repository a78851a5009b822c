/** Code frames: the lines around a place of a finding. */
import type { Location } from './evidence.ts'
import { plain } from './plain.ts'

export interface FrameLine {
  readonly number: number
  readonly text: string
  /** 0-based columns of `text`, end exclusive, that the finding speaks of; absent on the other lines. */
  readonly marked?: { readonly from: number; readonly to: number }
}

/** Lines that a snippet has before the place, unless it says where it begins. */
const LINES_BEFORE = 2
const MOST_LINES = 14

/** The snippet of a location as numbered lines, with tabs as two spaces; empty without a snippet. */
export function frameOf(location: Location): FrameLine[] {
  if (location.snippet === undefined) return []
  const first = location.snippetLine ?? Math.max(1, location.line - LINES_BEFORE)
  const endLine = location.endLine ?? location.line
  return plain(location.snippet, 6000)
    .split('\n')
    .slice(0, MOST_LINES)
    .map((raw, at) => {
      const number = first + at
      const text = raw.replaceAll('\t', '  ')
      if (number < location.line || number > endLine) return { number, text }
      const column = (unit: number): number => raw.slice(0, Math.max(0, unit - 1)).replaceAll('\t', '  ').length
      const from = number === location.line ? column(location.column) : text.length - text.trimStart().length
      const to = number === endLine && location.endColumn !== undefined ? column(location.endColumn) : text.trimEnd().length
      return { number, text, marked: { from: Math.min(from, text.length), to: Math.max(Math.min(to, text.length), Math.min(from, text.length) + 1) } }
    })
}

/** Code frames: the lines around a place of a finding. */
import type { Location } from './evidence.ts'
import { plain, wholeCharacter } from './plain.ts'

/** A line of an excerpt of a source. */
export interface FrameLine {
  readonly number: number
  readonly text: string
  /** True on every line that the finding speaks of. */
  readonly hit: boolean
  /** 0-based columns of `text`, end exclusive, where the finding is within one line. */
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
      const hit = number >= location.line && number <= endLine
      if (!hit || location.line !== endLine) return { number, text, hit }
      const column = (unit: number): number =>
        wholeCharacter(text, Math.min(raw.slice(0, Math.max(0, unit - 1)).replaceAll('\t', '  ').length, text.length))
      const from = column(location.column)
      const to = location.endColumn === undefined ? text.trimEnd().length : column(location.endColumn)
      // Where a place is a point, the character there is marked.
      const next = wholeCharacter(text, from + 1) === from ? from + 2 : from + 1
      return { number, text, hit, marked: { from, to: Math.max(to, next) } }
    })
}

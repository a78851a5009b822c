/**
 * What may be shown of a string that an endpoint or a user's file made: no control or ANSI sequences, nothing that
 * turns the direction of writing or hides, no credentials, and never more than a bounded part. Escaping for the
 * format (HTML, XML, Markdown …) comes after this and is the format's own.
 */
import { stripVTControlCharacters } from 'node:util'
import { redact, redactingReplacer } from '../base/redact.ts'

/** Nearly every text: printable ASCII on some lines. */
const ORDINARY = /^[\t\n\x20-\x7e]*$/
/** C0 but tab and newline, DEL, C1. */
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g
/** Marks of direction, what shows nothing, and what is no character. */
const INVISIBLE = /[\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\ufff9-\ufffb]/gu
const LINE_BREAK = /\r\n?|[\u2028\u2029\u0085]/g
const LONE_SURROGATE = /\p{Surrogate}/gu

/**
 * `text` made harmless, several lines allowed.
 *
 * @param limit most UTF-16 units that are kept; what is cut is said at the end
 */
export function plain(text: string, limit = 4000): string {
  // Cut before anything else: a megabyte of escape sequences must cost no more than what is shown of it.
  const head = text.length > limit * 2 ? text.slice(0, limit * 2) : text
  const clean = redact(ORDINARY.test(head) ? head : cleaned(head))
  const left = text.length - head.length
  if (clean.length <= limit && left === 0) return clean
  const kept = beginning(clean, limit)
  return `${kept} … (${clean.length - kept.length + left} more characters)`
}

function cleaned(text: string): string {
  return stripVTControlCharacters(text)
    .replace(LINE_BREAK, '\n')
    .replace(CONTROL, '')
    .replace(INVISIBLE, '')
    .replace(LONE_SURROGATE, '\ufffd')
}

/** The first `units` UTF-16 units of a text, one fewer where a character would be torn in two. */
export function beginning(text: string, units: number): string {
  return text.slice(0, wholeCharacter(text, units))
}

/** `at`, or the unit before where `at` is in the middle of a character. */
export function wholeCharacter(text: string, at: number): number {
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(Math.max(0, at - 1), at + 1)) ? at - 1 : at
}

/** The same on one line: runs of blanks and line breaks become one space. */
export function plainLine(text: string, limit = 300): string {
  const line = plain(text.length > limit * 4 ? text.slice(0, limit * 4) : text, limit * 4)
    .replace(/\s+/g, ' ')
    .trim()
  return line.length > limit ? `${beginning(line, limit - 1).trimEnd()}…` : line
}

/**
 * Any value of a counterexample as JSON that people can read: on one line where it fits in `width`. Bounded like
 * `plain`. Never throws.
 */
export function plainValue(value: unknown, { limit = 4000, width = 80 } = {}): string {
  if (typeof value === 'string') return plain(value, limit)
  try {
    const short = JSON.stringify(value, redactingReplacer) ?? String(value)
    const spaced =
      short.length <= width ? JSON.stringify(value, redactingReplacer, 1)?.replace(/\n\s*/g, ' ') : undefined
    if (spaced !== undefined && spaced.length <= width) return plain(spaced, limit)
    return plain(JSON.stringify(value, redactingReplacer, 2) ?? short, limit)
  } catch {
    return '(a value that JSON cannot show)'
  }
}

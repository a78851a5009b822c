/**
 * What may be shown of a string that an endpoint or a user's file made: no control or ANSI sequences, nothing that
 * turns the direction of writing or hides, no credentials, and never more than a bounded part. Escaping for the
 * format (HTML, XML, Markdown …) comes after this and is the format's own.
 */
import { stripVTControlCharacters } from 'node:util'
import { redact, redactingReplacer } from './redact.ts'

/** C0 but tab and newline, DEL, C1. */
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g
/** Marks of direction, zero-width and other invisible characters, tag characters, and non-characters that XML forbids. */
const INVISIBLE = /[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb\ufffe\uffff\u{e0000}-\u{e007f}]/gu
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
  const clean = redact(
    stripVTControlCharacters(head).replace(LINE_BREAK, '\n').replace(CONTROL, '').replace(INVISIBLE, '').replace(LONE_SURROGATE, '\ufffd'),
  )
  const left = text.length - head.length
  if (clean.length <= limit && left === 0) return clean
  const kept = clean.slice(0, limit).replace(LONE_SURROGATE, '')
  return `${kept} … (${clean.length - kept.length + left} more characters)`
}

/** The same on one line: runs of blanks and line breaks become one space. */
export function plainLine(text: string, limit = 300): string {
  const line = plain(text.length > limit * 4 ? text.slice(0, limit * 4) : text, limit * 4)
    .replace(/\s+/g, ' ')
    .trim()
  return line.length > limit ? `${line.slice(0, limit - 1).replace(LONE_SURROGATE, '').trimEnd()}…` : line
}

/**
 * Any value of a counterexample as JSON that people can read: on one line where it fits in `width`. Bounded like `plain`. Never throws.
 */
export function plainValue(value: unknown, { limit = 4000, width = 80 } = {}): string {
  if (typeof value === 'string') return plain(value, limit)
  try {
    const short = JSON.stringify(value, redactingReplacer) ?? String(value)
    const spaced = short.length <= width ? JSON.stringify(value, redactingReplacer, 1)?.replace(/\n\s*/g, ' ') : undefined
    if (spaced !== undefined && spaced.length <= width) return plain(spaced, limit)
    return plain(JSON.stringify(value, redactingReplacer, 2) ?? short, limit)
  } catch {
    return '(a value that JSON cannot show)'
  }
}

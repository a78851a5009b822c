/**
 * How one secret may be spelt in what is kept: as it is, escaped for JSON, percent-encoded, as a form, in base64
 * wherever it stands in it.
 */

/** Nothing shorter is searched for: it would tear ordinary text apart, and is no secret anyway (`test`). */
const LEAST_LENGTH = 8

/**
 * A pattern (flags `g`) for every spelling of the secrets; undefined when there is nothing to search for. It takes time
 * in proportion to the text. Base64 is found at each of the three alignments, of the secret itself and of its JSON,
 * percent and form spellings.
 */
export function secretPattern(secrets: readonly string[]): RegExp | undefined {
  const worth = [...new Set(secrets.filter(secret => secret.length >= LEAST_LENGTH))]
  if (worth.length === 0) return undefined
  return new RegExp([...new Set(worth.flatMap(formsOf))].join('|'), 'g')
}

function formsOf(secret: string): readonly string[] {
  const spellings = new Set([
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(Buffer.from(secret).toString()),
    new URLSearchParams([['', secret]]).toString().slice(1),
  ])
  const encoded = [...spellings].flatMap(base64Cores)
  return [textForm(secret), ...encoded.map(core => `[\\w+/-]?${[...core].map(base64Character).join('')}[\\w+/-]?`)]
}

/** Each character in any of its spellings: encoders differ in what they escape, and may be applied twice. */
function textForm(secret: string): string {
  // Backslashes in a row as one: apart they could share the escapes of a text in very many ways.
  return [...secret.matchAll(/\\+|[^\\]/gu)].map(([part]) => characterForm(part)).join('')
}

const SHORT_ESCAPES: { readonly [character: string]: string } = {
  '"': '"',
  '/': '/',
  '\b': 'b',
  '\f': 'f',
  '\n': 'n',
  '\r': 'r',
  '\t': 't',
}

function characterForm(part: string): string {
  const percent = percentForm(part)
  if (part.startsWith('\\'))
    return `(?:\\\\{${part.length},${part.length * 8}}|${percent}|(?:\\\\{1,7}u005[cC]){${part.length}})`
  const short = SHORT_ESCAPES[part]
  const forms = [
    percent,
    ...(short === undefined ? [] : [`\\\\{1,7}${short}`]),
    `\\\\{1,7}u${hex(part.charCodeAt(0).toString(16).padStart(4, '0'))}${part.length > 1 ? `\\\\{1,7}u${hex(part.charCodeAt(1).toString(16))}` : ''}`,
    ...(part === ' ' ? ['\\+'] : []),
    escapePattern(part),
  ]
  // As bytes, one character each, where text was read as such.
  const bytes = Buffer.from(part).toString('latin1')
  return `(?:${[...forms, ...(bytes === part ? [] : [escapePattern(bytes)])].join('|')})`
}

/** `%2F`, and `%252F` where it was encoded twice. */
function percentForm(part: string): string {
  return [...Buffer.from(part)].map(byte => `%(?:25){0,2}${hex(byte.toString(16).padStart(2, '0'))}`).join('')
}

/** Hexadecimal digits in either case. */
function hex(digits: string): string {
  return digits.replace(/[a-f]/gi, digit => `[${digit.toLowerCase()}${digit.toUpperCase()}]`)
}

/** What base64 of a text that holds this one holds surely: without the digits that its neighbours share. */
function base64Cores(text: string): readonly string[] {
  const bytes = Buffer.from(text)
  return [0, 1, 2].map(before => {
    const digits = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    return digits.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6))
  })
}

/** `+` and `/` may be those of URLs, or be escaped themselves. */
function base64Character(digit: string): string {
  if (digit === '+') return '(?:[+-]|%(?:25){0,2}2[Bb]|\\\\{1,7}u002[bB])'
  if (digit === '/') return '(?:[/_]|\\\\{1,7}/|%(?:25){0,2}2[Ff]|\\\\{1,7}u002[fF])'
  return digit
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}

/**
 * What is wrong with a payload that should be JSON, in the words of the parser that the service uses; undefined when
 * it is JSON.
 */
export function jsonFault(payload: Buffer): string | undefined {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload)
  } catch {
    const { at, kind } = firstStrayByte(payload)
    return fault(`Invalid UTF-8 ${kind} byte 0x${(payload[at] ?? 0).toString(16)}`, payload, at)
  }
  try {
    JSON.parse(text)
    return undefined
  } catch {
    return valueFault(text, payload) ?? endFault(text, payload) ?? fault('Unexpected content', payload, text.length)
  }
}

const VALUE = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"

/** A text that begins with no value: a word that is none, or a character with which none begins. */
function valueFault(text: string, payload: Buffer): string | undefined {
  const [blank = ''] = /^[ \t\r\n]*/.exec(text) ?? []
  const rest = text.slice(blank.length)
  const [word] = /^[A-Za-z_$][\w$]*/.exec(rest) ?? []
  if (word !== undefined && !/^(true|false|null)$/.test(word))
    return fault(`Unrecognized token '${word}': was expecting ${VALUE}`, payload, blank.length + word.length)
  const [first = ''] = rest
  if (first === '' || /["\d[{-]/.test(first) || word !== undefined) return undefined
  return fault(
    `Unexpected character ('${first}' (code ${first.codePointAt(0)})): expected a valid value ${VALUE}`,
    payload,
    blank.length + 1,
  )
}

/** A structure that is opened and never closed. */
function endFault(text: string, payload: Buffer): string | undefined {
  const open = /^\s*([[{])\s*$/.exec(text)
  if (open === null) return undefined
  const kind = open[1] === '{' ? 'Object' : 'Array'
  const begin = text.indexOf(open[1] as string)
  return fault(
    `Unexpected end-of-input: expected close marker for ${kind} (start marker at ${place(payload, begin)})`,
    payload,
    text.length,
  )
}

function fault(what: string, payload: Buffer, at: number): string {
  return `${what}\n at ${place(payload, at)}`
}

/** The parser counts lines and columns from 1, and shows the beginning of what it reads. */
function place(payload: Buffer, at: number): string {
  const before = payload.subarray(0, at).toString('latin1')
  const line = before.split('\n').length
  const column = at - (before.lastIndexOf('\n') + 1) + 1
  const more = payload.length > SHOWN ? `[truncated ${payload.length - SHOWN} bytes]` : ''
  return `[Source: (byte[])"${payload.subarray(0, SHOWN).toString('utf8')}"${more}; line: ${line}, column: ${column}]`
}

const SHOWN = 500

/**
 * The first byte that can stand in no UTF-8 text where it stands: one that begins no character, or none that goes on
 * with one.
 */
function firstStrayByte(bytes: Buffer): { readonly at: number; readonly kind: 'start' | 'middle' } {
  let open = 0
  for (const [at, byte] of bytes.entries()) {
    const goesOn = byte >= 0x80 && byte < 0xc0
    if (open > 0 && !goesOn) return { at, kind: 'middle' }
    if (open > 0) open--
    else if (goesOn || byte > 0xf4 || byte === 0xc0 || byte === 0xc1) return { at, kind: 'start' }
    else if (byte >= 0xc2) open = followers(byte)
  }
  return { at: bytes.length, kind: 'middle' }
}

/** How many bytes follow one that begins a character. */
function followers(byte: number): number {
  if (byte < 0xe0) return 1
  return byte < 0xf0 ? 2 : 3
}

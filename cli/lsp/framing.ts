/** Messages of the Language Server Protocol on a stream: a header with the length, an empty line, JSON. */
import { isObject } from '../../base/is-object.ts'
import { parseJson } from '../../base/parse-json.ts'

/** A request has `id` and `method`, a notification `method` alone, an answer `id` alone. */
export interface Message {
  readonly id?: string | number | null
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly message: string }
}

/** What an editor sends is not bounded by the protocol; a file of this size is not linted either. */
const MOST_BYTES = 64 * 1024 * 1024

/** The bytes of a message. */
export function framed(message: Message): string {
  const body = JSON.stringify({ jsonrpc: '2.0', ...message })
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

/**
 * Takes bytes as they come and gives the messages that are whole. What is no JSON object is passed over.
 *
 * @throws Error where a header has no length, or one that is too great: what follows cannot be told apart
 */
export function createReader(): (chunk: Uint8Array) => readonly Message[] {
  let rest: Buffer = Buffer.alloc(0)
  return chunk => {
    rest = Buffer.concat([rest, chunk])
    const messages: Message[] = []
    for (;;) {
      const end = rest.indexOf('\r\n\r\n')
      if (end === -1) return messages
      const length = Number(/^content-length: *(\d+) *$/im.exec(rest.toString('latin1', 0, end))?.[1] ?? Number.NaN)
      if (!(length <= MOST_BYTES)) throw new Error('a message has no Content-Length that can be read')
      const from = end + 4
      if (rest.length < from + length) return messages
      const value = parseJson(rest.toString('utf8', from, from + length))
      if (isObject(value)) messages.push(value)
      rest = rest.subarray(from + length)
    }
  }
}

/**
 * The messages of an event stream, the binary form in which the service sends events one after the other:
 * lengths and a checksum, headers, a payload, a checksum of it all.
 */
import { crc32 } from 'node:zlib'

/** One event: what kind it is stands in its headers (`:message-type`, `:event-type`). */
export interface StreamMessage {
  readonly headers: { readonly [name: string]: string }
  readonly payload: Uint8Array
}

/** Bytes before the headers: length of the message, length of the headers, checksum of both. */
const PRELUDE = 12
const CHECKSUM = 4
/** The type of a header whose value is text; the only one that the service's own events have. */
const TEXT = 7

/** The bytes of one message. */
export function writeStreamMessage({ headers, payload }: StreamMessage): Buffer {
  const written = Buffer.concat(
    Object.entries(headers).map(([name, value]) => {
      const [key, text] = [Buffer.from(name), Buffer.from(value)]
      const lengths = [Buffer.from([key.length]), Buffer.from([TEXT, text.length >> 8, text.length & 0xff])] as const
      return Buffer.concat([lengths[0], key, lengths[1], text])
    }),
  )
  const message = Buffer.alloc(PRELUDE + written.length + payload.length + CHECKSUM)
  message.writeUInt32BE(message.length, 0)
  message.writeUInt32BE(written.length, 4)
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8)
  written.copy(message, PRELUDE)
  message.set(payload, PRELUDE + written.length)
  message.writeUInt32BE(crc32(message.subarray(0, -CHECKSUM)), message.length - CHECKSUM)
  return message
}

/**
 * The messages of a whole stream; undefined when its bytes are none: cut off, of a wrong checksum, or something else.
 */
export function readStreamMessages(bytes: Uint8Array): readonly StreamMessage[] | undefined {
  const stream = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const messages: StreamMessage[] = []
  for (let at = 0; at < stream.length; ) {
    if (stream.length - at < PRELUDE + CHECKSUM) return undefined
    const [length, headersLength] = [stream.readUInt32BE(at), stream.readUInt32BE(at + 4)]
    const message = stream.subarray(at, at + length)
    if (message.length !== length || PRELUDE + headersLength + CHECKSUM > length) return undefined
    if (crc32(message.subarray(0, 8)) !== message.readUInt32BE(8)) return undefined
    if (crc32(message.subarray(0, -CHECKSUM)) !== message.readUInt32BE(length - CHECKSUM)) return undefined
    const headers = readHeaders(message.subarray(PRELUDE, PRELUDE + headersLength))
    if (headers === undefined) return undefined
    messages.push({ headers, payload: message.subarray(PRELUDE + headersLength, -CHECKSUM) })
    at += length
  }
  return messages
}

/**
 * Bytes of the values of the other types, by their number: truth, falsehood, integers of four sizes, (bytes, text),
 * time, UUID.
 */
const SIZES: readonly (number | undefined)[] = [0, 0, 1, 2, 4, 8, undefined, undefined, 8, 16]

function readHeaders(bytes: Buffer): { readonly [name: string]: string } | undefined {
  const headers = new Map<string, string>()
  for (let at = 0; at < bytes.length; ) {
    const nameEnd = at + 1 + (bytes[at] ?? 0)
    const type = bytes[nameEnd]
    if (type === undefined || type >= SIZES.length) return undefined
    const fixed = SIZES[type]
    const begin = nameEnd + (fixed === undefined ? 3 : 1)
    if (begin > bytes.length) return undefined
    const end = begin + (fixed ?? bytes.readUInt16BE(nameEnd + 1))
    if (end > bytes.length) return undefined
    if (type === TEXT) headers.set(bytes.toString('utf8', at + 1, nameEnd), bytes.toString('utf8', begin, end))
    at = end
  }
  return Object.fromEntries(headers)
}

/** An exchange as evidence: bounded, readable, without credentials. */
import type { Redactor } from '../../base/redact.ts'
import type { Exchange, RecordedRequest, RecordedResponse } from '../../reports/evidence.ts'
import type { HttpRequest } from '../case.ts'
import { encodeSegment } from './serialise.ts'

/** Bytes of a body that evidence keeps. */
const KEPT_BYTES = 16 * 1024
/** Characters of a header value that evidence keeps. */
const KEPT_HEADER = 2048
const MAX_HEADERS = 100

/**
 * Everything that was sent, `headers` being those of the signed request. `origin` is scheme, host and base path of the
 * endpoint, `bodyBytes` the length of a body that is not given as it was sent.
 */
export function recordRequest(
  action: string | undefined,
  origin: string,
  request: HttpRequest,
  headers: { readonly [name: string]: string },
  redactor: Redactor,
  bodyBytes?: number,
): RecordedRequest {
  return {
    ...(action === undefined ? {} : { action }),
    method: request.method,
    url: redactor.text(`${origin}${request.path}${queryString(request.query)}`).slice(0, KEPT_BYTES),
    headers: redactor.headers(headers),
    ...recordBody(request.body ?? '', redactor),
    ...(bodyBytes !== undefined && { bodyBytes }),
  }
}

/** The secrets of the run have been taken out of headers and body already; `bodyBytes` is the length before. */
export function recordResponse(
  status: number,
  headers: { readonly [name: string]: string },
  body: Uint8Array,
  bodyBytes: number,
  redactor: Redactor,
): RecordedResponse {
  const first = redactor.headers(Object.fromEntries(Object.entries(headers).slice(0, MAX_HEADERS)))
  const kept = Object.entries(first).map(([name, value]) => [name, value.slice(0, KEPT_HEADER)] as const)
  return { status, headers: Object.fromEntries(kept), ...recordBody(body, redactor), bodyBytes }
}

/** The query with its question mark, encoded as it is sent; empty without pairs. */
export function queryString(query: readonly (readonly [string, string])[]): string {
  return query.length === 0
    ? ''
    : `?${query.map(([name, value]) => `${encodeSegment(name)}=${encodeSegment(value)}`).join('&')}`
}

function recordBody(
  body: Uint8Array | string,
  redactor: Redactor,
): Pick<Exchange['request'], 'body' | 'bodyEncoding' | 'bodyBytes'> {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : body
  if (bytes.length === 0) return { body: '', bodyBytes: 0 }
  const kept = bytes.length > KEPT_BYTES ? bytes.subarray(0, KEPT_BYTES) : bytes
  const text = decodeUtf8(kept, bytes.length > KEPT_BYTES)
  if (text === null)
    return { body: Buffer.from(kept).toString('base64'), bodyEncoding: 'base64', bodyBytes: bytes.length }
  return { body: withinBytes(redactor.text(text), KEPT_BYTES), bodyBytes: bytes.length }
}

/** What was redacted may have become longer. */
function withinBytes(text: string, limit: number): string {
  if (text.length * 3 <= limit) return text
  const bytes = Buffer.from(text, 'utf8')
  return bytes.length <= limit ? text : (decodeUtf8(bytes.subarray(0, limit), true) ?? '')
}

const strict = new TextDecoder('utf-8', { fatal: true })

/** Null when it is not UTF-8. A cut may fall into the middle of a character: `stream` leaves the rest of it away. */
function decodeUtf8(bytes: Uint8Array, cut: boolean): string | null {
  try {
    return cut ? new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true }) : strict.decode(bytes)
  } catch {
    return null
  }
}

/** A command that a person can paste to see an exchange again, byte for byte. */
import type { Exchange } from '../../reports/evidence.ts'
import { serviceOf } from './service-call.ts'

/** Request headers that curl sets itself, or that only our own signature needs. */
export const OWN_HEADERS = new Set([
  'authorization',
  'host',
  'content-length',
  'x-amz-date',
  'x-amz-content-sha256',
  'x-amz-security-token',
  'connection',
])
/** A body above this size does not belong on a command line. */
const MAX_BODY = 8000

/**
 * The request of an exchange as a `curl` command, signed by curl with the credentials of the environment. Undefined
 * when the body is too large, or was not kept whole. Text that came from a page or an endpoint is quoted so that a
 * shell takes it as it is.
 */
export function curlOf(exchange: Exchange, region: string): string | undefined {
  const { request } = exchange
  if (
    request.bodyBytes > MAX_BODY ||
    (request.bodyEncoding === undefined && Buffer.byteLength(request.body) !== request.bodyBytes)
  )
    return undefined
  const signed = request.headers['authorization'] !== undefined
  const words = ['curl', '-sS', '-i', '-X', quote(request.method), '--path-as-is']
  if (signed) {
    // The credentials stay variables of the shell: they are no part of the evidence.
    words.push(
      '--aws-sigv4',
      quote(`aws:amz:${region}:${serviceOf(request.headers['x-amz-target'])}`),
      '--user',
      '"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"',
    )
    if (request.headers['x-amz-security-token'] !== undefined)
      words.push('-H', '"X-Amz-Security-Token: $AWS_SESSION_TOKEN"')
  }
  for (const [name, value] of Object.entries(request.headers)) {
    if (!OWN_HEADERS.has(name.toLowerCase())) words.push('-H', quote(value === '' ? `${name};` : `${name}: ${value}`))
  }
  // Without a type, curl would call the body a form.
  const typed = Object.keys(request.headers).some(name => name.toLowerCase() === 'content-type')
  if (signed && request.bodyBytes > 0 && !typed) words.push('-H', 'content-type:')
  if (request.bodyBytes === 0) words.push(quote(request.url))
  else if (request.bodyEncoding === 'base64')
    return `base64 -d <<< ${quote(request.body)} | ${[...words, '--data-binary', '@-', quote(request.url)].join(' ')}`
  else words.push('--data-raw', quote(request.body), quote(request.url))
  return words.join(' ')
}

/** For a POSIX shell: nothing inside single quotes has a meaning, and control characters are written as escapes. */
export function quote(text: string): string {
  if (/^[A-Za-z0-9_./:=@%+-]+$/.test(text)) return text
  if (/[\u0000-\u001f\u007f]/.test(text)) {
    const escaped = text
      .replace(/[\\']/g, '\\$&')
      .replace(/[\u0000-\u001f\u007f]/g, char => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
    return `$'${escaped}'`
  }
  return `'${text.replace(/'/g, `'\\''`)}'`
}

/**
 * Signature Version 4 for a request of ours. A test holds it against AWS's own signer, which weighs 4 MB with what it
 * depends on.
 */
import { createHash, createHmac } from 'node:crypto'
import type { HttpRequest } from '../case.ts'
import { compareText } from '../../base/compare-text.ts'

/** Signs requests by Signature Version 4. */
export interface Signer {
  /**
   * Headers to send, the given ones included; `host` is `name:port` as it goes over the wire, `path` the whole one with
   * base path.
   */
  sign(request: HttpRequest, host: string, path: string, now?: Date): { [name: string]: string }
}

/** The path is encoded twice for the signature, as every service but S3 wants it: once on the wire, once more here. */
export function createSigner(options: {
  readonly region: string
  readonly service: string
  readonly credentials: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string
  }
}): Signer {
  const { region, service, credentials } = options
  return {
    sign(request, host, path, now = new Date()) {
      const date = now.toISOString().replace(/[:-]|\.\d{3}/g, '')
      const headers = headersOf(request, host, date, credentials.sessionToken)
      const signable = new Map(
        Object.entries(headers)
          .map(([name, value]) => [name.toLowerCase(), trimmed(value)] as const)
          .filter(([name]) => !UNSIGNED.test(name))
          .sort(([one], [other]) => compareText(one, other)),
      )
      const names = [...signable.keys()].join(';')
      const canonical = [
        request.method,
        canonicalPath(path),
        canonicalQuery(request.query),
        ...[...signable].map(([name, value]) => `${name}:${value}`),
        '',
        names,
        headers[HASH_HEADER],
      ].join('\n')
      const scope = [date.slice(0, 8), region, service, 'aws4_request']
      const key = scope.reduce<string | Buffer>(hmac, `AWS4${credentials.secretAccessKey}`)
      const signature = hmac(key, `${ALGORITHM}\n${date}\n${scope.join('/')}\n${sha256(canonical)}`).toString('hex')
      return {
        ...headers,
        authorization:
          `${ALGORITHM} Credential=${credentials.accessKeyId}/${scope.join('/')}, SignedHeaders=${names}, ` +
          `Signature=${signature}`,
      }
    },
  }
}

const ALGORITHM = 'AWS4-HMAC-SHA256'
const HASH_HEADER = 'x-amz-content-sha256'
/** What proxies change on the way, and what a signature replaces. */
const UNSIGNED =
  /^(authorization|cache-control|connection|expect|from|keep-alive|max-forwards|pragma|referer|te|trailer|transfer-encoding|upgrade|user-agent|x-amzn-trace-id|proxy-.*|sec-.*)$/

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest()
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
const trimmed = (value: string): string => value.replace(/[\r\n\t ]+/g, ' ').replace(/^ | $/g, '')

function headersOf(
  { headers, body }: HttpRequest,
  host: string,
  date: string,
  token: string | undefined,
): { [name: string]: string } {
  const given = Object.entries(headers).filter(
    ([name]) => !/^(authorization|date|x-amz-date|host)$/i.test(name) && name.toLowerCase() !== HASH_HEADER,
  )
  const hash = Object.entries(headers).find(([name]) => name.toLowerCase() === HASH_HEADER)?.[1]
  return {
    ...Object.fromEntries(given),
    host,
    'x-amz-date': date,
    [HASH_HEADER]: hash ?? sha256(body ?? ''),
    ...(token !== undefined && { 'x-amz-security-token': token }),
  }
}

function canonicalPath(path: string): string {
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(encode(segment))
  }
  return `/${segments.join('/')}${segments.length > 0 && path.endsWith('/') ? '/' : ''}`
}

function canonicalQuery(query: HttpRequest['query']): string {
  return query
    .filter(([name]) => name.toLowerCase() !== 'x-amz-signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, b], [c, d]) => compareText(a, c) || compareText(b, d))
    .map(pair => pair.join('='))
    .join('&')
}

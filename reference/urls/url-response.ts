/** What a URL answers, by what its function gave. */
import { isObject } from '../../base/is-object.ts'
import { parseJson } from '../../base/parse-json.ts'

/** What the URL of a function answers. */
export interface UrlAnswer {
  readonly status: number
  readonly headers: { readonly [name: string]: string | string[] }
  readonly body: Buffer
}

/** Every fault of a function is told alike, and nothing of it. */
export const functionFailed: UrlAnswer = json(502, { Message: 'Internal Server Error' })
/** The answer to whoever may not call the URL. */
export const forbidden: UrlAnswer = json(403, { Message: 'Forbidden' })

/** An answer of the service itself. */
export function json(status: number, value: unknown): UrlAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(value)) }
}

/**
 * An object with a status code says all of the answer; anything else is the body of a success, as the JSON that it is.
 * What claims to be an answer and is none is a fault of the function.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
 * @since 0.1.0
 */
export function urlAnswer(payload: Buffer): UrlAnswer {
  const value = parseJson(payload.toString('utf8'))
  if (!isObject(value) || value['statusCode'] === undefined)
    return { status: 200, headers: { 'content-type': 'application/json' }, body: payload }
  const { statusCode, headers = {}, body = '', cookies = [], isBase64Encoded = false } = value
  const status = Number(statusCode)
  if (!Number.isInteger(status) || status < 200 || status > 599 || !isObject(headers) || !Array.isArray(cookies))
    return functionFailed
  const given = Object.entries(headers).map(([name, text]) => [name.toLowerCase(), String(text)] as const)
  if (given.some(([name, text]) => !/^[\w!#$%&'*+.^`|~-]+$/.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(text)))
    return functionFailed
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return {
    status,
    headers: {
      'content-type': 'application/json',
      ...Object.fromEntries(given.filter(([name]) => name !== 'content-length' && name !== 'transfer-encoding')),
      ...(cookies.length > 0 && { 'set-cookie': cookies.map(String) }),
    },
    body: Buffer.from(text, isBase64Encoded === true ? 'base64' : 'utf8'),
  }
}

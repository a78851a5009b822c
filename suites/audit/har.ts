/** Exchanges of a HAR 1.2 file: raw HTTP, with headers. Entries that are no Lambda calls are passed over. */
import { textOf } from '../../base/text-of.ts'
import { isObject } from '../../base/is-object.ts'
import type { Spec } from '../../spec/model.ts'
import type { HttpRequest } from '../case.ts'
import { parseAnswer } from '../wire/parse.ts'
import { matchAction, readRequest } from '../wire/read-request.ts'
import { UserError } from '../../base/user-error.ts'
import type { TrafficItem } from './exchange.ts'

/** A document that is JSON, and no HAR. */
export class NotHar extends UserError {
  override readonly name = 'NotHar'
}

/**
 * All entries of a parsed HAR file.
 * @throws NotHar
 */
export function readHar(spec: Pick<Spec, 'actions'>, har: unknown): readonly TrafficItem[] {
  const log = isObject(har) ? har['log'] : undefined
  const entries = isObject(log) ? log['entries'] : undefined
  if (!Array.isArray(entries)) throw new NotHar('there is no log.entries: this is no HAR file')
  return entries.flatMap((entry: unknown, at) => {
    try {
      return readEntry(spec, entry, at + 1)
    } catch (error) {
      return [
        { unreadable: { line: at + 1, problem: error instanceof Error ? error.message.slice(0, 200) : 'unreadable' } },
      ]
    }
  })
}

/** Paths of the Lambda API begin with the date of an API version. */
const LAMBDA_PATH = /^\/20\d\d-\d\d-\d\d\//

function readEntry(spec: Pick<Spec, 'actions'>, entry: unknown, line: number): readonly TrafficItem[] {
  if (!isObject(entry) || !isObject(entry['request']) || !isObject(entry['response']))
    throw new Error('an entry has no request or no response')
  const request = requestOf(entry['request'])
  const response = entry['response']
  const status = response['status']
  // Status 0: no answer came.
  if (!LAMBDA_PATH.test(request.path) || status === 0) return []
  if (typeof status !== 'number') throw new Error('response.status is missing')
  const action = matchAction(spec, request.method, request.path, request.query)
  const params = action === null ? null : readRequest(action, request)
  const parsed = parseAnswer(action, params, status, headersOf(response['headers']), bytesOf(response['content']))
  return [
    {
      exchange: {
        line,
        history: '',
        whole: false,
        service: /\.amazonaws\.com(\.cn)?$/.test(new URL(String(entry['request']['url'])).hostname),
        operation: action?.name ?? null,
        action,
        params,
        guessed: new Set<string>(),
        raw: true,
        edited: { members: false, spelling: false },
        answer: parsed,
      },
    },
  ]
}

function requestOf(request: { readonly [key: string]: unknown }): HttpRequest {
  const url = new URL(textOf(request['url']))
  const start = url.pathname.search(/\/20\d\d-\d\d-\d\d\//)
  const post = isObject(request['postData']) ? request['postData'] : {}
  const text = typeof post['text'] === 'string' ? post['text'] : null
  return {
    method: textOf(request['method'] ?? 'GET').toUpperCase(),
    // An endpoint may serve under a path of its own.
    path: start > 0 ? url.pathname.slice(start) : url.pathname,
    query: [...url.searchParams.entries()],
    headers: headersOf(request['headers']),
    body: text !== null && post['encoding'] === 'base64' ? Buffer.from(text, 'base64') : text,
  }
}

function headersOf(headers: unknown): { readonly [name: string]: string } {
  const found = new Map<string, string>()
  for (const header of Array.isArray(headers) ? headers : []) {
    if (isObject(header)) found.set(textOf(header['name']).toLowerCase(), textOf(header['value'] ?? ''))
  }
  return Object.fromEntries(found)
}

function bytesOf(content: unknown): Uint8Array {
  if (!isObject(content) || typeof content['text'] !== 'string') return new Uint8Array()
  return Buffer.from(content['text'], content['encoding'] === 'base64' ? 'base64' : 'utf8')
}

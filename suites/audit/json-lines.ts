/**
 * Exchanges as JSON Lines: `{operation, request, response: {status, errorType, body}}`, recorded through an SDK.
 * Members that travel in headers are members of the body there, and header lines are not known.
 */
import { isObject } from '../../base/is-object.ts'
import { nestingDepth } from '../../base/nesting-depth.ts'
import { MAX_NESTING } from '../../base/parse-json.ts'
import { textOf } from '../../base/text-of.ts'
import type { Spec } from '../../spec/model.ts'
import { actionOf, type SeenExchange, type TrafficItem } from './exchange.ts'

/** What one line of the file holds: an exchange, or the calls of a whole sequence. */
export function readLine(spec: Pick<Spec, 'actions'>, text: string, line: number): readonly TrafficItem[] {
  const depth = nestingDepth(text)
  if (depth > MAX_NESTING)
    return [{ unreadable: { line, problem: `nested ${depth} levels deep, more than ${MAX_NESTING}` } }]
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return [
      {
        unreadable: {
          line,
          problem: `not JSON: ${error instanceof Error ? error.message.slice(0, 160) : 'unreadable'}`,
        },
      },
    ]
  }
  if (isObject(json) && Array.isArray(json['calls'])) {
    const test = typeof json['test'] === 'string' ? json['test'] : `line ${line}`
    return json['calls'].map((call: unknown) => readCall(spec, call, test, line))
  }
  const problem = problemOf(json)
  if (problem !== null) return [{ unreadable: { line, problem } }]
  return [{ exchange: exchangeOf(spec, json as RecordedLine, line) }]
}

/** A call of a sequence; of those whose answer nobody kept it is known that they were sent. */
function readCall(spec: Pick<Spec, 'actions'>, call: unknown, test: string, line: number): TrafficItem {
  if (!isObject(call) || typeof call['operation'] !== 'string')
    return { unreadable: { line, problem: 'a call of the sequence has no operation' } }
  const { operation, request, recorded } = call
  if (!isObject(recorded)) return { sent: { operation, params: isObject(request) ? request : null, history: test } }
  const json = { operation, request: request ?? null, requestConfidence: 'derived', response: recorded }
  const problem = problemOf(json)
  if (problem !== null) return { unreadable: { line, problem } }
  return {
    exchange: {
      ...exchangeOf(spec, json as RecordedLine, line),
      id: `${test}#${typeof call['key'] === 'string' ? call['key'] : operation}`,
      history: test,
      whole: true,
    },
  }
}

interface RecordedLine {
  readonly id?: unknown
  readonly recorded?: unknown
  readonly operation: string
  readonly request?: { readonly [member: string]: unknown } | null
  readonly requestConfidence?: unknown
  readonly response: { readonly status: number; readonly errorType?: string | null; readonly body?: unknown }
  readonly notes?: readonly unknown[]
}

function problemOf(json: unknown): string | null {
  if (!isObject(json)) return 'not an object with operation, request and response'
  if (typeof json['operation'] !== 'string') return 'operation is missing: it is the name of an action'
  if (json['request'] !== undefined && json['request'] !== null && !isObject(json['request']))
    return 'request is neither an object nor null'
  const response = json['response']
  if (!isObject(response)) return 'response is missing: it is {status, errorType, body}'
  if (typeof response['status'] !== 'number' || !Number.isInteger(response['status']))
    return 'response.status is missing: it is an HTTP status'
  return null
}

function exchangeOf(spec: Pick<Spec, 'actions'>, recorded: RecordedLine, line: number): SeenExchange {
  const { status, errorType, body } = recorded.response
  const notes = Array.isArray(recorded.notes) ? recorded.notes.map(textOf) : []
  const members = isObject(body) ? body : undefined
  const seen = members ?? (isEmpty(body) ? {} : undefined)
  const at = typeof recorded.recorded === 'string' ? Date.parse(recorded.recorded) : Number.NaN
  return {
    line,
    ...(typeof recorded.id === 'string'
      ? { id: recorded.id, history: recorded.id.split('#')[0] as string }
      : { history: '' }),
    ...(Number.isNaN(at) ? {} : { recordedAt: at }),
    whole: false,
    service: true,
    operation: recorded.operation,
    action: actionOf(spec, recorded.operation),
    params: recorded.request ?? null,
    guessed: guessedMembers(recorded.requestConfidence, notes),
    raw: false,
    edited: {
      members: notes.some(note => /changed or filtered|message is null/i.test(note)),
      spelling: notes.some(note => /message put together|code and message only|key's case/i.test(note)),
    },
    answer: {
      status,
      headers: {},
      json: body,
      body: body === undefined || body === null ? new Uint8Array() : Buffer.from(JSON.stringify(body)),
      ...(status < 400 && seen !== undefined && { members: seen }),
      ...(status < 400 && typeof errorType !== 'string' ? {} : { error: errorOf(errorType, members) }),
    },
  }
}

/**
 * A `derived` request was read from a program, not from the wire: its constants may have changed since. The runtime
 * does so with every version of Lambda; of other members the notes say it.
 */
function guessedMembers(confidence: unknown, notes: readonly string[]): ReadonlySet<string> {
  const guessed = new Set<string>(confidence === 'derived' ? ['Runtime', 'CompatibleRuntimes'] : [])
  for (const note of notes) {
    if (!/guessed/i.test(note)) continue
    for (const [, name] of note.matchAll(/(?:^|[\s,;:])([A-Z][A-Za-z]*)=/g)) if (name !== undefined) guessed.add(name)
  }
  return guessed
}

function isEmpty(body: unknown): boolean {
  return body === undefined || body === null || body === ''
}

function errorOf(
  errorType: unknown,
  body: { readonly [member: string]: unknown } | undefined,
): { readonly name?: string; readonly message?: string } {
  const message = [body?.['message'], body?.['Message']].find(one => typeof one === 'string')
  return {
    ...(typeof errorType === 'string' ? { name: errorType } : {}),
    ...(message === undefined ? {} : { message }),
  }
}

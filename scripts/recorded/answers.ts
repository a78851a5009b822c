/** Recorded answers, in sequences or each by itself, as what a fact of the pages may rest on. */
import { isObject } from '../../base/is-object.ts'

export interface Recorded {
  readonly operation: string
  readonly request: string
  readonly errorType: string | null
  readonly text: string
  readonly body: string
  /** As the recording names it; empty in a sequence. */
  readonly id: string
  /** The calls before it in its sequence. */
  readonly before: readonly { readonly operation: string; readonly request: string }[]
}

/** What a recorded answer has to be like; patterns all, the operation and the error whole. */
export interface Evidence {
  readonly operation: string
  readonly error?: string
  readonly request?: string
  readonly withoutRequest?: string
  readonly text?: string
  readonly body?: string
  readonly without?: string
  readonly id?: string
  readonly after?: { readonly operation: string; readonly request?: string }
}

/** Lines of JSON: exchanges, and sequences of calls. */
export function readRecorded(text: string): readonly Recorded[] {
  return text
    .split('\n')
    .filter(line => line.trim() !== '')
    .flatMap(line => {
      const json: unknown = JSON.parse(line)
      if (!isObject(json)) return []
      if (!Array.isArray(json['calls'])) return recordedOf(json, json['response'], [])
      const calls = json['calls'].filter(isObject)
      return calls.flatMap((call, at) => recordedOf(call, call['recorded'], calls.slice(0, at)))
    })
}

type Members = { readonly [member: string]: unknown }

function recordedOf(call: Members, answer: unknown, before: readonly Members[]): readonly Recorded[] {
  if (!isObject(answer)) return []
  const body = isObject(answer['body']) ? answer['body'] : {}
  return [
    {
      ...sentBy(call),
      errorType: typeof answer['errorType'] === 'string' ? answer['errorType'] : null,
      text: String(body['message'] ?? body['Message'] ?? ''),
      body: JSON.stringify(body),
      id: String(call['id'] ?? ''),
      before: before.map(sentBy),
    },
  ]
}

const sentBy = (call: Members) => ({
  operation: String(call['operation']),
  request: JSON.stringify(call['request'] ?? null),
})

/** Whether an answer is what the evidence says. */
export function isEvidence(wanted: Evidence, answer: Recorded): boolean {
  const whole = (pattern: string, text: string): boolean => new RegExp(`^(?:${pattern})$`).test(text)
  const part = (pattern: string | undefined, text: string): boolean =>
    pattern === undefined || new RegExp(pattern).test(text)
  const none = (pattern: string | undefined, text: string): boolean =>
    pattern === undefined || !new RegExp(pattern).test(text)
  const { after } = wanted
  return (
    whole(wanted.operation, answer.operation) &&
    (wanted.error === undefined ? answer.errorType === null : whole(wanted.error, answer.errorType ?? '')) &&
    part(wanted.request, answer.request) &&
    none(wanted.withoutRequest, answer.request) &&
    part(wanted.text, answer.text) &&
    part(wanted.body, answer.body) &&
    none(wanted.without, answer.body) &&
    (wanted.id === undefined || answer.id.endsWith(wanted.id)) &&
    (after === undefined ||
      answer.before.some(call => whole(after.operation, call.operation) && part(after.request, call.request)))
  )
}

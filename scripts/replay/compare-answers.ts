/**
 * Where an endpoint's answer differs from the recorded one: status, error type, error text, and which members there
 * are.
 */
import { isObject } from '../../base/is-object.ts'
import type { Members, RecordedAnswer } from './sequence.ts'

export type Aspect = 'status' | 'type' | 'text' | 'members'

export interface Difference {
  readonly aspect: Aspect
  /** Of `members`: the path that one of the two lacks. */
  readonly recorded: string
  readonly came: string
}

export interface CameAnswer {
  readonly status: number
  readonly errorType: string | null
  readonly body: Members
}

/** `recorded` must have been translated into the endpoint's identifiers. */
export function compareAnswers(recorded: RecordedAnswer, came: CameAnswer): readonly Difference[] {
  if (recorded.status !== came.status) return [{ aspect: 'status', recorded: told(recorded), came: told(came) }]
  if (recorded.errorType !== came.errorType)
    return [{ aspect: 'type', recorded: String(recorded.errorType), came: String(came.errorType) }]
  if (recorded.errorType !== null) {
    const [wanted, text] = [textOf(recorded.body), textOf(came.body)]
    const texts: Difference[] =
      wanted === undefined || comparable(wanted) === comparable(text ?? '')
        ? []
        : [{ aspect: 'text', recorded: wanted, came: text ?? '' }]
    return [...texts, ...compareMembers(recorded.body, came.body)]
  }
  return compareMembers(recorded.body, came.body)
}

function told(answer: CameAnswer): string {
  return answer.errorType === null
    ? String(answer.status)
    : `${answer.status} ${answer.errorType}: ${textOf(answer.body) ?? ''}`
}

export function textOf(body: Members): string | undefined {
  const text = body['message'] ?? body['Message']
  return typeof text === 'string' ? text : undefined
}

/** The service lists the values of an enumeration in no order. */
function comparable(text: string): string {
  return text.replace(/\[([^[\]]*)\]/g, (_, inner: string) => `[${inner.split(', ').sort().join(', ')}]`)
}

function compareMembers(recorded: unknown, came: unknown): readonly Difference[] {
  const wanted = paths(recorded)
  const found = paths(came)
  return [
    ...[...wanted].filter(path => !found.has(path)).map(path => lacking(path, 'there', 'absent')),
    ...[...found].filter(path => !wanted.has(path)).map(path => lacking(path, 'absent', 'there')),
  ]
}

function lacking(path: string, recorded: string, came: string): Difference {
  return { aspect: 'members', recorded: `${path} ${recorded}`, came: `${path} ${came}` }
}

/**
 * Of a list, the paths of all its items; inside of what is null or absent there are none. A text that is a document
 * counts as one.
 */
function paths(value: unknown, path = '', found = new Set<string>()): Set<string> {
  const whole = typeof value === 'string' && /^[{[]/.test(value) ? (parsed(value) ?? value) : value
  if (Array.isArray(whole)) for (const item of whole) paths(item, `${path}[]`, found)
  else if (isObject(whole))
    for (const [name, inner] of Object.entries(whole)) {
      if (inner === null || inner === undefined) continue
      const at = path === '' ? name : `${path}.${name}`
      found.add(at)
      paths(inner, at, found)
    }
  return found
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

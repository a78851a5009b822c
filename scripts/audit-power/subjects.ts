/** The answers of a file that are made wrong, each with what comes before it. */
import { isObject } from '../../base/is-object.ts'
import type { Line } from './mutations.ts'

export interface Subject {
  readonly line: Line
  /** Lines of JSON for the audit: what comes before, and at last this one or what was made of it. */
  textsWith(line: Line): readonly string[]
}

interface RecordedCall {
  readonly operation: string
  readonly request: Line['request']
  readonly recorded?: Line['response']
}

/** Each line is an exchange, after those of the same test, or a sequence of calls. */
export function readSubjects(text: string): readonly Subject[] {
  const lines = text
    .split('\n')
    .filter(one => one.trim() !== '')
    .map(one => JSON.parse(one) as unknown)
  const exchanges = lines.filter(one => isObject(one) && !Array.isArray(one['calls'])) as Line[]
  return [
    ...exchanges.map((line, at) => ofExchange(line, exchanges.slice(0, at))),
    ...lines.flatMap(one => (isObject(one) && Array.isArray(one['calls']) ? ofSequence(one, one['calls']) : [])),
  ]
}

const testOf = (line: Line): string => String(line['id'] ?? '').split('#')[0] ?? ''

function ofExchange(line: Line, before: readonly Line[]): Subject {
  const earlier = before.filter(one => testOf(one) === testOf(line) && testOf(line) !== '')
  return { line, textsWith: last => [...earlier, last].map(one => JSON.stringify(one)) }
}

function ofSequence(sequence: { readonly [member: string]: unknown }, calls: readonly RecordedCall[]): Subject[] {
  return calls.flatMap((call, at) => {
    const { operation, request, recorded } = call
    if (recorded === undefined) return []
    const line: Line = { id: `${String(sequence['test'])}#${at} ${operation}`, operation, request, response: recorded }
    const textsWith = (last: Line): readonly string[] => [
      JSON.stringify({ ...sequence, calls: [...calls.slice(0, at), { ...call, recorded: last.response }] }),
    ]
    return [{ line, textsWith }]
  })
}

/** Whether two answers are the same but for what changes from request to request. */
import type { Answer } from '../case.ts'

const COMPARED_BYTES = 4000

/**
 * Equal for answers that differ only in numbers, ids, dates and the texts of `own` (names and paths that were in the
 * request).
 */
export function likeness(answer: Answer, own: readonly string[]): string {
  if (answer.failure !== undefined) return `no answer: ${answer.failure.kind}`
  let body = new TextDecoder().decode(answer.body.subarray(0, COMPARED_BYTES))
  for (const text of [...own].sort((a, b) => b.length - a.length)) if (text !== '') body = body.split(text).join('…')
  body = body.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '#').replace(/\d+/g, '#')
  return `${answer.status} ${answer.error?.name ?? ''} ${body}`
}

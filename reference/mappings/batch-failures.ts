import { memberOf } from '../../base/member-of.ts'

/**
 * Which items of a batch a function says it failed, by the identifiers in its answer; `all` when the answer names one
 * that is not in the batch or is no identifier. An empty answer, an empty list and none at all are a success.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html#services-kinesis-batchfailurereporting
 */
export function readBatchFailures(payload: Buffer, identifiers: readonly string[]): ReadonlySet<string> | 'all' {
  let answer: unknown
  try {
    answer = JSON.parse(payload.toString('utf8'))
  } catch {
    return 'all'
  }
  if (answer === null || typeof answer !== 'object') return new Set()
  const failures = memberOf(answer, 'batchItemFailures')
  if (failures === undefined || failures === null) return new Set()
  if (!Array.isArray(failures)) return 'all'
  const failed = new Set<string>()
  for (const failure of failures) {
    const identifier = memberOf(failure, 'itemIdentifier')
    if (typeof identifier !== 'string' || !identifiers.includes(identifier)) return 'all'
    failed.add(identifier)
  }
  return failed
}

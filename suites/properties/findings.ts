/**
 * What a function of ours found wrong with the records that it was sent: nobody hears what it threw at a queue or a
 * stream.
 */
import { isObject } from '../../base/is-object.ts'
import type { Property } from '../../spec/model.ts'
import type { CaseContext, Scope } from '../case.ts'
import type { Judgement } from '../judgement.ts'

const MOST_FUNCTIONS = 3
const ASKING_MS = 5000
const MOST_TEXT = 1000

/**
 * The failure with what the functions of `scope` say of their records, where the property has them look at any. The
 * verdict stays what it was: asking only tells more of a failure that is there.
 */
export async function withFindings(
  context: CaseContext,
  property: Property,
  scope: Scope,
  judgement: Judgement,
): Promise<Judgement> {
  if (judgement.kind !== 'fail' || !JSON.stringify([property.when, property.then]).includes('"record"'))
    return judgement
  const found: string[] = []
  for (const name of functionsIn(scope).slice(0, MOST_FUNCTIONS)) found.push(...(await findingsOf(context, name)))
  if (found.length === 0) return judgement
  const said = `the function says of its event: ${[...new Set(found)].join(' | ').slice(0, MOST_TEXT)}`
  return {
    ...judgement,
    reason: judgement.reason === undefined ? said : `${said}; ${judgement.reason}`,
    mismatches: [
      { path: 'the event', expected: 'what the page says of its records', actual: said },
      ...(judgement.mismatches ?? [
        { path: '', expected: judgement.expected ?? '', actual: judgement.actual ?? 'something else' },
      ]),
    ],
    expected: 'an event as the page says',
    actual: said,
  }
}

function functionsIn(scope: Scope): readonly string[] {
  const names = Object.values(scope).flatMap(one =>
    isObject(one) && typeof one['FunctionName'] === 'string' ? [one['FunctionName']] : [],
  )
  return [...new Set(names)]
}

async function findingsOf({ spec, client, signal }: CaseContext, FunctionName: string): Promise<readonly string[]> {
  const invoke = spec.actions['Invoke']
  if (invoke === undefined || signal.aborted) return []
  const Payload = JSON.stringify({ do: [{ findings: true }] })
  const { json } = await client.call(invoke, { FunctionName, Payload }, { timeoutMs: ASKING_MS })
  const [findings] = isObject(json) && Array.isArray(json['results']) ? json['results'] : []
  return Array.isArray(findings) ? findings.filter(one => typeof one === 'string') : []
}

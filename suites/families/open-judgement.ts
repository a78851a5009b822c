/** Answers to legal requests that tell nothing of a clause. */
import type { Action } from '../../spec/model.ts'
import type { Answer } from '../case.ts'
import { describeAnswer, inconclusive, unsupported, type Judgement } from '../judgement.ts'
import { isAccountsDoing, isDenied, isThrottled, isUnsupported } from '../oracle/support.ts'

/**
 * The judgement of a legal request that got no answer, or one about who asks, how often, in which account, or about an
 * action that the endpoint does not know; undefined for every other answer.
 */
export function openJudgement(
  action: Pick<Action, 'name'>,
  answer: Answer,
  earlier: readonly Answer[] = [],
): Judgement | undefined {
  const said = `${action.name} answered ${describeAnswer(answer)}`
  if (answer.failure !== undefined || isThrottled(answer) || isDenied(answer) || isAccountsDoing(answer))
    return inconclusive(said, [...earlier, answer])
  return isUnsupported(answer) ? unsupported(said, [answer]) : undefined
}

/** Every documented error that can be provoked comes with its name, its status and its wire form. */
import type { Action, Clause, Provocation, Spec } from '../../spec/model.ts'
import type { Answer, Case, CaseContext, CaseOutcome, Lease } from '../case.ts'
import { FixtureTrouble } from '../fixtures/trouble.ts'
import { checkError } from '../oracle/error-form.ts'
import { isThrottled } from '../oracle/support.ts'
import { controlOf } from './control.ts'
import { troubleOf } from './explore.ts'
import { describeAnswer, failure, inconclusive, type Judgement, OK, outcomeOf } from '../judgement.ts'
import { isUnharmed, leaseFor } from './requests.ts'

/** One case a provocation. */
export function errorCases(spec: Spec): readonly Case[] {
  return Object.values(spec.actions).flatMap(action =>
    action.provocations.flatMap(provocation => {
      const clause = clauseOf(spec, action, provocation)
      if (clause === undefined) return []
      return [
        {
          id: `${clause.id}#error`,
          clause,
          family: 'error' as const,
          title: `${action.name} answers with ${provocation.error} where it is due`,
          action: action.name,
          actions: [action.name],
          needs: [
            ...new Set([
              ...clause.needs,
              ...provocation.capabilities,
              ...(provocation.needs.includes('stream') ? ['kinesis'] : []),
            ]),
          ],
          run: (context: CaseContext) => runProvocation(context, action, clause, provocation),
        },
      ]
    }),
  )
}

function clauseOf(spec: Spec, action: Action, provocation: Provocation): Clause | undefined {
  const base = `${action.name}.error.${provocation.error}`
  const ids = provocation.id === undefined ? [base] : [`${base}.${provocation.id}`, base]
  return ids.map(id => spec.clauses.find(clause => clause.id === id)).find(clause => clause !== undefined)
}

async function runProvocation(
  context: CaseContext,
  action: Action,
  clause: Clause,
  provocation: Provocation,
): Promise<CaseOutcome> {
  const control = await controlOf(context, action, '', base => base)
  if (control.kind !== 'accepted') return outcomeOf(control.judgement, 0)
  const needs = [...new Set([...action.needs, ...provocation.needs])]
  let lease: Lease | undefined
  try {
    lease = await leaseFor(context, action, needs, `${action.name} ${clause.id}`)
  } catch (error) {
    if (error instanceof FixtureTrouble) return outcomeOf(troubleOf(error), 0)
    throw error
  }
  const params = context.fill({ ...action.example, ...provocation.request }, lease.scope)
  const answer = await context.client.call(action, params)
  lease.giveBack(isUnharmed(action, answer))
  return outcomeOf(judgeProvoked(context.spec, action, provocation, control.answer, answer))
}

function judgeProvoked(
  spec: Spec,
  action: Action,
  provocation: Provocation,
  control: Answer,
  answer: Answer,
): Judgement {
  const rows = [...action.errors, ...spec.commonErrors].filter(row => row.name === provocation.error)
  const statuses = [...new Set(rows.map(row => row.status))]
  const expected = `${provocation.error}${statuses.length === 0 ? '' : ` with status ${statuses.join(' or ')}`}`
  const shown = [control, answer]
  if (answer.failure !== undefined) return inconclusive(`${action.name}: ${describeAnswer(answer)}`, shown)
  const { status, error } = answer
  if (provocation.error !== 'TooManyRequestsException' && isThrottled(answer))
    return inconclusive(`${action.name} answered ${describeAnswer(answer)}`, shown)
  if (status === undefined || status < 400)
    return failure(
      expected,
      describeAnswer(answer),
      shown,
      `${action.name} succeeded where ${provocation.error} is due`,
    )
  if (error?.name !== provocation.error || (statuses.length > 0 && !statuses.includes(status)))
    return failure(expected, describeAnswer(answer), shown)
  const [violation] = checkError(spec, action, answer)
  return violation === undefined ? OK : failure(violation.expected, violation.actual, shown, violation.message)
}

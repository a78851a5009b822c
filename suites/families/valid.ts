/**
 * Valid requests, generated from the constraints, are answered with the documented status and a body of the documented
 * shape.
 */
import fc from 'fast-check'
import type { Action, Spec } from '../../spec/model.ts'
import { freeMembers, narrowed } from '../arbitraries/free.ts'
import { memberValues } from '../arbitraries/legal.ts'
import { overlayRepresentatives } from '../arbitraries/representatives.ts'
import type { Case, CaseContext, Lease } from '../case.ts'
import { checkAnswer, pageSizeViolation } from '../oracle/response.ts'
import { openJudgement } from './open-judgement.ts'
import { documentedResponse } from '../wire/members.ts'
import { explore } from './explore.ts'
import { type OwnItems, ownItems } from './own-items.ts'
import { describeAnswer, failure, type Judgement, OK } from '../judgement.ts'
import { baseRequest, callPatiently, changesThings, isRepeatable, leaseFor, newBreaches, sentText } from './requests.ts'

type Params = { readonly [member: string]: unknown }

/** One case an action: the smallest valid request, then the same with members of any legal value. */
export function validCases(spec: Spec): readonly Case[] {
  return spec.clauses.flatMap(clause => {
    const action = clause.kind === 'answer' && clause.action !== undefined ? spec.actions[clause.action] : undefined
    if (action === undefined || clause.id !== `${action.name}.answer`) return []
    const id = `${clause.id}#valid`
    return [
      {
        id,
        clause,
        family: 'valid' as const,
        title: `${action.name} answers valid requests as documented`,
        action: action.name,
        actions: [action.name],
        needs: clause.needs,
        run: (context: CaseContext) => runValid(context, action, id),
      },
    ]
  })
}

async function runValid(context: CaseContext, action: Action, caseId: string): ReturnType<Case['run']> {
  const keeper = keepLease(context, action)
  const seen = new Map<string, Judgement>()
  let own: Promise<OwnItems | undefined> | undefined
  try {
    return await explore<Params>(context, {
      caseId,
      arbitrary: overlays(context.spec, action),
      examples: overlayRepresentatives(context.spec, action),
      smaller: withoutOne,
      judge: async overlay => {
        const scope = await keeper.take()
        const base = baseRequest(context, action, scope)
        const params = { ...base, ...overlay }
        fc.pre(newBreaches(context.spec, action, base, params).length === 0)
        const text = sentText(context, action, params)
        const before = seen.get(text)
        if (before !== undefined) return before
        const judgement = await judgeValid(context, action, params, await (own ??= ownItems(context, action)))
        seen.set(text, judgement)
        keeper.used(judgement)
        return judgement
      },
    })
  } finally {
    keeper.done()
  }
}

async function judgeValid(
  context: CaseContext,
  action: Action,
  params: Params,
  own: OwnItems | undefined,
): Promise<Judgement> {
  const answer = await callPatiently(context, action, params)
  const expected = `${documentedResponse(action, params)?.status ?? 200} as documented`
  const open = openJudgement(action, answer)
  if (open !== undefined) return open
  if (answer.status === undefined || answer.status >= 400) return failure(expected, describeAnswer(answer), [answer])
  const call = { action: action.name, params }
  const judged = own === undefined ? answer : await own.only(params, answer)
  const size = pageSizeViolation(action, params, answer.members)
  const violations = [...checkAnswer(context.spec, action, call, judged), ...(judged === answer ? [] : size)]
  const [first] = violations
  if (first === undefined) return OK
  const more = violations.length > 1 ? ` (and ${violations.length - 1} more)` : ''
  const stated = first.stated === undefined ? '' : `, says spec/${first.stated.file}:${first.stated.line}`
  return {
    ...failure(first.expected, first.actual, [answer], `${first.message}${stated}${more}`),
    mismatches: violations.map(one => ({ path: one.path.join('.'), expected: one.expected, actual: one.actual })),
  }
}

/** Free members laid over the smallest valid request. */
export function overlays(spec: Spec, action: Action): fc.Arbitrary<Params> {
  const isFree = freeMembers(spec, action)
  const model: { [member: string]: fc.Arbitrary<unknown> } = {}
  for (const member of action.request) {
    if (isFree(member, [member.name]))
      model[member.name] = memberValues(spec, narrowed(spec, action, member), isFree, [member.name])
  }
  return fc.record(model, { requiredKeys: [], noNullPrototype: true })
}

/** The same with one member less. */
export function withoutOne(params: Params): readonly Params[] {
  return Object.keys(params).map(name => Object.fromEntries(Object.entries(params).filter(([other]) => other !== name)))
}

/**
 * What adds up in a scope, tags and statements of a policy, must not come near the quota: forty of fifty tags at most.
 */
const MOST_USES = 10

/** One scope after another: a new one when the last request has used it up. */
function keepLease(
  context: CaseContext,
  action: Action,
): { take(): Promise<Lease['scope']>; used(judgement: Judgement): void; done(): void } {
  let lease: Lease | undefined
  let uses = 0
  return {
    async take() {
      lease ??= await leaseFor(context, action)
      return lease.scope
    },
    used({ kind, exchanges }) {
      const broke = kind !== 'ok' && (exchanges.at(-1)?.response?.status ?? 500) >= 500
      if (changesThings(action) ? kind === 'ok' && isRepeatable(action) && ++uses < MOST_USES : !broke) return
      lease?.giveBack(false)
      lease = undefined
      uses = 0
    },
    done() {
      // What a valid request has changed is not as good as new.
      if (changesThings(action)) lease?.giveBack(false)
    },
  }
}

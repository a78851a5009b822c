/** The exact least and greatest legal value is accepted. */
import type { Action, Clause, Member, Spec } from '../../spec/model.ts'
import { exampleOf } from '../arbitraries/example.ts'
import { narrowed, whyCoupled } from '../arbitraries/free.ts'
import { bounds, commonEnum } from '../arbitraries/legal.ts'
import { stretched } from '../arbitraries/pattern.ts'
import { place, type Site, siteAt } from '../arbitraries/site.ts'
import type { Answer, Case, CaseContext, CaseOutcome } from '../case.ts'
import { FixtureTrouble } from '../fixtures/trouble.ts'
import { elementShape, isSurelyLegal, type Shape } from '../oracle/legal.ts'
import { checkAnswer } from '../oracle/response.ts'
import { isTagged } from '../../spec/value-kinds.ts'
import { openJudgement } from './open-judgement.ts'
import { documentedResponse } from '../wire/members.ts'
import { isAnswerOf } from './control.ts'
import { troubleOf } from './explore.ts'
import { describeAnswer, failure, inconclusive, type Judgement, OK, outcomeOf } from '../judgement.ts'
import { baseRequest, callPatiently, isUnharmed, leaseFor, newBreaches } from './requests.ts'
import { isOneOf } from '../../base/is-one-of.ts'

const KINDS = new Set(['length', 'range', 'items'])
/** Values above this size would meet a quota of the whole request first. */
const MAX_SIZE = 10_000

/** Two cases for every bounded member that may be chosen freely. */
export function boundaryCases(spec: Spec): readonly Case[] {
  return spec.clauses.flatMap(clause => {
    const action = clause.action === undefined ? undefined : spec.actions[clause.action]
    if (
      action === undefined ||
      clause.path === undefined ||
      !KINDS.has(clause.kind) ||
      !clause.id.startsWith(`${action.name}.request.`)
    )
      return []
    const site = siteAt(spec, action, clause.path)
    if (site === null || !mayBeChosen(spec, action, site)) return []
    return [...edgeCase(spec, action, clause, site, 'min'), ...edgeCase(spec, action, clause, site, 'max')]
  })
}

/** Free members, and the names of things that the action makes. */
function mayBeChosen(spec: Spec, action: Action, site: Site): boolean {
  if (namesWhatIsMade(action, site)) return true
  let members: readonly Member[] = action.request
  const trail: string[] = []
  for (const step of site.path) {
    trail.push(step)
    if (step === '[]' || step === '{}' || step === '{key}') continue
    const member: Member | undefined = members.find(one => one.name === step)
    if (member === undefined || whyCoupled(spec, action, member, trail) !== null) return false
    const type = member.type.kind === 'list' ? member.type.of : member.type
    members = type.kind === 'ref' ? (spec.types[type.type]?.members ?? []) : []
  }
  return true
}

/**
 * The name that a create action gives to what it makes, such as `StatementId`: the page's own example has a fresh one
 * there.
 */
function namesWhatIsMade(action: Action, site: Site): boolean {
  const example = site.path.length === 1 ? action.example[site.path[0] ?? ''] : undefined
  return isTagged(example) && example.$tag === 'unique'
}

/** Legal by the constraint, but a quota or another member stands before it. */
function isOutOfReach(spec: Spec, action: Action, site: Site, bound: number): boolean {
  if (site.path.length !== 1) return false
  const { min, max } = bounds(narrowed(spec, action, site.top).constraints, 'range')
  return bound < (min ?? -Infinity) || bound > (max ?? Infinity)
}

/** The value at the edge, or null when there is none that is surely legal. */
type EdgeValue = (context: CaseContext) => unknown

const SIZED = ['length', 'range', 'items'] as const
const MEASURES = { length: 'length', range: 'value', items: 'number of items' } as const

function edgeCase(spec: Spec, action: Action, clause: Clause, site: Site, edge: 'min' | 'max'): readonly Case[] {
  const { kind } = clause
  if (!isOneOf(SIZED, kind)) return []
  const bound = bounds(site.shape.constraints, kind)[edge]
  if (bound === undefined) return []
  const leastSize = edge === 'min' ? 0 : 1
  if (kind !== 'range' && (bound < leastSize || bound > MAX_SIZE)) return []
  if (kind === 'range' && (Math.abs(bound) >= 2 ** 31 - 1 || isOutOfReach(spec, action, site, bound))) return []
  const named = namesWhatIsMade(action, site)
  // The shortest name would not bear the prefix by which it is found again.
  if (named && (edge === 'min' || bound < 40)) return []
  // Where an ARN may stand for the name, the greatest length is the ARN's.
  if (named && site.shape.constraints.some(one => one.kind === 'pattern' && one.pattern.includes('arn:')) && bound > 64)
    return []
  // An empty query, header or label may count as left out.
  if (clause.kind === 'length' && bound === 0 && site.top.in !== 'body') return []
  const value = edgeValue(spec, site.shape, clause.kind, bound, named)
  if (value === null) return []
  const id = `${clause.id}#boundary.${edge}`
  return [
    {
      id,
      clause,
      family: 'boundary',
      title:
        `${action.name} accepts ${edge === 'min' ? 'the least' : 'the greatest'} ${MEASURES[kind]} of ` +
        `${clause.path?.join('.')}, ${bound}`,
      action: action.name,
      actions: [action.name],
      needs: clause.needs,
      run: context => runEdge(context, action, site, value, bound),
    },
  ]
}

function edgeValue(spec: Spec, shape: Shape, kind: string, bound: number, named: boolean): EdgeValue | null {
  if (kind === 'range') return () => bound
  if (kind === 'items') {
    const list = distinctItems(spec, elementShape(shape), bound)
    return list === null || !isSurelyLegal(spec, shape, list) ? null : () => list
  }
  if (shape.type.kind !== 'string') return null
  const pattern = shape.constraints.find(one => one.on === 'self' && one.kind === 'pattern')
  const ofLength = (text: string): string | null => {
    if (pattern?.kind === 'pattern') return stretched(pattern.pattern, text, bound)
    return text.length <= bound ? text.padEnd(bound, 'a') : null
  }
  if (named) return context => ofLength(context.fixtures.unique('edge'))
  const example = bound === 0 ? '' : (ofLength('a') ?? ofLength(String(exampleOf(spec, shape))))
  return example === null || !isSurelyLegal(spec, shape, example) ? null : () => example
}

/** As many different items as wanted; null when the values of a list run out. */
function distinctItems(spec: Spec, shape: Shape, count: number): unknown[] | null {
  const listed = commonEnum(shape.constraints)
  if (listed !== null) return listed.length >= count ? listed.slice(0, count) : null
  if (count > 100) return null
  const example = exampleOf(spec, shape)
  if (typeof example !== 'string') return count <= 1 ? Array.from({ length: count }, () => example) : null
  const items = Array.from({ length: count }, (_, at) => (at === 0 ? example : `${example}${at}`))
  return items.every(item => isSurelyLegal(spec, shape, item)) ? items : null
}

async function runEdge(
  context: CaseContext,
  action: Action,
  site: Site,
  value: EdgeValue,
  bound: number,
): Promise<CaseOutcome> {
  try {
    const lease = await leaseFor(context, action)
    const base = baseRequest(context, action, lease.scope)
    const params = place(context.spec, action, base, site.path, value(context))
    if (newBreaches(context.spec, action, base, params).length > 0)
      return outcomeOf(inconclusive('the request at the edge would not be surely legal'), 0)
    const answer = await callPatiently(context, action, params)
    lease.giveBack(isUnharmed(action, answer))
    return outcomeOf(
      judgeEdge(
        context,
        action,
        site,
        params,
        answer,
        `${site.path.join('.')} at its bound of ${bound} to be accepted`,
      ),
    )
  } catch (error) {
    if (error instanceof FixtureTrouble) return outcomeOf(troubleOf(error), 0)
    throw error
  }
}

function judgeEdge(
  context: CaseContext,
  action: Action,
  site: Site,
  params: { readonly [member: string]: unknown },
  answer: Answer,
  expected: string,
): Judgement {
  const open = openJudgement(action, answer)
  if (open !== undefined) return open
  if (answer.status === undefined || answer.status >= 300) return failure(expected, describeAnswer(answer), [answer])
  // What else may be wrong with the answer, the valid requests show.
  const violation = checkAnswer(context.spec, action, { action: action.name, params }, answer).find(
    one => one.path[0] === site.path[0],
  )
  if (violation !== undefined) return failure(violation.expected, violation.actual, [answer], violation.message)
  // Any server may answer 200: what it shows beside is not held against the page of another status.
  if (documentedResponse(action, params)?.status !== answer.status)
    return inconclusive(`${action.name} answered ${answer.status}, which is not its documented success`, [answer])
  return isAnswerOf(action, answer)
    ? OK
    : failure(expected, `${describeAnswer(answer)} with nothing of what ${action.name} answers with`, [answer])
}

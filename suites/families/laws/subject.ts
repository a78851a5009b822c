/** A resource as its laws handle it: things of it are made, named, read and deleted by the actions of its lifecycle. */
import fc from 'fast-check'
import type { Action, Lifecycle, Resource, Value } from '../../../spec/model.ts'
import type { Answer, CaseContext, CaseOutcome, Scope } from '../../case.ts'
import { withNeeds } from '../../fixtures/fixtures.ts'
import { keyMembers } from '../../fixtures/key.ts'
import { isReady } from '../../fixtures/ready.ts'
import { openJudgement } from '../open-judgement.ts'
import { callSettled, patienceUntil, pause } from '../../properties/settle.ts'
import { explore } from '../explore.ts'
import { cutShort, describeAnswer, failure, inconclusive, type Judgement } from '../../judgement.ts'

/** A request, member by member. */
export type Params = { readonly [member: string]: unknown }
type Role = Exclude<keyof Lifecycle, 'resource' | 'key' | 'marks' | 'outlives' | 'source'>

/** A resource whose laws are tried, with the actions of its lifecycle. */
export interface Subject {
  readonly context: CaseContext
  readonly resource: Resource
  /** In milliseconds since 1970. */
  readonly deadline: number
}

/** One thing of the resource that was made: what was sent, what came, and what names it. */
export interface Thing {
  /** The request that made it. */
  readonly sent: Params
  /** Request and answer of its creation, as one. */
  readonly value: Params
  /** The request members that name it. */
  readonly key: Params
  /** What it was made in, and itself under the name of its resource. */
  readonly scope: Scope
}

/** Of the time of a case, this is for its requests; the rest is for tidying up. */
const SHARE = 0.9

/** The resource in the context of a case. */
export function subjectOf(context: CaseContext, resource: Resource): Subject {
  return { context, resource, deadline: Date.now() + context.caseTimeoutMs * SHARE }
}

/** The action of a role; undefined when the resource has none. */
export function actionOf({ context, resource }: Subject, role: Role): Action | undefined {
  const name = resource.lifecycle[role]
  return name === undefined ? undefined : context.spec.actions[name]
}

/** The action of a role that the law cannot do without. */
export function neededAction(subject: Subject, role: Role): Action {
  const action = actionOf(subject, role)
  if (action === undefined) throw new Error(`${subject.resource.source.file}: the law needs an action to ${role}`)
  return action
}

/** New parents of the resource, for this caller alone. */
export function makeParents(subject: Subject): Promise<Scope> {
  return subject.context.fixtures.fresh(subject.resource.needs)
}

/**
 * Makes one, ready for use. `given` is laid over the page's `create` request and taken as it is: `$` has no meaning in
 * it.
 */
export async function makeThing(subject: Subject, parents: Scope, given: Params = {}): Promise<Thing> {
  const { context, resource } = subject
  const sent = { ...context.fill(resource.create, parents), ...given }
  const overlay = Object.fromEntries(Object.keys(sent).map(member => [member, `$sent.${member}`]))
  const value = await context.fixtures.make(resource.name, overlay, { ...parents, sent })
  return { sent, value, key: keyIn(resource, value), scope: { ...parents, [resource.name]: value } }
}

function keyIn(resource: Resource, value: Params): Params {
  return Object.fromEntries(
    keyMembers(resource).map(({ request, answer }) => [request, valueAt(value, answer.split('.')) ?? value[request]]),
  )
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, step) => (typeof inner === 'object' && inner !== null ? (inner as Params)[step] : undefined),
    value,
  )
}

/** The request of an action about a thing: its key, and for the rest the page's own example. */
export function requestFor(
  subject: Subject,
  action: Action,
  thing: Pick<Thing, 'key' | 'scope'>,
  more: Params = {},
): Params {
  const names = new Set(action.request.map(member => member.name))
  const named = Object.entries(thing.key).filter(([member]) => names.has(member))
  // Members of the example that must be there, such as the keys of tags to be removed; what it changes is left to the
  // caller.
  const needed = action.request.filter(
    member => member.required && !(member.name in thing.key) && action.example[member.name] !== undefined,
  )
  const example = Object.fromEntries(needed.map(member => [member.name, action.example[member.name] as Value]))
  return { ...subject.context.fill(example, thing.scope), ...Object.fromEntries(named), ...more }
}

/** The change of the page's own example; an update may be one without any. */
export function exampleChange(subject: Subject, update: Action, thing: Thing): Params {
  const filled = subject.context.fill(update.example, thing.scope)
  return Object.fromEntries(Object.entries(filled).filter(([member]) => !(member in thing.key)))
}

/** Waits for what is under way; `refusals` are errors that the caller waits for. */
export function callAbout(
  subject: Subject,
  action: Action,
  params: Params,
  refusals: readonly string[] = [],
): Promise<Answer> {
  const { context, deadline } = subject
  return callSettled(
    { spec: context.spec, client: context.client, signal: context.signal, deadline },
    action,
    params,
    refusals,
  )
}

/** Reads a thing once what was changed has settled: until its `ready` step holds, if it has one. */
export async function readSettled(subject: Subject, thing: Thing): Promise<Answer> {
  const { context, resource, deadline } = subject
  const read = neededAction(subject, 'read')
  const patience = patienceUntil(deadline, Number.POSITIVE_INFINITY)
  for (let wait = 40; ; wait = Math.min(wait * 1.6, 1500)) {
    const answer = await callAbout(subject, read, requestFor(subject, read, thing))
    if (resource.ready?.call?.action !== read.name || answer.status === undefined || answer.status >= 300) return answer
    const { fixtures } = context
    if (isReady(resource.ready, answer, thing.scope, fixtures)) return answer
    if (Date.now() + wait > patience.end) return patience.isCut() ? { ...answer, underWay: true } : answer
    await pause(wait, context.signal)
  }
}

/**
 * Null for a success; else what a refusal of a legal request means for a law. `fails`: the refusal itself breaks the
 * law; a 5xx always does.
 */
export function refused(action: Action, answer: Answer, earlier: readonly Answer[], fails = false): Judgement | null {
  if (answer.status !== undefined && answer.status < 300) return null
  const open = openJudgement(action, answer, earlier)
  if (open !== undefined) return open
  // A legal request is never answered with a fault of the server.
  const judgement =
    fails || (answer.status ?? 0) >= 500
      ? failure(`${action.name} to succeed`, describeAnswer(answer), [...earlier, answer])
      : inconclusive(`${action.name} answered ${describeAnswer(answer)}`, [...earlier, answer])
  return judgedBy(answer, judgement)
}

/** The judgement that an answer has led to: one that speaks of something under way was not waited for. */
export function judgedBy(answer: Answer, judgement: Judgement): Judgement {
  return answer.underWay === true ? cutShort(judgement) : judgement
}

/** What the request of the list fixes: parents, and members of the resource that nothing but itself gives. */
function fixedByList(subject: Subject): { readonly parents: ReadonlySet<string>; readonly members: readonly string[] } {
  const { resource } = subject
  const parents = new Set<string>()
  const members: string[] = []
  for (const [variable, member] of referencesOf(actionOf(subject, 'list')?.example ?? {})) {
    if (variable !== resource.name) parents.add(variable)
    else {
      const [parent] = referencesOf({ value: resource.create[member] ?? null })[0] ?? []
      if (parent !== undefined) parents.add(parent)
      else if (member in resource.create) members.push(member)
    }
  }
  return { parents: new Set(withNeeds(subject.context.spec, [...parents])), members }
}

/** Parents for a sibling that stands in the same list as a thing with `parents`: what makes it another thing is new. */
export async function siblingParents(subject: Subject, parents: Scope): Promise<Scope> {
  const { spec, fixtures } = subject.context
  const kept = fixedByList(subject).parents
  const needs = withNeeds(spec, subject.resource.needs)
  // What belongs to a kept parent may be shared too, unless it is part of the key.
  const isShared = (need: string): boolean => {
    const above = spec.resources[need]?.needs ?? []
    return kept.has(need) || (above.length > 0 && above.every(one => kept.has(one)) && !isKeyedBy(subject, need))
  }
  let scope: Scope = {}
  for (const need of needs)
    scope = { ...scope, [need]: isShared(need) ? parents[need] : await fixtures.make(need, {}, scope) }
  return scope
}

/** Members that siblings in one list share, because the list's request takes them from the resource itself. */
export function sharedInList(subject: Subject, thing: Thing): Params {
  return Object.fromEntries(fixedByList(subject).members.map(member => [member, thing.sent[member]]))
}

/** Nothing of the key differs between things of one list: there is one at most. */
export function isAlone(subject: Subject): boolean {
  const { parents } = fixedByList(subject)
  return subject.resource.lifecycle.key.every(key => {
    const [parent] = referencesOf({ value: subject.resource.create[key] ?? null })[0] ?? []
    return parent !== undefined && parents.has(parent)
  })
}

/** Do its parents alone name it? Then there is one for each, and nothing of its own that could be unknown. */
export function isKeyedByParents({ resource }: Subject): boolean {
  return resource.lifecycle.key.every(key => referencesOf({ value: resource.create[key] ?? null }).length > 0)
}

/** Does the key of the resource name this parent? */
function isKeyedBy({ resource }: Subject, parent: string): boolean {
  return resource.lifecycle.key.some(key =>
    referencesOf({ value: resource.create[key] ?? null }).some(([variable]) => variable === parent),
  )
}

/** `[variable, member]` of the references in a template. */
function referencesOf(template: { readonly [member: string]: Value }): readonly (readonly [string, string])[] {
  return [...JSON.stringify(template).matchAll(/\$\{?([A-Za-z][\w-]*)\.([\w-]+)/g)].map(
    match => [match[1] ?? '', match[2] ?? ''] as const,
  )
}

/** A law with one example only. */
export function once(subject: Subject, caseId: string, judge: () => Promise<Judgement>): Promise<CaseOutcome> {
  return explore<null>(subject.context, {
    caseId,
    arbitrary: fc.constant(null),
    examples: [],
    runs: 1,
    blamesFixtures: true,
    judge,
  })
}

/** Quotas: what keeps to the figure is accepted, what goes beyond it is refused. */
import type { Action, Member, Clause, Quota, Spec } from '../../spec/model.ts'
import { narrowed } from '../arbitraries/free.ts'
import type { Case, CaseContext, CaseOutcome, Scope } from '../case.ts'
import { FixtureTrouble } from '../fixtures/trouble.ts'
import { controlOf } from './control.ts'
import { troubleOf } from './explore.ts'
import { describeAnswer, failure, inconclusive, OK, outcomeOf } from '../judgement.ts'
import { judgeRefusal } from './refusal.ts'
import { baseRequest, callPatiently, changesThings } from './requests.ts'
import { present } from '../../base/present.ts'

type Params = { readonly [member: string]: unknown }

/** A pair of requests on either side of the figure. */
interface Exercise {
  /** Resources beside the action's own. */
  readonly needs?: readonly string[]
  readonly capabilities?: readonly string[]
  /** What is sent beyond the figure, in words that follow "must refuse"; one more than the figure when absent. */
  readonly beyondWhat?: string
  within(base: Params, context: CaseContext, scope: Scope): Promise<Params> | Params
  beyond(base: Params, context: CaseContext, scope: Scope): Promise<Params> | Params
}

/**
 * One case for each action member that a quota bounds and that requests can reach. Other quotas are for the behaviour
 * pages.
 */
export function quotaCases(spec: Spec): readonly Case[] {
  return spec.quotas.flatMap(quota => {
    const clause = spec.clauses.find(one => one.id === `quota.${quota.id}`)
    if (clause === undefined || quota.adjustable) return []
    return quota.appliesTo.flatMap(target => {
      const [name = '', ...path] = target.split('.')
      const action = spec.actions[name]
      const exercise = action === undefined ? null : exerciseOf(quota, action, path)
      return action === undefined || exercise === null ? [] : [makeCase(quota, clause, action, target, exercise)]
    })
  })
}

function makeCase(quota: Quota, clause: Clause, action: Action, target: string, exercise: Exercise): Case {
  const id = `${clause.id}#quota.${target}`
  return {
    id,
    clause,
    family: 'quota',
    title: `${quota.title}: ${action.name} accepts ${quota.value} ${quota.unit} and no more`,
    action: action.name,
    actions: [action.name],
    needs: [...new Set([...clause.needs, ...action.capabilities, ...(exercise.capabilities ?? [])])],
    run: context => runQuota(context, quota, action, id, exercise),
  }
}

function exerciseOf(quota: Quota, action: Action, path: readonly string[]): Exercise | null {
  const special = SPECIAL[quota.id]
  if (special !== undefined) return special(quota)
  const [name] = path
  const member = path.length === 1 ? action.request.find(one => one.name === name) : undefined
  if (member === undefined || member.type.kind !== 'integer' || name === undefined) return null
  // Members that only go with others are not for a quota on its own.
  if (narrowed({ quotas: [] }, action, member) !== member || action.name === 'CreateEventSourceMapping') return null
  const step = /(^|-)min($|-)/.test(quota.id) ? -1 : 1
  return {
    ...(step < 0 ? { beyondWhat: `less than ${quota.value} ${quota.unit}` } : {}),
    within: base => ({ ...base, [name]: quota.value }),
    beyond: base => ({ ...base, [name]: beyondAll(member, quota.value + step, step) }),
  }
}

/**
 * The first value that nobody allows, neither the quota nor a later model: an endpoint of today may take more than the
 * quota of the guide.
 */
function beyondAll(member: Member, value: number, step: number): number {
  const ranges = member.constraints.flatMap(one => (one.kind === 'range' && one.on === 'self' ? [one] : []))
  if (!ranges.some(one => one.origin === 'model')) return value
  const ends = ranges.flatMap(one => (step > 0 ? one.max : one.min) ?? [])
  return step > 0 ? Math.max(value, ...ends.map(end => end + 1)) : Math.min(value, ...ends.map(end => end - 1))
}

/** Quotas that no single number holds. */
const SPECIAL: { readonly [quota: string]: (quota: Quota) => Exercise } = {
  environment: ({ value }) => ({
    // How much the map around the variables counts for is not said: both requests keep a distance.
    within: base => ({ ...base, Environment: { Variables: variablesOf(value - 300) } }),
    beyond: base => ({ ...base, Environment: { Variables: variablesOf(value + 1) } }),
  }),
  tags: ({ value }) => ({
    within: base => ({ ...base, Tags: tagsOf(value) }),
    beyond: base => ({ ...base, Tags: tagsOf(value + 1) }),
  }),
  layers: ({ value }) => ({
    within: async (base, context) => ({ ...base, Layers: await layers(context, value) }),
    beyond: async (base, context) => ({ ...base, Layers: await layers(context, value + 1) }),
  }),
  'function-name': ({ value }) => ({
    within: (base, context) => ({ ...base, FunctionName: context.fixtures.unique('long').padEnd(value, 'x') }),
    beyond: (base, context) => ({ ...base, FunctionName: context.fixtures.unique('long').padEnd(value + 1, 'x') }),
  }),
  'payload-sync': ({ value }) => ({
    capabilities: ['invoke'],
    within: base => ({ ...base, Payload: payloadOf(value) }),
    beyond: base => ({ ...base, Payload: payloadOf(value + 100_000) }),
  }),
  'payload-async': ({ value }) => ({
    // Endpoints of a later edition take up to 1 MB.
    beyondWhat: 'an event of 1,100,000 bytes',
    within: base => ({ ...base, InvocationType: 'Event', Payload: payloadOf(value) }),
    beyond: base => ({ ...base, InvocationType: 'Event', Payload: payloadOf(1_100_000) }),
  }),
}

/** Names and values of `bytes` bytes together. */
function variablesOf(bytes: number): { [name: string]: string } {
  const names = ['FIRST_PART', 'SECOND_PART']
  const rest = bytes - names.join('').length
  return {
    [present(names[0], 'an element of names')]: 'a'.repeat(Math.floor(rest / 2)),
    [present(names[1], 'an element of names')]: 'b'.repeat(Math.ceil(rest / 2)),
  }
}

function tagsOf(count: number): { [key: string]: string } {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`key-${at}`, `value-${at}`]))
}

/** A program for the probe that returns little, whatever its event weighs. */
function payloadOf(bytes: number): string {
  const [head, tail] = ['{"do":[{"return":1}],"pad":"', '"}']
  return `${head}${'a'.repeat(bytes - head.length - tail.length)}${tail}`
}

async function layers(context: CaseContext, count: number): Promise<readonly unknown[]> {
  const arns: unknown[] = []
  for (let at = 0; at < count; at++)
    arns.push((await context.fixtures.make('layer-version', {}, {}))['LayerVersionArn'])
  return arns
}

async function runQuota(
  context: CaseContext,
  quota: Quota,
  action: Action,
  caseId: string,
  exercise: Exercise,
): Promise<CaseOutcome> {
  try {
    const control = await controlOf(context, action, '', base => base)
    if (control.kind !== 'accepted') return outcomeOf(control.judgement, 0)
    const what = exercise.beyondWhat ?? `more than ${quota.value} ${quota.unit}`
    const within = await send(context, action, exercise, 'within')
    const shown = [within]
    if (within.failure !== undefined) return outcomeOf(inconclusive(`${caseId}: ${describeAnswer(within)}`, shown))
    if (within.status === undefined || within.status >= 300)
      return outcomeOf(failure(`${quota.value} ${quota.unit} to be accepted`, describeAnswer(within), shown))
    const beyond = await send(context, action, exercise, 'beyond')
    const judgement = judgeRefusal(
      context.spec,
      { action, what, namesResource: false },
      { kind: 'accepted', answer: within },
      beyond,
    )
    return outcomeOf(judgement.kind === 'ok' ? OK : judgement, 2)
  } catch (error) {
    if (error instanceof FixtureTrouble) return outcomeOf(troubleOf(error), 0)
    throw error
  }
}

async function send(
  context: CaseContext,
  action: Action,
  exercise: Exercise,
  side: 'within' | 'beyond',
): ReturnType<typeof callPatiently> {
  // What earlier requests have left in a scope would count.
  const scope = changesThings(action)
    ? await context.fixtures.fresh(action.needs)
    : await context.fixtures.shared(action.needs)
  return callPatiently(context, action, await exercise[side](baseRequest(context, action, scope), context, scope))
}

/** The properties of the pages: each `property` fence is one case. */
import { isObject } from '../../base/is-object.ts'
import type { Clause, Property, Spec, Step } from '../../spec/model.ts'
import type { Case, CaseContext, CaseOutcome, Scope } from '../case.ts'
import { keyMembers } from '../fixtures/key.ts'
import { variableExamples, variablesOf, type Variables } from '../properties/generate.ts'
import { withFindings } from '../properties/findings.ts'
import { givenNeeds, givenResources, makeGiven } from '../properties/given.ts'
import { runSteps, type StepRun } from '../properties/step.ts'
import { explore } from './explore.ts'
import { inconclusive, OK, type Judgement } from '../judgement.ts'

/** A case for every property of the behaviour pages. */
export function propertyCases(spec: Spec): readonly Case[] {
  const clauses = new Map(spec.clauses.filter(clause => clause.kind === 'property').map(clause => [clause.id, clause]))
  return spec.properties.flatMap(property => {
    const clause = clauses.get(property.id)
    return clause === undefined ? [] : [propertyCase(spec, property, clause)]
  })
}

function propertyCase(spec: Spec, property: Property, clause: Clause): Case {
  const id = `${property.id}#property`
  const given = givenNeeds(spec, property.given, isReadOnly(spec, property))
  const steps = [...property.when, ...property.then]
  return {
    id,
    clause,
    family: 'property',
    title: property.title,
    ...(steps.some(step => step.everyAnswer !== undefined) ? { isLast: true } : {}),
    actions: [...new Set([...given.actions, ...steps.flatMap(actionsOf)])],
    needs: [...new Set([...property.needs, ...given.capabilities])],
    ...(property.time !== undefined && { timeMs: property.time * 1000 }),
    waits: total(steps, waitsOf),
    expectedMs: 1000 * total(steps, likelyWaitOf),
    run: context => runProperty(context, property, id),
  }
}

const total = (steps: readonly Step[], of: (step: Step) => number): number =>
  steps.reduce((sum, step) => sum + of(step), 0)

function waitsOf({ wait = 0, eventually = 0, parallel = [], repeat }: Step): number {
  return wait + eventually + total(parallel, waitsOf) + (repeat?.times ?? 1) * total(repeat?.steps ?? [], waitsOf)
}

/** Seconds that a step takes in any case, what functions sleep included, and a tenth of those that it may take. */
function likelyWaitOf({ wait = 0, eventually = 0, parallel = [], repeat, call }: Step): number {
  return (
    wait +
    sleepsIn(call?.request['Payload']) / 1000 +
    eventually / 10 +
    total(parallel, likelyWaitOf) +
    (repeat?.times ?? 1) * total(repeat?.steps ?? [], likelyWaitOf)
  )
}

/** Milliseconds that a program of the probe sleeps. */
function sleepsIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return Object.entries(value).reduce(
    (sum, [name, one]) => sum + (name === 'sleep' && typeof one === 'number' ? one : sleepsIn(one)),
    0,
  )
}

function actionsOf(step: Step): readonly string[] {
  const inner = [...(step.parallel ?? []), ...(step.repeat?.steps ?? [])]
  return [...(step.call === undefined ? [] : [step.call.action]), ...inner.flatMap(actionsOf)]
}

/** Of the time of a case, this is for its steps; the rest is for tidying up. */
const SHARE = 0.9

async function runProperty(context: CaseContext, property: Property, caseId: string): Promise<CaseOutcome> {
  const deadline = Date.now() + context.caseTimeoutMs * SHARE
  const sources = onceForAll(context, property)
  return explore<Variables>(context, {
    caseId,
    arbitrary: variablesOf(context.spec, property.forAll),
    examples: variableExamples(context.spec, property.forAll),
    blamesFixtures: true,
    // The same example again would tell nothing new.
    runs: Object.keys(property.forAll).length === 0 ? 1 : Math.min(property.runs ?? context.runs, context.runs),
    judge: async variables => {
      const given = await sources(variables)
      const run: StepRun = {
        context,
        scope: { ...given, ...variables },
        exchanges: [],
        journals: new Map(),
        deadline,
        successes: 0,
      }
      const judgement = await withFindings(context, property, run.scope, await judgeExample(run, property))
      return judgement.kind === 'ok'
        ? judgement
        : { ...judgement, exchanges: [...judgement.exchanges, ...run.exchanges] }
    },
  })
}

/**
 * Fresh resources for every example; but where the examples do not differ in what is given, and no step changes
 * anything, the first ones serve for all.
 */
function onceForAll(context: CaseContext, property: Property): (variables: Scope) => Promise<Scope> {
  const readOnly = isReadOnly(context.spec, property)
  const text = JSON.stringify(property.given)
  const varies = Object.keys(property.forAll).some(name => text.includes(`$${name}`) || text.includes(`\${${name}`))
  if (varies || !readOnly) return scope => makeGiven(context, property.given, scope, readOnly)
  let made: Promise<Scope> | undefined
  return () => (made ??= makeGiven(context, property.given, {}, readOnly))
}

/** A step that calls another service may set off anything. */
function asksOthers(step: Step): boolean {
  return (
    step.http?.['service'] !== undefined ||
    step.journal !== undefined ||
    [...(step.parallel ?? []), ...(step.repeat?.steps ?? [])].some(asksOthers)
  )
}

/** Reads and runs what is given, and changes nothing of it. */
function isReadOnly(spec: Spec, property: Property): boolean {
  const steps = [...property.when, ...property.then]
  if (steps.some(asksOthers)) return false
  return steps.flatMap(actionsOf).every(name => name === 'Invoke' || spec.actions[name]?.method === 'GET')
}

async function judgeExample(run: StepRun, property: Property): Promise<Judgement> {
  if (!hasPositiveStep([...property.when, ...property.then])) {
    const unseen = await readGivenBack(run, property)
    if (unseen !== null) return unseen
  }
  const prepared = await runSteps(run, property.when, 'when')
  if (prepared !== null) return prepared
  const asserted = await runSteps(run, property.then, 'then')
  if (asserted !== null) return asserted
  if (run.successes === 0)
    return inconclusive('only refusals were seen: nothing shows that the endpoint would have accepted anything')
  return OK
}

/** A raw request that is to be answered with a success. */
function asksSuccess({ returns }: Step): boolean {
  const status = isObject(returns) ? returns['$status'] : undefined
  return typeof status === 'number' && status < 300
}

function hasPositiveStep(steps: readonly Step[]): boolean {
  return steps.some(
    step =>
      step.journal !== undefined ||
      ((step.call !== undefined || step.http?.['service'] !== undefined) && step.fails === undefined) ||
      (step.http !== undefined && asksSuccess(step)) ||
      hasPositiveStep([...(step.parallel ?? []), ...(step.repeat?.steps ?? [])]),
  )
}

/**
 * A property that is all refusals has a control in what is given, if that can be read: then the refusals are not for
 * want of it.
 */
async function readGivenBack(run: StepRun, property: Property): Promise<Judgement | null> {
  const { context, scope } = run
  for (const { variable, resource: name } of givenResources(property.given)) {
    const resource = context.spec.resources[name]
    const read = resource?.lifecycle.read === undefined ? undefined : context.spec.actions[resource.lifecycle.read]
    if (resource === undefined || read === undefined) continue
    const value = scope[variable] as { readonly [member: string]: unknown }
    const key = Object.fromEntries(
      keyMembers(resource).map(member => [member.request, value[member.answer] ?? value[member.request]]),
    )
    const accepted = read.request.map(member => member.name)
    const answer = await context.client.call(
      read,
      Object.fromEntries(Object.entries(key).filter(([member]) => accepted.includes(member))),
    )
    run.exchanges.push(answer.exchange)
    const text = new TextDecoder().decode(answer.body)
    if (
      answer.status !== undefined &&
      answer.status < 300 &&
      Object.values(key).some(one => text.includes(String(one)))
    ) {
      run.successes++
      return null
    }
  }
  return inconclusive('nothing that was given could be read back, so that its refusals tell nothing')
}

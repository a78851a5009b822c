/**
 * Random sequences of commands on a few things of a resource agree with a model of it, which the Lifecycle and Laws
 * tables give.
 */
import fc from 'fast-check'
import type { Clause, Resource, Spec } from '../../../spec/model.ts'
import type { Case, CaseContext, CaseOutcome } from '../../case.ts'
import { withNeeds } from '../../fixtures/fixtures.ts'
import {
  createCommand,
  deleteCommand,
  listCommand,
  lookAtAll,
  newModel,
  OMITTABLE,
  readCommand,
  updateCommand,
  type Broken,
  type Command,
  type Model,
  type Omittable,
  type World,
} from './model.ts'
import { overlayRepresentatives } from '../../arbitraries/representatives.ts'
import { explore } from '../explore.ts'
import { actionOf, subjectOf, type Params, type Subject } from '../laws/subject.ts'
import { OK, outcomeOf, type Judgement } from '../../judgement.ts'
import { overlays } from '../valid.ts'

/** A case for every resource: random sequences of its actions agree with a model. */
export function commandCases(spec: Spec): readonly Case[] {
  return spec.clauses.flatMap(clause => {
    const resource =
      clause.kind === 'model' && clause.resource !== undefined ? spec.resources[clause.resource] : undefined
    return resource === undefined ? [] : [commandCase(spec, clause, resource)]
  })
}

function commandCase(spec: Spec, clause: Clause, resource: Resource): Case {
  const { create, read, update, delete: remove, list } = resource.lifecycle
  const id = `${clause.id}#model`
  const parents = withNeeds(spec, resource.needs).flatMap(name => spec.resources[name]?.lifecycle.create ?? [])
  return {
    id,
    clause,
    family: 'model',
    title: `any sequence of commands on ${resource.name} answers as a model of it does`,
    actions: [...new Set([...parents, create, read, update, remove, list].filter(one => one !== undefined))],
    needs: clause.needs,
    run: context => runCommands(context, resource, id),
  }
}

/** How many things there are at most: few enough that commands meet. */
const SLOTS = 3
const MOST_COMMANDS = 24
const MOST_RUNS = 8

type Commands = Iterable<Command>

/** Commands, and the kinds that are left out of them: the swarm. */
interface Sequence {
  readonly commands: Commands
  readonly omitted: readonly Omittable[]
}

/** How a sequence ended. */
interface Attempt {
  readonly judgement: Judgement
  readonly sequence: Sequence
  /** Those that were run, the one that failed last. */
  readonly done: readonly Command[]
  readonly tookMs: number
}

async function runCommands(context: CaseContext, resource: Resource, caseId: string): Promise<CaseOutcome> {
  const subject = subjectOf(context, resource)
  // A replay names the example (fast-check's path) and, behind it, which of its commands are left.
  const [path, replayPath] = (context.path ?? '').split(';')
  const found: Attempt[] = []
  const outcome = await explore<Sequence>(
    { ...context, ...(context.path === undefined ? {} : { path: path ?? '' }) },
    {
      caseId,
      arbitrary: fc.record({
        commands: fc.commands<Model, World>([...kinds(subject)], {
          maxCommands: MOST_COMMANDS,
          size: 'max',
          ...(replayPath === undefined ? {} : { replayPath }),
        }) as fc.Arbitrary<Commands>,
        omitted: halves(subject),
      }),
      examples: [
        ...[wholeLife(subject), oneLife(subject), ...eachChange(subject)].map(whole),
        { commands: unseenLife(subject), omitted: ['read', 'list'] },
      ],
      runs: Math.min(context.runs, MOST_RUNS),
      drawn: MOST_RUNS,
      blamesFixtures: true,
      judge: async sequence => {
        const tried = await attempt(subject, sequence)
        if (isFailure(tried)) found.push(tried)
        return tried.judgement
      },
    },
  )
  const last = found[found.length - 1]
  if (outcome.verdict !== 'fail' || last === undefined) return outcome
  const replay = /replayPath="([^"]+)"/.exec(String(last.sequence.commands))?.[1]
  if (replay !== undefined)
    return { ...outcome, counterexample: last.done.map(String), path: `${outcome.path ?? ''};${replay}` }
  const { judgement, done } = await shortened(subject, last)
  return { ...outcome, ...outcomeOf(judgement, outcome.runs), counterexample: done.map(String) }
}

/** Nothing is left out: every kind of command was seen beside every other. */
const whole = (commands: Commands): Sequence => ({ commands, omitted: [] })

/**
 * A random half of the kinds of commands that there are, to be left out: a fault that some kinds hide is met where they
 * are missing. It is not shrunk: what is left out is part of what was found.
 */
function halves(subject: Subject): fc.Arbitrary<readonly Omittable[]> {
  const there = OMITTABLE.filter(kind => actionOf(subject, kind) !== undefined)
  const length = there.length >> 1
  return fc.noShrink(fc.shuffledSubarray(there, { minLength: length, maxLength: length }))
}

async function attempt(subject: Subject, sequence: Sequence): Promise<Attempt> {
  const done: Command[] = []
  const start = Date.now()
  const ended = (judgement: Judgement): Attempt => ({ judgement, sequence, done, tookMs: Date.now() - start })
  const model = newModel(SLOTS, sequence.omitted)
  const real = { subject, done }
  try {
    await fc.asyncModelRun(() => ({ model, real }), sequence.commands)
    if (sequence.omitted.length > 0) await lookAtAll(model, real)
    return ended(OK)
  } catch (error) {
    if (isBroken(error)) return ended(error.judgement)
    throw error
  }
}

/**
 * fast-check shrinks what it has generated. The sequence that is tried first is ours: parts of it are left out, large
 * ones first, while it fails. A failure that had to be waited for is waited for each time: nothing is tried for which
 * time is lacking.
 */
async function shortened(subject: Subject, failed: Attempt): Promise<Attempt> {
  let shortest = failed
  for (let size = failed.done.length >> 1; size > 0; size >>= 1) {
    for (let at = 0; at < shortest.done.length - 1; ) {
      if (Date.now() + shortest.tookMs > subject.deadline) return shortest
      // The last command is the one that fails.
      const last = shortest.done.length - 1
      const tried = await attempt(subject, {
        commands: shortest.done.filter((_, index) => index < at || index >= at + size || index === last),
        omitted: failed.sequence.omitted,
      })
      if (isFailure(tried)) shortest = tried
      else at += size
    }
  }
  return shortest
}

/** What the end of the time has cut short shows nothing. */
function isFailure({ judgement }: Attempt): boolean {
  return judgement.kind === 'fail' && judgement.cutShort !== true
}

function isBroken(error: unknown): error is Broken {
  return error instanceof Error && 'judgement' in error
}

/** The commands that the lifecycle allows. */
function kinds(subject: Subject): readonly fc.Arbitrary<Command>[] {
  const slot = fc.nat({ max: SLOTS - 1 })
  const create = actionOf(subject, 'create')
  const update = actionOf(subject, 'update')
  const list = actionOf(subject, 'list')
  const read = actionOf(subject, 'read')
  const often = (times: number, kind: fc.Arbitrary<Command>): readonly fc.Arbitrary<Command>[] =>
    Array.from({ length: times }, () => kind)
  return [
    // Things must exist before anything else can be said of them.
    ...often(
      3,
      fc.tuple(slot, changesOf(subject, create)).map(([at, change]) => createCommand(at, change)),
    ),
    ...(read === undefined || read === list ? [] : often(2, slot.map(readCommand))),
    ...(update === undefined
      ? []
      : often(
          2,
          fc.tuple(slot, changesOf(subject, update)).map(([at, change]) => updateCommand(at, change)),
        )),
    ...(actionOf(subject, 'delete') === undefined ? [] : [slot.map(deleteCommand)]),
    ...(list === undefined
      ? []
      : often(
          2,
          fc.constant(null).map(() => listCommand()),
        )),
  ]
}

/** Values for the members that the law `mutable` names. */
function changesOf({ context, resource }: Subject, action: ReturnType<typeof actionOf>): fc.Arbitrary<Params> {
  const names = resource.laws.find(law => law.law === 'mutable')?.answers ?? []
  if (action === undefined || names.length === 0) return fc.constant({})
  return overlays(context.spec, action).map(all =>
    Object.fromEntries(Object.entries(all).filter(([member]) => names.includes(member))),
  )
}

/** One sequence that does everything, tried first: a pass has seen all of it. What is written differs each time. */
function wholeLife(subject: Subject): Commands {
  const has = (role: Parameters<typeof actionOf>[1]): boolean => actionOf(subject, role) !== undefined
  const isRead = has('read') && actionOf(subject, 'read') !== actionOf(subject, 'list')
  const [first = {}, second = {}, third = {}] = someChanges(subject, 'create')
  const [firstUpdate = {}, secondUpdate = {}] = someChanges(subject, 'update')
  const read = (): Command[] => (isRead ? [readCommand(0)] : [])
  const list = (): Command[] => (has('list') ? [listCommand()] : [])
  const update = (change: Params): Command[] => (has('update') ? [updateCommand(0, change)] : [])
  const remove = (at: number): Command[] => (has('delete') ? [deleteCommand(at)] : [])
  return [
    createCommand(0, first),
    ...read(),
    ...list(),
    createCommand(0, second),
    ...read(),
    createCommand(1, {}),
    ...list(),
    ...update(firstUpdate),
    ...read(),
    ...update(secondUpdate),
    ...read(),
    ...remove(0),
    ...read(),
    ...list(),
    ...update(firstUpdate),
    ...remove(0),
    createCommand(0, third),
    ...read(),
    ...remove(1),
    ...list(),
    ...read(),
  ]
}

/** One thing from its creation to its end: tried also where a second one cannot be had. */
function oneLife(subject: Subject): Commands {
  const has = (role: Parameters<typeof actionOf>[1]): boolean => actionOf(subject, role) !== undefined
  const [first = {}] = someChanges(subject, 'create')
  const [change = {}] = someChanges(subject, 'update')
  const isRead = has('read') && actionOf(subject, 'read') !== actionOf(subject, 'list')
  const look = (): Command[] => [...(isRead ? [readCommand(0)] : []), ...(has('list') ? [listCommand()] : [])]
  return [
    createCommand(0, first),
    ...look(),
    ...(has('update') ? [updateCommand(0, change), ...look()] : []),
    ...(has('delete') ? [deleteCommand(0), ...look()] : []),
  ]
}

/** What is changed, deleted and made again before anybody looks; in the end all is looked at. */
function unseenLife(subject: Subject): Commands {
  const has = (role: Parameters<typeof actionOf>[1]): boolean => actionOf(subject, role) !== undefined
  const [first = {}] = someChanges(subject, 'create')
  const [one = {}, another = {}] = someChanges(subject, 'update').filter(change => Object.values(change).every(Boolean))
  return [
    createCommand(0, {}),
    createCommand(1, first),
    ...(has('update') ? [updateCommand(0, one), updateCommand(0, another), updateCommand(1, one)] : []),
    ...(has('delete') ? [deleteCommand(0), createCommand(0, {}), deleteCommand(1)] : []),
  ]
}

const MOST_CHANGES = 24

/**
 * One thing that is given every value that stands for others, one after the other: what is drawn would find it by
 * luck.
 */
function eachChange(subject: Subject): readonly Commands[] {
  const update = actionOf(subject, 'update')
  const names = subject.resource.laws.find(law => law.law === 'mutable')?.answers ?? []
  if (update === undefined) return []
  const changes = new Map<string, Params>()
  for (const overlay of overlayRepresentatives(subject.context.spec, update))
    for (const [member, value] of Object.entries(overlay))
      if (names.includes(member)) changes.set(JSON.stringify([member, value]), { [member]: value })
  if (changes.size === 0) return []
  return [[createCommand(0, {}), ...[...changes.values()].slice(0, MOST_CHANGES).map(one => updateCommand(0, one))]]
}

/** Changes that change something, no two alike. Always the same ones. */
function someChanges(subject: Subject, role: 'create' | 'update'): readonly Params[] {
  const samples = fc.sample(changesOf(subject, actionOf(subject, role)), { seed: 1, numRuns: 40 })
  return [
    ...new Map(
      samples.filter(change => Object.keys(change).length > 0).map(change => [JSON.stringify(change), change]),
    ).values(),
  ]
}

/** Random sequences of commands on a few things of a resource agree with a model of it, which the Lifecycle and Laws tables give. */
import fc from 'fast-check'
import type { Clause, Resource, Spec } from '../../spec/model.ts'
import type { Case, CaseContext, CaseOutcome } from '../case.ts'
import { withNeeds } from '../fixtures/fixtures.ts'
import { createCommand, deleteCommand, listCommand, newModel, readCommand, updateCommand, type Broken, type Command, type Model, type World } from './commands-model.ts'
import { explore } from './explore.ts'
import { actionOf, subjectOf, type Params, type Subject } from './laws-subject.ts'
import { OK } from './outcome.ts'
import { overlays } from './valid.ts'

export function commandCases(spec: Spec): readonly Case[] {
  return spec.clauses.flatMap((clause) => {
    const resource = clause.kind === 'model' && clause.resource !== undefined ? spec.resources[clause.resource] : undefined
    return resource === undefined ? [] : [commandCase(spec, clause, resource)]
  })
}

function commandCase(spec: Spec, clause: Clause, resource: Resource): Case {
  const { create, read, update, delete: remove, list } = resource.lifecycle
  const id = `${clause.id}#model`
  const parents = withNeeds(spec, resource.needs).flatMap((name) => spec.resources[name]?.lifecycle.create ?? [])
  return {
    id,
    clause,
    family: 'model',
    title: `any sequence of commands on ${resource.name} answers as a model of it does`,
    actions: [...new Set([...parents, create, read, update, remove, list].filter((one) => one !== undefined))],
    needs: clause.needs,
    run: (context) => runCommands(context, resource, id),
  }
}

/** How many things there are at most: few enough that commands meet. */
const SLOTS = 3
const MOST_COMMANDS = 14
const MOST_RUNS = 10

type Commands = Iterable<Command>

async function runCommands(context: CaseContext, resource: Resource, caseId: string): Promise<CaseOutcome> {
  const subject = subjectOf(context, resource)
  // A replay names the example (fast-check's path) and, behind it, which of its commands are left.
  const [path, replayPath] = (context.path ?? '').split(';')
  let replay: string | undefined
  const outcome = await explore<Commands>(
    { ...context, ...(context.path === undefined ? {} : { path: path ?? '' }) },
    {
      caseId,
      arbitrary: fc.commands<Model, World>([...kinds(subject)], { maxCommands: MOST_COMMANDS, size: 'max', ...(replayPath === undefined ? {} : { replayPath }) }) as fc.Arbitrary<Commands>,
      examples: [wholeLife(subject)],
      runs: Math.min(context.runs, MOST_RUNS),
      judge: async (commands) => {
        try {
          await fc.asyncModelRun(() => ({ model: newModel(SLOTS), real: { subject } }), commands)
          return OK
        } catch (error) {
          if (isBroken(error)) return error.judgement
          throw error
        }
      },
      show: (commands) => {
        replay = /replayPath="([^"]+)"/.exec(String(commands))?.[1]
        return [...commands].filter((one) => !('hasRan' in one) || one.hasRan === true).map(String)
      },
    },
  )
  return outcome.path === undefined || replay === undefined ? outcome : { ...outcome, path: `${outcome.path};${replay}` }
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
  return [
    fc.tuple(slot, changesOf(subject, create)).map(([at, change]) => createCommand(at, change)),
    ...(read === undefined || read === list ? [] : [slot.map(readCommand)]),
    ...(update === undefined ? [] : [fc.tuple(slot, changesOf(subject, update)).map(([at, change]) => updateCommand(at, change))]),
    ...(actionOf(subject, 'delete') === undefined ? [] : [slot.map(deleteCommand)]),
    ...(list === undefined ? [] : [fc.constant(null).map(() => listCommand())]),
  ]
}

/** Values for the members that the law `mutable` names. */
function changesOf({ context, resource }: Subject, action: ReturnType<typeof actionOf>): fc.Arbitrary<Params> {
  const names = resource.laws.find((law) => law.law === 'mutable')?.answers ?? []
  if (action === undefined || names.length === 0) return fc.constant({})
  return overlays(context.spec, action).map((all) => Object.fromEntries(Object.entries(all).filter(([member]) => names.includes(member))))
}

/** One sequence that does everything once, tried first: a pass has seen all of it. */
function wholeLife(subject: Subject): Commands {
  const has = (role: Parameters<typeof actionOf>[1]): boolean => actionOf(subject, role) !== undefined
  const read = has('read') && actionOf(subject, 'read') !== actionOf(subject, 'list') ? [0] : []
  const reads = (): Command[] => read.map(readCommand)
  const lists = (): Command[] => (has('list') ? [listCommand()] : [])
  const updates = (): Command[] => (has('update') ? [updateCommand(0, {})] : [])
  const deletes = (at: number): Command[] => (has('delete') ? [deleteCommand(at)] : [])
  return [
    createCommand(0, {}), ...reads(), ...lists(), createCommand(0, {}), ...updates(), ...reads(), createCommand(1, {}), ...lists(),
    ...deletes(0), ...reads(), ...lists(), ...updates(), ...deletes(0), createCommand(0, {}), ...reads(), ...deletes(1), ...lists(),
  ]
}

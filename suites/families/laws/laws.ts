/** The laws of resources: what their Lifecycle and Laws tables say, as cases. */
import type { Clause, Law, Resource, Spec } from '../../../spec/model.ts'
import type { Case, CaseContext, CaseOutcome } from '../../case.ts'
import { withNeeds } from '../../fixtures/fixtures.ts'
import { createTwice, mutable, ofUnknown, readDeleted, readWritten } from './crud.ts'
import { keepsTheRest } from './kept.ts'
import { listsAll, pagesAgree } from './list.ts'
import { lastChange } from './modified.ts'
import { parallel } from './parallel.ts'
import { guards, race, revisionChanges } from './revision.ts'
import { subjectOf, type Subject } from './subject.ts'

/** One way to try a law; a law may be tried in several. */
interface Trial {
  /** Ends the id of the case. */
  readonly name: string
  readonly title: string
  /** What it calls beside the lifecycle that all laws need. */
  readonly calls?: readonly (string | undefined)[]
  run(subject: Subject, caseId: string): Promise<CaseOutcome>
}

/** A case for every law of every resource. */
export function lawCases(spec: Spec): readonly Case[] {
  return spec.clauses.flatMap(clause => {
    const resource =
      clause.kind === 'law' && clause.resource !== undefined ? spec.resources[clause.resource] : undefined
    const law = resource?.laws.find(one => clause.id === `${resource.name}.law.${one.law.replaceAll(' ', '-')}`)
    if (resource === undefined || law === undefined) return []
    return trialsOf(spec, resource, law).map(trial => caseOf(spec, clause, resource, trial))
  })
}

function caseOf(spec: Spec, clause: Clause, resource: Resource, trial: Trial): Case {
  const id = `${clause.id}#${trial.name}`
  return {
    id,
    clause,
    family: 'law',
    title: trial.title,
    actions: actionsOf(spec, resource, trial),
    needs: clause.needs,
    run: (context: CaseContext) => trial.run(subjectOf(context, resource), id),
  }
}

/** What a law calls: to make and to read the resource, the creation of all that it needs, and what is its own. */
function actionsOf(spec: Spec, resource: Resource, { calls = [] }: Trial): readonly string[] {
  const { create, read } = resource.lifecycle
  const parents = withNeeds(spec, resource.needs).flatMap(name => spec.resources[name]?.lifecycle.create ?? [])
  return [...new Set([...parents, create, read, ...calls].flatMap(name => name ?? []))]
}

function trialsOf(spec: Spec, resource: Resource, law: Law): readonly Trial[] {
  const { name, lifecycle } = resource
  const one = (title: string, run: Trial['run'], ...calls: NonNullable<Trial['calls']>): readonly Trial[] => [
    { name: 'law', title, calls, run },
  ]
  switch (law.law) {
    case 'read written':
      return one(`${lifecycle.read ?? name} answers what ${lifecycle.create} was given`, readWritten)
    case 'mutable':
      return mutableTrials(lifecycle, law)
    case 'create twice':
      return one(`${lifecycle.create} a second time`, (subject, id) => createTwice(subject, law, id))
    case 'read unknown':
      return one(`${law.law}: ${name}`, (subject, id) => ofUnknown(subject, law, id))
    case 'update unknown':
      return one(`${law.law}: ${name}`, (subject, id) => ofUnknown(subject, law, id), lifecycle.update)
    case 'delete unknown':
      return one(`${law.law}: ${name}`, (subject, id) => ofUnknown(subject, law, id), lifecycle.delete)
    case 'read deleted':
      return one(
        `${lifecycle.read ?? name} after ${lifecycle.delete ?? 'deletion'}`,
        (subject, id) => readDeleted(subject, law, id),
        lifecycle.delete,
      )
    case 'list items':
      return listTrials(spec, resource)
    case 'revision':
      return one(`${law.answers[0] ?? 'the revision'} changes with every write`, revisionChanges)
    case 'modified':
      return one(
        `${law.answers[0] ?? 'the time'} is the time of the last change`,
        (subject, id) => lastChange(subject, law, id),
        lifecycle.update,
      )
    case 'parallel':
      return one(
        `parallel changes of ${name} end as if one had come after the other`,
        (subject, id) => parallel(subject, law, id),
        ...law.answers,
      )
    case 'guarded':
      return guardTrials(spec, name, law)
    default:
      return []
  }
}

/** Where a second creation takes the place of the first there is nothing that it could leave alone. */
function mutableTrials({ create, update }: Resource['lifecycle'], law: Law): readonly Trial[] {
  const changes: Trial = {
    name: 'law',
    title: `${update ?? create} changes what it is given and nothing else`,
    calls: [update],
    run: (subject, id) => mutable(subject, law, id),
  }
  if (update === undefined) return [changes]
  const title = `${update} leaves alone every setting that it does not name`
  return [changes, { name: 'keeps', title, calls: [update], run: (subject, id) => keepsTheRest(subject, law, id) }]
}

function listTrials(spec: Spec, { name, lifecycle }: Resource): readonly Trial[] {
  const { list = name } = lifecycle
  const complete: Trial = {
    name: 'complete',
    title: `${list} lists what exists and not what is deleted`,
    calls: [lifecycle.list],
    run: listsAll,
  }
  if (spec.actions[list]?.pagination?.size === undefined) return [complete]
  const title = `the pages of ${list} are the whole list at every size`
  return [complete, { name: 'pages', title, calls: [lifecycle.list], run: pagesAgree }]
}

/** Each guarded action alone, and writes that race. */
function guardTrials(spec: Spec, name: string, law: Law): readonly Trial[] {
  const alone = law.answers.flatMap((action): readonly Trial[] => {
    const guarded = spec.actions[action]
    if (guarded === undefined) return []
    const title = `${action} is stopped by a revision that is not current`
    return [{ name: action, title, calls: [action], run: (subject, id) => guards(subject, guarded, id) }]
  })
  const title = `of writes of one ${name} at the same time with one revision exactly one wins`
  return [...alone, { name: 'race', title, run: (subject, id) => race(subject, law, id) }]
}

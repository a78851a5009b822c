/**
 * The laws of revisions: each write makes a new one, an old one stops a write, and of writes at the same time one wins.
 */
import type { Action, Law } from '../../../spec/model.ts'
import type { Answer, CaseOutcome } from '../../case.ts'
import { refusalMismatch, promisedRefusals } from '../../properties/refusal.ts'
import {
  actionOf,
  callAbout,
  makeParents,
  makeThing,
  neededAction,
  once,
  readSettled,
  refused,
  requestFor,
  type Params,
  type Subject,
  type Thing,
} from './subject.ts'
import { keptSettings } from './kept.ts'
import { describeAnswer, failure, inconclusive, isJudgement, OK, type Judgement } from '../../judgement.ts'
import { present } from '../../../base/present.ts'

function revisionMember(subject: Subject): string {
  const member = subject.resource.laws.find(law => law.law === 'revision')?.answers[0]
  if (member === undefined) throw new Error(`${subject.resource.source.file}: the law needs a law \`revision\``)
  return member
}

interface Seen {
  readonly revision: string
  readonly answer: Answer
}

async function readRevision(subject: Subject, thing: Thing, earlier: readonly Answer[]): Promise<Seen | Judgement> {
  const read = neededAction(subject, 'read')
  const member = revisionMember(subject)
  const answer = await readSettled(subject, thing)
  const trouble = refused(read, answer, earlier, true)
  if (trouble !== null) return trouble
  const revision = answer.members?.[member]
  if (typeof revision !== 'string' || revision === '')
    return failure(`${read.name} to answer a ${member}`, 'none', [...earlier, answer])
  return { revision, answer }
}

const WRITES = 3

/** `revision`: two reads agree, and after each write there is a revision that was not there before. */
export function revisionChanges(subject: Subject, caseId: string): Promise<CaseOutcome> {
  const member = revisionMember(subject)
  return once(subject, caseId, async () => {
    const thing = await makeThing(subject, await makeParents(subject))
    const first = await readRevision(subject, thing, [])
    if (isJudgement(first)) return first
    const again = await readRevision(subject, thing, [first.answer])
    if (isJudgement(again)) return again
    if (again.revision !== first.revision)
      return failure(`the same ${member} when nothing was written`, again.revision, [first.answer, again.answer])
    const seen = [first]
    for (let number = 0; number < WRITES; number++) {
      const written = await write(subject, writer(subject), thing, number, {})
      const trouble = refused(writer(subject), written, [])
      if (trouble !== null) return trouble
      const next = await readRevision(subject, thing, [written])
      if (isJudgement(next)) return next
      const same = seen.find(one => one.revision === next.revision)
      if (same !== undefined)
        return failure(`a new ${member} after ${writer(subject).name}`, `${next.revision}, as before`, [
          same.answer,
          written,
          next.answer,
        ])
      seen.push(next)
    }
    return OK
  })
}

/** The action that changes the thing, or the policy that the thing is in. */
function writer(subject: Subject): Action {
  return actionOf(subject, 'update') ?? neededAction(subject, 'create')
}

/** A request of a guarded action that succeeds; `number` makes it differ from the others. */
async function requestOf(subject: Subject, action: Action, thing: Thing, number: number): Promise<Params> {
  const { context, resource } = subject
  const { create, delete: remove, update } = resource.lifecycle
  // The template's `!unique` makes another key each time it is filled.
  if (action.name === create) return context.fill(resource.create, thing.scope)
  if (action.name === remove) return requestFor(subject, action, await makeThing(subject, thing.scope))
  const example = context.fill(action.example, thing.scope)
  const described =
    action.request.some(member => member.name === 'Description') && action.name === update
      ? { Description: `revision ${number}` }
      : {}
  return { ...example, ...requestFor(subject, action, thing), ...described }
}

async function write(
  subject: Subject,
  action: Action,
  thing: Thing,
  number: number,
  more: Params,
  refusals: readonly string[] = [],
): Promise<Answer> {
  return callAbout(subject, action, { ...(await requestOf(subject, action, thing, number)), ...more }, refusals)
}

const PRECONDITION = 'PreconditionFailedException'

/**
 * `guarded`: the current revision lets the write pass, an earlier or invented one does not, and then nothing changes.
 */
export function guards(subject: Subject, action: Action, caseId: string): Promise<CaseOutcome> {
  const member = revisionMember(subject)
  return once(subject, caseId, async () => {
    const thing = await makeThing(subject, await makeParents(subject))
    const old = await readRevision(subject, thing, [])
    if (isJudgement(old)) return old
    const moved = await write(subject, writer(subject), thing, 1, {})
    const unmoved = refused(writer(subject), moved, [])
    if (unmoved !== null) return unmoved
    const invented = subject.context.fill(
      { value: { $tag: 'unknown', value: 'uuid', source: subject.resource.source } },
      {},
    )['value']
    // Made before the revision is read: it may be a write itself.
    const params = await requestOf(subject, action, thing, 2)
    const current = await readRevision(subject, thing, [moved])
    if (isJudgement(current)) return current
    for (const [what, revision] of [
      ['the one before the last write', old.revision],
      ['one that never was', invented],
    ] as const) {
      const answer = await callAbout(subject, action, { ...params, [member]: revision }, [PRECONDITION])
      const judgement = judgeGuard(subject, action, answer, what, [old.answer, moved, current.answer])
      if (judgement !== null) return judgement
    }
    const unchanged = await readRevision(subject, thing, [current.answer])
    if (isJudgement(unchanged)) return unchanged
    if (unchanged.revision !== current.revision)
      return failure(`${member} to stay when a write is refused`, unchanged.revision, [
        current.answer,
        unchanged.answer,
      ])
    // The control: the same write with the current revision.
    const accepted = await callAbout(subject, action, { ...params, [member]: current.revision })
    if (accepted.error?.name === PRECONDITION)
      return failure(`${action.name} with the current ${member} to succeed`, describeAnswer(accepted), [
        current.answer,
        accepted,
      ])
    const trouble = refused(action, accepted, [current.answer])
    if (trouble !== null || action.name === subject.resource.lifecycle.delete) return trouble ?? OK
    const after = await readSettled(subject, thing)
    const kept = keptSettings(subject, action, params, current.answer, accepted, after)
    return typeof kept === 'number' ? OK : kept
  })
}

function judgeGuard(
  subject: Subject,
  action: Action,
  answer: Answer,
  what: string,
  earlier: readonly Answer[],
): Judgement | null {
  const unmet = refusalMismatch(promisedRefusals(subject.context.spec, action, PRECONDITION), answer, {
    resolve: value => value,
  })
  if (unmet === null) return null
  const trouble = refused(action, answer, earlier)
  if (trouble !== null && (trouble.kind === 'unsupported' || answer.failure !== undefined || answer.status === 429))
    return trouble
  return failure(
    `${action.name} with a revision that is not current (${what}) to fail with ${unmet.expected}`,
    describeAnswer(answer),
    [...earlier, answer],
  )
}

const RACERS = 5
const RACES = 4

/** `guarded`: of writes at the same time with the same revision exactly one is done; the others are refused. */
export function race(subject: Subject, law: Law, caseId: string): Promise<CaseOutcome> {
  const name = law.answers.find(one => one === writer(subject).name) ?? law.answers[0] ?? ''
  const action = subject.context.spec.actions[name]
  if (action === undefined) throw new Error(`${law.source.file}:${law.source.line}: there is no action ${name}`)
  const member = revisionMember(subject)
  return once(subject, caseId, async () => {
    if (subject.context.endpoint.limits.concurrency < 2)
      return inconclusive('the run sends one request at a time: there can be no race')
    const thing = await makeThing(subject, await makeParents(subject))
    for (let number = 0; number < RACES; number++) {
      const judgement = await raceOnce(subject, action, thing, member)
      if (judgement !== null) return judgement
    }
    return OK
  })
}

async function raceOnce(subject: Subject, action: Action, thing: Thing, member: string): Promise<Judgement | null> {
  const { client, spec } = subject.context
  const before = await readRevision(subject, thing, [])
  if (isJudgement(before)) return before
  const requests: Params[] = []
  for (let racer = 0; racer < RACERS; racer++)
    requests.push({ ...(await requestOf(subject, action, thing, racer)), [member]: before.revision })
  const answers = await Promise.all(requests.map(params => client.call(action, params)))
  const lost = answers.find(
    answer => answer.failure !== undefined || answer.status === 429 || (answer.status ?? 0) >= 500,
  )
  if (lost !== undefined) return refused(action, lost, [before.answer])
  const winners = answers.filter(answer => answer.status !== undefined && answer.status < 300)
  const told = answers.map(describeAnswer).join('; ')
  if (winners.length !== 1) {
    const trouble = answers.every(answer => answer.status !== undefined && answer.status >= 300)
      ? refused(action, present(answers[0], 'an element of answers'), [before.answer])
      : null
    if (trouble?.kind === 'unsupported') return trouble
    return failure(
      `exactly one of ${RACERS} writes with the same ${member} to succeed`,
      `${winners.length} did: ${told}`,
      [before.answer, ...answers],
    )
  }
  // A write that meets another under way may be told so instead.
  const allowed = [
    PRECONDITION,
    ...(action.errors.some(row => row.name === 'ResourceConflictException') ? ['ResourceConflictException'] : []),
  ]
  const refusals = promisedRefusals(spec, action, allowed)
  const stray = answers.find(
    answer => !winners.includes(answer) && refusalMismatch(refusals, answer, { resolve: value => value }) !== null,
  )
  if (stray !== undefined)
    return failure(`those that lose to be refused with ${allowed.join(' or ')}`, describeAnswer(stray), [
      before.answer,
      ...answers,
    ])
  return null
}

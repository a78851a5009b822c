/** What a write does not name stays as it was: every setting of a thing, however it came to its value. */
import { isDeepStrictEqual } from 'node:util'
import { memberOf } from '../../../base/member-of.ts'
import type { Action, Law } from '../../../spec/model.ts'
import { overlayRepresentatives } from '../../arbitraries/representatives.ts'
import type { Answer, CaseOutcome } from '../../case.ts'
import { failure, inconclusive, OK, type Judgement } from '../../judgement.ts'
import { show } from '../../oracle/match.ts'
import {
  actionOf,
  callAbout,
  exampleChange,
  makeParents,
  makeThing,
  neededAction,
  once,
  readSettled,
  refused,
  requestFor,
  type Params,
  type Subject,
} from './subject.ts'
import { answeredMembers } from './written.ts'

/**
 * `mutable`: a thing that was given as much as goes together is updated member by member, and each update leaves alone
 * what it does not name. A second thing with other values is updated once.
 */
export function keepsTheRest(subject: Subject, law: Law, caseId: string): Promise<CaseOutcome> {
  const update = neededAction(subject, 'update')
  return once(subject, caseId, async () => {
    const [most = {}, next] = fullest(subject)
    const byMember = (now: Answer): readonly Params[] =>
      law.answers.flatMap(member => newValue(subject, update, member, now))
    const first = await keeps(subject, update, most, byMember)
    if (next === undefined || first.kind !== 'ok') return first
    return keeps(subject, update, next, () => [])
  })
}

async function keeps(
  subject: Subject,
  update: Action,
  given: Params,
  changesOf: (now: Answer) => readonly Params[],
): Promise<Judgement> {
  const thing = await makeThing(subject, await makeParents(subject), given)
  let before = await readSettled(subject, thing)
  const unread = refused(neededAction(subject, 'read'), before, [], true)
  if (unread !== null) return unread
  let compared = 0
  // The smallest update is the last: where pages allow it, it names nothing.
  for (const change of [...changesOf(before), exampleChange(subject, update, thing)]) {
    const written = await callAbout(subject, update, requestFor(subject, update, thing, change))
    const trouble = refused(update, written, [before])
    if (trouble !== null) return trouble
    const after = await readSettled(subject, thing)
    const judged = keptSettings(subject, update, change, before, written, after)
    if (typeof judged !== 'number') return judged
    compared += judged
    before = after
  }
  return compared > 0 ? OK : inconclusive(`${update.name} names all that is read`, [before])
}

/**
 * How many settings a write did not name and left as they were, or the first that it did not leave. Settings are what
 * somebody gives a thing: the service changes none of them by itself.
 */
export function keptSettings(
  subject: Subject,
  write: Action,
  named: Params,
  before: Answer,
  written: Answer,
  after: Answer,
): number | Judgement {
  const read = neededAction(subject, 'read')
  const trouble = refused(read, after, [before, written], true)
  if (trouble !== null) return trouble
  const settings = settingsOf(subject).filter(member => !Object.hasOwn(named, member))
  let compared = 0
  for (const member of settings) {
    const [was, is] = [before, after].map(answer =>
      memberOf(answeredMembers(subject.context.spec, read, answer), member),
    )
    if (was === undefined && is === undefined) continue
    compared++
    if (!isDeepStrictEqual(was, is))
      return failure(
        `${member}: ${show(was)}, as before`,
        `${member}: ${show(is)}`,
        [before, written, after],
        `${write.name} does not leave alone what it does not name`,
      )
  }
  return compared
}

/** Members that creation or an update takes, but for the revision that guards it. */
function settingsOf(subject: Subject): readonly string[] {
  const actions = (['create', 'update'] as const).flatMap(role => actionOf(subject, role) ?? [])
  const revision = subject.resource.laws.find(law => law.law === 'revision')?.answers ?? []
  const names = new Set(actions.flatMap(action => action.request.map(member => member.name)))
  return [...names].filter(name => !revision.includes(name))
}

/**
 * The two fullest things that can be made, with different values: one of them is not what a thing is without being
 * told. What the page itself gives its things stays.
 */
function fullest(subject: Subject): readonly Params[] {
  const { spec } = subject.context
  const all = overlayRepresentatives(spec, neededAction(subject, 'create')).map(one =>
    Object.fromEntries(Object.entries(one).filter(([member]) => !Object.hasOwn(subject.resource.create, member))),
  )
  const count = (one: Params): number => Object.keys(one).length
  return [...all]
    .reverse()
    .sort((a, b) => count(b) - count(a))
    .slice(0, 2)
}

/** An update of this member alone, to something else than it is; none when the update has no free value for it. */
function newValue(subject: Subject, update: Action, member: string, now: Answer): readonly Params[] {
  const { spec } = subject.context
  const was = memberOf(answeredMembers(spec, neededAction(subject, 'read'), now), member)
  const other = overlayRepresentatives(spec, update)
    .filter(one => Object.hasOwn(one, member))
    .find(one => !isDeepStrictEqual(one[member], was))
  return other === undefined ? [] : [{ [member]: other[member] }]
}

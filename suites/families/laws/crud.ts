/**
 * The laws of one thing: what was written is read, the unknown is unknown, the deleted is gone, and creating twice is
 * as the page says.
 */
import fc from 'fast-check'
import type { Action, Law } from '../../../spec/model.ts'
import type { Answer, CaseOutcome } from '../../case.ts'
import { refusalMismatch, promisedRefusals } from '../../properties/refusal.ts'
import { judgedAfter, patienceUntil, pause } from '../../properties/settle.ts'
import { overlayRepresentatives } from '../../arbitraries/representatives.ts'
import { explore } from '../explore.ts'
import { compareWritten } from './written.ts'
import {
  actionOf,
  callAbout,
  exampleChange,
  judgedBy,
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
import { listedKeys, listNames } from './listing.ts'
import { unknownKeys } from './unknown.ts'
import { describeAnswer, failure, inconclusive, OK, type Judgement } from '../../judgement.ts'
import { overlays, withoutOne } from '../valid.ts'

/** Each example makes things of its own, parents and all: more of them cost more than they show. */
const MOST_RUNS = 10

/** `read written`: every member given at creation that the read documents comes back as it was given. */
export function readWritten(subject: Subject, caseId: string): Promise<CaseOutcome> {
  const create = neededAction(subject, 'create')
  return explore<Params>(subject.context, {
    caseId,
    arbitrary: overlays(subject.context.spec, create),
    examples: overlayRepresentatives(subject.context.spec, create),
    runs: Math.min(subject.context.runs, MOST_RUNS),
    blamesFixtures: true,
    smaller: withoutOne,
    judge: async given => {
      const thing = await makeThing(subject, await makeParents(subject), given)
      const read = neededAction(subject, 'read')
      const answer = await readSettled(subject, thing)
      const broken = refused(read, answer, [], true)
      if (broken !== null) return broken
      const { compared, difference } = compareWritten(subject.context.spec, read, thing.sent, answer)
      if (difference !== undefined)
        return judgedBy(
          answer,
          failure(
            difference.expected,
            difference.actual,
            [answer],
            `${read.name} does not answer what ${create.name} was given`,
          ),
        )
      if (compared > 0) return OK
      // A policy is read as a whole: the thing is in it or not.
      const names = listNames(subject, answer)
      if (names === undefined)
        return inconclusive(`${read.name} answers nothing that ${create.name} was given`, [answer])
      const key = listedKeys(subject, thing)
      return names.some(key.isNamedBy)
        ? OK
        : failure(`${read.name} to answer ${key.text}`, `${names.length} others`, [answer])
    },
  })
}

/** `mutable`: the members that an update, or a second put, changes are read as changed, and the others as they were. */
export function mutable(subject: Subject, law: Law, caseId: string): Promise<CaseOutcome> {
  const update = actionOf(subject, 'update')
  const write = update ?? neededAction(subject, 'create')
  const kept = (all: Params): Params =>
    Object.fromEntries(Object.entries(all).filter(([member]) => law.answers.includes(member)))
  const changes = overlays(subject.context.spec, write).map(kept)
  return explore<readonly [Params, Params]>(subject.context, {
    caseId,
    arbitrary: fc.tuple(changes, changes),
    examples: pairs(overlayRepresentatives(subject.context.spec, write).map(kept)),
    smaller: ([first, second]) => [
      ...withoutOne(first).map(one => [one, second] as const),
      ...withoutOne(second).map(one => [first, one] as const),
    ],
    runs: Math.min(subject.context.runs, MOST_RUNS),
    blamesFixtures: true,
    judge: async rounds => {
      const { spec } = subject.context
      const thing = await makeThing(subject, await makeParents(subject))
      const read = neededAction(subject, 'read')
      const answers: Answer[] = []
      let expected: Params = thing.sent
      for (const round of rounds) {
        // An update of nothing may be refused: the page's own example is one of something.
        const change =
          update === undefined || Object.keys(round).length > 0 ? round : exampleChange(subject, update, thing)
        const params = update === undefined ? { ...thing.sent, ...change } : requestFor(subject, update, thing, change)
        const written = await callAbout(subject, write, params)
        answers.push(written)
        const trouble = refused(write, written, answers.slice(0, -1))
        if (trouble !== null) return trouble
        // A put replaces all that it does not name; an update leaves it.
        expected = update === undefined ? { ...thing.sent, ...change } : { ...expected, ...change }
        const told = compareWritten(spec, write, expected, written).difference
        if (told !== undefined)
          return failure(told.expected, told.actual, answers, `${write.name} does not answer what it has written`)
        const seen = await readSettled(subject, thing)
        answers.push(seen)
        const broken = refused(read, seen, answers.slice(0, -1), true)
        if (broken !== null) return broken
        const { compared, difference } = compareWritten(spec, read, expected, seen)
        if (difference !== undefined)
          return judgedBy(
            seen,
            failure(
              difference.expected,
              difference.actual,
              answers,
              `${read.name} does not answer what ${write.name} has written`,
            ),
          )
        if (compared === 0) return inconclusive(`${read.name} answers nothing that ${write.name} writes`, answers)
      }
      return OK
    },
  })
}

/** Each with the one after it, none twice. */
function pairs(changes: readonly Params[]): readonly (readonly [Params, Params])[] {
  const different = [...new Map(changes.map(one => [JSON.stringify(one), one])).values()]
  const [first = {}] = different
  return Array.from({ length: Math.ceil(different.length / 2) }, (_, at) => [
    different[at * 2] ?? first,
    different[at * 2 + 1] ?? first,
  ])
}

/** `create twice`: the second is refused, or makes another, or takes the place of the first. */
export function createTwice(subject: Subject, law: Law, caseId: string): Promise<CaseOutcome> {
  const create = neededAction(subject, 'create')
  return once(subject, caseId, async () => {
    const thing = await makeThing(subject, await makeParents(subject))
    const again = await callAbout(subject, create, thing.sent, law.answers)
    const judgement = judgeAnswer(subject, create, again, law, [])
    if (judgement !== null) return judgement
    return stillThere(subject, thing, [again])
  })
}

/**
 * `read unknown`, `update unknown`, `delete unknown`: each part of the key that names nothing is enough to be refused.
 */
export function ofUnknown(subject: Subject, law: Law, caseId: string): Promise<CaseOutcome> {
  const role = law.law.split(' ')[0] as 'read' | 'update' | 'delete'
  const action = neededAction(subject, role)
  return once(subject, caseId, async () => {
    const thing = await makeThing(subject, await makeParents(subject))
    const change = role === 'update' ? exampleChange(subject, action, thing) : {}
    const taken = action.request.map(member => member.name)
    // The control: the same request about the thing itself. A deletion has its control in the end, when all others have
    // been refused.
    const controls: Answer[] = []
    const control = async (): Promise<Judgement | null> => {
      const answer = await callAbout(subject, action, requestFor(subject, action, thing, change))
      controls.push(answer)
      return refused(action, answer, [])
    }
    if (role !== 'delete') {
      const trouble = await control()
      if (trouble !== null) return trouble
    }
    for (const key of unknownKeys(subject, thing.key, taken)) {
      const answer = await callAbout(
        subject,
        action,
        requestFor(subject, action, { ...thing, key }, change),
        law.answers,
      )
      const judgement = judgeAnswer(subject, action, answer, law, controls)
      if (judgement !== null) return judgement
    }
    if (role !== 'delete') return OK
    const there = await stillThere(subject, thing, controls)
    return there.kind === 'ok' ? ((await control()) ?? OK) : there
  })
}

/** A deletion that was accepted may go on for a while: longer when the answer says so (202). */
const GONE_MS = 10_000
const GONE_LATER_MS = 90_000

/** `read deleted`: what could be read before is not found, or reads as if it had never been. */
export function readDeleted(subject: Subject, law: Law, caseId: string): Promise<CaseOutcome> {
  const remove = neededAction(subject, 'delete')
  const read = neededAction(subject, 'read')
  return once(subject, caseId, async () => {
    const thing = await makeThing(subject, await makeParents(subject))
    const before = await readSettled(subject, thing)
    const unread = refused(read, before, [])
    if (unread !== null) return unread
    const deleted = await callAbout(subject, remove, requestFor(subject, remove, thing))
    const undeleted = refused(remove, deleted, [before])
    if (undeleted !== null) return undeleted
    const patience = deleted.status === 202 ? GONE_LATER_MS : GONE_MS
    return eventually(subject, patience, async () => {
      const after = await callAbout(subject, read, requestFor(subject, read, thing), law.answers)
      const judgement = judgeAnswer(subject, read, after, law, [before, deleted])
      if (judgement !== null || after.status === undefined || after.status >= 300) return judgement ?? OK
      const left = leftBehind(subject, thing, after)
      return left === null
        ? OK
        : failure(
            'nothing of what was deleted',
            left,
            [before, deleted, after],
            `${read.name} still answers it after ${remove.name}`,
          )
    })
  })
}

/** A member that was given at creation, does not name the thing, and is still answered. */
function leftBehind(subject: Subject, thing: Thing, after: Answer): string | null {
  const read = neededAction(subject, 'read')
  const given = Object.entries(thing.sent).filter(([member]) => !(member in thing.key))
  for (const [member, value] of given) {
    const { compared, difference } = compareWritten(subject.context.spec, read, { [member]: value }, after)
    if (compared > 0 && difference === undefined) return `${member} is still ${JSON.stringify(value)}`
  }
  return null
}

/** Null when the answer is one of those that the law allows. */
function judgeAnswer(
  subject: Subject,
  action: Action,
  answer: Answer,
  law: Law,
  earlier: readonly Answer[],
): Judgement | null {
  const { context } = subject
  const errors = law.answers.filter(one => one !== 'succeeds' && one !== 'replaces')
  const succeeded = answer.status !== undefined && answer.status < 300
  if (succeeded && errors.length < law.answers.length) return null
  if (!succeeded && errors.length > 0) {
    const unmet = refusalMismatch(promisedRefusals(context.spec, action, errors), answer, { resolve: value => value })
    if (unmet === null) return null
  }
  const trouble = succeeded ? null : refused(action, answer, earlier)
  if (trouble !== null && (trouble.kind === 'unsupported' || isTransport(answer))) return trouble
  return failure(
    `${action.name} to answer with ${law.answers.join(' or ')}`,
    describeAnswer(answer),
    [...earlier, answer],
    `${law.law}: ${action.name} answered ${describeAnswer(answer)}`,
  )
}

function isTransport(answer: Answer): boolean {
  return answer.failure !== undefined || answer.status === 429 || answer.status === 503
}

/** A thing can be read: it was no victim of what the law tried. */
async function stillThere(subject: Subject, thing: Thing, earlier: readonly Answer[]): Promise<Judgement> {
  const read = actionOf(subject, 'read')
  if (read === undefined) return OK
  const answer = await callAbout(subject, read, requestFor(subject, read, thing))
  return refused(read, answer, earlier, true) ?? OK
}

/** Again until it holds or time is up. */
async function eventually(subject: Subject, patienceMs: number, judge: () => Promise<Judgement>): Promise<Judgement> {
  const patience = patienceUntil(subject.deadline, patienceMs)
  for (let wait = 30; ; wait = Math.min(wait * 1.6, 2000)) {
    const judgement = await judge()
    if (judgement.kind !== 'fail') return judgement
    if (Date.now() + wait > patience.end) return judgedAfter(patience, judgement)
    await pause(wait, subject.context.signal)
  }
}

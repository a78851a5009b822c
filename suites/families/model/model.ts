/**
 * The model of a resource: which of a few things exist, and what they were given; and the commands that hold an
 * endpoint to it.
 */
import type fc from 'fast-check'
import type { Action, Law } from '../../../spec/model.ts'
import type { Answer } from '../../case.ts'
import { refusalMismatch, promisedRefusals } from '../../properties/refusal.ts'
import { judgedAfter, patienceUntil, pause } from '../../properties/settle.ts'
import { listedKeys, readListing } from '../laws/listing.ts'
import {
  actionOf,
  callAbout,
  exampleChange,
  isAlone,
  isKeyedByParents,
  judgedBy,
  makeParents,
  makeThing,
  neededAction,
  readSettled,
  refused,
  requestFor,
  sharedInList,
  siblingParents,
  type Params,
  type Subject,
  type Thing,
} from '../laws/subject.ts'
import { compareWritten } from '../laws/written.ts'
import { FixtureTrouble } from '../../fixtures/trouble.ts'
import { cutShort, describeAnswer, failure, inconclusive, type Judgement } from '../../judgement.ts'
import { present } from '../../../base/present.ts'

/** One of the few things. It is known from its first creation on, and keeps its parents. */
interface Slot {
  /** `left`: deleted, and nobody has looked whether it is gone. */
  readonly state: 'never' | 'there' | 'deleted' | 'left'
  /** What was given and not changed since. */
  readonly given: Params
  /** What one of the same name had been given that was deleted before, and this one was not. */
  readonly dead?: Params
}

/** What the resource is expected to be after the commands so far. */
export interface Model {
  readonly slots: Slot[]
  /** What the endpoint called them; the model alone cannot know keys that the service chooses. */
  readonly things: (Thing | undefined)[]
  /** Kinds of commands that this sequence does without: what one hides, such as a look between, others then show. */
  readonly omitted: ReadonlySet<Omittable>
}

/** Kinds of commands that a sequence may do without; things must be created. */
export const OMITTABLE = ['read', 'update', 'delete', 'list'] as const
/** One of them. */
export type Omittable = (typeof OMITTABLE)[number]

/** The endpoint, as commands reach it. */
export interface World {
  readonly subject: Subject
  /** Commands that were run, in their order. */
  readonly done: Command[]
}

/** One action of a sequence: what it does to the model, and what the endpoint must answer. */
export type Command = fc.AsyncCommand<Model, World>

/** A command that began later than this before the end of the case could only be cut short. */
const LEAST_MS = 5000

function command(
  text: string,
  check: (model: Model) => boolean,
  run: (model: Model, subject: Subject) => Promise<void>,
): Command {
  const self: Command = {
    check,
    toString: () => text,
    run(model, { subject, done }) {
      if (Date.now() + LEAST_MS > subject.deadline)
        return Promise.reject(new Broken(cutShort(inconclusive(`time ran out before ${text}`))))
      done.push(self)
      return run(model, subject)
    },
  }
  return self
}

const known =
  (kind: Omittable, at: number) =>
  (model: Model): boolean =>
    !model.omitted.has(kind) && model.things[at] !== undefined

/** A model in which nothing exists yet, with room for so many things, for a sequence without some kinds of commands. */
export function newModel(slots: number, omitted: readonly Omittable[] = []): Model {
  return {
    omitted: new Set(omitted),
    slots: Array.from({ length: slots }, () => ({ state: 'never' as const, given: {} })),
    things: Array.from({ length: slots }, () => undefined),
  }
}

/** Thrown by a command that finds the endpoint at odds with the model, or finds out nothing. */
export class Broken extends Error {
  override readonly name = 'Broken'
  readonly judgement: Judgement

  constructor(judgement: Judgement) {
    super(judgement.reason)
    this.judgement = judgement
  }
}

function insist(judgement: Judgement | null): void {
  if (judgement !== null && judgement.kind !== 'ok') throw new Broken(judgement)
}

function slotOf(model: Model, at: number): Slot {
  return present(model.slots[at], 'an element of model.slots')
}

function lawOf(subject: Subject, law: string): Law | undefined {
  return subject.resource.laws.find(one => one.law === law)
}

/** Creates it, or creates it again when it is there. */
export function createCommand(at: number, change: Params): Command {
  return command(
    `create ${at}${told(change)}`,
    () => true,
    async (model, subject) => {
      const slot = slotOf(model, at)
      const thing = model.things[at]
      if (slot.state === 'there' && thing !== undefined) return createAgain(model, subject, at, thing, change)
      const made =
        thing === undefined ? await makeFirst(model, subject, change) : await makeAgain(subject, slot, thing, change)
      if (
        model.things.some(
          (other, index) =>
            index !== at && other !== undefined && model.slots[index]?.state === 'there' && sameKey(other, made),
        )
      ) {
        throw new Broken(inconclusive(`creating another ${subject.resource.name} gave the one that there was`))
      }
      model.things[at] = made
      model.slots[at] = { state: 'there', given: made.sent, dead: textsOf(slot.given, made.sent) }
    },
  )
}

/** Texts that one has and the other does not: anything else may be the same by default. */
function textsOf(given: Params, others: Params): Params {
  return Object.fromEntries(
    Object.entries(given).filter(([member, value]) => typeof value === 'string' && value !== '' && !(member in others)),
  )
}

/**
 * A new thing stands in one list with the others: it has their parents, and what the list's request wants of itself.
 */
async function makeFirst(model: Model, subject: Subject, change: Params): Promise<Thing> {
  const first = model.things.find(thing => thing !== undefined)
  if (first === undefined || actionOf(subject, 'list') === undefined || isAlone(subject))
    return makeThing(subject, await makeParents(subject), change)
  return makeThing(subject, await siblingParents(subject, first.scope), { ...sharedInList(subject, first), ...change })
}

/**
 * A deleted thing is made again by the request that made it: under its own name, where it has one. Where the service
 * has a part in the name, only the other part is kept: a request like one before may be answered with what there is.
 */
async function makeAgain(subject: Subject, slot: Slot, thing: Thing, change: Params): Promise<Thing> {
  const { [subject.resource.name]: _, ...parents } = thing.scope
  const { key } = subject.resource.lifecycle
  const kept = key.some(member => member.includes('='))
    ? Object.fromEntries(Object.entries(thing.sent).filter(([member]) => key.includes(member)))
    : thing.sent
  const make = (): Promise<Thing> => makeThing(subject, parents, { ...kept, ...change })
  if (slot.state !== 'left') return make()
  try {
    return await make()
  } catch (error) {
    if (!(error instanceof FixtureTrouble)) throw error
    // What is deleted may be on its way out still: it is waited for after all.
    await absent(subject, neededAction(subject, 'read'), thing, slot.given)
    return make()
  }
}

async function createAgain(model: Model, subject: Subject, at: number, thing: Thing, change: Params): Promise<void> {
  const law = lawOf(subject, 'create twice')
  // What makes another each time would have no place in the model.
  if (law === undefined || law.answers.includes('succeeds')) return
  const create = neededAction(subject, 'create')
  const sent = { ...thing.sent, ...change }
  const answer = await callAbout(subject, create, sent, law.answers)
  insist(judge(subject, create, answer, law.answers))
  if (answer.status !== undefined && answer.status < 300) model.slots[at] = { state: 'there', given: sent }
}

/** Reads it: what was written is answered, and what is not there is not. */
export function readCommand(at: number): Command {
  return command(`read ${at}`, known('read', at), async (model, subject) => {
    const read = neededAction(subject, 'read')
    const thing = present(model.things[at], 'an element of model.things')
    const { state, given, dead = {} } = slotOf(model, at)
    if (state === 'there') {
      const answer = await readSettled(subject, thing)
      insist(refused(read, answer, [], true))
      insist(differs(subject, read, given, answer))
      insist(leftBehind(subject, read, thing, dead, answer))
      return
    }
    await absent(subject, read, thing, given)
  })
}

/** Null when all that was given is answered. */
function differs(subject: Subject, read: Action, given: Params, answer: Answer): Judgement | null {
  const { difference } = compareWritten(subject.context.spec, read, given, answer)
  return difference === undefined
    ? null
    : judgedBy(
        answer,
        failure(difference.expected, difference.actual, [answer], `${read.name} does not answer what was written last`),
      )
}

const GONE_MS = 10_000
const GONE_LATER_MS = 90_000

/** Reads what is deleted until it is gone, as the law `read deleted` says. */
async function absent(
  subject: Subject,
  read: Action,
  thing: Thing,
  given: Params,
  patienceMs = GONE_MS,
): Promise<void> {
  const answers = (lawOf(subject, 'read deleted') ?? lawOf(subject, 'read unknown'))?.answers
  if (answers === undefined) return
  const patience = patienceUntil(subject.deadline, patienceMs)
  for (let wait = 30; ; wait = Math.min(wait * 1.6, 2000)) {
    const answer = await callAbout(subject, read, requestFor(subject, read, thing), answers)
    const judgement = judge(subject, read, answer, answers) ?? leftBehind(subject, read, thing, given, answer)
    if (judgement === null) return
    if (judgement.kind !== 'fail') throw new Broken(judgement)
    if (Date.now() + wait > patience.end) throw new Broken(judgedAfter(patience, judgement))
    await pause(wait, subject.context.signal)
  }
}

/** Of what is deleted nothing may be answered, neither where reading succeeds all the same nor by its successor. */
function leftBehind(subject: Subject, read: Action, thing: Thing, given: Params, answer: Answer): Judgement | null {
  if (answer.status === undefined || answer.status >= 300) return null
  for (const [member, value] of Object.entries(given)) {
    if (member in thing.key) continue
    const { compared, difference } = compareWritten(subject.context.spec, read, { [member]: value }, answer)
    if (compared > 0 && difference === undefined)
      return failure('nothing of what was deleted', `${member} is still answered`, [answer])
  }
  return null
}

/** Updates it: what is not named stays. */
export function updateCommand(at: number, change: Params): Command {
  return command(`update ${at}${told(change)}`, known('update', at), async (model, subject) => {
    const update = neededAction(subject, 'update')
    const thing = present(model.things[at], 'an element of model.things')
    const { state, given } = slotOf(model, at)
    // An update of nothing may be refused: the page's own example is one of something.
    const changed = Object.keys(change).length > 0 ? change : exampleChange(subject, update, thing)
    const params = requestFor(subject, update, thing, changed)
    if (state === 'there') {
      const answer = await callAbout(subject, update, params)
      insist(refused(update, answer, [], true))
      const { dead = {}, ...slot } = slotOf(model, at)
      model.slots[at] = { ...slot, given: { ...given, ...changed }, dead: textsOf(dead, changed) }
      return
    }
    await settleDeletion(model, subject, at)
    const answers = lawOf(subject, 'update unknown')?.answers
    if (answers !== undefined)
      insist(judge(subject, update, await callAbout(subject, update, params, answers), answers))
  })
}

/** Deletes it, and waits until it is gone. */
export function deleteCommand(at: number): Command {
  return command(`delete ${at}`, known('delete', at), async (model, subject) => {
    const remove = neededAction(subject, 'delete')
    const read = actionOf(subject, 'read')
    const thing = present(model.things[at], 'an element of model.things')
    const { state, given } = slotOf(model, at)
    const params = requestFor(subject, remove, thing)
    if (state !== 'there') {
      await settleDeletion(model, subject, at)
      // Where the parents alone are the key, what is not there is not unknown: pages leave open what deleting nothing
      // answers.
      const law = isKeyedByParents(subject) ? undefined : lawOf(subject, 'delete unknown')
      const answers = law?.answers ?? ['succeeds', 'ResourceNotFoundException']
      insist(judge(subject, remove, await callAbout(subject, remove, params, answers), answers))
      return
    }
    const answer = await callAbout(subject, remove, params)
    insist(refused(remove, answer, [], true))
    const isRead = read !== undefined && read !== actionOf(subject, 'list')
    // What is only begun is waited for; else nobody need look.
    const isLeft = isRead && model.omitted.has('read') && answer.status !== 202
    model.slots[at] = { state: isLeft ? 'left' : 'deleted', given }
    if (isRead && !isLeft) await absent(subject, read, thing, given, answer.status === 202 ? GONE_LATER_MS : GONE_MS)
  })
}

/** What was deleted without a look is gone, before something else is said of it. */
async function settleDeletion(model: Model, subject: Subject, at: number): Promise<void> {
  const slot = slotOf(model, at)
  if (slot.state !== 'left') return
  const thing = present(model.things[at], 'an element of model.things')
  await absent(subject, neededAction(subject, 'read'), thing, slot.given)
  model.slots[at] = { ...slot, state: 'deleted' }
}

/** Lists: each that is there once, none that is deleted. */
export function listCommand(): Command {
  return command(
    'list',
    model => !model.omitted.has('list') && model.things.some(thing => thing !== undefined),
    async (model, subject) => {
      const list = neededAction(subject, 'list')
      // Things that are alone with their parents stand in lists of their own.
      const groups = isAlone(subject) ? model.things.map((_, at) => [at]) : [model.things.map((_, at) => at)]
      for (const group of groups) {
        const known = group.filter(at => model.things[at] !== undefined)
        const first = known[0] === undefined ? undefined : model.things[known[0]]
        if (first !== undefined) await listed(model, subject, list, known, first)
      }
    },
  )
}

/** What a sequence that does without looks is looked at in the end: every thing, and the list. */
export async function lookAtAll(model: Model, world: World): Promise<void> {
  const { subject } = world
  const list = actionOf(subject, 'list')
  const isRead = actionOf(subject, 'read') !== undefined && actionOf(subject, 'read') !== list
  const looks = [
    ...(isRead ? model.things.map((_, at) => readCommand(at)) : []),
    ...(list === undefined ? [] : [listCommand()]),
  ]
  const seeing: Model = { ...model, omitted: new Set() }
  for (const look of looks) if (look.check(seeing)) await look.run(seeing, world)
}

/** A list may be a moment late with what is new, and longer with what is gone. */
const LISTED_MS = 1500

async function listed(
  model: Model,
  subject: Subject,
  list: Action,
  group: readonly number[],
  first: Thing,
): Promise<void> {
  const late = patienceUntil(subject.deadline, LISTED_MS)
  const gone = patienceUntil(subject.deadline, GONE_MS)
  for (let wait = 30; ; wait = Math.min(wait * 1.6, 2000)) {
    const listing = await readListing(subject, list, first)
    if ('kind' in listing) throw new Broken(listing)
    const wrong = group.find(
      at =>
        timesListed(subject, listing.names, present(model.things[at], 'an element of model.things')) !==
        (slotOf(model, at).state === 'there' ? 1 : 0),
    )
    if (wrong === undefined) return
    const isThere = slotOf(model, wrong).state === 'there'
    const patience = isThere ? late : gone
    if (Date.now() + wait > patience.end) {
      const thing = present(model.things[wrong], 'an element of model.things')
      const times = timesListed(subject, listing.names, thing)
      const judgement = failure(
        `${list.name} to list ${listedKeys(subject, thing).text} ${isThere ? 'once' : 'no more'}`,
        `it is listed ${times} times`,
        [listing.answer],
      )
      throw new Broken(judgedAfter(patience, judgement))
    }
    await pause(wait, subject.context.signal)
  }
}

function timesListed(subject: Subject, names: readonly unknown[], thing: Thing): number {
  return names.filter(listedKeys(subject, thing).isNamedBy).length
}

/** Null when the answer is one of those: names of errors, `succeeds`, `replaces`. */
function judge(subject: Subject, action: Action, answer: Answer, answers: readonly string[]): Judgement | null {
  const errors = answers.filter(one => one !== 'succeeds' && one !== 'replaces')
  if (answer.status !== undefined && answer.status < 300) {
    return errors.length < answers.length
      ? null
      : failure(`${action.name} to fail with ${errors.join(' or ')}`, describeAnswer(answer), [answer])
  }
  if (
    errors.length > 0 &&
    refusalMismatch(promisedRefusals(subject.context.spec, action, errors), answer, { resolve: value => value }) ===
      null
  )
    return null
  const trouble = refused(action, answer, [], true)
  return trouble?.kind === 'fail'
    ? failure(`${action.name} to answer with ${answers.join(' or ')}`, describeAnswer(answer), [answer])
    : trouble
}

function sameKey(a: Thing, b: Thing): boolean {
  return JSON.stringify(a.key) === JSON.stringify(b.key)
}

function told(change: Params): string {
  return Object.keys(change).length === 0 ? '' : ` ${JSON.stringify(change)}`
}

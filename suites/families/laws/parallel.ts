/**
 * What is done at the same time ends as if it had been done one after the other: small histories of parallel commands,
 * of which some order has to explain every answer and what is read in the end.
 */
import fc from 'fast-check'
import type { Action, Law } from '../../../spec/model.ts'
import type { Answer, CaseOutcome } from '../../case.ts'
import { isThrottled } from '../../oracle/support.ts'
import { judgedAfter, patienceUntil, pause } from '../../properties/settle.ts'
import { describeAnswer, failure, inconclusive, OK, type Judgement } from '../../judgement.ts'
import { overlays } from '../valid.ts'
import {
  actionOf,
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
import { compareWritten } from './written.ts'

/** What one of the parallel requests is. */
export interface Command {
  readonly role: 'create' | 'read' | 'update' | 'delete'
  /** What it gives; empty where it gives nothing. */
  readonly change: Params
}

/** How it was answered. `lost`: it may have been done or not. `undone`: it was not, for reasons that say nothing. */
export interface Event extends Command {
  readonly answered: 'done' | 'absent' | 'lost' | 'undone'
  /** Whether what was read may be the answer about a thing that was given this; null: about one that is not there. */
  shows(state: Params | null): boolean
}

/** What the resource does by itself, command after command. */
export interface Rules {
  /** Creating what is there: `refused`, or it takes its place. */
  readonly again: 'refused' | 'replaces'
}

/** Whether the events, in some order from `state` on, end in one that `ends` knows. */
export function isExplained(
  events: readonly Event[],
  rules: Rules,
  state: Params | null,
  ends: (state: Params | null) => boolean,
): boolean {
  if (events.length === 0) return ends(state)
  return events.some((event, at) => {
    const others = events.filter((_, other) => other !== at)
    return nextStates(event, rules, state).some(next => isExplained(others, rules, next, ends))
  })
}

/** The states in which an event may leave the thing; none when it cannot come now. */
function nextStates(event: Event, rules: Rules, state: Params | null): readonly (Params | null)[] {
  const { role, answered } = event
  if (answered === 'undone') return [state]
  if (role === 'read') return answered === 'lost' || event.shows(state) ? [state] : []
  const isDone = role === 'create' ? state === null || rules.again === 'replaces' : state !== null
  if (answered === 'absent') return isDone ? [] : [state]
  const next = afterwards(event, state)
  if (answered === 'lost') return isDone ? [state, next] : [state]
  // Deleting what is not there may be answered either way.
  return isDone || role === 'delete' ? [next] : []
}

function afterwards({ role, change }: Event, state: Params | null): Params | null {
  if (role === 'delete') return null
  return role === 'create' ? change : { ...state, ...change }
}

/** `parallel`: of the actions that it names, two or three at a time. */
export function parallel(subject: Subject, law: Law, caseId: string): Promise<CaseOutcome> {
  return once(subject, caseId, async () => {
    if (subject.context.endpoint.limits.concurrency < 2)
      return inconclusive('the run sends one request at a time: nothing is parallel')
    for (const commands of historiesOf(subject, law)) {
      const judgement = await tryOut(subject, commands)
      if (judgement !== null) return judgement
    }
    return OK
  })
}

/** Every two roles beside each other, and each change between others. */
function historiesOf(subject: Subject, law: Law): readonly (readonly Command[])[] {
  const roles = (['update', 'delete', 'create'] as const).filter(role =>
    law.answers.includes(subject.resource.lifecycle[role] ?? ''),
  )
  const [first = {}, second = {}] = changesOf(subject, roles.includes('update') ? 'update' : 'create')
  const command = (role: Command['role'], change: Params): Command => ({
    role,
    change: role === 'update' || role === 'create' ? change : {},
  })
  const pairs = roles.flatMap((one, at) => roles.slice(at).map(other => [command(one, first), command(other, second)]))
  const looks = roles.map(role => [command(role, first), command('read', {}), command(role, second)])
  return [...pairs, ...looks]
}

/** Two changes, of different members where there are some. */
function changesOf(subject: Subject, role: 'update' | 'create'): readonly Params[] {
  const action = actionOf(subject, role)
  const names = subject.resource.laws.find(one => one.law === 'mutable')?.answers ?? []
  if (action === undefined) return []
  const samples = fc.sample(overlays(subject.context.spec, action), { seed: 1, numRuns: 60 })
  const single = samples
    .flatMap(change => Object.entries(change))
    .filter(([member, value]) => names.includes(member) && value !== '')
  const first = single[0]
  const second = single.find(([member]) => member !== first?.[0]) ?? single.find(([, value]) => value !== first?.[1])
  return [first, second].flatMap(one => (one === undefined ? [] : [{ [one[0]]: one[1] }]))
}

async function tryOut(subject: Subject, commands: readonly Command[]): Promise<Judgement | null> {
  const { client, spec } = subject.context
  const read = neededAction(subject, 'read')
  const thing = await makeThing(subject, await makeParents(subject))
  const before = await readSettled(subject, thing)
  const unread = refused(read, before, [])
  if (unread !== null) return unread
  const requests = commands.map(command => requestOf(subject, thing, command))
  const answers = await Promise.all(requests.map(({ action, params }) => client.call(action, params)))
  const unsupported = answers.find(answer => answer.failure !== undefined)
  if (unsupported !== undefined) return refused(read, unsupported, [before])
  const shows = (answer: Answer) => (state: Params | null) =>
    state === null
      ? answer.status === 404 || isBare(subject, thing, answer)
      : (answer.status ?? 400) < 300 && compareWritten(spec, read, state, answer).difference === undefined
  const events = commands.map((command, at) =>
    eventOf(command, requests[at]?.params ?? {}, answers[at] as Answer, shows),
  )
  const again = subject.resource.laws.find(one => one.law === 'create twice')?.answers.includes('replaces') === true
  const rules: Rules = { again: again ? 'replaces' : 'refused' }
  const patience = patienceUntil(subject.deadline, LATE_MS)
  for (let wait = 30; ; wait = Math.min(wait * 1.6, 1000)) {
    const after = await client.call(read, requestFor(subject, read, thing))
    if (isExplained(events, rules, thing.sent, shows(after))) return null
    if (Date.now() + wait > patience.end) {
      const told = commands.map((command, at) => `${textOf(command)}: ${describeAnswer(answers[at] as Answer)}`)
      return judgedAfter(
        patience,
        failure(
          'some order of what was done at the same time to explain the answers and what is there in the end',
          `${told.join('; ')}; in the end ${JSON.stringify(after.members ?? after.error?.name)?.slice(0, 300)}`,
          [before, ...answers, after],
        ),
      )
    }
    await pause(wait, subject.context.signal)
  }
}

/** What was done may be seen a moment later. */
const LATE_MS = 5000

/** Where reading what is not there succeeds, nothing is shown of what was given. */
function isBare(subject: Subject, thing: Thing, answer: Answer): boolean {
  if ((answer.status ?? 400) >= 300) return false
  const read = neededAction(subject, 'read')
  return Object.entries(thing.sent)
    .filter(([member]) => !(member in thing.key))
    .every(([member, value]) => {
      const { compared, difference } = compareWritten(subject.context.spec, read, { [member]: value }, answer)
      return compared === 0 || difference !== undefined
    })
}

function requestOf(
  subject: Subject,
  thing: Thing,
  { role, change }: Command,
): { readonly action: Action; readonly params: Params } {
  const action = neededAction(subject, role)
  return {
    action,
    params: role === 'create' ? { ...thing.sent, ...change } : requestFor(subject, action, thing, change),
  }
}

function eventOf(command: Command, sent: Params, answer: Answer, shows: (answer: Answer) => Event['shows']): Event {
  const whole = command.role === 'create' ? { ...command, change: sent } : command
  return { ...whole, answered: answeredBy(command, answer), shows: shows(answer) }
}

function answeredBy({ role }: Command, answer: Answer): Event['answered'] {
  const { status = 500 } = answer
  if (status < 300) return 'done'
  if (status >= 500) return 'lost'
  if (isThrottled(answer)) return 'undone'
  // Creating what is there is a conflict; so is anything that meets another request under way.
  if (status === 404) return role === 'create' ? 'undone' : 'absent'
  return 'undone'
}

const textOf = ({ role, change }: Command): string =>
  Object.keys(change).length === 0 ? role : `${role} ${JSON.stringify(change)}`

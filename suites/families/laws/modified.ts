/** The law of the last change: its time is one of the run, and a write moves it. */
import { memberOf } from '../../../base/member-of.ts'
import type { Law } from '../../../spec/model.ts'
import type { Answer, CaseOutcome } from '../../case.ts'
import { failure, isJudgement, OK, type Judgement } from '../../judgement.ts'
import { millisecondsOf } from '../../oracle/milliseconds-of.ts'
import { pause } from '../../properties/settle.ts'
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
  type Subject,
  type Thing,
} from './subject.ts'

/** Clocks may differ by as much as a signature allows. */
const SKEW_MS = 15 * 60_000
/** Times are told to the second by some actions. */
const NEXT_SECOND_MS = 1100

interface Seen {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly answer: Answer
}

/** `modified`: the member holds a time between the creation and now, and a later one after an update. */
export function lastChange(subject: Subject, law: Law, caseId: string): Promise<CaseOutcome> {
  const path = (law.answers[0] ?? '').split('.')
  return once(subject, caseId, async () => {
    const begun = Date.now()
    const thing = await makeThing(subject, await makeParents(subject))
    const made = await readTime(subject, thing, path, begun)
    if (isJudgement(made)) return made
    const update = actionOf(subject, 'update')
    if (update === undefined) return OK
    await pause(NEXT_SECOND_MS, subject.context.signal)
    // What changes nothing might leave the time as it was.
    const described = update.request.some(member => member.name === 'Description') ? { Description: 'changed' } : {}
    const params = requestFor(subject, update, thing, { ...exampleChange(subject, update, thing), ...described })
    const written = await callAbout(subject, update, params)
    const trouble = refused(update, written, [made.answer])
    if (trouble !== null) return trouble
    const changed = await readTime(subject, thing, path, begun)
    if (isJudgement(changed)) return changed
    return changed.time > made.time
      ? OK
      : failure(
          `a later ${path.join('.')} after ${update.name}, ${NEXT_SECOND_MS} ms and more after the creation`,
          new Date(changed.time).toISOString(),
          [made.answer, written, changed.answer],
        )
  })
}

async function readTime(
  subject: Subject,
  thing: Thing,
  path: readonly string[],
  begun: number,
): Promise<Seen | Judgement> {
  const read = neededAction(subject, 'read')
  const answer = await readSettled(subject, thing)
  const trouble = refused(read, answer, [], true)
  if (trouble !== null) return trouble
  const value = memberOf(answer.members, ...path)
  const time = millisecondsOf(value)
  // Comparisons with what is no time are false.
  return time >= begun - SKEW_MS && time <= Date.now() + SKEW_MS
    ? { time, answer }
    : failure(`${path.join('.')} to be a time of this run, after ${new Date(begun).toISOString()}`, String(value), [
        answer,
      ])
}

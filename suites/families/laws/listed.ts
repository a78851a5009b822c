/** An item of a list is the thing itself: it shows what was written, and what reading the thing shows. */
import { isDeepStrictEqual } from 'node:util'
import { isObject } from '../../../base/is-object.ts'
import type { Action } from '../../../spec/model.ts'
import { failure, isJudgement, type Judgement } from '../../judgement.ts'
import { compareEcho } from '../../oracle/echo.ts'
import { show } from '../../oracle/match.ts'
import { judgedAfter, patienceUntil, pause } from '../../properties/settle.ts'
import { listedKeys, namesAt, pathOf, type Listing } from './listing.ts'
import { actionOf, readSettled, refused, type Subject, type Thing } from './subject.ts'
import { answeredMembers, compareMembers } from './written.ts'

/** An item of the list shows of its thing what was written, as far as the type of the items has it. */
export function unlikeWritten(
  subject: Subject,
  list: Action,
  listing: Listing,
  things: readonly Thing[],
): Judgement | null {
  const { spec } = subject.context
  const member = list.responses[0]?.members.find(one => one.name === list.pagination?.items)
  const type =
    member?.type.kind === 'list' && member.type.of.kind === 'ref' ? spec.types[member.type.of.type] : undefined
  if (type === undefined || !isOfStructures(subject)) return null
  for (const thing of things) {
    const { difference } = compareMembers(spec, type.members, thing.sent, itemOf(subject, listing, thing))
    if (difference !== undefined)
      return failure(
        difference.expected,
        difference.actual,
        [listing.answer],
        `${list.name} does not show what ${subject.resource.lifecycle.create} was given`,
      )
  }
  return null
}

/** A list may be a moment late with what has only just settled. Milliseconds. */
const LATE_MS = 3000

/**
 * Null once every item of the list, `again` and again read, shows under each name what two readings of its thing, one
 * before and one after, both show. A member that only the item or only the reading has is nobody's concern.
 */
export async function untilLikeRead(
  subject: Subject,
  list: Action,
  things: readonly Thing[],
  again: () => Promise<Listing | Judgement>,
): Promise<Judgement | null> {
  const read = actionOf(subject, 'read')
  if (read === undefined || read === list || !isOfStructures(subject)) return null
  const patience = patienceUntil(subject.deadline, LATE_MS)
  for (let wait = 30; ; wait = Math.min(wait * 1.6, 1000)) {
    const before = await readAll(subject, read, things)
    if (isJudgement(before)) return before
    const listing = await again()
    if (isJudgement(listing)) return listing
    const after = await readAll(subject, read, things)
    if (isJudgement(after)) return after
    const unlike = things.flatMap((thing, at) => unlikeRead(itemOf(subject, listing, thing), before[at], after[at]))[0]
    if (unlike === undefined) return null
    if (Date.now() + wait > patience.end)
      return judgedAfter(
        patience,
        failure(
          unlike.expected,
          unlike.actual,
          [listing.answer],
          `${list.name} does not show of a ${subject.resource.name} what ${read.name} shows`,
        ),
      )
    await pause(wait, subject.context.signal)
  }
}

async function readAll(
  subject: Subject,
  read: Action,
  things: readonly Thing[],
): Promise<readonly unknown[] | Judgement> {
  const all: unknown[] = []
  for (const thing of things) {
    const answer = await readSettled(subject, thing)
    const trouble = refused(read, answer, [], true)
    if (trouble !== null) return trouble
    all.push(answeredMembers(subject.context.spec, read, answer))
  }
  return all
}

function unlikeRead(
  item: unknown,
  before: unknown,
  after: unknown,
): readonly { readonly expected: string; readonly actual: string }[] {
  if (!isObject(item) || !isObject(before) || !isObject(after)) return []
  return Object.entries(item).flatMap(([name, value]) => {
    if (!Object.hasOwn(before, name) || !isDeepStrictEqual(before[name], after[name])) return []
    const different = compareEcho(name, before[name], value, [name])
    return different === null
      ? []
      : [{ expected: `${name}: ${show(before[name])}, as it is read`, actual: `${name}: ${show(value)}` }]
  })
}

/** The item of a thing, by the path to the names. */
function itemOf(subject: Subject, { items }: Listing, thing: Thing): unknown {
  const [, ...path] = pathOf(subject).split('.')
  const key = listedKeys(subject, thing)
  return items.find(one => namesAt(one, path)?.some(key.isNamedBy) === true)
}

/** Whether the items are structures, not names or statements of a text. */
function isOfStructures(subject: Subject): boolean {
  return pathOf(subject).split('.').length === 2
}

/**
 * The laws of lists: what exists is listed once, what is deleted is not, and the pages of every size are the whole
 * list.
 */
import { overlayRepresentatives } from '../../arbitraries/representatives.ts'
import type { Action } from '../../../spec/model.ts'
import type { Answer, CaseOutcome, Scope } from '../../case.ts'
import { unlikeWritten, untilLikeRead } from './listed.ts'
import { listedKeys, pathOf, readListing, type Listing } from './listing.ts'
import { judgedAfter, patienceUntil, pause } from '../../properties/settle.ts'
import {
  actionOf,
  callAbout,
  isAlone,
  makeParents,
  makeThing,
  neededAction,
  once,
  refused,
  requestFor,
  sharedInList,
  siblingParents,
  type Params,
  type Subject,
  type Thing,
} from './subject.ts'
import { failure, inconclusive, isJudgement, OK, type Judgement } from '../../judgement.ts'
import { present } from '../../../base/present.ts'

/** How many siblings are made; as many as there can be when a parent has one at most. */
const SIBLINGS = 3

/** Values of members that may change, the most that go together: a list can forget what it was given. */
function telling(subject: Subject): Params {
  const create = neededAction(subject, 'create')
  const mutable = subject.resource.laws.find(law => law.law === 'mutable')?.answers ?? []
  const given = overlayRepresentatives(subject.context.spec, create).map(one =>
    Object.fromEntries(Object.entries(one).filter(([member]) => mutable.includes(member))),
  )
  const count = (one: Params): number => Object.keys(one).length
  return given.reduce((most, one) => (count(one) > count(most) ? one : most), {})
}

/** Things that stand in one list. */
async function makeSiblings(subject: Subject): Promise<readonly Thing[]> {
  const parents: Scope = await makeParents(subject)
  const first = await makeThing(subject, parents, telling(subject))
  if (isAlone(subject)) return [first]
  const siblings = [first]
  const shared = sharedInList(subject, first)
  while (siblings.length < SIBLINGS)
    siblings.push(await makeThing(subject, await siblingParents(subject, parents), shared))
  // Where nothing changed, publishing again gives the version that there is.
  return [...new Map(siblings.map(thing => [JSON.stringify(thing.key), thing])).values()]
}

/** `list items`: everything is listed once, and no more once it is deleted. */
export function listsAll(subject: Subject, caseId: string): Promise<CaseOutcome> {
  const list = neededAction(subject, 'list')
  return once(subject, caseId, async () => {
    const things = await makeSiblings(subject)
    const first = present(things[0], 'an element of things')
    const listed = await readListing(subject, list, first)
    if (isJudgement(listed)) return listed
    const unlisted = notOnce(subject, list, listed, things) ?? unlikeWritten(subject, list, listed, things)
    if (unlisted !== null) return unlisted
    const unread = await untilLikeRead(subject, list, things, () => readListing(subject, list, first))
    if (unread !== null) return unread
    const remove = actionOf(subject, 'delete')
    if (remove === undefined) return OK
    const last = present(things[things.length - 1], 'an element of things')
    const deleted = await callAbout(subject, remove, requestFor(subject, remove, last))
    const undeleted = refused(remove, deleted, [listed.answer])
    if (undeleted !== null) return undeleted
    return untilUnlisted(subject, list, things.slice(0, -1), last, first, deleted)
  })
}

const UNLISTED_MS = 10_000
const UNLISTED_LATER_MS = 90_000

async function untilUnlisted(
  subject: Subject,
  list: Action,
  left: readonly Thing[],
  gone: Thing,
  first: Thing,
  deleted: Answer,
): Promise<Judgement> {
  const patience = patienceUntil(subject.deadline, deleted.status === 202 ? UNLISTED_LATER_MS : UNLISTED_MS)
  const key = listedKeys(subject, gone)
  for (let wait = 30; ; wait = Math.min(wait * 1.6, 2000)) {
    const after = await readListing(subject, list, first)
    if (isJudgement(after)) return after
    const unlisted = notOnce(subject, list, after, left)
    if (unlisted !== null) return unlisted
    if (!after.names.some(key.isNamedBy)) return OK
    if (Date.now() + wait > patience.end)
      return judgedAfter(
        patience,
        failure(`${list.name} not to list ${key.text}, which is deleted`, `it is still listed`, [
          deleted,
          after.answer,
        ]),
      )
    await pause(wait, subject.context.signal)
  }
}

function notOnce(subject: Subject, list: Action, listing: Listing, things: readonly Thing[]): Judgement | null {
  for (const thing of things) {
    const key = listedKeys(subject, thing)
    const times = listing.names.filter(key.isNamedBy).length
    if (times !== 1)
      return failure(
        `${list.name} to list ${key.text} once, under ${pathOf(subject)}`,
        times === 0 ? 'it is not listed' : `it is listed ${times} times`,
        [listing.answer],
      )
  }
  return null
}

/** Small pages show most. A long list is read in larger ones. */
const SIZES = [1, 2, 3, 5, 10, 25, 50]
const MOST_SIZES = 4
/** A list that holds more than this is not read one by one. */
const MOST_PAGES = 60
/**
 * Others may create and delete at the same time, and shift the pages: a difference counts when it is there every time.
 */
const ATTEMPTS = 4

/**
 * `list items`: at every page size the pages, one after the other, are the whole list, and none is longer than was
 * asked for.
 */
export function pagesAgree(subject: Subject, caseId: string): Promise<CaseOutcome> {
  const list = neededAction(subject, 'list')
  return once(subject, caseId, async () => {
    const things = await makeSiblings(subject)
    const first = present(things[0], 'an element of things')
    let seen = 0
    for (const size of SIZES) {
      if (seen === MOST_SIZES) break
      const judgement = await pagesOfSize(subject, list, things, first, size)
      if (judgement === 'too long') continue
      if (judgement !== null) return judgement
      seen++
    }
    return seen === 0 ? inconclusive(`${list.name} lists too much to be read in small pages`) : OK
  })
}

async function pagesOfSize(
  subject: Subject,
  list: Action,
  things: readonly Thing[],
  first: Thing,
  size: number,
): Promise<Judgement | null | 'too long'> {
  let judgement: Judgement | null = null
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await readListing(subject, list, first)
    if (isJudgement(before)) return before
    if (before.names.length / size > MOST_PAGES) return 'too long'
    const paged = await readListing(subject, list, first, size)
    if (isJudgement(paged)) return paged
    const long = paged.sizes.find(one => one > size)
    if (long !== undefined) return failure(`pages of at most ${size}`, `a page of ${long}`, [paged.answer])
    const after = await readListing(subject, list, first)
    if (isJudgement(after)) return after
    judgement = notOnce(subject, list, paged, things) ?? differs(before, paged, after, size)
    if (judgement === null) return null
  }
  return judgement
}

/** What stands in the list before and after stands once in the pages between, and nothing stands there twice. */
function differs(before: Listing, paged: Listing, after: Listing, size: number): Judgement | null {
  const times = new Map<string, number>()
  for (const name of paged.names) times.set(String(name), (times.get(String(name)) ?? 0) + 1)
  const lasting = new Set(after.names.map(String))
  const missing = before.names.map(String).filter(name => lasting.has(name) && !times.has(name))
  const repeated = [...times].filter(([, count]) => count > 1).map(([name]) => name)
  if (missing.length === 0 && repeated.length === 0) return null
  const some = (names: readonly string[]): string => names.slice(0, 5).join(', ')
  const parts = [
    ...(missing.length > 0 ? [`without ${some(missing)}`] : []),
    ...(repeated.length > 0 ? [`with ${some(repeated)} more than once`] : []),
  ]
  return failure(
    `pages of ${size} to be the whole list of ${before.names.length}, each once`,
    `${paged.names.length} items ${parts.join(' and ')}`,
    [before.answer, paged.answer, after.answer],
  )
}

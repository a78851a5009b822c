/**
 * Faulty requests that were accepted: is it the whole endpoint, a kind of constraint, an action, or a member that is
 * not validated?
 */
import type { CaseResult } from './evidence.ts'
import type { Diagnosis } from './cause-of-result.ts'
import { compareText } from '../base/compare-text.ts'

/** What of all requests of one sort is accepted, to say that the sort is not validated. */
const ALL = 0.9
/** Of the others, this is enough to name the sort as the place to look at. */
const MOST = 0.5

const WORDS: { readonly [kind: string]: string } = {
  required: 'Required members may be missing or null',
  type: 'Values of the wrong type are taken',
  length: 'The length of texts is not checked',
  range: 'The range of numbers is not checked',
  pattern: 'Patterns of texts are not checked',
  enum: 'Any value is taken where only listed ones are legal',
  items: 'The number of items in lists is not checked',
  entries: 'The number of entries in maps is not checked',
  format: 'Formats (base64, timestamps, ARNs) are not checked',
  syntax: 'A body that is no JSON is accepted',
  faults: 'Requests with two faults at once are accepted',
  quota: 'Quotas are not enforced',
}

interface Sort {
  readonly id: string
  readonly title: string
  /** Where some of its faults are refused. */
  readonly partly: string
  /** Accepted of those that were tried. */
  readonly share: number
}

/** For each case that was accepted its cause: as few causes as explain them all, each a thing to mend once. */
export function groupUnvalidated(
  accepted: readonly CaseResult[],
  results: readonly CaseResult[],
): ReadonlyMap<CaseResult, Diagnosis> {
  const tried = results.filter(
    result =>
      isValidation(result) &&
      (result.verdict === 'fail' || result.verdict === 'pass') &&
      result.expectedFailure !== true,
  )
  const sorts = sortsOf(accepted, countsOf(tried))
  const causes = new Map<CaseResult, Diagnosis>()
  let left = accepted
  while (left.length > 0) {
    const sort = largest(sorts, countsOf(left), left[0] as CaseResult)
    const title = sort.share >= ALL ? sort.title : sort.partly
    const isOther = (one: CaseResult): boolean => !keysOf(one).includes(sort.id)
    for (const one of left) if (!isOther(one)) causes.set(one, { id: sort.id, title })
    left = left.filter(isOther)
  }
  return causes
}

/** Cases that want a wrong value refused. */
export function isValidation({ family }: CaseResult): boolean {
  return family === 'one-fault' || family === 'two-faults' || family === 'quota'
}

/** The sorts that a case belongs to, from the widest to the narrowest: the whole, its kind, its action, its member. */
function keysOf(one: CaseResult): readonly [string, string, string, string] {
  return [
    'unvalidated',
    `unvalidated.kind.${kindOf(one)}`,
    `unvalidated.action.${actionOf(one)}`,
    `unvalidated.member.${memberOf(one)}`,
  ]
}

function countsOf(cases: readonly CaseResult[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const one of cases) for (const key of keysOf(one)) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

function sortsOf(accepted: readonly CaseResult[], tried: ReadonlyMap<string, number>): readonly Sort[] {
  const counts = countsOf(accepted)
  const sorts = new Map<string, Sort>()
  for (const one of accepted) {
    const keys = keysOf(one)
    const words = [
      ['No request member is validated', 'Few request members are validated'],
      [wordsOf(kindOf(one)), `${wordsOf(kindOf(one))}, in places`],
      [`${actionOf(one)} does not validate its request`, `${actionOf(one)} does not validate all of its request`],
      [`${memberOf(one)} is not validated`, `${memberOf(one)} is not validated everywhere`],
    ]
    for (const [at, id] of keys.entries()) {
      const [title = id, partly = id] = words[at] ?? []
      sorts.set(id, { id, title, partly, share: (counts.get(id) ?? 0) / Math.max(1, tried.get(id) ?? 0) })
    }
  }
  const rank = ({ id }: Sort): number => WIDEST_FIRST.findIndex(prefix => id.startsWith(prefix))
  return [...sorts.values()].sort((one, other) => rank(one) - rank(other) || compareText(one.id, other.id))
}

const WIDEST_FIRST = ['unvalidated.kind.', 'unvalidated.action.', 'unvalidated.member.']

/**
 * A sort that is accepted as good as always explains its cases; of these the one that explains the most. Where none is,
 * one of which most were accepted; and at last the kind of the first that is left.
 */
function largest(sorts: readonly Sort[], left: ReadonlyMap<string, number>, first: CaseResult): Sort {
  const size = ({ id }: Sort): number => left.get(id) ?? 0
  const most = (some: readonly Sort[]): Sort | undefined =>
    some.reduce<Sort | undefined>((best, one) => (best === undefined || size(one) > size(best) ? one : best), undefined)
  const whole = most(sorts.filter(sort => sort.share >= ALL && size(sort) > 1))
  const part = most(sorts.filter(sort => sort.share >= MOST && size(sort) > 0 && sort.id !== 'unvalidated'))
  const kind = sorts.find(sort => sort.id === keysOf(first)[1])
  return (
    whole ??
    part ??
    kind ?? { id: 'unvalidated', title: wordsOf(kindOf(first)), partly: wordsOf(kindOf(first)), share: 1 }
  )
}

const kindOf = (one: CaseResult): string => (one.family === 'quota' ? 'quota' : one.clause.kind)
const wordsOf = (kind: string): string => WORDS[kind] ?? `What the pages say of ${kind} is not checked`
const actionOf = (one: CaseResult): string => one.action ?? 'the endpoint'

/** `CreateFunction.request.Code.ZipFile.type` is about `ZipFile`; lists and maps are about what holds them. */
function memberOf({ clause }: CaseResult): string {
  const words = clause.id.split('.')
  const names = words.slice(words[1] === 'request' ? 2 : 0, -1).filter(word => /^\w/.test(word))
  return names.at(-1) ?? 'The request'
}

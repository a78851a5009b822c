/** A list as it is read: what names its things, and all of its pages as one. */
import { memberOf } from '../../../base/member-of.ts'
import { parseJson } from '../../../base/parse-json.ts'
import type { Action, Pagination } from '../../../spec/model.ts'
import type { Answer } from '../../case.ts'
import { describeAnswer, failure, type Judgement } from '../../judgement.ts'
import { isPaged, readWholeList, type WholeList } from '../../properties/pages.ts'
import { actionOf, callAbout, refused, type Params, type Subject, type Thing } from './subject.ts'

/** How a list names a thing: by the parts of its key that the list's own request does not give. */
export interface ListedKey {
  readonly text: string
  isNamedBy(name: unknown): boolean
}

/** What names a thing in the list of its kind. */
export function listedKeys(subject: Subject, thing: Thing): ListedKey {
  const list = actionOf(subject, 'list')
  const given = new Set(list?.request.map(member => member.name) ?? [])
  const members = Object.keys(thing.key)
  const own = members.filter(member => !given.has(member) || list?.example[member] === undefined)
  const values = (own.length > 0 ? own : members).map(member => thing.key[member])
  const isNamed = (value: unknown, name: unknown): boolean =>
    String(value) === String(name) ||
    (typeof name === 'string' && name.startsWith('arn:') && name.split(':').includes(String(value)))
  return { text: values.map(String).join(' '), isNamedBy: name => values.every(value => isNamed(value, name)) }
}

/** The names in an answer, by the path of the law `list items`; undefined when they are not there. */
export function listNames(subject: Subject, answer: Pick<Answer, 'members'>): readonly unknown[] | undefined {
  const path = subject.resource.laws.find(law => law.law === 'list items')?.answers[0]
  return path === undefined ? undefined : namesAt(answer.members, path.split('.'))
}

/** What stands at a path, in every element of the lists on the way; undefined when it leads nowhere. */
export function namesAt(value: unknown, path: readonly string[]): readonly unknown[] | undefined {
  const [step, ...rest] = path
  if (step === undefined) return [value]
  // A policy is a document inside a text.
  const whole = typeof value === 'string' ? parseJson(value) : value
  if (typeof whole !== 'object' || whole === null) return undefined
  const inner = memberOf(whole, step.replace('[]', ''))
  if (!step.endsWith('[]')) return namesAt(inner, rest)
  if (!Array.isArray(inner)) return undefined
  return inner.flatMap(one => namesAt(one, rest) ?? [])
}

/** What a list answered. */
export interface Listing {
  readonly names: readonly unknown[]
  /** Of all pages, as far as the list is one of structures. */
  readonly items: readonly unknown[]
  readonly answer: Answer
  readonly sizes: readonly number[]
}

/** `size`: of the pages; absent: as the endpoint thinks fit. */
export async function readListing(
  subject: Subject,
  list: Action,
  thing: Thing,
  size?: number,
): Promise<Listing | Judgement> {
  const example = subject.context.fill(list.example, thing.scope)
  const params: Params = {
    ...example,
    ...Object.fromEntries(Object.entries(thing.key).filter(([member]) => member in example)),
  }
  const call = (page: Params): Promise<Answer> => callAbout(subject, list, page)
  const whole: WholeList = isPaged(list)
    ? await readWholeList(list, params, size, call)
    : { answer: await call(params), sizes: [] }
  const { answer } = whole
  if (whole.trouble !== undefined)
    return failure(`${list.name} to list everything, page by page`, whole.trouble, [answer])
  // A policy without statements is not there: the list of them is empty.
  if (isEmptyPolicy(subject, list, answer)) return { names: [], items: [], answer, sizes: [] }
  const trouble = refused(list, answer, [], true)
  if (trouble !== null) return trouble
  const names = listNames(
    subject,
    whole.items === undefined
      ? answer
      : { members: { ...answer.members, [(list.pagination as Pagination).items]: whole.items } },
  )
  if (names === undefined)
    return failure(`${list.name} to answer with ${pathOf(subject)}`, `${describeAnswer(answer)} without it`, [answer])
  return { names, items: whole.items ?? [], answer, sizes: whole.sizes }
}

function isEmptyPolicy(subject: Subject, list: Action, answer: Answer): boolean {
  const deleted = subject.resource.laws.find(law => law.law === 'read deleted')?.answers ?? []
  return list === actionOf(subject, 'read') && answer.status === 404 && deleted.includes(answer.error?.name ?? '')
}

/** The path to the keys in the answer of the list, as the law writes it. */
export function pathOf(subject: Subject): string {
  return subject.resource.laws.find(law => law.law === 'list items')?.answers[0] ?? 'items'
}

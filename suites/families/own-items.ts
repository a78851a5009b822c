/**
 * Lists of the whole account hold what other cases made, broke and left. Whether such a list is answered as documented
 * is judged by things that the case has made for itself, so that the verdict does not hang on what else runs.
 */
import { isObject } from '../../base/is-object.ts'
import type { Action, Resource, Spec } from '../../spec/model.ts'
import type { Answer, CaseContext, Scope } from '../case.ts'
import { keyMembers } from '../fixtures/key.ts'
import { isPaged, readWholeList } from '../properties/pages.ts'
import { callPatiently } from './requests.ts'

type Params = { readonly [member: string]: unknown }

/** Items of a list that the run has made itself. */
export interface OwnItems {
  /** The answer with those items alone that are the case's own; of the others it says nothing. */
  only(params: Params, answer: Answer): Promise<Answer>
}

/** Two things, so that a page of one is not the whole list. */
const OWN = 2

/**
 * Makes things for the list to show. Undefined for lists of something (the aliases of a function), which a case has for
 * itself anyway, and where nothing can be made. Throws `FixtureTrouble`.
 */
export async function ownItems(context: CaseContext, action: Action): Promise<OwnItems | undefined> {
  const resource = accountWide(context.spec, action)
  if (resource === undefined || context.endpoint.capabilities['create'] === false) return undefined
  const names: (readonly string[])[] = []
  for (let made = 0; made < OWN; made++) {
    const parents: Scope = await context.fixtures.fresh(resource.needs)
    names.push(namesOf(resource, await context.fixtures.make(resource.name, {}, parents)))
  }
  const isOwn = (item: unknown): boolean => {
    const text = JSON.stringify(item) ?? ''
    return names.some(own => own.every(name => text.includes(name)))
  }
  return {
    async only(params, answer) {
      const first = withItems(action, answer, isOwn)
      // A page of a size, or of a filter, may be without them.
      if (itemsOf(action, first).length > 0 || Object.keys(params).length > 0 || !isPaged(action)) return first
      const whole = await readWholeList(action, {}, undefined, page => callPatiently(context, action, page))
      const all = { ...answer, members: { ...answer.members, [action.pagination.items]: whole.items ?? [] } }
      return withItems(action, all, isOwn)
    },
  }
}

/** The resource that a list without a path of its own is about. */
function accountWide(spec: Spec, action: Action): Resource | undefined {
  if (action.pagination === undefined || action.request.some(member => member.in === 'uri')) return undefined
  return Object.values(spec.resources).find(resource => resource.lifecycle.list === action.name)
}

/** What an item says of the thing: texts of its key. */
function namesOf(resource: Resource, value: Params): readonly string[] {
  const said = keyMembers(resource).map(({ request, answer }) => value[answer] ?? value[request])
  return said.filter((one): one is string => typeof one === 'string' && one !== '')
}

function itemsOf(action: Action, answer: Answer): readonly unknown[] {
  const items = answer.members?.[action.pagination?.items ?? '']
  return Array.isArray(items) ? items : []
}

function withItems(action: Action, answer: Answer, wanted: (item: unknown) => boolean): Answer {
  const name = action.pagination?.items ?? ''
  if (!isObject(answer.members) || !Array.isArray(answer.members[name])) return answer
  return { ...answer, members: { ...answer.members, [name]: itemsOf(action, answer).filter(wanted) } }
}

/** Reads a list to its end, page by page. */
import type { Action, Pagination } from '../../spec/model.ts'
import type { Answer } from '../case.ts'

type Params = { readonly [member: string]: unknown }

/** All items of a list, page by page. */
export interface WholeList {
  /** The items of all pages, in their order; undefined when a page could not be read. */
  readonly items?: readonly unknown[]
  /** How many items each page had. */
  readonly sizes: readonly number[]
  /** The last answer; the first that is not a page, when there is one. */
  readonly answer: Answer
  /** Why the list has no end or no items, in words. */
  readonly trouble?: string
}

/** An endpoint that hands out markers for ever must not hold us for ever. */
const MOST_PAGES = 2000
/** Nobody says that a marker outlives the thing at which it points, and others delete while we read. */
const ATTEMPTS = 3

/**
 * `size`: the items that each page may have; absent: what the endpoint thinks fit. `call` sends one request. Pages that
 * go in a circle are read anew: only those that do so each time are trouble.
 */
export async function readWholeList(
  action: Action & { readonly pagination: Pagination },
  params: Params,
  size: number | undefined,
  call: (params: Params) => Promise<Answer>,
): Promise<WholeList> {
  for (let attempt = 1; ; attempt++) {
    const list = await readOnce(action, params, size, call)
    if (list.isCircle !== true || attempt === ATTEMPTS) return list
  }
}

async function readOnce(
  action: Action & { readonly pagination: Pagination },
  params: Params,
  size: number | undefined,
  call: (params: Params) => Promise<Answer>,
): Promise<WholeList & { readonly isCircle?: true }> {
  const { marker, next, items: list } = action.pagination
  const base =
    size === undefined || action.pagination.size === undefined ? params : { ...params, [action.pagination.size]: size }
  const items: unknown[] = []
  const sizes: number[] = []
  const seen = new Set<string>()
  let token: unknown
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await call(token === undefined ? base : { ...base, [marker]: token })
    if (answer.status === undefined || answer.status >= 300) return { sizes, answer }
    const found = answer.members?.[list]
    if (!Array.isArray(found)) return { sizes, answer, trouble: `${action.name} answered without a list of ${list}` }
    items.push(...found)
    sizes.push(found.length)
    token = answer.members?.[next]
    if (token === undefined || token === null || token === '') return { items, sizes, answer }
    const text = JSON.stringify(token)
    if (seen.has(text))
      return {
        sizes,
        answer,
        isCircle: true,
        trouble: `the marker ${text.slice(0, 80)} came a second time: the pages go in a circle`,
      }
    seen.add(text)
    if (page === MOST_PAGES - 1) return { sizes, answer, trouble: `there was no end after ${MOST_PAGES} pages` }
  }
  throw new Error('not reached')
}

/** Whether an action lists in pages. */
export function isPaged(action: Action): action is Action & { readonly pagination: Pagination } {
  return action.pagination !== undefined
}

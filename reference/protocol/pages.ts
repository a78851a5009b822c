import type { Action, Spec } from '../../spec/model.ts'

/** How a list is answered in pages. */
export interface Paging {
  /** The members of the answer: the items of a page, and what marks the next one. */
  readonly items: string
  readonly next: string
  /** Items of one page, whatever was asked for. */
  readonly most: number
}

/** How each list is answered, by the name of its action. */
export type Pages = { readonly [action: string]: Paging }

/** What the pages of actions and quotas say of lists. */
export function readPages(spec: Pick<Spec, 'actions' | 'quotas'>): Pages {
  return Object.fromEntries(
    Object.values(spec.actions).flatMap(action => {
      const { pagination } = action
      if (pagination === undefined) return []
      const { items, next, size } = pagination
      return [[action.name, { items, next, most: Math.min(quotaOf(spec, action, items), mostAsked(action, size)) }]]
    }),
  )
}

function quotaOf({ quotas }: Pick<Spec, 'quotas'>, action: Action, items: string): number {
  const target = `${action.name}.response.${items}`
  return Math.min(...quotas.filter(({ appliesTo }) => appliesTo.includes(target)).map(({ value }) => value))
}

/** The largest page that a request may ask for. */
function mostAsked(action: Action, size: string | undefined): number {
  const constraints = action.request.find(({ name }) => name === size)?.constraints ?? []
  return Math.min(...constraints.flatMap(one => (one.kind === 'range' && one.on === 'self' ? (one.max ?? []) : [])))
}

import type { Action, Spec } from '../../spec/model.ts'
import { present } from '../../base/present.ts'

/** An action and the URI labels with which a request reached it. */
interface Route {
  readonly action: Action
  /** Decoded path segments by label. */
  readonly labels: ReadonlyMap<string, string>
}

interface Pattern {
  readonly action: Action
  /** A string is a literal segment, `{label}` a label. */
  readonly segments: readonly ({ readonly literal: string } | { readonly label: string })[]
  /** Fixed query pairs, such as `find=LayerVersion`. */
  readonly query: readonly (readonly [string, string])[]
}

/** Finds the action of a request: undefined when there is none, `malformed` for a path that cannot be decoded. */
export type Router = (method: string, path: string, query: URLSearchParams) => Route | 'malformed' | undefined

/**
 * Makes the routing table of all actions of the specification that `known` can carry out.
 *
 * Literal segments win over labels and fixed query pairs over none, so that `GET /2015-03-31/functions/` lists
 * functions and does not read one without a name. A label may be empty: the action then refuses the empty value, as it
 * does any illegal one.
 * A slash at the end of a path makes no difference.
 */
export function compileRoutes(spec: Spec, known: (action: string) => boolean): Router {
  /** By method and number of segments. */
  const table = new Map<string, Pattern[]>()
  for (const action of Object.values(spec.actions)) {
    if (!known(action.name)) continue
    const pattern = compilePath(action)
    const key = `${action.method} ${pattern.segments.length}`
    table.set(
      key,
      [...(table.get(key) ?? []), pattern].sort((a, b) => rank(b) - rank(a)),
    )
  }
  return (method, path, query) => {
    const raw = path.slice(1).split('/')
    let segments: string[]
    try {
      segments = raw.map(decodeURIComponent)
    } catch {
      return 'malformed'
    }
    const withoutSlash = segments.at(-1) === '' ? segments.slice(0, -1) : segments
    return (
      match(table.get(`${method} ${withoutSlash.length}`), withoutSlash, query) ??
      (withoutSlash === segments ? undefined : match(table.get(`${method} ${segments.length}`), segments, query))
    )
  }
}

function compilePath(action: Action): Pattern {
  const [path = '', search = ''] = action.path.split('?')
  return {
    action,
    segments: path
      .replace(/^\/|\/$/g, '')
      .split('/')
      .map(segment => {
        const label = /^\{(\w+)\+?\}$/.exec(segment)?.[1]
        return label === undefined ? { literal: segment } : { label }
      }),
    query: search.split('&').flatMap(pair => {
      const [name, value] = pair.split('=')
      return name && value !== undefined && !value.startsWith('{') ? [[name, value] as const] : []
    }),
  }
}

/** How specific a pattern is. */
function rank(pattern: Pattern): number {
  return pattern.segments.filter(segment => 'literal' in segment).length * 10 + pattern.query.length
}

function match(
  patterns: readonly Pattern[] | undefined,
  segments: readonly string[],
  query: URLSearchParams,
): Route | undefined {
  const found = patterns?.find(
    pattern =>
      pattern.segments.every((segment, i) => 'label' in segment || segment.literal === segments[i]) &&
      pattern.query.every(([name, value]) => query.get(name) === value),
  )
  if (!found) return undefined
  const labels = new Map<string, string>()
  found.segments.forEach((segment, i) => {
    if ('label' in segment) labels.set(segment.label, present(segments[i], 'an element of segments'))
  })
  return { action: found.action, labels }
}

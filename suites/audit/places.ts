/** Accounts and Regions that an answer and the names in its request tell: what belongs together is of one. */
import { isObject } from '../../base/is-object.ts'
import type { Answers } from '../../spec/model.ts'
import type { Wrong } from './wrong.ts'

type Members = { readonly [member: string]: unknown }

/** Deeper than this, no answer of a page has anything. */
const MOST_DEPTH = 6

/** Holds what is told of each owner against the rest of it. */
export function checkPlaces({ places, chosen }: Answers, members: Members, params: Members, wrong: Wrong): void {
  for (const whose of new Set(places.map(row => row.whose))) {
    const seen = new Map<string, Map<string, unknown>>()
    const rows = places
      .filter(row => row.whose === whose)
      .map(row => ({ names: new Set(row.members), pattern: new RegExp(row.pattern, 'g') }))
    const note = (name: string, text: string): void => {
      for (const { names, pattern } of rows) {
        if (!names.has(name)) continue
        for (const { groups } of text.matchAll(pattern))
          for (const [what, value] of Object.entries(groups ?? {})) {
            const values = seen.get(what) ?? new Map<string, unknown>()
            seen.set(what, values.set(value, text))
          }
      }
    }
    for (const [name, text] of textsOf(members, chosen, MOST_DEPTH)) note(name, text)
    for (const [name, text] of Object.entries(params)) if (typeof text === 'string') note(name, text)
    for (const [what, values] of seen) {
      const [first] = values.keys()
      if (values.size > 1) wrong([], `what belongs together is of one ${what}`, String(first), [...values.values()][1])
    }
  }
}

/** All texts with the members that they are, but for what users choose. */
function* textsOf(value: Members, chosen: readonly string[], depth: number): Generator<readonly [string, string]> {
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner === 'string') yield [name, inner]
    if (chosen.includes(name) || depth === 0) continue
    for (const one of Array.isArray(inner) ? inner : [inner]) if (isObject(one)) yield* textsOf(one, chosen, depth - 1)
  }
}

/** Identifiers that a service makes up: the recorded ones stand for those that this endpoint has given instead. */
import { isObject } from '../../base/is-object.ts'

/** Recorded text to the text of this endpoint. */
export type Carried = Map<string, string>

/** UUIDs, hashes, ids of configurations and of URLs, and markers, wherever in a text they stand. */
const identifiers =
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|csc-[0-9a-z]{17}|\b[0-9a-f]{64}\b|[A-Za-z0-9+/]{43}=|\b[0-9a-f]{32}\b/g

const opaque = new Set(['NextMarker', 'Location', 'LastModified'])

/** Learns from a recorded answer and that of the endpoint which identifiers stand for which. */
export function learn(carried: Carried, recorded: unknown, came: unknown, member = ''): void {
  if (typeof recorded === 'string' && typeof came === 'string') {
    if (recorded === came) return
    if (opaque.has(member)) {
      carried.set(recorded, came)
      return
    }
    const old = recorded.match(identifiers) ?? []
    const fresh = came.match(identifiers) ?? []
    if (old.length === fresh.length) old.forEach((text, index) => carried.set(text, fresh[index] as string))
  } else if (Array.isArray(recorded) && Array.isArray(came)) {
    if (recorded.length === came.length) recorded.forEach((item, index) => learn(carried, item, came[index], member))
  } else if (isObject(recorded) && isObject(came)) {
    for (const [name, inner] of Object.entries(recorded)) learn(carried, inner, came[name], name)
  }
}

/** A recorded request or answer as it reads on this endpoint. */
export function translate<T>(carried: Carried, value: T): T {
  if (typeof value === 'string') return translateText(carried, value) as T
  if (Array.isArray(value)) return value.map(item => translate(carried, item)) as T
  if (isObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [translateText(carried, name), translate(carried, inner)]),
    ) as T
  return value
}

function translateText(carried: Carried, text: string): string {
  return carried.get(text) ?? text.replace(identifiers, found => carried.get(found) ?? found)
}

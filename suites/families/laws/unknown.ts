/** Keys that name nothing, of the same form as keys that do. */
import type { Params, Subject } from './subject.ts'

/** For each member of the key that the action takes: the same key with that member naming nothing. */
export function unknownKeys(subject: Subject, key: Params, taken: readonly string[]): readonly Params[] {
  return Object.keys(key)
    .filter(member => taken.includes(member))
    .map(member => ({ ...key, [member]: unknownLike(subject, key[member]) }))
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const HEX = '0123456789abcdef'

function unknownLike({ context, resource }: Subject, value: unknown): unknown {
  const unknown = (kind: string): unknown =>
    context.fill({ value: { $tag: 'unknown', value: kind, source: resource.source } }, {})['value']
  if (typeof value === 'number') return 987654
  const text = String(value)
  if (/^\d+$/.test(text)) return unknown('version')
  if (UUID.test(text)) return unknown('uuid')
  if (!text.startsWith('arn:')) return unknown('name')
  // The same kind of ARN, for another thing: an id of letters and figures keeps its length.
  const at = text.lastIndexOf(':') + 1
  const last = text.slice(at)
  const id = /^([a-z]+-)([0-9a-z]{17})$/.exec(last)
  const name = String(unknown('name'))
  return text.slice(0, at) + (id === null ? name : `${id[1] ?? ''}${hexOf(name, 17)}`)
}

function hexOf(text: string, length: number): string {
  let state = 2166136261
  let hex = ''
  for (let at = 0; at < length; at++) {
    for (const char of `${text}${at}`) state = Math.imul(state ^ char.charCodeAt(0), 16777619)
    hex += HEX[(state >>> 8) & 15] ?? '0'
  }
  return hex
}

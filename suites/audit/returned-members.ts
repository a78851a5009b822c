/** What was sent comes back, however deep. An empty value may take something away and is not looked for. */
import { own } from '../../base/own.ts'
import { isObject } from '../../base/is-object.ts'
import type { Answers } from '../../spec/model.ts'
import { show } from '../oracle/violation.ts'
import type { Wrong } from './wrong.ts'

type Members = { readonly [member: string]: unknown }

/** Holds an answer against the members of its request; what somebody guessed of the request does not count. */
export function checkReturned(
  { returned }: Answers,
  action: string,
  params: Members,
  members: Members,
  guessed: ReadonlySet<string>,
  wrong: Wrong,
): void {
  for (const [name, sent] of Object.entries(params)) {
    const row = returned.find(one => one.members.includes(name))
    if (row?.as === null || guessed.has(name) || sent === null) continue
    const came = at(members, row?.as ?? [name])
    if (came === undefined || came === null) {
      if (row?.always.includes(action) && Object.keys(sent as object).length > 0)
        wrong([name], `${name} comes back as it was sent`, show(sent), undefined, row.source)
      continue
    }
    const other = differing(sent, came, [name])
    if (other !== undefined)
      wrong(other.path, `${other.path.join('.')} comes back as it was sent`, show(other.sent), other.came)
  }
}

/** The value at a path; of a list, that of each element, or the element where it is no structure. */
function at(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path
  if (name === undefined) return value
  if (Array.isArray(value)) return value.map(one => (isObject(one) ? at(one, path) : one))
  return isObject(value) ? at(own(value, name), rest) : undefined
}

function differing(
  sent: unknown,
  came: unknown,
  path: readonly string[],
): { path: readonly string[]; sent: unknown; came: unknown } | undefined {
  if (isObject(sent)) {
    if (!isObject(came)) return undefined
    for (const [name, inner] of Object.entries(sent)) {
      const other =
        came[name] === undefined || came[name] === null ? undefined : differing(inner, came[name], [...path, name])
      if (other !== undefined) return other
    }
    return undefined
  }
  if (Array.isArray(sent)) {
    if (!Array.isArray(came) || sent.length === 0) return undefined
    const plain = sent.every(one => typeof one === 'string') && came.every(one => typeof one === 'string')
    return plain && [...sent].sort().join('\n') !== [...came].sort().join('\n') ? { path, sent, came } : undefined
  }
  if (
    sent === '' ||
    typeof sent !== typeof came ||
    (typeof sent !== 'string' && typeof sent !== 'number' && typeof sent !== 'boolean')
  )
    return undefined
  return sent === came || (typeof sent === 'string' && /^[{[]/.test(sent)) ? undefined : { path, sent, came }
}

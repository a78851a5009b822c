/** Does a member come back as it was sent? */
import { own } from '../../base/own.ts'
import { isObject } from '../../base/is-object.ts'

interface Difference {
  readonly path: readonly string[]
  readonly sent: unknown
  readonly came: unknown
}

/**
 * Null when it does. Structures may come back with more members than were sent, empty ones may be left out; lists must
 * be the same.
 * What was sent under a name may come back under the last part of an ARN, and the other way round.
 */
export function compareEcho(
  name: string,
  sent: unknown,
  came: unknown,
  path: readonly string[] = [],
): Difference | null {
  if (sent === null || sent === undefined) return null
  if (isObject(sent)) {
    if (came === undefined && isHollow(sent)) return null
    if (!isObject(came)) return { path, sent, came }
    for (const [key, value] of Object.entries(sent)) {
      const inner = compareEcho(key, value, own(came, key), [...path, key])
      if (inner !== null) return inner
    }
    return null
  }
  if (Array.isArray(sent)) {
    if (came === undefined && sent.length === 0) return null
    if (!Array.isArray(came) || came.length !== sent.length) return { path, sent, came }
    for (const [at, value] of sent.entries()) {
      const inner = compareEcho(name, value, came[at], [...path, '[]'])
      if (inner !== null) return inner
    }
    return null
  }
  if (sent === '' && came === undefined) return null
  return sent === came || sameName(sent, came) ? null : { path, sent, came }
}

function isHollow(value: unknown): boolean {
  if (isObject(value)) return Object.values(value).every(isHollow)
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}

/**
 * `name`, `function:name`, `account:function:name` and the whole ARN, with or without a qualifier, are the same
 * function.
 */
function sameName(sent: unknown, came: unknown): boolean {
  if (typeof sent !== 'string' || typeof came !== 'string') return false
  if (!/(^|:)(function|layer):/.test(sent) && !/(^|:)(function|layer):/.test(came)) return false
  const bare = (text: string): string =>
    /(?:^|:)(?:function|layer):([^:]+)/.exec(text)?.[1] ?? text.split(':', 1)[0] ?? text
  return bare(sent) === bare(came)
}

/** Ways in which the rights of a policy lead to all rights. */
import type { Policy, Statement } from '../application/model.ts'
import type { Value } from '../application/value.ts'
import { covers } from '../data/iam.ts'
import { loadKnowledge } from '../data/pages.ts'

/** A way that a policy leaves open, and the first action that it takes, as it is written. */
export interface OpenWay extends Way {
  readonly at: Value
}

/** The ways to all rights that are open to who holds a policy. */
export function openWays(policy: Policy): readonly OpenWay[] {
  const wide = policy.statements.filter(isWide)
  return ways().flatMap(({ actions, how }) => {
    const granted = actions.map(action =>
      wide.flatMap(statement => statement.actions).find(one => grantsByName(one.string(), action)),
    )
    const [at] = granted
    return at && granted.every(one => one !== undefined) ? [{ actions, how, at }] : []
  })
}

/** Of whole services and everything, iam-wildcard-action speaks. */
const grantsByName = (pattern: string | undefined, action: string): boolean =>
  pattern !== undefined && !/^[^:]*:?\*$/.test(pattern) && covers(pattern, action)

const isWide = (statement: Statement): boolean =>
  statement.effect === 'Allow' &&
  statement.condition.isAbsent &&
  statement.resources.some(resource =>
    /^(\*|arn:[^:]*:(iam|lambda|sts):[^:]*:[^:]*:(role|policy|function|user|group)?[/:]?\*)$/.test(
      resource.text('x') ?? '',
    ),
  )

interface Way {
  readonly actions: readonly string[]
  readonly how: string
}

let table: readonly Way[] | undefined

/** The table of the rule's page. */
const ways = (): readonly Way[] =>
  (table ??= [
    ...(loadKnowledge().rules['iam-privilege-escalation']?.markdown ?? '').matchAll(
      /^\| (`[a-z]+:[^|]+`) \| ([^|]+) \|$/gm,
    ),
  ].map(([, actions = '', how = '']) => ({
    actions: [...actions.matchAll(/`([^`]+)`/g)].map(match => match[1] ?? ''),
    how: how.trim(),
  })))

import type { Statement } from '../application/model.ts'
import { covers } from '../data/iam.ts'
import { loadKnowledge } from '../data/pages.ts'
import { defineRule } from '../engine/rule.ts'
import { isForFunctions } from '../permissions/role-holders.ts'

/** Rights that together are all rights: whoever holds them can give themselves the rest. */
export const rule = defineRule({
  id: 'iam-privilege-escalation',
  policy(policy, { app, report }) {
    if (policy.kind !== 'identity' || !isForFunctions(app, policy, true)) return
    const wide = policy.statements.filter(isWide)
    const open = ways().flatMap(({ actions, how }) => {
      const granted = actions.map(action =>
        wide.flatMap(statement => statement.actions).find(one => grantsByName(one.string(), action)),
      )
      const [at] = granted
      return at && granted.every(one => one !== undefined) ? [{ actions, how, at }] : []
    })
    const [first, ...others] = open
    if (!first) return
    const { actions, how, at } = first
    report({
      at,
      message:
        `${actions.join(' and ')} on everything ${actions.length === 1 ? 'is' : 'are'} as good as all rights: ` +
        `the holder can ${how}${others.length ? `, and goes ${others.length} more such ways` : ''}`,
      help: 'Name the very roles, policies and functions that are meant, or leave the right to who deploys',
      related: others.map(one => ({ at: one.at, message: `with ${one.actions.join(' and ')} it can ${one.how}` })),
    })
  },
})

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

import { defineRule } from '../engine/rule.ts'
import { openWays } from '../permissions/escalation.ts'
import { isForFunctions } from '../permissions/role-holders.ts'

/** Rights that together are all rights: whoever holds them can give themselves the rest. */
export const rule = defineRule({
  id: 'iam-privilege-escalation',
  policy(policy, { app, report }) {
    if (policy.kind !== 'identity' || !isForFunctions(app, policy, true)) return
    const open = openWays(policy)
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

import { covers } from '../data/iam.ts'
import { defineRule } from '../engine/rule.ts'

/** A role that all of another account may take, whoever may act there. */
export const rule = defineRule({
  id: 'role-trusts-account',
  statement(statement, policy, { report }) {
    if (policy.kind !== 'trust' || statement.effect !== 'Allow' || !statement.condition.isAbsent) return
    if (!statement.actions.some(action => covers(action.string() ?? '', 'sts:AssumeRole'))) return
    const account = statement.principal
      .at('AWS')
      .items('single')
      .find(one => /^(\d{12}|arn:[^:]*:iam::\d{12}:root)$/.test(one.string() ?? ''))
    if (!account) return
    report({
      at: account,
      message:
        `Everybody whom the account ${/\d{12}/.exec(account.string() ?? '')?.[0]} lets can take ` +
        `${policy.resource?.id ?? 'this role'}`,
      help:
        'Name the role or user that takes it, or demand an external id (sts:ExternalId) or an organization in ' +
        'a condition',
    })
  },
})

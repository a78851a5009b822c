import { covers } from '../data/iam.ts'
import { defineRule } from '../engine/rule.ts'

/** A role that any account may take. */
export const rule = defineRule({
  id: 'role-open-to-everyone',
  statement(statement, policy, { report }) {
    if (policy.kind !== 'trust' || statement.effect !== 'Allow' || !statement.condition.isAbsent) return
    if (!statement.actions.some(action => covers(action.string() ?? '', 'sts:AssumeRole'))) return
    const { principal } = statement
    const everyone = [
      principal,
      ...principal.at('AWS').items('single'),
      ...principal.at('Service').items('single'),
    ].find(value => value.string() === '*')
    if (!everyone) return
    report({
      at: everyone,
      message: `Everybody with an account of AWS can take ${policy.resource?.id ?? 'this role'} and do what it may do`,
      help:
        'Name the service, the account or the role that takes it; for the role of a function that is the service ' +
        'lambda.amazonaws.com',
    })
  },
})

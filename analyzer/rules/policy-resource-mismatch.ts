import { defineRule } from '../engine/rule.ts'
import { actionsWithoutResource } from '../permissions/action-scope.ts'
import { listOf } from '../permissions/role-text.ts'

/** An action on a resource that it does not have: the statement allows or denies nothing with it. */
export const rule = defineRule({
  id: 'policy-resource-mismatch',
  statement(statement, policy, { report }) {
    if (policy.kind === 'trust') return
    for (const { action, has } of actionsWithoutResource(statement)) {
      const at = statement.actions.find(value => value.string() === action) ?? statement
      report({
        at,
        message:
          has.length === 0
            ? `${action} can be ${statement.effect === 'Deny' ? 'denied' : 'allowed'} on * alone, and the statement names resources`
            : `${action} is not for ${statement.resources.length === 1 ? 'this resource' : 'any of these resources'}, but for ${listOf(has.slice(0, 2))}`,
        help: `The statement ${statement.effect === 'Deny' ? 'denies' : 'allows'} nothing with it. Put the action into a statement with the right resource`,
        related: statement.resources.slice(0, 3).map(resource => ({ at: resource, message: 'the resource' })),
      })
    }
  },
})

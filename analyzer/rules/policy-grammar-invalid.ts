import { defineRule } from '../engine/rule.ts'
import { policyFaults } from '../permissions/policy-grammar.ts'

/** A policy that IAM refuses, or an element of it that means nothing. */
export const rule = defineRule({
  id: 'policy-grammar-invalid',
  policy(policy, { report }) {
    for (const { at, message, taken } of policyFaults(policy))
      report({
        at,
        // A word of the policy at the beginning stays as it is.
        message: /^(a|an|the|there) /.test(message) ? message.charAt(0).toUpperCase() + message.slice(1) : message,
        help: taken
          ? 'IAM takes it, and it does not do what it says'
          : 'IAM refuses the policy as malformed, and the deployment fails',
        ...(taken ? { severity: 'warning' as const } : {}),
      })
  },
})

import { defineRule } from '../engine/rule.ts'
import { brokenConstraints } from '../services/constraint-findings.ts'

/** A maximum concurrency that cannot be. */
export const rule = defineRule({
  id: 'scaling-config-invalid',
  application(app, { report, turnTo }) {
    for (const broken of brokenConstraints(app, 'scaling-config-invalid', turnTo)) report(broken)
  },
})

import { defineRule } from '../engine/rule.ts'
import { brokenConstraints } from '../services/constraint-findings.ts'

/** Provisioned concurrency that cannot be. */
export const rule = defineRule({
  id: 'provisioned-concurrency-invalid',
  application(app, { report, turnTo }) {
    for (const broken of brokenConstraints(app, 'provisioned-concurrency-invalid', turnTo)) report(broken)
  },
})

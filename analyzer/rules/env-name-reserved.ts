import { defineRule } from '../engine/rule.ts'
import { brokenConstraints } from '../services/constraint-findings.ts'

/** An environment variable that Lambda refuses. */
export const rule = defineRule({
  id: 'env-name-reserved',
  application(app, { report, turnTo }) {
    for (const broken of brokenConstraints(app, 'env-name-reserved', turnTo)) report(broken)
  },
})

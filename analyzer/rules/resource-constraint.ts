import { defineRule } from '../engine/rule.ts'
import { brokenConstraints } from '../services/constraint-findings.ts'

/** Properties that do not go together: the deployment is refused, or a setting has no effect. */
export const rule = defineRule({
  id: 'resource-constraint',
  application(app, { report, turnTo }) {
    for (const broken of brokenConstraints(app, 'resource-constraint', turnTo)) report(broken)
  },
})

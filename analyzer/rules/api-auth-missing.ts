import { defineRule } from '../engine/rule.ts'
import { brokenConstraints } from '../services/constraint-findings.ts'

/** An API that anybody may call. */
export const rule = defineRule({
  id: 'api-auth-missing',
  application(app, { report, turnTo }) {
    for (const broken of brokenConstraints(app, 'api-auth-missing', turnTo)) report(broken)
  },
})

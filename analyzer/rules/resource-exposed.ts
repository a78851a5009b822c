import { defineRule } from '../engine/rule.ts'
import { brokenConstraints } from '../services/constraint-findings.ts'

/** A function that anybody may call or change. */
export const rule = defineRule({
  id: 'resource-exposed',
  application(app, { report, turnTo }) {
    for (const broken of brokenConstraints(app, 'resource-exposed', turnTo)) report(broken)
  },
})

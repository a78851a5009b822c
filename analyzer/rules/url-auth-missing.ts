import { defineRule } from '../engine/rule.ts'
import { brokenConstraints } from '../services/constraint-findings.ts'

/** A function URL without authorization. */
export const rule = defineRule({
  id: 'url-auth-missing',
  application(app, { report, turnTo }) {
    for (const broken of brokenConstraints(app, 'url-auth-missing', turnTo)) report(broken)
  },
})

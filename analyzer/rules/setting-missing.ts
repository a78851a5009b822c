import { defineRule } from '../engine/rule.ts'
import { brokenConstraints } from '../services/constraint-findings.ts'

/** Settings that audits ask for. */
export const rule = defineRule({
  id: 'setting-missing',
  application(app, { report, turnTo }) {
    for (const broken of brokenConstraints(app, 'setting-missing', turnTo)) report(broken)
  },
})

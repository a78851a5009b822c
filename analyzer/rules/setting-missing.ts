import { defineRule } from '../engine/rule.ts'
import { reportByPlace } from '../services/constraint-findings.ts'

/** Settings that audits ask for. */
export const rule = defineRule({
  id: 'setting-missing',
  application(app, context) {
    reportByPlace(app, 'setting-missing', context)
  },
})

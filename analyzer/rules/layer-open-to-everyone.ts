import { defineRule } from '../engine/rule.ts'
import { brokenConstraints } from '../services/constraint-findings.ts'

/** A layer that every account may read. */
export const rule = defineRule({
  id: 'layer-open-to-everyone',
  application(app, { report, turnTo }) {
    for (const broken of brokenConstraints(app, 'layer-open-to-everyone', turnTo)) report(broken)
  },
})

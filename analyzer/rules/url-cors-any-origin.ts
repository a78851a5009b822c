import { defineRule } from '../engine/rule.ts'
import { brokenConstraints } from '../services/constraint-findings.ts'

/** An address that every website may use in the name of its visitors. */
export const rule = defineRule({
  id: 'url-cors-any-origin',
  application(app, { report, turnTo }) {
    for (const broken of brokenConstraints(app, 'url-cors-any-origin', turnTo)) report(broken)
  },
})

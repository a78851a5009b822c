import { defineRule } from '../engine/rule.ts'
import { targetNeeds } from '../permissions/configuration-needs.ts'
import { roleLacks } from '../permissions/role-findings.ts'

/** A target for what failed or succeeded to which the role may not send. */
export const rule = defineRule({
  id: 'destination-permission-missing',
  fn(fn, { app, report }) {
    for (const need of targetNeeds(fn)) {
      const finding = roleLacks(fn, need, 'What should be kept for later is lost', app)
      if (finding) report(finding)
    }
  },
})

import { defineRule } from '../engine/rule.ts'
import { tracingNeeds } from '../permissions/configuration-needs.ts'
import { roleLacks } from '../permissions/role-findings.ts'

/** A traced function whose role does not allow sending traces. */
export const rule = defineRule({
  id: 'xray-permission-missing',
  fn(fn, { app, report }) {
    for (const need of tracingNeeds(fn)) {
      const finding = roleLacks(fn, need, 'Traces are lost', app)
      if (finding) report(finding)
    }
  },
})

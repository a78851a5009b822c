import { defineRule } from '../engine/rule.ts'
import { eventNeeds } from '../knowledge/configuration-needs.ts'
import { roleLacks } from '../knowledge/role-findings.ts'

/** A function with a polled event source whose role lacks what reading takes. */
export const rule = defineRule({
  id: 'esm-role-missing-actions',
  fn(fn, { app, report }) {
    for (const need of eventNeeds(fn)) {
      const finding = roleLacks(
        fn,
        need,
        'Lambda reads with the role of the function: it refuses the mapping, and the deployment fails',
        app,
      )
      if (finding) report(finding)
    }
  },
})

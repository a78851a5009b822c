import { defineRule } from '../engine/rule.ts'
import { eventNeeds } from '../permissions/configuration-needs.ts'
import { roleLacks } from '../permissions/role-findings.ts'

/** A function with a polled event source whose role lacks what reading takes. */
export const rule = defineRule({
  id: 'esm-permission-missing',
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

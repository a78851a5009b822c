import { defineRule } from '../engine/rule.ts'
import { vpcNeeds } from '../permissions/configuration-needs.ts'
import { roleLacks } from '../permissions/role-findings.ts'

/** A function in a VPC whose role does not allow the network interfaces that this takes. */
export const rule = defineRule({
  id: 'vpc-permission-missing',
  fn(fn, { app, report }) {
    for (const need of vpcNeeds(fn)) {
      const finding = roleLacks(
        fn,
        need,
        'Lambda cannot make the network interfaces: it refuses the function, and the deployment fails',
        app,
      )
      if (finding) report(finding)
    }
  },
})

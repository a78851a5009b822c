import { defineRule } from '../engine/rule.ts'
import { lacking, logNeed } from '../permissions/configuration-needs.ts'
import { roleLacks } from '../permissions/role-findings.ts'

/** A role that does not let its functions write logs. */
export const rule = defineRule({
  id: 'logs-permission-missing',
  fn(fn, { app, report }) {
    const { role } = fn.permissions
    const need = logNeed(fn)
    const finding = role && roleLacks(fn, need, 'Nothing that its functions write reaches CloudWatch Logs', app)
    if (!finding) return
    // One finding a role, however many functions have it.
    report({
      ...finding,
      at: role,
      message: `${role.id} is the role of a function, and does not allow ${lacking(fn, need).join(', ')}`,
      related: [{ at: fn, message: `${fn.id} has this role` }],
    })
  },
})

import { defineRule } from '../engine/rule.ts'
import { addPermission, callersOf, isFor, isForAnother, permissionsFor } from '../permissions/invoke-permissions.ts'

/** A trigger that is a resource of its own, and nothing that lets its service invoke the function. */
export const rule = defineRule({
  id: 'source-permission-missing',
  fn(fn, { app, report }) {
    const told = new Set<string>()
    for (const caller of callersOf(fn)) {
      const { event, trigger, principal } = caller
      const candidates = permissionsFor(app, fn).filter(permission => isFor(permission, principal))
      if (candidates.some(permission => !isForAnother(permission, caller))) continue
      // One permission lets a whole API in: one finding for its many methods.
      const key =
        principal === 'apigateway.amazonaws.com' ? `${principal} ${event.source.resource?.id ?? ''}` : trigger.id
      if (told.has(key)) continue
      told.add(key)
      report({
        at: trigger,
        message:
          `${trigger.id} shall invoke ${fn.id}, and no permission lets ${principal} do ` +
          `so${candidates.length ? ' for it' : ''}`,
        help:
          'The function is never invoked, or the deployment fails. Add an AWS::Lambda::Permission for this ' +
          'principal and source',
        related: [
          { at: fn, message: 'the function that it shall invoke' },
          ...candidates.map(permission => ({ at: permission, message: 'this permission is for another source' })),
        ],
        fixes: addPermission(fn, caller),
      })
    }
  },
})

import type { InvokePermission } from '../application/model.ts'
import { addEntry } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import type { Repair } from '../engine/rule.ts'
import { callersOf, servicePrincipal, sourceProperties } from '../permissions/invoke-permissions.ts'

/** What narrows a permission down, besides its source. */
const CONDITIONS = [
  'SourceArn',
  'SourceAccount',
  'PrincipalOrgID',
  'EventSourceToken',
  'FunctionUrlAuthType',
  'InvokedViaFunctionUrl',
]

/** A permission for a service, or for everybody, that does not say for which source. */
export const rule = defineRule({
  id: 'permission-without-source',
  application(app, { report, turnTo, leaveTo }) {
    for (const permission of app.invokePermissions) {
      turnTo(permission.resource)
      const principal = permission.principal.string()
      // For S3, the rule s3-permission-without-source-account says it.
      if (principal === undefined || !/\.amazonaws\.com(\.cn)?$|^\*$/.test(principal) || /^s3\./.test(principal))
        continue
      if (permission.resource.properties.open || CONDITIONS.some(name => !permission.resource.property(name).isAbsent))
        continue
      if (principal === '*' && leaveTo('resource-exposed', permission.principal)) continue
      const isBalancer = principal.startsWith('elasticloadbalancing.')
      // A target group of the CDK gives the right by itself, and takes no source for it.
      if (isBalancer && permission.resource.template.format === 'cdk') continue
      // A function of that name in another template may be another function.
      const own = permission.function?.template.source === permission.loc.source ? permission.function : undefined
      const what = own?.id ?? 'the function'
      report({
        at: permission.principal,
        message: `${permission.resource.id} lets ${callersFor(principal, isBalancer, what)}`,
        help:
          principal === 'sns.amazonaws.com'
            ? 'Name the topic by SourceArn'
            : 'Name the source by SourceArn, or at least its account by SourceAccount',
        fixes: repairs(permission, principal),
      })
    }
  },
})

function callersFor(principal: string, isBalancer: boolean, what: string): string {
  if (principal === '*') return `everybody invoke ${what}`
  // A load balancer calls functions of its own account alone.
  if (isBalancer) return `${principal} invoke ${what} for every target group of the account`
  return `${principal} invoke ${what} for whoever asks it to, in any account`
}

function repairs(permission: InvokePermission, principal: string): readonly Repair[] {
  if (principal === '*') return []
  const caller =
    permission.function && callersOf(permission.function).find(one => one.principal === servicePrincipal(principal))
  const ofAccount = principal === 'sns.amazonaws.com' ? {} : { SourceAccount: { Ref: 'AWS::AccountId' } }
  const [name, value] = Object.entries(caller ? sourceProperties(caller) : ofAccount)[0] ?? []
  const edit =
    name === undefined || value === undefined ? undefined : addEntry(permission.resource.properties, name, value)
  return edit ? [{ description: `Add ${name}`, kind: 'suggestion', edits: [edit] }] : []
}

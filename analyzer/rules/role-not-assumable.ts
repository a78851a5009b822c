import type { Resource } from '../application/model.ts'
import { covers } from '../data/iam.ts'
import { defineRule } from '../engine/rule.ts'
import { policiesOf } from '../application/policies.ts'
import type { Statement } from '../application/model.ts'

/** The role of a function that Lambda may not take: the function cannot be made. */
export const rule = defineRule({
  id: 'role-not-assumable',
  fn(fn, { report }) {
    const { role } = fn.permissions
    const trust = role && policiesOf(role).find(policy => policy.kind === 'trust')
    if (!role || !trust || trust.open || !trust.statements.length || isOpen(role)) return
    if (trust.statements.some(mayLetLambdaIn)) return
    report({
      at: role.property('AssumeRolePolicyDocument').keyLoc ?? role,
      message:
        `${role.id} is the role of ${fn.id}, ` +
        `and ${trust.statements.some(namesLambda) ? 'does not allow lambda.amazonaws.com sts:AssumeRole' : `lets ${whoIn(trust.statements)} take it, not lambda.amazonaws.com`}`,
      help:
        'Lambda cannot take the role, and refuses the function. Let the service lambda.amazonaws.com do ' +
        'sts:AssumeRole',
      related: [{ at: fn, message: `${fn.id} has this role` }],
    })
  },
})

const isOpen = (role: Resource): boolean => role.properties.open || role.property('AssumeRolePolicyDocument').isUnknown

function mayLetLambdaIn({ effect, value, actions, notActions, principal }: Statement): boolean {
  if (effect !== 'Allow') return false
  const named = actions.map(action => action.string())
  if (!notActions.length && named.every(action => action !== undefined && !covers(action, 'sts:AssumeRole')))
    return false
  if (!value.at('NotPrincipal').isAbsent || principal.isUnknown || principal.open || principal.kind === 'string')
    return true
  return namesLambda({ principal })
}

function namesLambda({ principal }: Pick<Statement, 'principal'>): boolean {
  const services = principal.at('Service')
  return (
    services.isUnknown ||
    services.open ||
    services
      .items('single')
      .some(item => item.string() === undefined || /^(edge)?lambda\.amazonaws\.com(\.cn)?$/.test(item.string() ?? ''))
  )
}

function whoIn(statements: readonly Statement[]): string {
  const names = statements.flatMap(({ principal }) =>
    principal.entries().flatMap(({ value }) => value.items('single').map(item => item.text('…') ?? '…')),
  )
  return names.length ? names.slice(0, 3).join(', ') : 'nobody'
}

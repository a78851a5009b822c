import { policiesOf } from '../application/policies.ts'
import type { Resource } from '../application/model.ts'
import { covers } from '../data/iam.ts'
import { defineRule } from '../engine/rule.ts'
import { polledEvents } from '../services/polled-events.ts'

/** A key that encrypts the filters of a mapping, and that Lambda itself may not use: the mapping is refused. */
export const rule = defineRule({
  id: 'filter-key-permission-missing',
  ...polledEvents((event, { report }) => {
    const named = event.property('KmsKeyArn')
    const keys = named.possible().flatMap(one => (one.resource?.type === 'AWS::KMS::Key' ? [one.resource] : []))
    const key = keys.find(one => !letsLambdaDecrypt(one))
    if (!key) return
    report({
      at: named,
      message:
        `${key.id} encrypts the filters of ${event.id}, and its policy does not let lambda.amazonaws.com ` +
        'decrypt them',
      help: 'Add a statement to the policy of the key: Principal {Service: lambda.amazonaws.com}, Action kms:Decrypt',
      related: [{ at: key.property('KeyPolicy'), message: 'the policy of the key' }],
    })
  }),
})

/** Whether it may, as far as the policy is known; rights of the account are none of a service. */
function letsLambdaDecrypt(key: Resource): boolean {
  const [policy] = policiesOf(key)
  if (!policy || policy.open) return true
  return policy.statements.some(({ effect, actions, notActions, principal }) => {
    if (effect !== 'Allow') return false
    if (!notActions.length && !actions.some(action => covers(action.string() ?? 'kms:*', 'kms:Decrypt'))) return false
    if (principal.kind !== 'map') return principal.string() === '*' || principal.isUnknown
    const services = principal.at('Service')
    return (
      principal.open ||
      principal
        .at('AWS')
        .items('single')
        .some(one => one.string() === '*') ||
      services.items('single').some(one => one.isUnknown || one.string() === 'lambda.amazonaws.com')
    )
  })
}

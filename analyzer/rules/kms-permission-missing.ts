import type { Resource } from '../application/model.ts'
import { policiesOf } from '../application/policies.ts'
import type { Value } from '../application/value.ts'
import { covers } from '../data/iam.ts'
import { defineRule } from '../engine/rule.ts'
import { isGranted } from '../permissions/grants.ts'
import { arnOfResource } from '../application/resource-arns.ts'
import { roleOf } from '../permissions/role-text.ts'

/** What a source is encrypted with, by its type. */
const KEYS: { readonly [type: string]: (source: Resource) => Value } = {
  'AWS::SQS::Queue': queue => queue.property('KmsMasterKeyId'),
  'AWS::Kinesis::Stream': stream => stream.property('StreamEncryption', 'KeyId'),
}

/** A function that reads from what a key of the project encrypts, and may not decrypt. */
export const rule = defineRule({
  id: 'kms-permission-missing',
  fn(fn, { report }) {
    for (const event of fn.events) {
      const named = event.resource && KEYS[event.resource.type]?.(event.resource)
      const key = named && keyBehind(named)
      if (!event.resource || !named || !key || mayLetRolesIn(key)) continue
      const arn = arnOfResource(key)
      if (isGranted(fn, 'kms:Decrypt', arn && [arn]) !== 'no') continue
      report({
        at: event,
        message:
          `${fn.id} reads from ${event.resource.id}, which ${key.id} encrypts, and its role does not allow ` +
          'kms:Decrypt',
        help: `Lambda cannot read a single message. Allow kms:Decrypt on ${key.id} in the statements of ${roleOf(fn)}`,
        related: [{ at: named, message: `${event.resource.id} is encrypted here` }],
      })
    }
  },
})

/** The key itself, also behind its alias. */
function keyBehind(named: Value): Resource | undefined {
  if (named.resource?.type === 'AWS::KMS::Key') return named.resource
  if (named.resource?.type === 'AWS::KMS::Alias') return keyBehind(named.resource.property('TargetKeyId'))
  return undefined
}

/**
 * Whether the policy of a key may let a role in by itself: not when it leaves the account to decide, or lets services
 * in.
 */
function mayLetRolesIn(key: Resource): boolean {
  const policy = policiesOf(key)[0]
  if (!policy || policy.open) return true
  return policy.statements.some(({ effect, actions, notActions, principal }) => {
    if (
      effect === 'Deny' ||
      (!notActions.length &&
        actions.every(action => action.string() !== undefined && !covers(action.string() ?? '', 'kms:Decrypt')))
    )
      return false
    if (principal.kind !== 'map' || principal.open) return true
    return principal
      .entries()
      .some(
        ({ key: kind, value }) =>
          kind !== 'Service' &&
          value
            .items('single')
            .some(
              item =>
                !/:root$/.test(item.text('x') ?? '') &&
                !/^\d{12}$/.test(item.string() ?? '') &&
                item.reference?.id !== 'AWS::AccountId',
            ),
      )
  })
}

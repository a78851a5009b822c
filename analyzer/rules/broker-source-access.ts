import type { EventSource } from '../application/model.ts'
import { defineRule } from '../engine/rule.ts'
import { polledEvents } from '../services/polled-events.ts'

/** Credentials or network settings that do not fit the kind of broker: Lambda refuses the mapping. */
export const rule = defineRule({
  id: 'broker-source-access',
  ...polledEvents((event, { report }) => {
    const access = event.property('SourceAccessConfigurations')
    const types = kinds(event)
    if (/^(mq|documentdb)$/.test(event.kind) && types && !types.has('BASIC_AUTH')) {
      const [what, who] = event.kind === 'mq' ? ['a broker', 'Amazon MQ'] : ['a cluster', 'Amazon DocumentDB']
      report({
        at: access.isAbsent ? event : access,
        message: `${event.id} reads from ${what} without credentials: ${who} needs a secret with user name and password`,
        help: 'Add {Type: BASIC_AUTH, URI: <ARN of the secret>} to SourceAccessConfigurations',
      })
    }
    if (event.kind === 'msk') {
      const basic = access.items().find(one => one.at('Type').string() === 'BASIC_AUTH')
      if (basic) {
        report({
          at: basic.at('Type'),
          message: `${event.id} asks for BASIC_AUTH, which Amazon MSK does not know`,
          help: 'Use SASL_SCRAM_512_AUTH with a secret, a client certificate, or IAM',
        })
      }
    }
    if (event.kind === 'kafka' && types && types.has('VPC_SUBNET') !== types.has('VPC_SECURITY_GROUP')) {
      const [there, missing] = types.has('VPC_SUBNET')
        ? ['subnet', 'VPC_SECURITY_GROUP']
        : ['security group', 'VPC_SUBNET']
      report({
        at: access,
        message: `${event.id} names a ${there} but no ${missing}: to reach brokers in a VPC Lambda needs both`,
        help: `Add a ${missing} to SourceAccessConfigurations`,
      })
    }
  }),
})

/** Types of the access settings, when all of them are known. */
function kinds(event: EventSource): ReadonlySet<string> | undefined {
  const access = event.property('SourceAccessConfigurations')
  if (access.isUnknown || access.open) return undefined
  const types = access.items().map(one => one.at('Type').string())
  return types.every(type => type !== undefined) ? new Set(types) : undefined
}

import type { Policy, Statement } from '../application/model.ts'
import { defineRule } from '../engine/rule.ts'
import { listOf } from '../permissions/role-text.ts'

/** A queue, topic, key, secret or stream that lets everybody in. */
export const rule = defineRule({
  id: 'policy-open-to-everyone',
  statement(statement, policy, { report }) {
    if (policy.kind !== 'resource' || !isOfNeighbour(policy, statement)) return
    if (statement.effect !== 'Allow' || statement.value.at('Effect').isUnknown || !statement.condition.isAbsent) return
    const { principal } = statement
    const everyone = [principal, ...principal.at('AWS').items('single')].find(value => value.string() === '*')
    if (!everyone) return
    report({
      at: everyone,
      message:
        'Everybody with an account of AWS may do ' +
        `${listOf(statement.actions.map(action => action.text('…') ?? '…'))} here`,
      help:
        'Name the service, account or role that is meant, or say in a condition whose resource has to call ' +
        '(aws:SourceArn, aws:SourceAccount)',
    })
  },
})

/** What stands beside functions: buckets and APIs are often meant for everybody. */
function isOfNeighbour({ resource }: Policy, { actions }: Statement): boolean {
  const type = resource?.type
  if (type !== undefined && type !== 'aws_iam_policy_document')
    return /^AWS::(SQS|SNS|KMS|SecretsManager|Kinesis|Events|Lambda|DynamoDB)::/.test(type)
  const named = actions.map(action => action.string() ?? '')
  return (
    named.length > 0 &&
    named.every(action => /^(sqs|sns|kms|secretsmanager|kinesis|events|lambda|dynamodb):/i.test(action))
  )
}

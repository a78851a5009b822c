/** What SAM and the Serverless Framework add to the role that they make for a function. */
import { own } from '../../base/own.ts'
import type { EventSource, LambdaFunction } from '../application/model.ts'
import type { Value } from '../application/value.ts'
import { managedPolicy } from '../data/managed-policies.ts'
import { ANY } from '../application/arn-pattern.ts'
import type { Grant } from './grants.ts'
import { locateArn } from '../application/resource-arns.ts'
import type { Located } from '../application/resource-arns.ts'

const EVERYTHING: readonly (readonly Located[])[] = [[{ pattern: [ANY], assumes: new Set() }]]

const actionsOf = (policy: string): readonly string[] =>
  (managedPolicy(policy) ?? []).flatMap(statement => statement.actions ?? [])

/** Actions that let Lambda send to a target of a kind, as SAM names the kinds. */
const SEND: { readonly [type: string]: string } = {
  SQS: 'sqs:SendMessage',
  SNS: 'sns:Publish',
  EventBridge: 'events:PutEvents',
  Lambda: 'lambda:InvokeFunction',
  S3Bucket: 's3:PutObject',
}

/** Grants of a generated role beyond what the template writes; none for a role that the template names. */
export function frameworkGrants(fn: LambdaFunction): readonly Grant[] {
  if (fn.permissions.kind !== 'generated') return []
  const grants: Grant[] = []
  const add = (actions: readonly string[], resources: readonly (readonly Located[])[] = EVERYTHING): void => {
    if (actions.length)
      grants.push({
        effect: 'Allow',
        actions,
        exceptActions: false,
        resources,
        exceptResources: false,
        open: false,
        conditional: false,
        loc: fn.loc,
        from: { kind: 'framework' },
      })
  }
  add(actionsOf('AWSLambdaBasicExecutionRole'))
  if (!fn.vpc.isAbsent) add(actionsOf('AWSLambdaVPCAccessExecutionRole'))
  if (!fn.tracing.isAbsent) add(actionsOf('AWSXRayDaemonWriteAccess'))
  for (const event of fn.events)
    if (event.declaredBy !== 'resource') for (const actions of actionsForEvent(event)) add(actions)
  const { onSuccess, onFailure } = fn.asyncConfig
  if (fn.template.format === 'serverless') {
    for (const actions of addedByServerless(fn)) add(actions)
    // The framework grants what it can tell from the ARN; more than that is not claimed to be missing.
    if (!fn.deadLetter.isAbsent || !onSuccess.isAbsent || !onFailure.isAbsent) add(Object.values(SEND))
    return grants
  }
  const dead = fn.property('DeadLetterQueue')
  const type = dead.at('Type').string()
  if (!dead.isAbsent)
    add(type === undefined ? Object.values(SEND) : [own(SEND, type) ?? []].flat(), [locateArn(dead.at('TargetArn'))])
  for (const name of ['OnSuccess', 'OnFailure'])
    add(...sendTo(fn.property('EventInvokeConfig', 'DestinationConfig', name)))
  for (const event of fn.events)
    if (event.declaredBy === 'sam') add(...sendTo(event.property('DestinationConfig', 'OnFailure')))
  return grants
}

/**
 * What the Serverless Framework grants besides: to answer on websockets, to decrypt with the keys that it is told of,
 * to mount.
 */
function addedByServerless(fn: LambdaFunction): readonly (readonly string[])[] {
  const { template } = fn
  // One role serves all functions of the service, unless a plugin makes one for each: then, too, nobody calls it
  // missing.
  const websockets = template.functions.some(one => one.events.some(event => event.kind === 'websocket-api'))
  const provider = template.root.at('provider')
  const keys = [provider.at('kmsKeyArn'), template.root.at('service', 'awsKmsKeyArn'), fn.property('KmsKeyArn')]
  return [
    ...(websockets ? [['execute-api:ManageConnections']] : []),
    ...(keys.some(key => !key.isAbsent) ? [['kms:Decrypt']] : []),
    ...(fn.fileSystems.isAbsent ? [] : [['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite']]),
  ]
}

/** SAM grants the sending only where the destination says of what type it is. */
function sendTo(destination: Value): [readonly string[], (readonly (readonly Located[])[])?] {
  if (destination.isAbsent) return [[]]
  const type = destination.at('Type')
  if (type.isUnknown) return [Object.values(SEND)]
  const action = own(SEND, type.string())
  if (action === undefined) return [[]]
  const target = destination.at('Destination')
  // Without a destination SAM makes one of its own.
  return [[action], target.isAbsent || action === 's3:PutObject' ? EVERYTHING : [locateArn(target)]]
}

function actionsForEvent(event: EventSource): readonly (readonly string[])[] {
  switch (event.kind) {
    case 'sqs':
      return [actionsOf('AWSLambdaSQSQueueExecutionRole')]
    case 'kinesis':
      return [actionsOf('AWSLambdaKinesisExecutionRole')]
    case 'dynamodb':
      return [actionsOf('AWSLambdaDynamoDBExecutionRole')]
    case 'msk':
      return [actionsOf('AWSLambdaMSKExecutionRole'), ['secretsmanager:GetSecretValue', 'kafka-cluster:*']]
    case 'mq':
    case 'kafka':
    case 'documentdb':
      return [
        [
          'mq:DescribeBroker',
          'secretsmanager:GetSecretValue',
          'kms:Decrypt',
          'rds:DescribeDBClusters',
          'rds:DescribeDBClusterParameters',
          'rds:DescribeDBSubnetGroups',
        ],
        actionsOf('AWSLambdaVPCAccessExecutionRole'),
        ['ec2:DescribeVpcs', 'ec2:DescribeSecurityGroups'],
      ]
    default:
      return []
  }
}

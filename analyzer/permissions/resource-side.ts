/** The other way to be let in: policies on queues, buckets, topics and the like, which name who may use them. */
import { own } from '../../base/own.ts'
import { isOneProject } from '../application/one-project.ts'
import type { Application, LambdaFunction, Policy, Resource, Statement } from '../application/model.ts'
import { covers } from '../data/iam.ts'
import type { Need } from '../sdk/sdk-needs.ts'

/** Services whose resources can let a role of the same account in by themselves. */
const BY_RESOURCE = new Set([
  's3',
  'sqs',
  'sns',
  'lambda',
  'secretsmanager',
  'kms',
  'dynamodb',
  'kinesis',
  'events',
  'ecr',
  'es',
  'aoss',
  'ses',
  'logs',
  'iot',
  'execute-api',
  'codeartifact',
  'backup',
  'glacier',
  'elasticfilesystem',
  'ssm',
  'states',
  'bedrock',
  'rekognition',
])
/** Here it is usual that the resource alone says who may: trust policies of roles, policies of keys. */
const ALWAYS_BY_RESOURCE = new Set(['sts', 'kms'])

const serviceOf = (action: string): string => action.slice(0, action.indexOf(':'))

/** The member of a resource policy's properties that names what the policy is on, and the service of that. */
const ATTACHED: { readonly [type: string]: readonly [service: string, member: string] } = {
  'AWS::S3::BucketPolicy': ['s3', 'Bucket'],
  'AWS::SQS::QueuePolicy': ['sqs', 'Queues'],
  'AWS::SQS::QueueInlinePolicy': ['sqs', 'Queue'],
  'AWS::SNS::TopicPolicy': ['sns', 'Topics'],
  'AWS::SNS::TopicInlinePolicy': ['sns', 'TopicArn'],
  'AWS::SecretsManager::ResourcePolicy': ['secretsmanager', 'SecretId'],
  'AWS::Kinesis::ResourcePolicy': ['kinesis', 'ResourceArn'],
  'AWS::Logs::ResourcePolicy': ['logs', ''],
  'AWS::Events::EventBusPolicy': ['events', 'EventBusName'],
  'AWS::KMS::Key': ['kms', ''],
  'AWS::Serverless::Api': ['execute-api', ''],
}

/**
 * Whether a policy on the resource may grant what the role does not: one that is written in the same template and is on
 * that resource, or always for roles and keys. A policy grants nothing on anything but its own resource, whatever its
 * actions say.
 */
export function mayBeLetInByResource(
  app: Application,
  fn: LambdaFunction,
  action: string,
  resource: Resource | undefined,
): boolean {
  const service = serviceOf(action)
  if (ALWAYS_BY_RESOURCE.has(service)) return true
  if (!BY_RESOURCE.has(service)) return false
  if (resource?.property('ResourcePolicy').isAbsent === false) return true
  if (
    action === 'lambda:InvokeFunction' &&
    app.invokePermissions.some(
      one =>
        isOneProject(one.resource.template, fn.template) &&
        !/\.amazonaws\.com(\.cn)?$/.test(one.principal.text() ?? '?'),
    )
  )
    return true
  return resourcePolicies(app).some(
    policy =>
      (policy.template === undefined || isOneProject(policy.template, fn.template)) &&
      isOn(policy, service, resource) &&
      (policy.open || policy.statements.some(statement => letsIn(statement, action))),
  )
}

/**
 * Whether a policy may be on a resource: not when it is on another service, or names other resources of the project
 * alone.
 */
function isOn(policy: Policy, service: string, resource: Resource | undefined): boolean {
  const holder = policy.resource
  if (!holder) return true
  const [of, member = ''] = own(ATTACHED, holder.type) ?? []
  if (of === undefined) return true
  if (of !== service) return false
  if (!resource || member === '') return true
  const named = holder.property(member).items('single')
  return !named.length || named.some(one => one.resource === undefined || one.resource === resource)
}

const policiesKnown = new WeakMap<Application, readonly Policy[]>()

function resourcePolicies(app: Application): readonly Policy[] {
  const known = policiesKnown.get(app) ?? app.policies.filter(policy => policy.kind === 'resource')
  policiesKnown.set(app, known)
  return known
}

/**
 * Whether it is sure that the thing has no policy of its own: it is declared in the project, or its service knows no
 * such policies.
 */
export const isClosedByItself = (need: Need): boolean =>
  need.resource !== undefined || !BY_RESOURCE.has(serviceOf(need.action))

function letsIn(statement: Statement, action: string): boolean {
  if (statement.effect !== 'Allow') return false
  const { principal } = statement
  const services = principal.kind === 'map' && principal.entries().every(entry => entry.key === 'Service')
  if (services) return false
  return (
    statement.notActions.length > 0 ||
    statement.actions.some(one => one.string() === undefined || covers(one.string() ?? '', action))
  )
}

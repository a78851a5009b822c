/** The other way to be let in: policies on queues, buckets, topics and the like, which name who may use them. */
import type { Application, Policy, Resource, Statement } from '../application/model.ts'
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

/** Whether a policy on the resource may grant what the role does not: one that is written in the project, or always for roles and keys. */
export function mayBeLetInByResource(app: Application, action: string, resource: Resource | undefined): boolean {
  if (ALWAYS_BY_RESOURCE.has(serviceOf(action))) return true
  if (!BY_RESOURCE.has(serviceOf(action))) return false
  if (resource?.property('ResourcePolicy').isAbsent === false) return true
  if (
    action === 'lambda:InvokeFunction' &&
    app.invokePermissions.some(one => !/\.amazonaws\.com(\.cn)?$/.test(one.principal.text() ?? '?'))
  )
    return true
  return resourcePolicies(app).some(
    policy => policy.open || policy.statements.some(statement => letsIn(statement, action)),
  )
}

const policiesKnown = new WeakMap<Application, readonly Policy[]>()

function resourcePolicies(app: Application): readonly Policy[] {
  const known = policiesKnown.get(app) ?? app.policies.filter(policy => policy.kind === 'resource')
  policiesKnown.set(app, known)
  return known
}

/** Whether it is sure that the thing has no policy of its own: it is declared in the project, or its service knows no such policies. */
export const isClosedByItself = (need: Need): boolean =>
  need.resource !== undefined || !BY_RESOURCE.has(serviceOf(need.action))

function letsIn(statement: Statement, action: string): boolean {
  if (statement.effect !== 'Allow') return false
  const { principal } = statement
  const services = principal.kind === 'map' && principal.entries().every(entry => entry.key === 'Service')
  if (services) return false
  return (
    statement.notActions.length > 0 ||
    statement.actions.some(one => one.string() === undefined || covers(one.string()!, action))
  )
}

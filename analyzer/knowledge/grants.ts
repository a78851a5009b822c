/** What the role of a function lets it do: statements, managed policies, SAM's policy templates and what a framework adds, as one list. */
import type { LambdaFunction, Permissions } from '../application/model.ts'
import type { Loc } from '../application/source.ts'
import type { Value } from '../application/value.ts'
import { covers } from '../data/iam.ts'
import { managedPolicies } from '../data/managed-policies.ts'
import { samPolicyTemplate } from '../data/sam-policy-templates.ts'

export interface Grant {
  readonly effect: 'Allow' | 'Deny'
  /** Action patterns (`s3:Get*`); with `except`, everything but these. */
  readonly actions: readonly string[]
  readonly except: boolean
  /** Resources as written; empty for managed policies and templates. */
  readonly resources: readonly Value[]
  /** Holds under a condition only. */
  readonly conditional: boolean
  readonly loc: Loc
  readonly from: { readonly kind: 'statement' } | { readonly kind: 'managed' | 'template'; readonly name: string } | { readonly kind: 'framework' }
}

/** Every grant and denial that is seen. `complete` is false when there may be more: then nothing may be said to be missing. */
export function grantsOf(permissions: Permissions): { readonly grants: readonly Grant[]; readonly complete: boolean } {
  const grants: Grant[] = []
  let complete = !permissions.open && permissions.kind !== 'unknown'
  for (const policy of permissions.policies) {
    for (const statement of policy.statements) {
      const except = statement.notActions.length > 0
      const written = except ? statement.notActions : statement.actions
      const actions = written.flatMap((action) => action.text('*') ?? [])
      if (actions.length < written.length || written.some((action) => action.isUnknown)) complete = false
      grants.push({ effect: statement.effect, actions, except, resources: statement.resources, conditional: !statement.condition.isAbsent, loc: statement.loc, from: { kind: 'statement' } })
    }
  }
  for (const arn of permissions.managed) {
    const name = /([^/]+)$/.exec(arn.text() ?? '')?.[1]
    const actions = name === undefined ? undefined : Object.hasOwn(managedPolicies, name) ? managedPolicies[name] : undefined
    if (name === undefined || !actions) complete = false
    else grants.push({ effect: 'Allow', actions, except: false, resources: [], conditional: false, loc: arn.loc, from: { kind: 'managed', name } })
  }
  for (const { name, value } of permissions.templates) {
    const template = samPolicyTemplate(name)
    if (!template) complete = false
    else for (const statement of template.statements) grants.push({ effect: 'Allow', actions: statement.actions, except: false, resources: [], conditional: false, loc: value.keyLoc ?? value.loc, from: { kind: 'template', name } })
  }
  return { grants, complete }
}

/**
 * Whether a function may do an action on something: true when a grant covers it, false when surely none does, undefined when it
 * cannot be told. Resources and conditions are not looked at; a denial counts only when it is for everything.
 */
export function isGranted(fn: LambdaFunction, action: string): boolean | undefined {
  const { grants, complete } = grantsOf(fn.permissions)
  const denied = grants.some((grant) => grant.effect === 'Deny' && !grant.conditional && !grant.except && grantCovers(grant, action) && grant.resources.every((resource) => resource.string() === '*'))
  if (denied) return false
  if (grants.some((grant) => grant.effect === 'Allow' && grantCovers(grant, action))) return true
  if (addedByFramework(fn).some((added) => covers(added, action))) return true
  return complete ? false : undefined
}

/** Whether the actions of a grant cover an action. */
export const grantCovers = (grant: Grant, action: string): boolean => grant.actions.some((pattern) => covers(pattern, action)) !== grant.except

/**
 * What SAM or the Serverless Framework adds to the role that it makes: logs, and what events, VPC, tracing, dead letters and destinations
 * of the function need. Empty for a role that the template names.
 */
export function addedByFramework(fn: LambdaFunction): readonly string[] {
  if (fn.permissions.kind !== 'generated') return []
  const added = new Set<string>(managedPolicies['AWSLambdaBasicExecutionRole'])
  const add = (actions: readonly string[] | undefined): void => {
    for (const action of actions ?? []) added.add(action)
  }
  if (!fn.vpc.isAbsent) add(managedPolicies['AWSLambdaVPCAccessExecutionRole'])
  if (fn.tracing.string() === 'Active' || fn.tracing.isUnknown) add(managedPolicies['AWSXRayDaemonWriteAccess'])
  for (const event of fn.events) {
    if (event.declaredBy === 'resource') continue
    if (event.kind === 'sqs') add(managedPolicies['AWSLambdaSQSQueueExecutionRole'])
    if (event.kind === 'kinesis') add(managedPolicies['AWSLambdaKinesisExecutionRole'])
    if (event.kind === 'dynamodb') add(managedPolicies['AWSLambdaDynamoDBExecutionRole'])
    if (event.kind === 'msk') add(managedPolicies['AWSLambdaMSKExecutionRole'])
    if (event.kind === 'mq') add(['mq:DescribeBroker', 'secretsmanager:GetSecretValue', ...managedPolicies['AWSLambdaENIManagementAccess']!])
    if (event.kind === 'kafka') add(['secretsmanager:GetSecretValue', 'kms:Decrypt'])
    if (!event.property('DestinationConfig', 'OnFailure').isAbsent) add(['sqs:SendMessage', 'sns:Publish'])
  }
  if (!fn.deadLetter.isAbsent) add(['sqs:SendMessage', 'sns:Publish'])
  if (!fn.asyncConfig.onFailure.isAbsent || !fn.asyncConfig.onSuccess.isAbsent) add(['sqs:SendMessage', 'sns:Publish', 'events:PutEvents', 'lambda:InvokeFunction'])
  return [...added]
}

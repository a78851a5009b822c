/** Who may invoke a function: which service calls for a trigger, and which permissions let it. */
import { own } from '../../base/own.ts'
import type {
  Application,
  EventKind,
  EventSource,
  InvokePermission,
  LambdaFunction,
  Resource,
} from '../application/model.ts'
import type { Plain } from '../engine/edit.ts'
import { addEntry } from '../engine/edit.ts'
import type { Repair } from '../engine/rule.ts'
import { matchesGlob } from '../../base/glob.ts'
import { coversResource } from '../application/arn-pattern.ts'
import { arnOfResource } from '../application/resource-arns.ts'

/** A trigger that is a resource of its own, with the service that calls for it. */
export interface Caller {
  readonly event: EventSource
  /** The resource that is the trigger: the rule, the subscription, the bucket. */
  readonly trigger: Resource
  /** Such as `events.amazonaws.com`. */
  readonly principal: string
  /** The resource whose ARN the service tells when it calls. */
  readonly source: Resource | undefined
}

const PRINCIPALS: { readonly [kind in EventKind]?: string } = {
  s3: 's3.amazonaws.com',
  sns: 'sns.amazonaws.com',
  eventbridge: 'events.amazonaws.com',
  schedule: 'events.amazonaws.com',
  'cloudwatch-logs': 'logs.amazonaws.com',
  iot: 'iot.amazonaws.com',
  alb: 'elasticloadbalancing.amazonaws.com',
  'rest-api': 'apigateway.amazonaws.com',
  'http-api': 'apigateway.amazonaws.com',
  'websocket-api': 'apigateway.amazonaws.com',
  authorizer: 'apigateway.amazonaws.com',
  cognito: 'cognito-idp.amazonaws.com',
  config: 'config.amazonaws.com',
  ses: 'ses.amazonaws.com',
}

/** Triggers that call with a role instead of a permission. */
const ROLE_OF_CALLER: { readonly [type: string]: readonly string[] } = {
  'AWS::ApiGateway::Method': ['Integration', 'Credentials'],
  'AWS::ApiGatewayV2::Integration': ['CredentialsArn'],
  'AWS::ApiGateway::Authorizer': ['AuthorizerCredentials'],
  'AWS::ApiGatewayV2::Authorizer': ['AuthorizerCredentialsArn'],
  'AWS::Logs::SubscriptionFilter': ['RoleArn'],
}

/**
 * The triggers of a function that need a permission which the template must bring: SAM and the Serverless Framework
 * bring those of their own events.
 */
export function callersOf(fn: LambdaFunction): readonly Caller[] {
  return fn.events.flatMap((event): Caller[] => {
    const principal = PRINCIPALS[event.kind]
    const trigger =
      event.declaredBy === 'resource' ? fn.template.resources.get(event.id.split('.')[0] ?? '') : undefined
    if (principal === undefined || !trigger || trigger.type === 'AWS::Scheduler::Schedule') return []
    const role = own(ROLE_OF_CALLER, trigger.type)
    if (role && !trigger.property(...role).isAbsent) return []
    return [{ event, trigger, principal, source: sourceOf(event, trigger) }]
  })
}

function sourceOf(event: EventSource, trigger: Resource): Resource | undefined {
  if (event.kind === 's3' || event.kind === 'sns' || event.kind === 'cloudwatch-logs') return event.resource
  return /^AWS::(Events::Rule|IoT::TopicRule|ElasticLoadBalancingV2::TargetGroup|Cognito::UserPool|Config::ConfigRule)$/.test(
    trigger.type,
  )
    ? trigger
    : undefined
}

/** Whether a permission lets a principal in, or may: the region can be part of what CloudWatch Logs is called. */
export function isFor(permission: InvokePermission, principal: string): boolean {
  const written = permission.principal.text(part => (part.reference?.id === 'AWS::URLSuffix' ? 'amazonaws.com' : '*'))
  return written === undefined ? permission.principal.isUnknown : matchesGlob(servicePrincipal(written), principal)
}

/** `logs.eu-west-1.amazonaws.com` is `logs.amazonaws.com`, and so is what it is called in China. */
export const servicePrincipal = (written: string): string =>
  written.replace(/^logs\.[a-z0-9*-]+\.amazonaws/, 'logs.amazonaws').replace(/\.amazonaws\.com\.cn$/, '.amazonaws.com')

/**
 * The permissions that may be for a function: those that name it, and those of which it cannot be told whom they name.
 */
export const permissionsFor = (app: Application, fn: LambdaFunction): readonly InvokePermission[] =>
  app.invokePermissions.filter(
    permission =>
      permission.function === fn ||
      (permission.function === undefined &&
        permission.functionName.string() === undefined &&
        !permission.functionName.resource),
  )

/** Whether a permission surely is for another source than that of a caller. */
export function isForAnother(permission: InvokePermission, { source }: Caller): boolean {
  const { sourceArn } = permission
  if (!source || sourceArn.isAbsent) return false
  const named = sourceArn.resource
  if (named && named.type === source.type) return named !== source
  const arn = arnOfResource(source)
  const text = sourceArn.string()
  return (
    arn !== undefined &&
    text !== undefined &&
    !/[*?]/.test(text) &&
    arn.assumes.size === 0 &&
    sourceArn.via.length === 0 &&
    coversResource([text], arn.pattern) === 'no'
  )
}

/** What a permission says of the source of a caller: its ARN, or the account where that would make a circle. */
export function sourceProperties(caller: Caller): { readonly [property: string]: Plain } {
  const { source, trigger, principal, event } = caller
  const account = { SourceAccount: { Ref: 'AWS::AccountId' } }
  if (principal === 's3.amazonaws.com') {
    // A bucket that waits for the permission cannot be what the permission waits for.
    const name = source?.property('BucketName').string()
    return { ...(name === undefined ? {} : { SourceArn: `arn:aws:s3:::${name}` }), ...account }
  }
  if (principal === 'elasticloadbalancing.amazonaws.com') return account
  if (principal === 'apigateway.amazonaws.com') {
    const api = event.source.resource?.id ?? trigger.property('RestApiId').resource?.id
    return api === undefined
      ? account
      : {
          SourceArn: {
            'Fn::Sub': `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${${api}}/*`,
          },
        }
  }
  if (!source)
    return event.kind === 'sns' && event.source.string() !== undefined
      ? { SourceArn: event.source.string() ?? '' }
      : account
  return { SourceArn: source.type === 'AWS::SNS::Topic' ? { Ref: source.id } : { 'Fn::GetAtt': [source.id, 'Arn'] } }
}

/** Adds a permission for a caller to the template. */
export function addPermission(fn: LambdaFunction, caller: Caller): readonly Repair[] {
  const { template } = fn
  if (template.format === 'cdk' || template.format === 'terraform') return []
  const resources =
    template.format === 'serverless' ? template.root.at('resources', 'Resources') : template.root.at('Resources')
  const id = `${fn.resource.id}PermissionFor${caller.trigger.id}`
  const edit = addEntry(resources, id, {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: { Ref: fn.resource.id },
      Principal: caller.principal,
      ...sourceProperties(caller),
    },
  })
  return edit ? [{ description: `Add a permission for ${caller.principal}`, kind: 'suggestion', edits: [edit] }] : []
}

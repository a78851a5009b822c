/** What a call of the SDK needs: IAM actions, each on the resource that the input of the call names. */
import { present } from '../../base/present.ts'
import { locOf } from '../application/code.ts'
import type { LambdaFunction, Resource, Template } from '../application/model.ts'
import type { Loc } from '../application/source.ts'
import { ts } from '../application/typescript.ts'
import type { Value } from '../application/value.ts'
import { actionFacts, actionsOfCall } from '../data/iam.ts'
import { bare, propertyName } from '../syntax/syntax.ts'
import { ANY, coversResource, FREE } from '../application/arn-pattern.ts'
import type { Pattern } from '../application/arn-pattern.ts'
import { textOf, valueInFunction } from '../dataflow/values.ts'
import { follow, followMember } from '../dataflow/origins.ts'
import type { Placed } from '../dataflow/origins.ts'
import { anyThing, arnOfResource, kindOfResource, locateThing } from '../application/resource-arns.ts'
import type { Located, ThingKind } from '../application/resource-arns.ts'
import type { SdkCall } from './sdk-calls.ts'

/** An action that the code asks AWS for, and on which resource. */
export interface Need {
  readonly client: string
  readonly operation: string
  /** The call. */
  readonly loc: Loc
  readonly action: string
  /** The resource as alternatives; undefined when nothing at all is known of it. */
  readonly on: readonly Located[] | undefined
  /** What names it: the value of an environment variable, a literal. */
  readonly named: Value | undefined
  /** The thing itself, when the project declares it. */
  readonly resource: Resource | undefined
  /** Where the code names it. */
  readonly namedAt: Loc | undefined
  readonly kind: ThingKind | undefined
  /** What is behind the ARN of the thing itself: `/*` for the objects of a bucket, `/index/*` for an index. */
  readonly below: string
}

/** The member of the input that names the thing, by client. */
/** The kind of thing that a client works on, and the members of its input that name one. */
export const NAMED_BY: {
  readonly [client: string]: readonly (readonly [kind: ThingKind, ...members: readonly string[]])[]
} = {
  dynamodb: [['table', 'TableName']],
  s3: [['bucket', 'Bucket']],
  sqs: [['queue', 'QueueUrl']],
  sns: [['topic', 'TopicArn', 'TargetArn']],
  lambda: [['function', 'FunctionName']],
  sfn: [['state-machine', 'stateMachineArn']],
  kinesis: [['stream', 'StreamName', 'StreamARN']],
  firehose: [['delivery-stream', 'DeliveryStreamName']],
  'secrets-manager': [['secret', 'SecretId']],
  ssm: [['parameter', 'Name']],
  'cognito-identity-provider': [['user-pool', 'UserPoolId']],
}

/** The needs of a call in a function; undefined when it is not known what the call needs. */
export function needsOfCall(call: SdkCall, fn: LambdaFunction): readonly Need[] | undefined {
  const special = SPECIAL[`${call.client}.${call.operation}`]?.(call, fn)
  if (special) return special
  const actions = actionsOfCall(call.client, call.operation)
  if (!actions) return undefined
  const more = s3Extras(call)
  const [kind, ...members] = NAMED_BY[call.client]?.[0] ?? []
  return [...actions, ...more].map(action => {
    if (!kind || isForKind(action, kind) === false) return need(call, action, undefined, undefined, undefined)
    const { input } = call
    const at =
      input && members.map(member => followMember(input.node, member, input.file)).find(found => found !== undefined)
    return need(call, action, kind, at, fn)
  })
}

function need(
  call: SdkCall,
  action: string,
  kind: ThingKind | undefined,
  at: Placed | undefined,
  fn: LambdaFunction | undefined,
): Need {
  return needOn({
    client: call.client,
    operation: call.operation,
    loc: locOf(call.file, call.node),
    action,
    kind,
    named: at && fn ? valueInFunction(at.node, at.file, fn) : undefined,
    namedAt: at && locOf(at.file, at.node),
    fn,
    below: kind === undefined ? NOTHING_BELOW : below(call, action, kind),
  })
}

interface Below {
  readonly pattern: Pattern
  readonly text: string
}

const NOTHING_BELOW: Below = { pattern: [], text: '' }

/** A need of which it is known what names the thing, in whatever language the call is written. */
export function needOn(facts: {
  readonly client: string
  readonly operation: string
  readonly loc: Loc
  readonly action: string
  readonly kind: ThingKind | undefined
  readonly named: Value | undefined
  readonly namedAt: Loc | undefined
  readonly fn: LambdaFunction | undefined
  readonly below: Below
}): Need {
  const { kind, fn } = facts
  // `${Jobs.Arn}` in code that stands in a template is something else by the time that it runs.
  const named = facts.named?.string()?.includes('${') ? undefined : facts.named
  const of = { client: facts.client, operation: facts.operation, loc: facts.loc, action: facts.action, kind }
  if (kind === undefined)
    return { ...of, on: undefined, named: undefined, resource: undefined, namedAt: undefined, below: '' }
  const things = named ? locateThing(named, kind) : [anyThing(kind)]
  const { pattern, text } = facts.below
  return {
    ...of,
    on: things.map(thing => (isBare(thing) ? thing : { ...thing, pattern: [...thing.pattern, ...pattern] })),
    named,
    resource: named && fn && declared(named, things, kind, fn),
    namedAt: facts.namedAt,
    below: text,
  }
}

/** The resource of the template that a value refers to, or whose name it is. */
function declared(named: Value, things: readonly Located[], kind: ThingKind, fn: LambdaFunction): Resource | undefined {
  if (named.resource) return kindOfResource(named.resource) === kind ? named.resource : undefined
  const [thing, ...others] = things
  if (!thing || others.length || isBare(thing)) return undefined
  const byArn = resourcesByArn(fn.template)
  const written = named.string()
  if (!written?.startsWith('arn:')) return byArn.get(keyOf(thing))
  return [...byArn.values()].find(
    resource =>
      kindOfResource(resource) === kind &&
      coversResource(thing.pattern, present(arnOfResource(resource), 'its ARN').pattern) === 'yes',
  )
}

const indexes = new WeakMap<Template, ReadonlyMap<string, Resource>>()
const keyOf = (located: Located): string => JSON.stringify(located.pattern)

/** The resources of a template that code can name, by their ARNs. */
function resourcesByArn(template: Template): ReadonlyMap<string, Resource> {
  const known = indexes.get(template)
  if (known) return known
  const made = new Map<string, Resource>()
  for (const resource of template.resources.values()) {
    const arn = arnOfResource(resource)
    if (arn) made.set(keyOf(arn), resource)
  }
  indexes.set(template, made)
  return made
}

const isBare = (thing: Located): boolean => thing.pattern.length === 1 && thing.pattern[0] === ANY

/** What comes after the ARN of the thing for an action. */
function below(call: SdkCall, action: string, kind: ThingKind): Below {
  const objects = objectsOf(action, kind)
  if (objects) return objects
  if (
    kind === 'table' &&
    /^dynamodb:(Query|Scan)$/.test(action) &&
    call.input &&
    followMember(call.input.node, 'IndexName', call.input.file)
  )
    return { pattern: ['/index/', FREE], text: '/index/*' }
  if (kind === 'function' && call.input && followMember(call.input.node, 'Qualifier', call.input.file))
    return { pattern: [':', FREE], text: ':*' }
  return { pattern: [], text: '' }
}

/** An action on the objects of a bucket is one on what is behind its ARN. */
export const objectsOf = (action: string, kind: ThingKind): Below | undefined =>
  kind === 'bucket' && scopes(action).some(arn => /\$\{ObjectName\}/.test(arn))
    ? { pattern: ['/', ANY], text: '/*' }
    : undefined

const scopes = (action: string): readonly string[] => actionFacts(action)?.resources ?? []

/** The name in ARN patterns of the authorization reference that stands for a kind of thing. */
const SCOPE: { readonly [kind in ThingKind]?: RegExp } = {
  table: /:table\/\$\{TableName\}($|\/index)/,
  bucket: /:::\$\{BucketName\}(\/|$)/,
  queue: /:sqs:.*\$\{QueueName\}/,
  topic: /:sns:.*\$\{TopicName\}/,
  function: /:function:\$\{FunctionName\}/,
  'state-machine': /:stateMachine:\$\{StateMachineName\}$/,
  stream: /:stream\/\$\{StreamName\}/,
  'delivery-stream': /:deliverystream\//,
  secret: /:secret:/,
  parameter: /:parameter\//,
  'user-pool': /:userpool\//,
  'event-bus': /:event-bus\//,
}

/** Whether an action can be scoped to a kind of thing. */
export const isForKind = (action: string, kind: ThingKind): boolean =>
  scopes(action).some(arn => SCOPE[kind]?.test(arn))

/** Members of S3's inputs that need an action of their own. */
function s3Extras(call: SdkCall): readonly string[] {
  if (
    call.client !== 's3' ||
    !call.input ||
    !/^(PutObject|CopyObject|Upload|CreateMultipartUpload)$/.test(call.operation)
  )
    return []
  const { node, file } = call.input
  const has = (member: string): boolean => followMember(node, member, file) !== undefined
  return [...(has('ACL') ? ['s3:PutObjectAcl'] : []), ...(has('Tagging') ? ['s3:PutObjectTagging'] : [])]
}

/** Calls whose actions hang on what their input holds. */
const SPECIAL: { readonly [call: string]: (call: SdkCall, fn: LambdaFunction) => readonly Need[] | undefined } = {
  'dynamodb.BatchGetItem': (call, fn) => tablesOfBatch(call, 'dynamodb:BatchGetItem', fn),
  'dynamodb.BatchWriteItem': (call, fn) => tablesOfBatch(call, 'dynamodb:BatchWriteItem', fn),
  'dynamodb.TransactGetItems': (call, fn) => itemsOf(call, { Get: 'dynamodb:GetItem' }, fn),
  'dynamodb.TransactWriteItems': (call, fn) =>
    itemsOf(
      call,
      {
        Put: 'dynamodb:PutItem',
        Update: 'dynamodb:UpdateItem',
        Delete: 'dynamodb:DeleteItem',
        ConditionCheck: 'dynamodb:ConditionCheckItem',
      },
      fn,
    ),
  'dynamodb.ExecuteStatement': call => partiQl(call),
  'dynamodb.BatchExecuteStatement': () => [],
  'dynamodb.ExecuteTransaction': () => [],
  'eventbridge.PutEvents': (call, fn) => busesOf(call, fn),
  'sns.Publish': call =>
    call.input && followMember(call.input.node, 'PhoneNumber', call.input.file)
      ? [need(call, 'sns:Publish', undefined, undefined, undefined)]
      : undefined,
  // A token is made without asking, and let in by the database as IAM says.
  'rds-signer.GetAuthToken': call => [need(call, 'rds-db:connect', undefined, undefined, undefined)],
  // The source of a copy is a text that is put together; its bucket is seldom to be told.
  's3.CopyObject': (call, fn) => {
    const to = call.input && followMember(call.input.node, 'Bucket', call.input.file)
    return [
      need(call, 's3:GetObject', 'bucket', undefined, fn),
      ...['s3:PutObject', ...s3Extras(call)].map(action => need(call, action, 'bucket', to, fn)),
    ]
  },
  's3.GetObject': (call, fn) => withVersion(call, 's3:GetObject', 's3:GetObjectVersion', fn),
  's3.HeadObject': (call, fn) => withVersion(call, 's3:GetObject', 's3:GetObjectVersion', fn),
  's3.DeleteObject': (call, fn) => withVersion(call, 's3:DeleteObject', 's3:DeleteObjectVersion', fn),
  // Which part of the upload needs it depends on its size, and on whether it fails.
  's3.Upload': (call, fn) => {
    const to = call.input && followMember(call.input.node, 'Bucket', call.input.file)
    return ['s3:PutObject', ...s3Extras(call)].map(action => need(call, action, 'bucket', to, fn))
  },
}

function withVersion(call: SdkCall, plain: string, versioned: string, fn: LambdaFunction): readonly Need[] {
  const { input } = call
  const at = input && followMember(input.node, 'Bucket', input.file)
  return [need(call, input && followMember(input.node, 'VersionId', input.file) ? versioned : plain, 'bucket', at, fn)]
}

/** `RequestItems: {[table]: …}`. */
function tablesOfBatch(call: SdkCall, action: string, fn: LambdaFunction): readonly Need[] {
  const items = call.input && followMember(call.input.node, 'RequestItems', call.input.file)
  const target = items && follow(items.node, items.file)
  if (!target || !ts.isObjectLiteralExpression(target.node) || !target.node.properties.length)
    return [need(call, action, 'table', undefined, fn)]
  return target.node.properties.map(property => {
    const at = property.name && writtenName(property.name)
    return need(call, action, 'table', at && { node: at, file: target.file }, fn)
  })
}

/** `TransactItems: [{Put: {TableName}}]`. */
function itemsOf(call: SdkCall, actions: { readonly [kind: string]: string }, fn: LambdaFunction): readonly Need[] {
  const items = call.input && followMember(call.input.node, 'TransactItems', call.input.file)
  const target = items && follow(items.node, items.file)
  if (!target || !ts.isArrayLiteralExpression(target.node)) return []
  return target.node.elements.flatMap(element => {
    const item = follow(element, target.file)
    if (!ts.isObjectLiteralExpression(item.node)) return []
    return item.node.properties.flatMap(property => {
      const name = propertyName(property.name) ?? ''
      const action = actions[name]
      const inner = action === undefined ? undefined : followMember(item.node, name, item.file)
      return action === undefined
        ? []
        : [need(call, action, 'table', inner && followMember(inner.node, 'TableName', inner.file), fn)]
    })
  })
}

function partiQl(call: SdkCall): readonly Need[] {
  const statement = call.input && followMember(call.input.node, 'Statement', call.input.file)
  const text =
    statement &&
    (textOf(statement.node, statement.file) ??
      (ts.isTemplateExpression(bare(statement.node))
        ? (bare(statement.node) as ts.TemplateExpression).head.text
        : undefined))
  const verb = /^\s*(select|insert|update|delete)\b/i.exec(text ?? '')?.[1]
  return verb === undefined
    ? []
    : [
        need(
          call,
          `dynamodb:PartiQL${verb.charAt(0).toUpperCase()}${verb.slice(1).toLowerCase()}`,
          undefined,
          undefined,
          undefined,
        ),
      ]
}

/** `Entries: [{EventBusName}]`; without a name it is the default bus of the account. */
function busesOf(call: SdkCall, fn: LambdaFunction): readonly Need[] {
  const entries = call.input && followMember(call.input.node, 'Entries', call.input.file)
  const target = entries && follow(entries.node, entries.file)
  if (!target || !ts.isArrayLiteralExpression(target.node))
    return [need(call, 'events:PutEvents', 'event-bus', undefined, fn)]
  return target.node.elements.map(element =>
    need(call, 'events:PutEvents', 'event-bus', followMember(element, 'EventBusName', target.file), fn),
  )
}

/** The expression or text that names a property. */
function writtenName(name: ts.PropertyName): ts.Expression | undefined {
  if (ts.isComputedPropertyName(name)) return name.expression
  return ts.isStringLiteral(name) ? name : undefined
}

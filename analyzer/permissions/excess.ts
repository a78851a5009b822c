/**
 * What a grant allows beyond what the code and the settings of the functions that hold it need. Says nothing unless all
 * of their code can be read.
 */
import type { Application, LambdaFunction, Resource, Statement } from '../application/model.ts'
import type { Loc } from '../application/source.ts'
import type { Value } from '../application/value.ts'
import { actionFacts, actionsMatching, actionsOfCall, covers } from '../data/iam.ts'
import { forwardedByAction, forwardedByService } from './forward-access.ts'
import { configurationNeeds } from './configuration-needs.ts'
import { needsOf, usesOf, usesOfFunction } from '../sdk/function-code.ts'
import { holdersOf } from './role-holders.ts'
import { sdkUseOf } from '../sdk/sdk-calls.ts'
import type { Need } from '../sdk/sdk-needs.ts'
import { isWhollyVisible } from '../sdk/visible-code.ts'

/** What functions use, at most. */
export interface Usage {
  readonly functions: readonly LambdaFunction[]
  /** Actions that calls in their code may need, and those that their settings need. */
  readonly actions: ReadonlySet<string>
  /** Services of which more may be used than is seen; `*` for all. */
  readonly open: ReadonlySet<string>
}

/** What the holders of a grant use; undefined when somebody else may hold it, or not all of their code can be read. */
export function usageAt(app: Application, loc: Loc): Usage | undefined {
  const { functions, closed } = holdersOf(app, loc)
  if (!closed || !functions.length || !functions.every(isWhollyVisible)) return undefined
  const actions = new Set<string>()
  const open = new Set<string>()
  for (const fn of functions) {
    const uses = usesOfFunction(fn)
    for (const action of uses.actions) actions.add(action)
    for (const service of uses.open) for (const one of [service, ...forwardedByService(service)]) open.add(one)
    for (const action of uses.actions) for (const service of forwardedByAction(action)) open.add(service)
    for (const need of configurationNeeds(fn)) for (const action of need.actions.flat()) actions.add(action)
  }
  return { functions, actions, open }
}

/** Whether everything that is used of a service is seen. */
export const isTold = (usage: Usage, service: string): boolean => !usage.open.has('*') && !usage.open.has(service)

/** `s3` of `s3:GetObject`. */
export const serviceOfAction = (action: string): string =>
  action.slice(0, Math.max(0, action.indexOf(':'))).toLowerCase()

/**
 * Services that code uses without the SDK, or that AWS uses for it: with signed requests, by drivers, by the service
 * behind a call.
 */
const NOT_BY_SDK_ALONE = new Set([
  'logs',
  'xray',
  'kms',
  'ec2',
  'sts',
  'iam',
  'rds-db',
  'elasticfilesystem',
  'kafka-cluster',
  'execute-api',
  'appsync',
  'es',
  'aoss',
  'neptune-db',
  'dax',
  'ssmmessages',
  'appconfig',
  'cloudwatch',
  'iot',
  'dsql',
  'vpc-lattice',
  'redshift',
  'elasticache',
  'cassandra',
])

/** Whether a service is used by calls of the SDK alone, so that no call means no use. */
export const isBySdkAlone = (service: string): boolean => !NOT_BY_SDK_ALONE.has(service)

/** An action of a whole service of which the code needs only some. */
export interface BroadAction {
  readonly value: Value
  readonly service: string
  readonly needed: readonly string[]
  readonly of: number
  readonly functions: readonly LambdaFunction[]
}

/** `dynamodb:*` in a statement whose holders surely need less. */
export function broadActions(app: Application, statement: Statement): readonly BroadAction[] {
  const wild =
    statement.effect === 'Allow' ? statement.actions.filter(action => isServiceWildcard(action.string() ?? '')) : []
  const usage = wild.length ? usageAt(app, statement.loc) : undefined
  if (!usage) return []
  return wild.flatMap((value): BroadAction[] => {
    const service = serviceOfAction(value.string() ?? '')
    const all = actionsMatching(`${service}:*`)
    if (!isTold(usage, service) || !isBySdkAlone(service) || !all.length) return []
    const needed = [...usage.actions].filter(action => serviceOfAction(action) === service).sort()
    return needed.length ? [{ value, service, needed, of: all.length, functions: usage.functions }] : []
  })
}

/** Whether an action names all actions of one service, such as `s3:*`. */
export const isServiceWildcard = (action: string): boolean => /^[a-z0-9-]+:[*?]+$/i.test(action) && action.includes('*')

/** Everything of every service, as IAM reads it: `*`, and `*:*` too. */
export const isEveryAction = (action: string): boolean => /^\*+(:\*+)?$/.test(action)

/** A resource `*` (or every table, every bucket) where the code names the very ones that it uses. */
export interface BroadResource {
  readonly value: Value
  readonly used: readonly { readonly resource: Resource; readonly below: string }[]
  readonly functions: readonly LambdaFunction[]
}

/** Everything, in a statement of whose actions each use is on a resource that the project declares. */
export function broadResource(app: Application, statement: Statement): BroadResource | undefined {
  if (
    statement.effect !== 'Allow' ||
    statement.notActions.length ||
    statement.notResources.length ||
    !statement.condition.isAbsent
  )
    return undefined
  const [value, ...others] = statement.resources
  if (!value || others.length || !isEverything(value)) return undefined
  const patterns = statement.actions.map(action => action.string())
  if (patterns.some(pattern => pattern === undefined || isEveryAction(pattern))) return undefined
  const usage = usageAt(app, statement.loc)
  if (!usage) return undefined
  const granted = (action: string): boolean => patterns.some(pattern => covers(pattern ?? '', action))
  const services = new Set(patterns.map(pattern => serviceOfAction(pattern ?? '')))
  if ([...services].some(service => !isTold(usage, service) || !isBySdkAlone(service))) return undefined
  const used = [...usage.actions].filter(granted)
  if (!used.length || used.some(action => !actionFacts(action)?.resources.length)) return undefined
  const places = new Map<string, { resource: Resource; below: string }>()
  for (const fn of usage.functions) {
    for (const need of configurationNeeds(fn)) if (need.actions.flat().some(granted)) return undefined
    const needs = needsOf(fn).filter(need => granted(need.action))
    if (needs.some(need => !need.resource) || !explains(fn, needs, granted)) return undefined
    for (const { resource, below } of needs) if (resource) places.set(`${resource.id}${below}`, { resource, below })
  }
  return places.size ? { value, used: [...places.values()], functions: usage.functions } : undefined
}

/** `*`, or an ARN that names nothing but the kind of thing. */
export function isEverything(value: Value): boolean {
  const text = value.text(part => (part.reference?.id.startsWith('AWS::') ? '*' : '\0'))
  return (
    text !== undefined &&
    (/^\*+$/.test(text) ||
      /^arn:[^:]*:s3:::\*+(\/\*+)?$/.test(text) ||
      /^arn:[^:]*:(?!s3:)[a-z0-9*-]+:[^:]*:[^:]+:([a-zA-Z-]+[/:])?\*+(\/\*+)?$/.test(text))
  )
}

/**
 * Whether the needs that are surely known are all that the code of a function may do of these actions: no other call,
 * no name of a command that is not called.
 */
function explains(fn: LambdaFunction, needs: readonly Need[], granted: (action: string) => boolean): boolean {
  const known = new Set(needs.map(need => need.action))
  const handler = fn.entry
  if (!handler) return false
  if ([...usesOf(handler).actions].some(action => granted(action) && !known.has(action))) return false
  const places = new Set(needs.map(need => `${need.loc.source.path}:${need.loc.start}`))
  const calls = handler.files
    .flatMap(file => sdkUseOf(file).calls)
    .filter(call => (actionsOfCall(call.client, call.operation) ?? []).some(granted))
  return calls.length === places.size
}

/** What usually stands beside an action, and is used by AWS, the SDK or a console for it. */
const COMPANIONS: readonly (readonly [action: RegExp, beside: RegExp])[] = [
  [/^s3:(ListBucket|ListBucketVersions|GetBucketLocation)$/, /^s3:\w*Object/],
  [
    /^s3:(GetObjectVersion|GetObjectTagging|GetObjectVersionTagging|GetObjectAcl|GetObjectAttributes)$/,
    /^s3:GetObject/,
  ],
  [/^s3:(AbortMultipartUpload|ListMultipartUploadParts|ListBucketMultipartUploads|PutObject\w+)$/, /^s3:PutObject/],
  [/^s3:DeleteObject\w+$/, /^s3:DeleteObject/],
  [/^dynamodb:(Describe\w+|ConditionCheckItem)$/, /^dynamodb:/],
  [/^dynamodb:BatchGetItem$/, /^dynamodb:GetItem$/],
  [/^sqs:(GetQueueUrl|GetQueueAttributes|ChangeMessageVisibility\w*|\w+Batch)$/, /^sqs:/],
  [/^sns:GetTopicAttributes$/, /^sns:/],
  [/^ssm:(Get|Describe)Parameter\w*$/, /^ssm:GetParameter/],
  [/^secretsmanager:DescribeSecret$/, /^secretsmanager:/],
  [/^kinesis:(Describe|List)\w+$/, /^kinesis:/],
  [/^kinesis:PutRecords?$/, /^kinesis:PutRecords?$/],
  [/^firehose:PutRecord(Batch)?$/, /^firehose:PutRecord/],
  [/^lambda:Invoke\w+$/, /^lambda:InvokeFunction$/],
  [/^states:(Describe|List)\w+$/, /^states:/],
  [/^ses:Send\w+$/, /^ses:Send/],
  [/^bedrock:InvokeModel\w*$/, /^bedrock:/],
]

/** Actions of a grant that nothing uses. */
export interface UnusedActions {
  readonly functions: readonly LambdaFunction[]
  /** Of services that nothing uses at all. */
  readonly ofServices: readonly string[]
  /** Single ones of services that are used otherwise. */
  readonly single: readonly string[]
}

/**
 * The action patterns of a grant at a place that no call, no setting and nothing that goes with them uses; undefined
 * when that cannot be told.
 */
export function unusedActions(app: Application, loc: Loc, patterns: readonly string[]): UnusedActions | undefined {
  const candidates = patterns.filter(
    pattern => pattern.includes(':') && !isEveryAction(pattern) && isBySdkAlone(serviceOfAction(pattern)),
  )
  const usage = candidates.length ? usageAt(app, loc) : undefined
  if (!usage) return undefined
  const used = [...usage.actions]
  const ofServices: string[] = []
  const single: string[] = []
  for (const pattern of candidates) {
    const service = serviceOfAction(pattern)
    if (!isTold(usage, service) || !actionsMatching(`${service}:*`).length) continue
    if (!used.some(action => serviceOfAction(action) === service)) ofServices.push(pattern)
    else if (!isServiceWildcard(pattern) && !used.some(action => covers(pattern, action)) && !goesWith(pattern, used))
      single.push(pattern)
  }
  return { functions: usage.functions, ofServices, single }
}

function goesWith(pattern: string, used: readonly string[]): boolean {
  const spelled =
    pattern.includes('*') || pattern.includes('?') ? actionsMatching(pattern) : [actionFacts(pattern)?.name ?? pattern]
  return (
    spelled.length === 0 ||
    spelled.some(action =>
      COMPANIONS.some(([one, beside]) => one.test(action) && used.some(other => beside.test(other))),
    )
  )
}

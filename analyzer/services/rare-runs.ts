/** How often functions run: whether an environment is warm when they do. */
import type { EventKind, EventSource, LambdaFunction } from '../application/model.ts'
import { REQUESTS } from '../dataflow/event-trust.ts'

/** Lambda keeps an environment for some minutes after its last invocation. */
const WARM_MINUTES = 5

/** Whether nothing but schedules of more than a few minutes runs a function. */
export const isSeldomScheduled = (fn: LambdaFunction): boolean => fn.events.length > 0 && fn.events.every(isSeldom)

function isSeldom(event: EventSource): boolean {
  if (event.kind !== 'schedule') return false
  const expression = [event.property('ScheduleExpression'), event.property('Schedule')].find(one => !one.isAbsent)
  const text = expression?.string()
  return text !== undefined && !isFrequent(text)
}

/** Requests, and sources of which a function reads one batch after the other. */
const BUSY: ReadonlySet<EventKind> = new Set<EventKind>([
  ...REQUESTS,
  'sqs',
  'kinesis',
  'dynamodb',
  'msk',
  'kafka',
  'mq',
  'documentdb',
  's3',
  'iot',
  'cloudfront',
  'cloudwatch-logs',
])

/**
 * Whether one event of a function surely follows another: how often a topic or a bus tells something, nobody can see.
 */
export const isBusy = (fn: LambdaFunction): boolean =>
  fn.events.some(event => BUSY.has(event.kind) || (event.kind === 'schedule' && !isSeldom(event)))

/** `rate(1 minute)`, `cron(0/2 * * * ? *)`, `cron(* …)`. */
function isFrequent(expression: string): boolean {
  const [, rate, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression.trim()) ?? []
  if (rate !== undefined) return unit === 'minute' && Number(rate) <= WARM_MINUTES
  const [, minutes] = /^cron\((\S+) /.exec(expression.trim()) ?? []
  if (minutes === undefined) return !/^at\(/.test(expression)
  const [, step] = /\/(\d+)$/.exec(minutes) ?? []
  return minutes === '*' || (step !== undefined && Number(step) <= WARM_MINUTES) || minutes.split(',').length > 10
}

/** What events of operation hold: a stack that changes, a lifecycle hook, an alarm, a job of CodePipeline. */
const OPERATION =
  /\b(?:RequestType|ResourceProperties|CloudFormationCustomResource\w*|LifecycleActionToken|LifecycleHookName|NewStateValue|NewStateReason|AlarmName|StateReasonData)\b|['"]CodePipeline\.job['"]/

/** Whether code handles what happens seldom, by what it reads of its event; the rotation of a secret is such a thing. */
export const isSeldomRun = (text: string): boolean =>
  OPERATION.test(text) ||
  ['SecretId', 'ClientRequestToken', 'Step'].every(name => new RegExp(`\\b${name}\\b`).test(text))

/**
 * Whether code answers requests, or reads what queues and streams bring: one invocation follows another, and the second
 * finds the environment of the first.
 */
export const servesTraffic = (text: string): boolean =>
  /\b(?:statusCode|requestContext|httpMethod|pathParameters|queryStringParameters|rawPath|authorizationToken|methodArn|routeArn|messageId|receiptHandle|eventSourceARN|sequenceNumber|NewImage|APIGateway\w*|ALB(?:Event|Result)\w*|SQS(?:Event|Handler|Record)|S3(?:Event|Handler)|Kinesis\w+|DynamoDB(?:Stream|Record)\w*|AppSync\w+|Mangum|serverless-http|serverlessExpress)\b/.test(
    text,
  )

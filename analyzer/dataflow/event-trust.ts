/** Who wrote a part of an event: somebody outside, somebody inside, or AWS itself. */
import type { EventKind } from '../application/model.ts'
import type { EventPath } from './event-origins.ts'

/** Requests: events that anybody may send who reaches the address. */
export const REQUESTS: ReadonlySet<EventKind> = new Set<EventKind>([
  'rest-api',
  'http-api',
  'websocket-api',
  'url',
  'alb',
  'appsync',
  'lex',
  'alexa',
  'cognito',
  'authorizer',
])
/** Members of a request that its sender writes. */
const WRITTEN =
  /^(body|queryStringParameters|multiValueQueryStringParameters|pathParameters|headers|multiValueHeaders|rawQueryString|rawPath|path|cookies|arguments|inputTranscript|request)$/
/** What the service itself says in records, of custom resources, pipelines and requests. */
const SERVICE =
  /^(requestContext|stageVariables|httpMethod|resource|routeKey|version|isBase64Encoded|account|region|source|time|id|resources|detail-type|RequestType|ResponseURL|StackId|RequestId|LogicalResourceId|PhysicalResourceId|ResourceType|ResourceProperties|OldResourceProperties|CodePipeline\.job|awslogs|deliveryStreamArn|invocationId|methodArn|type|configRuleName|invokingEvent|accountId|triggerSource|userPoolId|callerContext|bootstrapServers|widgetContext|Records\.\[\]\.(?!body\b|Sns\.(Message|Subject|MessageAttributes)\b|kinesis\.data\b|dynamodb\.(NewImage|OldImage|Keys)\b|s3\.object\.key\b|messageAttributes\b).*)(\.|$)/
/** Members of events of AWS that are called as those of anybody's own events may be. */
const ENVELOPE = /^(id|type|source|resource|account|region|version)$/
/** Headers that the service in front sets. */
const SET_HEADERS = /^headers\.(host|x-forwarded-(proto|port)|x-amzn-trace-id|cloudfront-.*|x-amz-cf-id)$/i

/**
 * Who wrote a part of the event: somebody outside, somebody who may send to a queue or invoke, or AWS and whoever
 * deploys.
 * @param kinds what makes the function run; empty when it is not known.
 */
export function trustOf(path: EventPath, kinds: ReadonlySet<EventKind>): 'outside' | 'inside' | 'trusted' {
  const dotted = path.join('.')
  // These are of AWS in its own events; of an event of which nothing is known they may be anybody's.
  if (kinds.size === 0 && path.length === 1 && ENVELOPE.test(dotted)) return 'inside'
  if (SERVICE.test(dotted) || SET_HEADERS.test(dotted) || /(^|\.)response_?url$/i.test(dotted)) return 'trusted'
  // A schedule's input stands in the template.
  if (
    kinds.size > 0 &&
    [...kinds].every(kind => kind === 'schedule' || kind === 'cloudfront' || kind === 'config' || kind === 'codecommit')
  )
    return 'trusted'
  if (
    (path.length === 0 ? kinds.size > 0 : WRITTEN.test(path[0] ?? '')) &&
    (kinds.size === 0 || [...kinds].some(kind => REQUESTS.has(kind)))
  )
    return 'outside'
  return 'inside'
}

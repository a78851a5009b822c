/** Asks which other services live on the same endpoint, and whether it looks at signatures. */
import type { Spec } from '../../spec/model.ts'
import type { Answer } from '../case.ts'
import type { WireClient } from '../wire/client.ts'
import { memberOf } from '../../base/member-of.ts'
import { describe } from './ask-actions.ts'

/** Which other services answer on the same endpoint. */
export interface ServicesAsked {
  readonly sqs: boolean
  readonly kinesis: boolean
  readonly dynamodb: boolean
  readonly 'cloudwatch-logs': boolean
}

/** What there is, and for each service what it was asked and what came. */
export interface ServiceAnswers {
  readonly found: ServicesAsked
  readonly answers: { readonly [service: string]: string }
}

/** Asks SQS, Kinesis, DynamoDB and the logs for what changes nothing. Milliseconds for each question. */
export async function askServices(client: WireClient, unknownName: string, timeoutMs: number): Promise<ServiceAnswers> {
  const ask = (service: string, target: string, version: string, body: object): Promise<Answer> =>
    client.httpTo(
      service,
      {
        method: 'POST',
        path: '/',
        query: [],
        headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': target },
        body: JSON.stringify(body),
      },
      { timeoutMs },
    )
  const [queue, streams, tables, groups] = await Promise.all([
    // Of a queue that does not exist: a server that says yes to everything says yes to this too.
    ask('sqs', 'AmazonSQS.GetQueueUrl', '1.0', { QueueName: unknownName }),
    ask('kinesis', 'Kinesis_20131202.ListStreams', '1.1', { Limit: 1 }),
    ask('dynamodb', 'DynamoDB_20120810.ListTables', '1.0', { Limit: 1 }),
    ask('logs', 'Logs_20140328.DescribeLogGroups', '1.1', { limit: 1 }),
  ])
  const refusal =
    `${queue.error?.name ?? ''} ${queue.headers['x-amzn-query-error'] ?? ''} ` + `${JSON.stringify(queue.json ?? '')}`
  return {
    found: {
      sqs: queue.status === 400 && /NonExistentQueue|QueueDoesNotExist/i.test(refusal),
      kinesis: Array.isArray(memberOf(streams.json, 'StreamNames')),
      dynamodb: Array.isArray(memberOf(tables.json, 'TableNames')),
      'cloudwatch-logs': Array.isArray(memberOf(groups.json, 'logGroups')),
    },
    answers: {
      sqs: `GetQueueUrl for an unknown queue was answered ${describe(queue)}`,
      kinesis: `ListStreams was answered ${describe(streams)}`,
      dynamodb: `ListTables was answered ${describe(tables)}`,
      'cloudwatch-logs': `DescribeLogGroups was answered ${describe(groups)}`,
    },
  }
}

/** True when a request signed with a wrong secret is refused although the rightly signed one was answered. */
export async function checksSignatures(
  spec: Spec,
  right: WireClient,
  wrong: WireClient,
  timeoutMs: number,
): Promise<boolean> {
  const action = spec.actions['ListFunctions']
  if (action === undefined) return false
  const [yes, no] = await Promise.all([right, wrong].map(client => client.call(action, {}, { timeoutMs })))
  return yes?.status === 200 && no?.status === 403
}

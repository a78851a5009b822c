import type { Reply } from './actions/call.ts'
import { tableActions } from './services/dynamodb/table-actions.ts'
import type { TableCall } from './services/dynamodb/table-actions.ts'
import { tableStreamActions } from './services/dynamodb/table-stream-actions.ts'
import type { Members } from './services/input.ts'
import { logActions } from './services/logs/log-actions.ts'
import type { LogCall } from './services/logs/log-actions.ts'
import { streamActions } from './services/kinesis/stream-actions.ts'
import type { StreamCall } from './services/kinesis/stream-actions.ts'
import { ServiceError, refuseService } from './services/service-error.ts'
import { queueActions } from './services/sqs/queue-actions.ts'
import type { QueueCall } from './services/sqs/queue-actions.ts'
import { isObject } from '../base/is-object.ts'

type ServiceCall = Omit<QueueCall, 'place'> & {
  readonly place: QueueCall['place'] & StreamCall['place'] & TableCall['place'] & LogCall['place']
}

interface Service {
  readonly actions: { readonly [action: string]: (call: ServiceCall, input: Members) => object | Promise<object> }
  /** Version of the JSON protocol. */
  readonly json: '1.0' | '1.1'
  /** Before the name of an error. */
  readonly namespace: string
}

/** By what begins the header `X-Amz-Target`. */
const services: { readonly [target: string]: Service } = {
  AmazonSQS: { actions: queueActions, json: '1.0', namespace: 'com.amazonaws.sqs#' },
  Logs_20140328: { actions: logActions, json: '1.1', namespace: '' },
  Kinesis_20131202: { actions: streamActions, json: '1.1', namespace: '' },
  DynamoDB_20120810: { actions: tableActions, json: '1.0', namespace: 'com.amazonaws.dynamodb.v20120810#' },
  DynamoDBStreams_20120810: {
    actions: tableStreamActions,
    json: '1.0',
    namespace: 'com.amazonaws.dynamodb.v20120810#',
  },
}

/** The service and the action that is meant. */
export interface ServiceRequest {
  readonly service: string
  readonly action: string
}

/**
 * Reads the header `X-Amz-Target`, `AmazonSQS.SendMessage`, by which requests to the other services are told from those
 * to Lambda.
 */
export function readTarget(target: string | string[] | undefined): ServiceRequest | undefined {
  const [, service, action] = /^(\w+)\.(\w+)$/.exec(String(target ?? '')) ?? []
  return service === undefined || action === undefined || !Object.hasOwn(services, service)
    ? undefined
    : { service, action }
}

/** Answers a request to another service, in its own JSON protocol. Refusals are answers too. */
export async function answerService(
  { service, action }: ServiceRequest,
  call: ServiceCall,
  body: Buffer,
): Promise<Reply> {
  const { actions, json, namespace } = services[service] as Service
  const headers = { 'Content-Type': `application/x-amz-json-${json}` }
  try {
    const perform = Object.hasOwn(actions, action) ? actions[action] : undefined
    if (!perform) refuseService('UnknownOperationException', `This endpoint has no ${service}.${action.slice(0, 80)}.`)
    return { status: 200, headers, body: await perform(call, readMembers(body)) }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    const { errorName, message, queryName } = error
    return {
      status: 400,
      headers: {
        ...headers,
        ...(service === 'AmazonSQS' && { 'x-amzn-query-error': `${queryName ?? errorName};Sender` }),
      },
      body: { __type: `${namespace}${errorName}`, message },
    }
  }
}

function readMembers(body: Buffer): Members {
  if (body.length === 0) return {}
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    if (isObject(value)) return value
  } catch {
    // Told below.
  }
  return refuseService('SerializationException', 'The body of the request is no JSON structure.')
}

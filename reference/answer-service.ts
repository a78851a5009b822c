import type { Reply } from './actions/call.ts'
import { ServiceError, refuseService } from './services/service-error.ts'
import { queueActions } from './services/sqs/queue-actions.ts'
import type { QueueCall } from './services/sqs/queue-actions.ts'
import { streamActions } from './services/kinesis/stream-actions.ts'
import type { StreamCall } from './services/kinesis/stream-actions.ts'
import type { Members } from './services/input.ts'

/** The service and the action that is meant; undefined when the request is none of theirs. */
export interface ServiceRequest {
  readonly service: 'AmazonSQS' | 'Kinesis_20131202'
  readonly action: string
}

/** Reads the header `X-Amz-Target`, `AmazonSQS.SendMessage`, by which requests to the other services are told from those to Lambda. */
export function readTarget(target: string | string[] | undefined): ServiceRequest | undefined {
  const [, service, action] = /^(AmazonSQS|Kinesis_20131202)\.(\w+)$/.exec(String(target ?? '')) ?? []
  return action === undefined ? undefined : { service: service as ServiceRequest['service'], action }
}

type ServiceCall = Omit<QueueCall, 'place'> & { readonly place: QueueCall['place'] & StreamCall['place'] }

/** Answers a request to another service, in its own protocol: JSON 1.0 for queues, JSON 1.1 for streams. Refusals are answers too. */
export async function answerService(
  { service, action }: ServiceRequest,
  call: ServiceCall,
  body: Buffer,
): Promise<Reply> {
  const headers = {
    'Content-Type': service === 'AmazonSQS' ? 'application/x-amz-json-1.0' : 'application/x-amz-json-1.1',
  }
  try {
    return { status: 200, headers, body: await carryOut(service, action, call, readMembers(body)) }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    const { errorName, message, queryName } = error
    return {
      status: 400,
      headers: {
        ...headers,
        ...(service === 'AmazonSQS' && { 'x-amzn-query-error': `${queryName ?? errorName};Sender` }),
      },
      body: { __type: service === 'AmazonSQS' ? `com.amazonaws.sqs#${errorName}` : errorName, message },
    }
  }
}

function carryOut(
  service: ServiceRequest['service'],
  action: string,
  call: ServiceCall,
  input: Members,
): object | Promise<object> {
  const queue = service === 'AmazonSQS' && Object.hasOwn(queueActions, action) ? queueActions[action] : undefined
  if (queue) return queue(call, input)
  const stream =
    service === 'Kinesis_20131202' && Object.hasOwn(streamActions, action) ? streamActions[action] : undefined
  if (stream) return stream(call, input)
  return refuseService('UnknownOperationException', `This endpoint has no ${service}.${action.slice(0, 80)}.`)
}

function readMembers(body: Buffer): Members {
  if (body.length === 0) return {}
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members
  } catch {
    // Told below.
  }
  return refuseService('SerializationException', 'The body of the request is no JSON structure.')
}

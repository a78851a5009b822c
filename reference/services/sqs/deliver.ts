import type { Place } from '../../protocol/arn.ts'
import type { MessageAttribute } from './message-digest.ts'
import { queueByArn, sendMessage } from './queue.ts'
import type { Queue } from './queue.ts'

/**
 * Puts what Lambda itself has to say into a queue of this endpoint. What goes to a queue that does not exist, or to
 * anything else that is no queue of this endpoint, is lost, as it is where the role may not send it.
 */
export function deliverToQueue(
  place: Place & { readonly queues: ReadonlyMap<string, Queue> },
  arn: string,
  body: string,
  attributes: { readonly [name: string]: MessageAttribute } = {},
): void {
  const queue = queueByArn(place.queues, arn)
  if (queue) sendMessage(queue, { body, attributes, senderId: 'AROALAMBDA:awslambda' }, Date.now())
}

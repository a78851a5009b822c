import type { FunctionReference } from '../protocol/arn.ts'
import { refuse } from '../protocol/errors.ts'
import { queueByArn, queueNumber } from '../services/sqs/queue.ts'
import { streamByArn } from '../services/kinesis/stream.ts'
import { streamOfTable } from '../services/dynamodb/table.ts'
import { resolveQualifier } from '../store/find.ts'
import type { World } from '../store/world.ts'

/**
 * Refuses a queue or stream of this account that does not exist, and a queue whose messages would be shown again while
 * the function is still at work. What belongs to another account, or to a service that this endpoint has not, is taken
 * as it is named.
 */
export function checkSourceExists(world: World, reference: FunctionReference, arn = ''): void {
  const [, , service, region, accountId] = arn.split(':')
  if (accountId !== world.accountId) return
  if (service === 'kinesis' && (region !== world.region || !streamByArn(world.streams, arn)))
    refuse('InvalidParameterValueException', `Stream not found: ${arn}`)
  // Tables are often kept by another program beside this endpoint: of one that is not here nothing is known.
  if (service === 'dynamodb' && isTableHere(world, arn) && !streamOfTable(world.tables, arn))
    refuse('InvalidParameterValueException', `Stream not found: ${arn}`)
  if (service !== 'sqs') return
  const queue = region === world.region ? queueByArn(world.queues, arn) : undefined
  if (!queue)
    refuse(
      'InvalidParameterValueException',
      'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. ' +
        'SQS Error Message: The specified queue does not exist.',
    )
  const fn = world.functions.get(reference.name)
  const timeout = (fn && resolveQualifier(fn, reference.qualifier))?.version.settings.timeout ?? 0
  const visibility = queueNumber(queue, 'VisibilityTimeout')
  if (visibility < timeout)
    refuse(
      'InvalidParameterValueException',
      `Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${timeout} seconds`,
    )
}

function isTableHere(world: World, arn: string): boolean {
  const name = /^arn:[^:]*:dynamodb:[^:]*:[^:]*:table\/([^/]+)/.exec(arn)?.[1]
  return name !== undefined && world.tables.has(name)
}

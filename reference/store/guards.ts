import { functionArn } from '../protocol/arn.ts'
import { refuse } from '../protocol/errors.ts'
import { isSettled } from './revision.ts'
import type { LambdaFunction, World } from './world.ts'

/** Refuses a write while the function is being created or updated. */
export function refuseWhileInTransition(world: World, fn: LambdaFunction, now: number): void {
  const { revision } = fn.latest
  if (isSettled(revision, now)) return
  if (revision.transition === 'creating')
    refuse(
      'ResourceConflictException',
      'The operation cannot be performed at this time. The function is currently in the following state: Pending',
    )
  refuse(
    'ResourceConflictException',
    'The operation cannot be performed at this time. An update is in progress for resource: ' +
      `${functionArn(world, fn.name)}`,
  )
}

/**
 * Refuses a write whose condition, the revision id that the caller has seen, does not hold any more. `reader` is the
 * action that tells the latest.
 */
export function refuseOtherRevision(given: string | undefined, latest: string, reader = 'GetFunction/GetAlias'): void {
  if (given !== undefined && given !== '' && given !== latest)
    refuse(
      'PreconditionFailedException',
      `The Revision Id provided does not match the latest Revision Id. Call the ${reader} API to retrieve the ` +
        'latest Revision Id',
    )
}

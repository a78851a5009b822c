import type { Input } from '../protocol/inputs.ts'
import { functionArn, isVersionNumber, readFunctionReference } from '../protocol/arn.ts'
import { type Call, handler } from './call.ts'
import { refuse } from '../protocol/errors.ts'
import { totalProvisioned, unreservedConcurrency } from '../invoke/concurrency.ts'
import { answerPage } from '../protocol/pagination.ts'
import { findFunction, resolveQualifier } from '../store/find.ts'
import type { Target } from '../store/find.ts'
import { isoTime } from '../store/time.ts'
import type { LambdaFunction, Provisioned, World } from '../store/world.ts'

/** https://docs.aws.amazon.com/lambda/latest/dg/API_PutProvisionedConcurrencyConfig.html */
export const putProvisionedConcurrencyConfig = handler((call, input: Input<'PutProvisionedConcurrencyConfig'>) => {
  const { world, now } = call
  const target = findProvisionable(
    world,
    input,
    'Provisioned Concurrency Configs cannot be applied to unpublished function versions.',
  )
  const { fn, version, alias } = target
  const qualifier = target.qualifier
  const requested = input.ProvisionedConcurrentExecutions
  if (version.number === '$LATEST')
    refuse(
      'InvalidParameterValueException',
      'Provisioned Concurrency Configs cannot be applied to unpublished function versions.',
    )
  if (alias?.routing)
    refuse('InvalidParameterValueException', 'Alias with weights can not be used with Provisioned Concurrency')
  const byAlias = [...fn.aliases.values()].find(
    other => other !== alias && other.version === version.number && fn.provisioned.has(other.name),
  )
  if (alias && (fn.provisioned.has(version.number) || byAlias))
    refuse(
      'ResourceConflictException',
      "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version",
    )
  if (byAlias) refuse('ResourceConflictException', 'Version is pointed by a Provisioned Concurrency alias')
  refuseBeyondCapacity(world, fn, totalProvisioned(fn) - (fn.provisioned.get(qualifier)?.requested ?? 0), requested)
  const provisioned = provision(call, target, qualifier, { requested, lastModified: now })
  return { body: describe(provisioned) }
})

/** Starts environments for a version, under its number or the name of an alias that points to it. */
export function provision(
  { world, invoker }: Pick<Call, 'world' | 'invoker'>,
  { fn, version }: Pick<Target, 'fn' | 'version'>,
  qualifier: string,
  wanted: Pick<Provisioned, 'requested' | 'lastModified'>,
): Provisioned {
  const provisioned: Provisioned = { ...wanted, status: 'IN_PROGRESS' }
  fn.provisioned.set(qualifier, provisioned)
  const settled = new Promise(resolve => setTimeout(resolve, world.transitionMs))
  Promise.all([invoker.provision(world, fn, version, wanted.requested), settled]).then(
    ([ready]) => {
      provisioned.status = ready ? 'READY' : 'FAILED'
    },
    () => {
      provisioned.status = 'FAILED'
    },
  )
  return provisioned
}

/** https://docs.aws.amazon.com/lambda/latest/dg/API_GetProvisionedConcurrencyConfig.html */
export const getProvisionedConcurrencyConfig = handler((call, input: Input<'GetProvisionedConcurrencyConfig'>) => {
  const { fn, qualifier } = findProvisionable(call.world, input, mustBePublished)
  const provisioned =
    fn.provisioned.get(qualifier) ??
    refuse('ProvisionedConcurrencyConfigNotFoundException', 'No Provisioned Concurrency Config found for this function')
  return { body: describe(provisioned) }
})

/**
 * https://docs.aws.amazon.com/lambda/latest/dg/API_DeleteProvisionedConcurrencyConfig.html; a missing configuration is
 * no error.
 */
export const deleteProvisionedConcurrencyConfig = handler(
  (call, input: Input<'DeleteProvisionedConcurrencyConfig'>) => {
    const { fn, qualifier } = findProvisionable(call.world, input, mustBePublished)
    fn.provisioned.delete(qualifier)
    return { status: 204 }
  },
)

/** https://docs.aws.amazon.com/lambda/latest/dg/API_ListProvisionedConcurrencyConfigs.html */
export const listProvisionedConcurrencyConfigs = handler((call, input: Input<'ListProvisionedConcurrencyConfigs'>) => {
  const { world } = call
  const fn = findFunction(world, input.FunctionName)
  return answerPage(world.pages['ListProvisionedConcurrencyConfigs'], input, {
    list: `provisioned of ${fn.incarnation}`,
    all: fn.provisioned,
    keyOf: ([qualifier]) => qualifier,
    show: ([qualifier, provisioned]) => ({
      FunctionArn: functionArn(world, fn.name, qualifier),
      ...describe(provisioned),
    }),
  })
})

const mustBePublished = 'The function resource provided must be an alias or a published version.'

/**
 * The version or alias that a request names. The refusal of a missing one tells numbers and names apart, and does not
 * tell whether the function exists.
 */
type QualifiedTarget = Target & { readonly qualifier: string }

function findProvisionable(
  world: World,
  input: Input<'GetProvisionedConcurrencyConfig'>,
  latestRefusal: string,
): QualifiedTarget {
  const { name, qualifier } = readFunctionReference(world, input.FunctionName, input.Qualifier)
  if (qualifier === undefined || qualifier === '$LATEST') return refuse('InvalidParameterValueException', latestRefusal)
  const fn = world.functions.get(name)
  const target = fn && resolveQualifier(fn, qualifier)
  if (target) return { ...target, qualifier }
  const arn = functionArn(world, name, qualifier)
  return refuse(
    'ResourceNotFoundException',
    isVersionNumber(qualifier) ? `Function not found: ${arn}` : `Cannot find alias arn: ${arn}`,
  )
}

function refuseBeyondCapacity(world: World, fn: LambdaFunction, others: number, requested: number): void {
  if (fn.reservedConcurrency !== undefined) {
    if (others + requested > fn.reservedConcurrency)
      refuse(
        'InvalidParameterValueException',
        'Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function',
      )
    return
  }
  const unreserved = unreservedConcurrency(world)
  if (requested > unreserved)
    refuse(
      'InvalidParameterValueException',
      `Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [${unreserved}].`,
    )
  if (unreserved - requested - others < world.limits.concurrencyUnreservedMin)
    refuse(
      'InvalidParameterValueException',
      "Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its " +
        `minimum value of [${world.limits.concurrencyUnreservedMin}].`,
    )
}

function describe(provisioned: Provisioned): object {
  const ready = provisioned.status === 'READY' ? provisioned.requested : 0
  return {
    RequestedProvisionedConcurrentExecutions: provisioned.requested,
    AvailableProvisionedConcurrentExecutions: ready,
    AllocatedProvisionedConcurrentExecutions: ready,
    Status: provisioned.status,
    ...(provisioned.status === 'FAILED' && { StatusReason: 'FUNCTION_ERROR_INIT_FAILURE' }),
    LastModified: isoTime(provisioned.lastModified),
  }
}

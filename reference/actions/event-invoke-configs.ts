import type { Input } from '../protocol/inputs.ts'
import { functionArn, readFunctionReference } from '../protocol/arn.ts'
import type { Place } from '../protocol/arn.ts'
import { handler } from './call.ts'
import { refuse } from '../protocol/errors.ts'
import { answerPage } from '../protocol/pagination.ts'
import { resolveQualifier } from '../store/find.ts'
import { unixTime } from '../store/time.ts'
import type { EventInvokeConfig, LambdaFunction, World } from '../store/world.ts'

/** https://docs.aws.amazon.com/lambda/latest/dg/API_PutFunctionEventInvokeConfig.html; what is left out is removed. */
export const putFunctionEventInvokeConfig = handler((call, input: Input<'PutFunctionEventInvokeConfig'>) => {
  // What is asked for is looked at before whether the function exists.
  const config = changed({ lastModified: call.now }, input, call.now)
  const { fn, qualifier } = findOwner(call.world, input)
  checkDestinations(call.world, fn, input)
  fn.eventInvokeConfigs.set(qualifier, config)
  return { body: describe(call.world, fn, qualifier, config) }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_UpdateFunctionEventInvokeConfig.html; what is left out stays. */
export const updateFunctionEventInvokeConfig = handler((call, input: Input<'UpdateFunctionEventInvokeConfig'>) => {
  changed({ lastModified: call.now }, input, call.now)
  findOwner(call.world, input)
  const { fn, qualifier, config: before } = findConfig(call.world, input)
  const config = changed(before, input, call.now)
  checkDestinations(call.world, fn, input)
  fn.eventInvokeConfigs.set(qualifier, config)
  return { body: describe(call.world, fn, qualifier, config) }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_GetFunctionEventInvokeConfig.html */
export const getFunctionEventInvokeConfig = handler((call, input: Input<'GetFunctionEventInvokeConfig'>) => {
  const { fn, qualifier, config } = findConfig(call.world, input)
  return { body: describe(call.world, fn, qualifier, config) }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_DeleteFunctionEventInvokeConfig.html */
export const deleteFunctionEventInvokeConfig = handler((call, input: Input<'DeleteFunctionEventInvokeConfig'>) => {
  const { fn, qualifier } = findConfig(call.world, input)
  fn.eventInvokeConfigs.delete(qualifier)
  return { status: 204 }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_ListFunctionEventInvokeConfigs.html */
export const listFunctionEventInvokeConfigs = handler((call, input: Input<'ListFunctionEventInvokeConfigs'>) => {
  const { world } = call
  const { name } = readFunctionReference(world, input.FunctionName)
  const fn = world.functions.get(name) ?? refuse('ResourceNotFoundException', functionMissing)
  return answerPage(world.pages['ListFunctionEventInvokeConfigs'], input, {
    list: `event invoke configs of ${fn.incarnation}`,
    all: fn.eventInvokeConfigs,
    keyOf: ([qualifier]) => qualifier,
    show: ([qualifier, config]) => describe(world, fn, qualifier, config),
  })
})

const functionMissing = "The function doesn't exist."

function findOwner(
  world: World,
  input: Input<'GetFunctionEventInvokeConfig'>,
): { fn: LambdaFunction; qualifier: string } {
  const { name, qualifier = '$LATEST' } = readFunctionReference(world, input.FunctionName, input.Qualifier)
  const fn = world.functions.get(name)
  if (!fn || !resolveQualifier(fn, qualifier)) return refuse('ResourceNotFoundException', functionMissing)
  return { fn, qualifier }
}

/** The refusal is the same whether the function, the qualifier or only the configuration is missing. */
function findConfig(
  world: World,
  input: Input<'GetFunctionEventInvokeConfig'>,
): { fn: LambdaFunction; qualifier: string; config: EventInvokeConfig } {
  const { name, qualifier = '$LATEST' } = readFunctionReference(world, input.FunctionName, input.Qualifier)
  const fn = world.functions.get(name)
  const config = fn?.eventInvokeConfigs.get(qualifier)
  if (!fn || !config)
    return refuse(
      'ResourceNotFoundException',
      `The function ${functionArn(world, name, qualifier)} doesn't have an EventInvokeConfig`,
    )
  return { fn, qualifier, config }
}

function changed(
  before: EventInvokeConfig,
  input: Input<'UpdateFunctionEventInvokeConfig'>,
  now: number,
): EventInvokeConfig {
  const { DestinationConfig: destinations } = input
  if (
    input.MaximumRetryAttempts === undefined &&
    input.MaximumEventAgeInSeconds === undefined &&
    destinations === undefined
  )
    refuse('InvalidParameterValueException', 'You must specify at least one of error handling or destination setting.')
  return {
    maximumRetryAttempts: input.MaximumRetryAttempts ?? before.maximumRetryAttempts,
    maximumEventAge: input.MaximumEventAgeInSeconds ?? before.maximumEventAge,
    onSuccess: destinations?.OnSuccess ? destinations.OnSuccess.Destination || undefined : before.onSuccess,
    onFailure: destinations?.OnFailure ? destinations.OnFailure.Destination || undefined : before.onFailure,
    lastModified: now,
  }
}

/**
 * A destination is a function, a queue, a topic or a bus, for failures also a bucket; and never the function itself.
 */
function checkDestinations(world: World, fn: LambdaFunction, input: Input<'UpdateFunctionEventInvokeConfig'>): void {
  const onSuccess = input.DestinationConfig?.OnSuccess?.Destination || undefined
  const onFailure = input.DestinationConfig?.OnFailure?.Destination || undefined
  for (const arn of [onFailure, onSuccess]) {
    if (arn === undefined) continue
    const [, , service, , , kind, name = ''] = arn.split(':')
    if (service !== 'lambda') continue
    if (kind !== 'function' || !world.functions.has(name))
      refuse('InvalidParameterValueException', `The destination ARN ${arn} is invalid.`)
    if (name === fn.name)
      refuse('InvalidParameterValueException', "You can't specify the function as a destination for itself.")
  }
  const legal = (arn: string | undefined, services: RegExp): boolean =>
    arn === undefined || services.test(arn.split(':')[2] ?? '')
  if (!legal(onSuccess, /^(lambda|sqs|sns|events)$/) || !legal(onFailure, /^(lambda|sqs|sns|events|s3)$/)) {
    const part = (name: string, arn: string | undefined): string =>
      arn === undefined ? 'null' : `${name}(destination=${arn})`
    refuse(
      'InvalidParameterValueException',
      `The provided destination config DestinationConfig(onSuccess=${part('OnSuccess', onSuccess)}, ` +
        `onFailure=${part('OnFailure', onFailure)}) is invalid.`,
    )
  }
}

function describe(place: Place, fn: LambdaFunction, qualifier: string, config: EventInvokeConfig): object {
  return {
    FunctionArn: functionArn(place, fn.name, qualifier),
    LastModified: unixTime(config.lastModified),
    ...(config.maximumRetryAttempts !== undefined && { MaximumRetryAttempts: config.maximumRetryAttempts }),
    ...(config.maximumEventAge !== undefined && { MaximumEventAgeInSeconds: config.maximumEventAge }),
    DestinationConfig: {
      OnSuccess: config.onSuccess === undefined ? {} : { Destination: config.onSuccess },
      OnFailure: config.onFailure === undefined ? {} : { Destination: config.onFailure },
    },
  }
}

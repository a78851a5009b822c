import type { Input } from '../protocol/inputs.ts'
import { functionArn, readFunctionReference } from '../protocol/arn.ts'
import { handler } from './call.ts'
import { refuse } from '../protocol/errors.ts'
import { findTarget } from '../store/find.ts'

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetRuntimeManagementConfig.html */
export const getRuntimeManagementConfig = handler((call, input: Input<'GetRuntimeManagementConfig'>) => {
  const { world } = call
  const { fn, qualifier } = findTarget(world, readFunctionReference(world, input.FunctionName, input.Qualifier))
  const { updateOn, versionArn } = fn.runtimeManagement
  return {
    body: {
      UpdateRuntimeOn: updateOn,
      FunctionArn: functionArn(world, fn.name, qualifier),
      ...(versionArn !== undefined && { RuntimeVersionArn: versionArn }),
    },
  }
})

/**
 * https://docs.aws.amazon.com/lambda/latest/api/API_PutRuntimeManagementConfig.html; versions and aliases share the
 * setting of their function.
 */
export const putRuntimeManagementConfig = handler((call, input: Input<'PutRuntimeManagementConfig'>) => {
  const { world } = call
  const { fn, qualifier } = findTarget(world, readFunctionReference(world, input.FunctionName, input.Qualifier))
  if ((input.UpdateRuntimeOn === 'Manual') !== (input.RuntimeVersionArn !== undefined))
    refuse(
      'InvalidParameterValueException',
      input.RuntimeVersionArn === undefined
        ? 'A RuntimeVersionArn is required when UpdateRuntimeOn is Manual.'
        : 'A RuntimeVersionArn can only be given when UpdateRuntimeOn is Manual.',
    )
  fn.runtimeManagement = { updateOn: input.UpdateRuntimeOn, versionArn: input.RuntimeVersionArn }
  return {
    body: {
      UpdateRuntimeOn: input.UpdateRuntimeOn,
      FunctionArn: functionArn(world, fn.name, qualifier),
      ...(input.RuntimeVersionArn !== undefined && { RuntimeVersionArn: input.RuntimeVersionArn }),
    },
  }
})

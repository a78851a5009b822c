import { functionArn, readFunctionReference } from '../arn.ts'
import { handler } from '../call.ts'
import { findTarget, findWholeFunction } from '../store/find.ts'
import { runtimeVersionArn } from './functionConfiguration.ts'

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionRecursionConfig.html */
export const getFunctionRecursionConfig = handler((call, input: { readonly FunctionName: string }) => ({
  body: { RecursiveLoop: findWholeFunction(call.world, input.FunctionName).recursiveLoop },
}))

/** https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionRecursionConfig.html */
export const putFunctionRecursionConfig = handler((call, input: { readonly FunctionName: string; readonly RecursiveLoop: string }) => {
  findWholeFunction(call.world, input.FunctionName).recursiveLoop = input.RecursiveLoop
  return { body: { RecursiveLoop: input.RecursiveLoop } }
})

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetRuntimeManagementConfig.html */
export const getRuntimeManagementConfig = handler((call, input: { readonly FunctionName: string; readonly Qualifier?: string }) => {
  const { world } = call
  const { fn, version, qualifier } = findTarget(world, readFunctionReference(world, input.FunctionName, input.Qualifier))
  const config = fn.runtimeManagement.get(qualifier ?? '$LATEST') ?? { updateRuntimeOn: 'Auto' }
  const arn = config.runtimeVersionArn ?? (version.settings.runtime === undefined ? undefined : runtimeVersionArn(world.region, version.settings.runtime))
  return {
    body: {
      UpdateRuntimeOn: config.updateRuntimeOn,
      FunctionArn: functionArn(world, fn.name, qualifier ?? '$LATEST'),
      ...(arn !== undefined && config.updateRuntimeOn !== 'Auto' && { RuntimeVersionArn: arn }),
    },
  }
})

/** https://docs.aws.amazon.com/lambda/latest/api/API_PutRuntimeManagementConfig.html */
export const putRuntimeManagementConfig = handler((call, input: {
  readonly FunctionName: string
  readonly Qualifier?: string
  readonly UpdateRuntimeOn: string
  readonly RuntimeVersionArn?: string
}) => {
  const { world } = call
  const { fn, qualifier } = findTarget(world, readFunctionReference(world, input.FunctionName, input.Qualifier))
  fn.runtimeManagement.set(qualifier ?? '$LATEST', { updateRuntimeOn: input.UpdateRuntimeOn, runtimeVersionArn: input.RuntimeVersionArn })
  return {
    body: {
      UpdateRuntimeOn: input.UpdateRuntimeOn,
      FunctionArn: functionArn(world, fn.name, qualifier ?? '$LATEST'),
      ...(input.RuntimeVersionArn !== undefined && { RuntimeVersionArn: input.RuntimeVersionArn }),
    },
  }
})

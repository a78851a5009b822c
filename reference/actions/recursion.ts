import type { Input } from '../protocol/inputs.ts'
import { handler } from './call.ts'
import { findWholeFunction } from '../store/find.ts'

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionRecursionConfig.html */
export const getFunctionRecursionConfig = handler((call, input: Input<'GetFunctionRecursionConfig'>) => ({
  body: { RecursiveLoop: findWholeFunction(call.world, input.FunctionName).recursiveLoop },
}))

/** https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionRecursionConfig.html */
export const putFunctionRecursionConfig = handler((call, input: Input<'PutFunctionRecursionConfig'>) => {
  findWholeFunction(call.world, input.FunctionName).recursiveLoop = input.RecursiveLoop
  return { body: { RecursiveLoop: input.RecursiveLoop } }
})

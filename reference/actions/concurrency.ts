import type { Input } from '../protocol/inputs.ts'
import { handler } from './call.ts'
import { refuse } from '../protocol/errors.ts'
import { totalProvisioned, unreservedConcurrency } from '../invoke/concurrency.ts'
import { findWholeFunction } from '../store/find.ts'

/** https://docs.aws.amazon.com/lambda/latest/dg/API_PutFunctionConcurrency.html */
export const putFunctionConcurrency = handler((call, input: Input<'PutFunctionConcurrency'>) => {
  const { world } = call
  const fn = findWholeFunction(world, input.FunctionName, ':$LATEST')
  const reserved = input.ReservedConcurrentExecutions
  const left = unreservedConcurrency(world) + (fn.reservedConcurrency ?? 0) - reserved
  if (left < world.limits.concurrencyUnreservedMin)
    refuse(
      'InvalidParameterValueException',
      "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution " +
        `below its minimum value of [${world.limits.concurrencyUnreservedMin}].`,
    )
  const provisioned = totalProvisioned(fn)
  if (reserved < provisioned)
    refuse(
      'InvalidParameterValueException',
      `ReservedConcurrentExecutions  ${reserved} should not be lower than function's total provisioned ` +
        `concurrency [${provisioned}].`,
    )
  fn.reservedConcurrency = reserved
  return { body: { ReservedConcurrentExecutions: reserved } }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_GetFunctionConcurrency.html */
export const getFunctionConcurrency = handler((call, input: Input<'GetFunctionConcurrency'>) => {
  const { reservedConcurrency } = findWholeFunction(call.world, input.FunctionName)
  return { body: reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency } }
})

/**
 * https://docs.aws.amazon.com/lambda/latest/dg/API_DeleteFunctionConcurrency.html; without a reserve nothing changes.
 */
export const deleteFunctionConcurrency = handler((call, input: Input<'DeleteFunctionConcurrency'>) => {
  findWholeFunction(call.world, input.FunctionName).reservedConcurrency = undefined
  return { status: 204 }
})

import { handler } from './call.ts'
import { unreservedConcurrency } from '../invoke/concurrency.ts'
import { usedStorage } from './function-code.ts'

/** https://docs.aws.amazon.com/lambda/latest/dg/API_GetAccountSettings.html */
export const getAccountSettings = handler(({ world }) => ({
  body: {
    AccountLimit: {
      TotalCodeSize: world.limits.codeStorage,
      CodeSizeUnzipped: world.limits.packageUnzipped,
      CodeSizeZipped: world.limits.packageZipped,
      ConcurrentExecutions: world.limits.concurrency,
      UnreservedConcurrentExecutions: unreservedConcurrency(world),
    },
    AccountUsage: {
      TotalCodeSize: usedStorage(world),
      FunctionCount: world.functions.size,
    },
  },
}))

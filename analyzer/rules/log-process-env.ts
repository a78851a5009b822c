import { defineRule } from '../engine/rule.ts'
import { isLogging } from '../dataflow/logging.ts'
import { wholeEnvironment } from '../dataflow/whole-environment.ts'

/** The whole environment in the log: it holds the credentials of the role. */
export const rule = defineRule({
  id: 'log-process-env',
  visit: {
    CallExpression(call, code) {
      if (!isLogging(call.expression)) return
      for (const argument of call.arguments) {
        const shown = wholeEnvironment(argument)
        if (!shown) continue
        code.report({
          at: shown,
          message: 'The whole environment goes into the log, with the session credentials of the role',
          help: 'Log the variables that you need by name',
        })
      }
    },
  },
})

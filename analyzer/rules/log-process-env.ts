import { isLogging } from '../dataflow/logging.ts'
import { wholeEnvironment } from '../dataflow/whole-environment.ts'
import { defineRule } from '../engine/rule.ts'
import type { Place, Report } from '../engine/rule.ts'
import { loggedBy } from '../python/logging.ts'
import { isWholeEnvironment } from '../python/environment.ts'
import { collect } from '../python/syntax.ts'

/** The whole environment in the log: it holds the credentials of the role. */
export const rule = defineRule({
  id: 'log-process-env',
  python({ file, report }) {
    for (const argument of loggedBy(file)) {
      const shown = collect(argument, node => isWholeEnvironment(node, file))[0]
      if (shown) report(logged(shown))
    }
  },
  visit: {
    CallExpression(call, code) {
      if (!isLogging(call.expression)) return
      for (const argument of call.arguments) {
        const shown = wholeEnvironment(argument)
        if (shown) code.report(logged(shown))
      }
    },
  },
})

const logged = (at: Place): Report => ({
  at,
  message: 'The whole environment goes into the log, with the session credentials of the role',
  help: 'Log the variables that you need by name',
})

import { setValue } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import { retiredRuntime } from '../services/runtimes.ts'

/** A runtime without security updates, or one that Lambda no longer takes. */
export const rule = defineRule({
  id: 'deprecated-runtime',
  fn(fn, { report }) {
    for (const runtime of fn.runtime.possible()) {
      const retired = runtime.isKnown ? retiredRuntime(runtime.string() ?? '') : undefined
      if (!retired) continue
      const edit = setValue(runtime, retired.instead)
      // One message for all functions that inherit it.
      report({
        at: runtime,
        message: retired.blocked
          ? `${retired.runtime} is deprecated since ${retired.since}: Lambda neither creates nor updates functions with it`
          : `${retired.runtime} is deprecated since ${retired.since}: it gets no security updates, and cannot be deployed for much longer`,
        help: `Move to ${retired.instead}, and test: language and libraries change with it`,
        ...(retired.blocked ? {} : { severity: 'warning' as const }),
        fixes: edit ? [{ description: `Use ${retired.instead}`, kind: 'suggestion', edits: [edit] }] : [],
      })
    }
  },
})

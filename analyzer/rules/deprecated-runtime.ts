import { setValue } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import { retiredRuntime } from '../services/runtimes.ts'
import type { RetiredRuntime } from '../services/runtimes.ts'

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
        message: `${retired.name} is deprecated since ${retired.deprecated}: ${whatFollows(retired)}`,
        help: `Move to ${retired.instead}, and test: language and libraries change with it`,
        ...(retired.canCreate || retired.canUpdate ? { severity: 'warning' as const } : {}),
        fixes: edit ? [{ description: `Use ${retired.instead}`, kind: 'suggestion', edits: [edit] }] : [],
      })
    }
  },
})

function whatFollows({ canCreate, canUpdate, createBlocked, updateBlocked }: RetiredRuntime): string {
  if (!canCreate && !canUpdate) return 'Lambda neither creates nor updates functions with it'
  if (!canCreate) return `Lambda creates no functions with it any more, and updates none from ${updateBlocked} on`
  if (createBlocked === 'never') return 'it gets no security updates'
  return (
    `it gets no security updates, and no function can be created with it from ${createBlocked} on, ` +
    `nor updated from ${updateBlocked} on`
  )
}

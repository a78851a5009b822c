import { didYouMean } from '../../base/suggest.ts'
import type { Value } from '../application/value.ts'
import { actionFacts, actionsMatching, isService, serviceNames } from '../data/iam.ts'
import { isWrittenByAws } from '../data/iam-beyond.ts'
import { defineRule } from '../engine/rule.ts'

/** An action or a service that does not exist: IAM takes it, and it allows or denies nothing. */
export const rule = defineRule({
  id: 'policy-action-unknown',
  statement(statement, _policy, { report }) {
    const told = new Set<string>()
    for (const action of [...statement.actions, ...statement.notActions]) {
      const message = faultOf(action)
      // A service that does not exist is one mistake, however many of its actions stand there.
      if (message === undefined || told.has(message)) continue
      told.add(message)
      report({
        at: action,
        message,
        help: 'IAM takes it, and it allows or denies nothing. Names are in the service authorization reference',
      })
    }
  },
})

function faultOf(action: Value): string | undefined {
  const text = action.string() ?? ''
  const [, prefix = '', name = ''] = /^([a-zA-Z0-9-]+):([\w*?]+)$/.exec(text) ?? []
  if (!prefix) return undefined
  if (!isService(prefix)) return `There is no service ${prefix}${didYouMean(prefix.toLowerCase(), serviceNames())}`
  if (actionFacts(text) || isWrittenByAws(text) || /^[*?]+$/.test(name)) return undefined
  const all = actionsMatching(`${prefix}:*`)
  if (/[*?]/.test(name)) return actionsMatching(text).length ? undefined : `No action of ${prefix} is like ${name}`
  return `There is no action ${text}${didYouMean(`${prefix.toLowerCase()}:${name}`, all)}`
}

import { didYouMean } from '../../base/suggest.ts'
import type { Value } from '../application/value.ts'
import { actionFacts, actionsMatching, isService, serviceNames } from '../data/iam.ts'
import { isWrittenByAws } from '../data/iam-beyond.ts'
import { defineRule } from '../engine/rule.ts'

/**
 * Actions and services that do not exist: IAM takes them, and they allow or deny nothing. Those of a statement are one
 * finding.
 */
export const rule = defineRule({
  id: 'policy-action-unknown',
  statement(statement, _policy, { report }) {
    const faults = [...statement.actions, ...statement.notActions].flatMap(at => {
      const message = faultOf(at)
      return message === undefined ? [] : [{ at, message }]
    })
    const [first, ...others] = faults
    if (!first) return
    const messages = [...new Set(faults.map(one => one.message))]
    report({
      at: first.at,
      message:
        messages.slice(0, MAX_TOLD).join('; ') +
        (messages.length > MAX_TOLD ? `; and ${messages.length - MAX_TOLD} more` : ''),
      help: 'IAM takes it, and it allows or denies nothing. Names are in the service authorization reference',
      related: others,
    })
  },
})

/** More of them in one message nobody reads. */
const MAX_TOLD = 3

function faultOf(action: Value): string | undefined {
  const text = action.string() ?? ''
  const [, prefix = '', name = ''] = /^([a-zA-Z0-9-]+):([\w*?]+)$/.exec(text) ?? []
  if (!prefix) return undefined
  if (!isService(prefix)) return `There is no service ${prefix}${didYouMean(prefix.toLowerCase(), serviceNames())}`
  if (actionFacts(text) || isWrittenByAws(text) || /^[*?]+$/.test(name)) return undefined
  const all = actionsMatching(`${prefix}:*`)
  if (/[*?]/.test(name)) return actionsMatching(text).length ? undefined : `No action of ${prefix} is like ${name}`
  // `kms:ReEncrypt`: what the permission is called, and two actions begin with.
  const longer = all.filter(one => one.toLowerCase().startsWith(text.toLowerCase()))
  return longer.length > 0 && longer.length < 3
    ? `There is no action ${text}; did you mean ${longer.join(' and ')}?`
    : `There is no action ${text}${didYouMean(`${prefix.toLowerCase()}:${name}`, all)}`
}

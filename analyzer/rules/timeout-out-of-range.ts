import { defineRule } from '../engine/rule.ts'
import { parameterDefault } from '../application/parameter-default.ts'

/** A timeout that Lambda refuses: the deployment fails. */
export const rule = defineRule({
  id: 'timeout-out-of-range',
  fn(fn, { quota, report }) {
    // On instances of a capacity provider other bounds hold.
    if (!fn.property('CapacityProviderConfig').isAbsent) return
    const most = quota('timeout-max')
    for (const timeout of fn.timeout.possible()) {
      if (!timeout.isKnown) continue
      const seconds = timeout.number()
      if (seconds !== undefined && Number.isInteger(seconds) && seconds >= 1 && seconds <= most) continue
      report({
        at: timeout,
        message:
          `Timeout of ${fn.id} is ${seconds ?? timeout.string() ?? 'no number'}: ` +
          `it must be a whole number of seconds from 1 to ${most}`,
        help:
          seconds !== undefined && seconds > most
            ? 'Split the work, or hand it to a state machine: no invocation runs longer'
            : 'Take a whole number of seconds',
        related: parameterDefault(timeout),
      })
    }
  },
})

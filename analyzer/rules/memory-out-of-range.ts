import { defineRule } from '../engine/rule.ts'
import { parameterDefault } from '../application/parameter-default.ts'

/** A memory size that Lambda refuses: the deployment fails. */
export const rule = defineRule({
  id: 'memory-out-of-range',
  fn(fn, { quota, report }) {
    // On instances of a capacity provider other bounds hold.
    if (!fn.property('CapacityProviderConfig').isAbsent) return
    const least = quota('memory-min')
    const most = quota('memory-max')
    for (const memory of fn.memory.possible()) {
      if (!memory.isKnown) continue
      const megabytes = memory.number()
      if (megabytes !== undefined && Number.isInteger(megabytes) && megabytes >= least && megabytes <= most) continue
      report({
        at: memory,
        message:
          `Memory of ${fn.id} is ${megabytes ?? memory.string() ?? 'no number'}: it must be a whole number of MB ` +
          `from ${least} to ${most}`,
        help: 'Any whole number in the range will do; the share of CPU grows with it',
        related: parameterDefault(memory),
      })
    }
  },
})

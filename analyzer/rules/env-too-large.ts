import type { Value } from '../application/value.ts'
import { defineRule } from '../engine/rule.ts'

/** From this share of the quota on there is little room for the next variable. */
const NEARLY = 0.875

/** Environment variables that are together larger than Lambda takes: the deployment fails. */
export const rule = defineRule({
  id: 'env-too-large',
  fn(fn, { quota, report }) {
    const most = quota('environment')
    const bytes = leastBytes(fn.environment)
    if (bytes <= most * NEARLY) return
    const largest = [...fn.environment.entries()].sort((a, b) => leastBytes(b.value) - leastBytes(a.value))[0]
    const over = bytes > most
    report({
      at: fn.environment,
      message: over
        ? `The environment of ${fn.id} has at least ${bytes} bytes: all variables together may have ${most}`
        : `The environment of ${fn.id} has at least ${bytes} of the ${most} bytes that all variables together may have`,
      help: 'Keep large settings in Parameter Store, S3 or the package, and only their names in the environment',
      related: largest ? [{ at: largest.value, message: `${largest.key} is the largest` }] : [],
      ...(over ? {} : { severity: 'warning' as const }),
    })
  },
})

/** What is known of names and values counts, as UTF-8; what is not known may be empty. */
function leastBytes(value: Value): number {
  if (value.kind === 'map')
    return value.entries().reduce((sum, entry) => sum + Buffer.byteLength(entry.key) + leastBytes(entry.value), 0)
  const [only, ...others] = value.possible()
  if (only && others.length) return Math.min(leastBytes(only), ...others.map(leastBytes))
  return Buffer.byteLength(value.text('') ?? '')
}

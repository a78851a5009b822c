import type { EventSource } from '../application/model.ts'
import type { RuleContext } from '../engine/rule.ts'
import { parameterDefault } from '../application/parameter-default.ts'

/** Closed ranges of whole numbers, any of which will do. */
export type Ranges = readonly (readonly [least: number, most: number])[]

/** Reports a setting of an event source that is surely in none of the ranges: Lambda refuses the mapping. */
export function reportOutside(
  event: EventSource,
  setting: string,
  ranges: Ranges,
  unit: string,
  { report }: RuleContext,
): void {
  for (const value of event.property(setting).possible()) {
    if (!value.isKnown) continue
    const number = value.number()
    if (
      number !== undefined &&
      Number.isInteger(number) &&
      ranges.some(([least, most]) => number >= least && number <= most)
    )
      continue
    report({
      at: value,
      message:
        `${setting} of ${event.id} is ${number ?? value.string() ?? 'no number'}: ` +
        `it must be ${ranges.map(printed).join(' or ')} ${unit}`,
      help: 'Lambda refuses such a mapping, and the deployment fails',
      related: parameterDefault(value),
    })
  }
}

const printed = ([least, most]: readonly [number, number]): string =>
  least === most ? String(least) : `a whole number from ${least} to ${most}`

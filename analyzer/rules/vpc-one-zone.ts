import { noteOtherLook } from '../application/looks.ts'
import type { Value } from '../application/value.ts'
import { defineRule } from '../engine/rule.ts'

/** A function that is gone when one Availability Zone is. */
export const rule = defineRule({
  id: 'vpc-one-zone',
  fn(fn, { report }) {
    const written = fn.vpc.at('SubnetIds')
    const subnets = written.items()
    if (!subnets.length || written.open) return
    const [first] = subnets
    if (subnets.length === 1 && first?.kind !== 'unknown') {
      report({
        at: written,
        message: `${fn.id} runs in one subnet, and so in one Availability Zone`,
        help: 'Add a subnet that lies in another zone',
      })
      return
    }
    const zones = subnets.map(zoneOf)
    if (new Set(zones.filter(zone => zone !== undefined)).size > 1) return
    if (zones.includes(undefined)) noteOtherLook('in which zones its subnets lie is not known')
    else
      report({
        at: written,
        message: `All ${subnets.length} subnets of ${fn.id} lie in ${zones[0]}`,
        help: 'Take a subnet of another zone among them',
        related: subnets.flatMap(subnet =>
          subnet.resource ? [{ at: subnet.resource, message: `lies in ${zones[0]}` }] : [],
        ),
      })
  },
})

/** The zone of a subnet that the template makes. */
const zoneOf = (subnet: Value): string | undefined => subnet.resource?.property('AvailabilityZone').string()

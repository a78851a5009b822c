import { defineRule } from '../engine/rule.ts'

/** A function that is in no VPC, where all have to be. */
export const rule = defineRule({
  id: 'vpc-missing',
  fn(fn, { report }) {
    const subnets = fn.vpc.at('SubnetIds')
    if (!fn.vpc.isAbsent && !subnets.isAbsent && (subnets.kind !== 'list' || subnets.open || subnets.items().length))
      return
    report({ at: fn, message: `${fn.id} is in no VPC`, help: 'Give it a VpcConfig with subnets and security groups' })
  },
})

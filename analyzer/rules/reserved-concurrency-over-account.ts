import { defineRule } from '../engine/rule.ts'

/** More concurrency reserved than an account has to give, unless its quota was raised. */
export const rule = defineRule({
  id: 'reserved-concurrency-over-account',
  template(template, { quota, report }) {
    const account = quota('concurrency')
    const kept = quota('concurrency-unreserved-min')
    const reserved = template.functions.flatMap(fn => {
      const number = fn.reservedConcurrency.number()
      return number !== undefined && number > 0 ? [{ fn, number }] : []
    })
    const sum = reserved.reduce((total, { number }) => total + number, 0)
    if (sum <= account - kept) return
    const largest = reserved.reduce((one, other) => (other.number > one.number ? other : one))
    report({
      at: largest.fn.reservedConcurrency,
      message:
        `The functions of this template reserve ${sum} concurrent executions: of the ${account} that an account ` +
        `has by default, ${kept} must stay unreserved`,
      help: 'Reserve less, or have the quota raised first; otherwise the deployment fails',
      related: reserved
        .filter(({ fn }) => fn !== largest.fn)
        .slice(0, 10)
        .map(({ fn, number }) => ({ at: fn.reservedConcurrency, message: `${fn.id} reserves ${number}` })),
    })
  },
})

import type { Application, LambdaFunction, Resource } from '../application/model.ts'
import type { Value } from '../application/value.ts'
import { defineRule } from '../engine/rule.ts'
import { brokenConstraints } from '../services/constraint-findings.ts'

/** Provisioned concurrency that cannot be. */
export const rule = defineRule({
  id: 'provisioned-concurrency-invalid',
  application(app, { report, turnTo }) {
    for (const broken of brokenConstraints(app, 'provisioned-concurrency-invalid', turnTo)) report(broken)
    for (const fn of app.functions) {
      const provisioned = provisionedOf(app, fn)
      const reserved = fn.reservedConcurrency.number()
      const sum = provisioned.reduce((all, one) => all + (one.number() ?? 0), 0)
      // One alone is a row of the page.
      if (reserved === undefined || sum <= reserved || provisioned.some(one => (one.number() ?? 0) > reserved)) continue
      turnTo(fn)
      report({
        at: fn.reservedConcurrency,
        message:
          `${sum} environments are provisioned for versions and aliases of ${fn.id} in all, and ${reserved} ` +
          'are reserved',
        help: 'What is provisioned is taken from what is reserved: reserve more, or provision less',
        related: provisioned.map(at => ({ at, message: 'provisioned here' })),
        severity: 'warning',
      })
    }
  },
})

const numberOf = (resource: Resource): Value =>
  resource.type === 'AWS::Lambda::ProvisionedConcurrencyConfig'
    ? resource.property('ProvisionedConcurrentExecutions')
    : resource.property('ProvisionedConcurrencyConfig', 'ProvisionedConcurrentExecutions')

/** What is surely provisioned for a function: conditions may make one of two aliases. */
const provisionedOf = (app: Application, fn: LambdaFunction): readonly Value[] =>
  app
    .ofType('AWS::Lambda::Alias', 'AWS::Lambda::Version', 'AWS::Lambda::ProvisionedConcurrencyConfig')
    .filter(one => one.property('FunctionName').resource === fn.resource && one.condition === fn.resource.condition)
    .map(numberOf)
    .filter(value => value.number() !== undefined)

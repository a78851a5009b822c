import type { Application, Resource } from '../application/model.ts'
import { parameterDefault } from '../application/parameter-default.ts'
import type { Value } from '../application/value.ts'
import { writtenName } from '../application/written-name.ts'
import type { Report } from '../engine/rule.ts'
import { defineRule } from '../engine/rule.ts'
import { checkedResources } from '../services/resource-schema.ts'
import type { SchemaFault } from '../services/resource-schema.ts'

/** A property of another kind than its type has, or a value that is none of those that it takes. */
export const rule = defineRule({
  id: 'resource-property-value',
  application(app, { report: say, turnTo }) {
    // The default of a parameter stands where a deployment always gives another text: nobody can tell from the template.
    const report = (finding: Report & { readonly at: Value }): void =>
      say({ ...finding, isMinor: parameterDefault(finding.at).length > 0 })
    for (const [turned, faults, resource] of checkedResources(app)) {
      turnTo(turned)
      for (const fault of faults) {
        if (fault.kind === 'type')
          report({
            at: fault.at,
            message: `${fault.name} of ${resource.id} must be ${fault.wanted}`,
            help: 'The deployment is refused',
          })
        else if (fault.kind === 'value') report(notAmong(fault, resource.id))
        else if (fault.kind === 'bounds' && !hasRuleOfItsOwn(fault, resource, app) && !isFilledIn(fault, resource)) {
          const name = writtenName(fault.at, fault.name)
          report({
            at: fault.at,
            message: `${name} of ${resource.id} is ${fault.found}: it must be ${fault.wanted}`,
            help: 'The deployment is refused',
          })
        }
      }
    }
  },
})

/** What takes a part of a service in may put another text in the place of a name: `TO_BE_REPLACED`. */
const isFilledIn = ({ at }: SchemaFault & { readonly kind: 'bounds' }, { template }: Resource): boolean =>
  template.format === 'cloudformation' && template.open && typeof at.string() === 'string'

/** What a rule of its own says with more words. */
function hasRuleOfItsOwn(
  { name, wanted }: SchemaFault & { readonly kind: 'bounds' },
  resource: Resource,
  app: Application,
): boolean {
  if (/^AWS::(Lambda|Serverless)::Function$/.test(resource.type))
    return (
      /^(Timeout|MemorySize|Size)$/.test(name) || POLLING.test(name) || (name === 'Layers' && wanted.endsWith('items'))
    )
  if (name === 'ScheduleExpression' || (name === 'Targets' && wanted.endsWith('items'))) return true
  return (
    resource.type === 'AWS::Lambda::EventSourceMapping' &&
    POLLING.test(name) &&
    app.functions.some(fn => fn.events.some(event => event.loc === resource.loc))
  )
}

const POLLING =
  /^(BatchSize|Maximum(BatchingWindowInSeconds|RetryAttempts|RecordAgeInSeconds|Concurrency)|ParallelizationFactor|TumblingWindowInSeconds|StartingPosition)$/

function notAmong(fault: SchemaFault & { readonly kind: 'value' }, id: string): Report & { readonly at: Value } {
  const { found, values, meant } = fault
  const name = writtenName(fault.at, fault.name)
  const certain = fault.name === 'Runtime' ? isBetween(found, values) : meant !== undefined
  return {
    at: fault.at,
    message:
      `${found} is no ${name} that ${id} can ` +
      `have${meant === undefined || fault.name === 'Runtime' ? '' : `; did you mean ${meant}?`}`,
    help: values.length > 12 ? 'The deployment is refused' : `It takes ${values.join(', ')}`,
    // What nothing resembles may be newer than what is known here.
    ...(certain ? {} : { severity: 'warning' as const }),
  }
}

/** Whether a runtime is older than the newest of its language that is known: it will never be. */
function isBetween(runtime: string, values: readonly string[]): boolean {
  const [, language = '', version = ''] = /^([a-z]+)(\d+(?:\.\d+)?)/.exec(runtime) ?? []
  const number = (text: string): number => {
    const [major = 0, minor = 0] = text.split('.').map(Number)
    return major * 1000 + minor
  }
  return values.some(value => {
    const [, other, newest = ''] = /^([a-z]+)(\d+(?:\.\d+)?)/.exec(value) ?? []
    return other === language && language !== '' && number(version) < number(newest)
  })
}

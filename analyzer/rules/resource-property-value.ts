import type { Report } from '../engine/rule.ts'
import { defineRule } from '../engine/rule.ts'
import { schemaFaults } from '../services/resource-schema.ts'
import type { SchemaFault } from '../services/resource-schema.ts'

/** A property of another kind than its type has, or a value that is none of those that it takes. */
export const rule = defineRule({
  id: 'resource-property-value',
  application(app, { report, turnTo }) {
    for (const resource of app.resources) {
      turnTo(resource)
      for (const fault of schemaFaults(resource)) {
        if (fault.kind === 'type')
          report({
            at: fault.at,
            message: `${fault.name} of ${resource.id} must be ${fault.wanted}`,
            help: 'The deployment is refused',
          })
        else if (fault.kind === 'value') report(notAmong(fault, resource.id))
      }
    }
  },
})

function notAmong(fault: SchemaFault & { readonly kind: 'value' }, id: string): Report {
  const { found, values, name, meant } = fault
  const certain = name === 'Runtime' ? isBetween(found, values) : meant !== undefined
  return {
    at: fault.at,
    message: `${found} is no ${name} that ${id} can have${meant === undefined || name === 'Runtime' ? '' : `; did you mean ${meant}?`}`,
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

import { defineRule } from '../engine/rule.ts'
import { schemaFaults } from '../services/resource-schema.ts'

/** A property without which the type of a resource is refused. */
export const rule = defineRule({
  id: 'resource-property-missing',
  application(app, { report, turnTo }) {
    for (const resource of app.resources) {
      turnTo(resource)
      for (const fault of schemaFaults(resource))
        if (fault.kind === 'missing')
          report({
            at: fault.at.keyLoc ?? resource,
            message:
              `${fault.of === resource.type ? resource.id : `${fault.of} of ${resource.id}`} has no ` +
              `${fault.name}, which ${fault.of} must have`,
            help: `Add ${fault.name}: without it the deployment is refused`,
          })
    }
  },
})

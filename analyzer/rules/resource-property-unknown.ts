import { nearest } from '../../base/suggest.ts'
import type { Template } from '../application/model.ts'
import { defineRule } from '../engine/rule.ts'
import { checkedResources } from '../services/resource-schema.ts'

/** What may stand beside the properties of a resource. */
const ATTRIBUTES = [
  'Type',
  'Properties',
  'DependsOn',
  'Condition',
  'Metadata',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'CreationPolicy',
  'UpdatePolicy',
  'Connectors',
  'IgnoreGlobals',
]

/** Templates that were deployed hold them: nothing documents that CloudFormation refuses them. */
const REMARKS = ['Description', 'Comment']

/** A property that the type of a resource does not have: misspelt, in the wrong place, or nothing. */
export const rule = defineRule({
  id: 'resource-property-unknown',
  application(app, { report, turnTo }) {
    for (const [resource, faults] of checkedResources(app)) {
      turnTo(resource)
      for (const fault of faults) {
        if (fault.kind !== 'unknown') continue
        const place = fault.belongs === undefined ? undefined : `${fault.name} belongs ${fault.belongs}`
        const advice = place === undefined ? '' : `: ${place}`
        report({
          at: fault.at.keyLoc ?? fault.at,
          message:
            `${fault.of} has no ` +
            `${fault.name}${fault.meant === undefined ? advice : `; did you mean ${fault.meant}?`}`,
          help: 'The deployment is refused. Write the property as the documentation of the type has it',
          // What nothing resembles may be newer than what is known here.
          ...(fault.meant === undefined && place === undefined ? { severity: 'warning' as const } : {}),
        })
      }
      const { template } = resource
      if (template.format === 'terraform' || template.open || resource.properties.isTranslated) continue
      if (!/^AWS::/.test(resource.type) || isConformancePack(template)) continue
      for (const { key, value } of resource.value.entries()) {
        if (ATTRIBUTES.includes(key) || REMARKS.includes(key) || key.startsWith('Fn::')) continue
        const meant = nearest(key, ATTRIBUTES)
        report({
          at: value.keyLoc ?? value,
          message:
            `${key} stands beside the properties of ${resource.id}, where CloudFormation knows no such ` +
            `thing${meant === undefined ? '' : `; did you mean ${meant}?`}`,
          help: meant === undefined ? `Put ${key} below Properties` : 'The deployment is refused',
        })
      }
    }
  },
})

/** Config takes these apart by itself, and with more than CloudFormation knows, such as `Controls`. */
const isConformancePack = ({ resources }: Template): boolean =>
  [...resources.values()].every(one =>
    /^AWS::(Config::(ConfigRule|RemediationConfiguration)|IAM::Role)$/.test(one.type),
  ) && [...resources.values()].some(one => one.type === 'AWS::Config::ConfigRule')

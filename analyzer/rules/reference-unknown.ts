/** References to what a template does not declare. */
import { nearest } from '../../base/suggest.ts'
import type { Resource, Template } from '../application/model.ts'
import type { Value } from '../application/value.ts'
import { defineRule } from '../engine/rule.ts'
import type { RuleContext } from '../engine/rule.ts'
import { attributesOf } from '../services/resource-schema.ts'

/**
 * `Ref`, `GetAtt`, `Sub` and `DependsOn` of a resource that is not there, and attributes that its type does not have.
 */
export const rule = defineRule({
  id: 'reference-unknown',
  application(app, context) {
    for (const template of app.templates) {
      if (!/^(sam|cloudformation)$/.test(template.format) || template.open) continue
      for (const resource of template.resources.values()) {
        context.turnTo(resource)
        checkResource(resource, template, context)
      }
    }
  },
})

function checkResource(resource: Resource, template: Template, context: RuleContext): void {
  for (const mention of resource.value.references()) {
    const { reference } = mention
    if (!reference || reference.id.startsWith('AWS::') || reference.id === '') continue
    if (!reference.resource) reportUnknown(mention, reference.id, template, context)
    else if (reference.attribute !== 'Ref') checkAttribute(mention, reference.resource, reference.attribute, context)
  }
  const named = resource.value.at('DependsOn')
  for (const item of named.items('single')) {
    const id = item.string()
    if (id !== undefined && !template.resources.has(id)) reportUnknown(item, id, template, context)
  }
}

function reportUnknown(at: Value, id: string, template: Template, { report }: RuleContext): void {
  const names = [...template.resources.keys()]
  const parameters = template.root.at('Parameters').keys()
  if (parameters.includes(id) || (template.format === 'sam' && isMadeBySam(id, names))) return
  const meant = nearest(id, [...names, ...parameters])
  report({
    at,
    message: `The template declares no ${id}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    help: 'The deployment is refused',
  })
}

/** SAM makes resources whose names begin with those of the template, or with Serverless. */
const isMadeBySam = (id: string, names: readonly string[]): boolean =>
  /^Serverless[A-Z]/.test(id) || names.some(name => id.startsWith(name))

function checkAttribute(at: Value, resource: Resource, attribute: string, { report }: RuleContext): void {
  const known = attributesOf(resource.type)
  if (!known || known.includes(attribute) || attribute.includes('.')) return
  const meant = known.find(name => name.toLowerCase() === attribute.toLowerCase()) ?? nearest(attribute, known)
  if (meant === undefined) return
  report({
    at,
    message: `${resource.id} has no attribute ${attribute}; did you mean ${meant}?`,
    help: `The deployment is refused: !GetAtt of ${resource.type} gives no ${attribute}`,
  })
}

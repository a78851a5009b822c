/** References to what a template does not declare. */
import { groupBy } from '../../base/group-by.ts'
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
      const unknown: Unknown[] = []
      for (const resource of template.resources.values()) {
        context.turnTo(resource)
        unknown.push(...checkResource(resource, template, context))
      }
      // What is not declared is one fault, however often it is named.
      for (const [id, mentions] of groupBy(unknown, one => one.id)) reportUnknown(id, mentions, template, context)
    }
  },
})

/** A mention of what is not declared. */
interface Unknown {
  readonly id: string
  readonly at: Value
  readonly resource: Resource
}

function checkResource(resource: Resource, template: Template, context: RuleContext): readonly Unknown[] {
  const mentions: (readonly [id: string, at: Value])[] = []
  for (const mention of resource.value.references()) {
    const { reference } = mention
    if (!reference || reference.id.startsWith('AWS::') || reference.id === '') continue
    if (!reference.resource) mentions.push([reference.id, mention])
    else if (reference.attribute !== 'Ref') checkAttribute(mention, reference.resource, reference.attribute, context)
  }
  const named = resource.value.at('DependsOn')
  for (const item of named.items('single')) {
    const id = item.string()
    if (id !== undefined && !template.resources.has(id)) mentions.push([id, item])
  }
  const names = [...template.resources.keys()]
  const parameters = template.root.at('Parameters').keys()
  return mentions
    .filter(([id]) => !parameters.includes(id) && !(template.format === 'sam' && isMadeBySam(id, names)))
    .map(([id, at]) => ({ id, at, resource }))
}

function reportUnknown(
  id: string,
  [first, ...others]: readonly Unknown[],
  template: Template,
  { report, turnTo }: RuleContext,
): void {
  if (!first || isFilledIn(id, [first, ...others], template)) return
  const meant = nearest(id, [...template.resources.keys(), ...template.root.at('Parameters').keys()])
  turnTo(first.resource)
  report({
    at: first.at,
    related: others.map(({ at }) => ({ at, message: 'it is named here too' })),
    message: `The template declares no ${id}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    help: 'The deployment is refused',
  })
}

/**
 * Whether `${id}` stands in a text of the template that `Fn::Sub` does not read too: something fills all of them in
 * before it is deployed.
 */
function isFilledIn(id: string, mentions: readonly Unknown[], { source }: Template): boolean {
  const mark = `\${${id}}`
  for (let at = source.text.indexOf(mark); at !== -1; at = source.text.indexOf(mark, at + 1)) {
    const line = source.text.slice(source.text.lastIndexOf('\n', at) + 1, at)
    const isRead = mentions.some(one => one.at.loc.start <= at && at < one.at.loc.end) || /\bSub\b/.test(line)
    if (!isRead) return true
  }
  return false
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

/** `Globals` of a SAM template: what its resources take of them, and what they are by themselves. */
import { makeResource } from './cloudformation.ts'
import type { Resource, Template } from './model.ts'
import { mapValue, mergeValues, scalarValue } from './value.ts'
import type { Value } from './value.ts'

const PREFIX = 'AWS::Serverless::'

const merged = new WeakMap<Resource, Value>()

/** The properties of a resource with what its template gives to all of its type. */
export function withGlobals(resource: Resource): Value {
  const { type, properties, template } = resource
  if (template.format !== 'sam' || !type.startsWith(PREFIX)) return properties
  const known = merged.get(resource)
  if (known) return known
  const section = type.slice(PREFIX.length)
  const via = { kind: 'global', name: `Globals.${section}` } as const
  const value = mergeValues(template.root.at('Globals', section), properties, via)
  merged.set(resource, value)
  return value
}

const made = new WeakMap<Template, readonly Resource[]>()

/** Each section of the globals as a resource of its type, which lacks whatever the resources say by themselves. */
export function globalsAsResources(template: Template): readonly Resource[] {
  if (template.format !== 'sam') return []
  const known = made.get(template)
  if (known) return known
  const sections = template.root
    .at('Globals')
    .entries()
    .filter(({ value }) => value.kind === 'map')
    .map(({ key, keyLoc, value }) =>
      makeResource(
        `Globals.${key}`,
        keyLoc,
        mapValue(keyLoc, [
          { key: 'Type', keyLoc, evaluate: () => scalarValue(keyLoc, `${PREFIX}${key}`) },
          { key: 'Properties', keyLoc, evaluate: () => value },
        ]),
        () => template,
      ),
    )
  made.set(template, sections)
  return sections
}

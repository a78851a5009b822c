/** Resources that wait for one another. */
import type { Template } from '../application/model.ts'
import { defineRule } from '../engine/rule.ts'

/** A circle of references: none of its resources can be made first. */
export const rule = defineRule({
  id: 'circular-dependency',
  application(app, { report, turnTo }) {
    for (const template of app.templates) {
      if (!/^(sam|cloudformation|cdk)$/.test(template.format) || template.open) continue
      const waits = dependencies(template)
      for (const resource of template.resources.values()) {
        turnTo(resource)
        const circle = circleOf(resource.id, waits)
        // Each circle is told at the first of its resources.
        if (circle && [...template.resources.keys()].find(id => circle.includes(id)) === resource.id)
          report({
            at: resource,
            message: `${[...circle, resource.id].join(' waits for ')}`,
            help:
              'None of them can be made first, and the deployment is refused. Name one of them by a text (!Sub ' +
              'with its name), or attach the policy, permission or notification by a resource of its own',
          })
      }
    }
  },
})

function dependencies(template: Template): ReadonlyMap<string, ReadonlySet<string>> {
  const waits = new Map<string, Set<string>>()
  const add = (id: string, on: string): void => {
    if (template.resources.has(on)) waits.set(id, (waits.get(id) ?? new Set()).add(on))
  }
  for (const resource of template.resources.values()) {
    const isOfSam = resource.type === 'AWS::Serverless::Function'
    for (const { key, value } of resource.properties.entries()) {
      // SAM makes resources of their own of the events: the function itself does not wait for its API.
      if (isOfSam && key === 'Events') continue
      for (const { reference } of value.references()) if (reference) add(resource.id, reference.id)
    }
    for (const id of resource.dependsOn) add(resource.id, id)
  }
  // The notification that SAM adds to a bucket waits for the function.
  for (const fn of template.functions)
    for (const event of fn.events)
      if (event.declaredBy === 'sam' && event.kind === 's3' && event.resource) {
        add(event.resource.id, fn.resource.id)
      }
  return waits
}

/** The way from a resource back to itself, the shortest first. */
function circleOf(id: string, waits: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] | undefined {
  const from = new Map<string, string>()
  const pending = [id]
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    for (const on of waits.get(next) ?? []) {
      if (on === id) {
        const way = [next]
        for (let at = from.get(next); at !== undefined; at = from.get(at)) way.unshift(at)
        return way[0] === id ? way : [id, ...way]
      }
      if (!from.has(on)) {
        from.set(on, next)
        pending.push(on)
      }
    }
  }
  return undefined
}

import type { LambdaFunction, Resource } from '../application/model.ts'
import { defineRule } from '../engine/rule.ts'

/** A function that is made before its file system can be mounted: the deployment fails now and then. */
export const rule = defineRule({
  id: 'efs-mount-target-order',
  fn(fn, { report }) {
    for (const system of fn.fileSystems.items()) {
      const access = system.at('Arn').resource
      const files = access?.property('FileSystemId').resource
      if (!access || !files) continue
      const targets = [...fn.template.resources.values()].filter(
        one => one.type === 'AWS::EFS::MountTarget' && one.property('FileSystemId').resource === files,
      )
      const early = targets.find(target => target.condition === undefined && !waitsFor(fn, target))
      if (!early) continue
      report({
        at: system.at('Arn'),
        message: `${fn.id} mounts ${files.id} and does not wait for its mount target ${early.id}`,
        help: `Add DependsOn: ${early.id} to the function: nothing else says in which order the two are made`,
        related: [{ at: early, message: 'the mount target' }],
      })
    }
  },
})

/** Whether a function is made after a resource, by what it or what it waits for says. */
function waitsFor(fn: LambdaFunction, target: Resource): boolean {
  const seen = new Set<Resource>()
  const open: Resource[] = [fn.resource]
  for (let next = open.pop(); next; next = open.pop()) {
    if (next === target) return true
    if (seen.has(next)) continue
    seen.add(next)
    for (const id of next.dependsOn) {
      const resource = fn.template.resources.get(id)
      if (resource) open.push(resource)
    }
    for (const mention of next.properties.references()) if (mention.resource) open.push(mention.resource)
  }
  return false
}

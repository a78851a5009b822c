import { withGlobals } from '../application/globals.ts'
import type { Template } from '../application/model.ts'

/** What ties a function to anything: who calls it, and what it may do. */
const TIES = ['Role', 'Policies', 'Events', 'Connectors', 'FunctionUrlConfig', 'FunctionName', 'VpcConfig', 'Layers']

const known = new WeakMap<Template, boolean>()

/**
 * Whether a template of SAM is there to run images on the machine of who writes them: it holds nothing else, nothing
 * calls them, and they may do nothing. What is deployed says so in another place, such as an app of the CDK.
 */
export function isForLocalRuns(template: Template): boolean {
  const before = known.get(template)
  if (before !== undefined) return before
  const resources = [...template.resources.values()]
  const answer =
    template.format === 'sam' &&
    template.root.at('Outputs').isAbsent &&
    resources.every(one => {
      if (one.type !== 'AWS::Serverless::Function') return false
      const properties = withGlobals(one)
      return (
        properties.at('PackageType').string() === 'Image' &&
        TIES.every(name => properties.at(name).isAbsent && one.value.at(name).isAbsent)
      )
    })
  known.set(template, answer)
  return answer
}

/** The `given` of a property: fresh resources by the names that the steps call them. */
import type { Spec, Value } from '../../spec/model.ts'
import type { CaseContext, Scope } from '../case.ts'
import { withNeeds } from '../fixtures/fixtures.ts'
import { deployedProbe, deployedRuntime } from '../probes/roles.ts'

/** What somebody may have deployed for us, by resource. */
const DEPLOYED: { readonly [resource: string]: typeof deployedProbe } = {
  function: deployedProbe,
  runtime: deployedRuntime,
}

type Given = { readonly [variable: string]: Value }
type Overlay = { readonly [member: string]: Value }

/** A resource that a property wants made, with what is laid over its request. */
export interface GivenResource {
  readonly variable: string
  readonly resource: string
  readonly overlay: Overlay
}

/** `fn: {function: {MemorySize: 256}}`. Throws an `Error` for anything else. */
export function givenResources(given: Given): readonly GivenResource[] {
  return Object.entries(given).map(([variable, value]) => {
    const entries = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []
    const [resource, overlay] = entries[0] ?? []
    if (resource === undefined || entries.length !== 1 || typeof overlay !== 'object' || Array.isArray(overlay)) {
      throw new Error(
        `given.${variable} wants one resource with what is laid over it, such as {function: {MemorySize: 256}}`,
      )
    }
    return { variable, resource, overlay: (overlay ?? {}) as Overlay }
  })
}

/**
 * Makes them in their order. What one needs and has not been given is made for it; what was given last of a kind is
 * what the following ones belong to: `fn: {function: {}}, v: {version: {}}` is a function and a version of it.
 * `readOnly`: no step changes anything, so that a probe that somebody deployed will do where functions cannot be
 * created.
 */
export async function makeGiven(
  context: Pick<CaseContext, 'spec' | 'fixtures' | 'endpoint' | 'fill'>,
  given: Given,
  variables: Scope,
  readOnly: boolean,
): Promise<Scope> {
  const latest: { [resource: string]: unknown } = {}
  const named: { [variable: string]: unknown } = {}
  const scope = (): Scope => ({ ...latest, ...variables, ...named })
  const make = async (resource: string, overlay: Overlay): Promise<unknown> => {
    const deployed = readOnly && context.endpoint.capabilities['create'] === false ? DEPLOYED[resource] : undefined
    const found = deployed?.(context.endpoint, context.fill(overlay, scope()))
    return found ?? context.fixtures.make(resource, overlay, scope())
  }
  for (const { variable, resource, overlay } of givenResources(given)) {
    for (const need of withNeeds(context.spec, [resource])) {
      if (need !== resource && latest[need] === undefined) latest[need] = await make(need, {})
    }
    named[variable] = await make(resource, overlay)
    latest[resource] = named[variable]
  }
  return scope()
}

/**
 * The actions that making them calls, and the capabilities without which they cannot be made. A function that nothing
 * changes may be one that somebody deployed: then it does not take the action that creates functions.
 */
export function givenNeeds(
  spec: Pick<Spec, 'resources'>,
  given: Given,
  readOnly: boolean,
): { readonly actions: readonly string[]; readonly capabilities: readonly string[] } {
  const names = withNeeds(
    spec,
    givenResources(given).map(one => one.resource),
  )
  const resources = [
    ...names,
    // The builtin runtime is a function, and its extensions come in a layer.
    ...givenResources(given).flatMap(({ resource, overlay }) => {
      if (resource !== 'runtime' || readOnly) return []
      return overlay['extensions'] === undefined ? ['function'] : ['function', 'layer-version']
    }),
  ].flatMap(name => spec.resources[name] ?? [])
  return {
    actions: resources
      .filter(resource => !(readOnly && resource.name === 'function'))
      .map(resource => resource.lifecycle.create),
    capabilities: resources.flatMap(resource => resource.capabilities),
  }
}

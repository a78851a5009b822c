/** What faults have in common that change requests on their way to the true server, or what it answers. */
import { jsonOf, withJson, type Behaviour, type Passing } from './fault.ts'

export type Members = { readonly [member: string]: unknown }

/** A call of another service than Lambda, by the beginning of the service's name. */
export const isCallOf = (request: Passing, service: string, action: string): boolean =>
  request.headers['x-amz-target']?.startsWith(service) === true &&
  request.headers['x-amz-target'].endsWith(`.${action}`)

/** The request with other members in its body; a member that is undefined is left out. */
export const withMembers = (request: Passing, change: (members: Members) => object): { readonly body: Buffer } => {
  const members = jsonOf(request) ?? {}
  return { body: Buffer.from(JSON.stringify({ ...members, ...change(members) })) }
}

/** The further versions of an alias and their weights, in a request or an answer. */
export function weightsOf(alias: Members | undefined): object | undefined {
  const routing = alias?.['RoutingConfig'] as { readonly AdditionalVersionWeights?: object } | null | undefined
  return routing?.AdditionalVersionWeights
}

/** The answers to some actions, refusals too, with something else in them. */
export const answersChanged =
  (actions: readonly string[], change: (value: Members) => unknown): Behaviour =>
  async (request, forward) => {
    const given = await forward()
    return actions.includes(request.action ?? '') ? withJson(given, change) : given
  }

/** Members of requests are lost or replaced. */
export const requestsChanged =
  (actions: readonly string[], change: (members: Members) => object): Behaviour =>
  (request, forward) =>
    request.action !== undefined && actions.includes(request.action) ? forward(withMembers(request, change)) : forward()

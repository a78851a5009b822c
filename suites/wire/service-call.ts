/** Calls of other services on the same endpoint, by their JSON protocols. */
import { SERVICES } from '../../spec/compiler/vocabulary.ts'
import type { HttpRequest } from '../case.ts'

/** `service` is one of `SERVICES`; the request is to be signed for it. */
export function serviceCall(service: string, action: string, input: unknown): HttpRequest {
  const protocol = SERVICES[service]
  if (protocol === undefined) throw new Error(`there is no service ${service}`)
  return {
    method: 'POST',
    path: '/',
    query: [],
    headers: {
      'content-type': `application/x-amz-json-${protocol.json}`,
      'x-amz-target': `${protocol.target}.${action}`,
    },
    body: JSON.stringify(input ?? {}),
  }
}

/** The service for which a request with this `X-Amz-Target` is signed. */
export function serviceOf(target: string | undefined): string {
  const found = Object.entries(SERVICES).find(([, { target: prefix }]) => target?.startsWith(`${prefix}.`))
  return found === undefined ? 'lambda' : found[0]
}

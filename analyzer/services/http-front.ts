/**
 * What stands between a function and HTTP: which form of request it is sent, and which form of answer is expected of
 * it.
 */
import type { Handler } from '../application/code.ts'
import type { EventSource, LambdaFunction } from '../application/model.ts'

/** What puts HTTP requests in front of a function, and in which form they come. */
export interface HttpFront {
  readonly fn: LambdaFunction
  readonly event: EventSource
  readonly kind: 'rest-api' | 'http-api' | 'url' | 'alb'
  /**
   * Version of the request's format; undefined when it cannot be told. Load balancers send one of their own, which is
   * like 1.0.
   */
  readonly payload: '1.0' | '2.0' | undefined
}

/** The proxies in front of a handler; empty when anything else may run it, or answers are mapped on the way. */
export function frontsOf(handler: Pick<Handler, 'functions'>): readonly HttpFront[] {
  const fronts: HttpFront[] = []
  for (const fn of handler.functions) {
    if (!fn.events.length) return []
    for (const event of fn.events) {
      const { kind } = event
      if ((kind !== 'rest-api' && kind !== 'http-api' && kind !== 'url' && kind !== 'alb') || !isProxy(event)) return []
      fronts.push({ fn, event, kind, payload: payloadOf(fn, event) })
    }
  }
  return fronts
}

/** Requests and answers go through as they are. */
function isProxy(event: EventSource): boolean {
  if (event.declaredBy === 'sam') {
    // A definition of one's own may map what it likes.
    const api = event.resource
    return (
      event.source.isAbsent ||
      (api?.property('DefinitionBody').isAbsent === true && api.property('DefinitionUri').isAbsent)
    )
  }
  if (event.kind === 'rest-api') {
    const integration = event.property('Integration')
    if (event.declaredBy === 'serverless')
      return integration.isAbsent || /^(aws_proxy|lambda[-_]proxy|aws-proxy)$/i.test(integration.string() ?? '')
    return integration.at('Type').string() === 'AWS_PROXY'
  }
  if (event.kind === 'http-api' && event.declaredBy === 'resource')
    return event.property('IntegrationType').string() === 'AWS_PROXY'
  return true
}

function payloadOf(fn: LambdaFunction, event: EventSource): HttpFront['payload'] {
  if (event.kind === 'url') return '2.0'
  if (event.kind !== 'http-api') return '1.0'
  if (event.declaredBy === 'serverless') {
    const chosen = fn.template.root.at('provider', 'httpApi', 'payload')
    const provider = fn.template.root.at('provider', 'httpApi')
    if (provider.isUnknown || fn.template.root.at('provider').isUnknown) return undefined
    return chosen.isAbsent ? '2.0' : version(chosen.string())
  }
  const written = event.property('PayloadFormatVersion')
  if (written.isAbsent) return event.declaredBy === 'sam' ? '2.0' : undefined
  return version(written.string())
}

const version = (text: string | undefined): HttpFront['payload'] =>
  (['1.0', '2.0'] as const).find(one => text === one || `${text}.0` === one)

/** Where the template says that requests come from, for the other end of a finding. */
export const frontPlaces = (
  fronts: readonly HttpFront[],
): readonly { readonly at: EventSource; readonly message: string }[] =>
  fronts.map(({ fn, event, kind }) => ({
    at: event,
    message: `${fn.id} answers ${{ 'rest-api': 'a REST API', 'http-api': 'an HTTP API', url: 'its URL', alb: 'a load balancer' }[kind]} here`,
  }))

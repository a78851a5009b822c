/** Where a link that an endpoint gave leads, and whether it may be followed. */
import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { isAwsHost, isLoopback } from './hosts.ts'

/** A URL that an endpoint gave, taken apart. */
export interface Link {
  /** Scheme, host and port. */
  readonly origin: string
  readonly path: string
  readonly query: readonly (readonly [string, string])[]
}

/**
 * An endpoint may send us to itself: to its own host, to a name of this machine when it runs there, to AWS when it is
 * AWS. Anything else is not followed: a link is the endpoint's word, and nobody's machines are to be asked because of
 * it. Gives the reason then.
 */
export function readLink(text: string, endpointUrl: string): Link | string {
  if (!URL.canParse(text)) return `${JSON.stringify(text.slice(0, 200))} is no link`
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return `the link is one of ${url.protocol.slice(0, 40)}`
  const isOwn =
    url.hostname === new URL(endpointUrl).hostname ||
    (isLoopback(endpointUrl) && isLoopback(text)) ||
    (isAwsHost(endpointUrl) && isAwsHost(text))
  if (!isOwn) return `the link leads to ${url.host.slice(0, 200)}, which is not the endpoint: it was not followed`
  return { origin: url.origin, path: url.pathname, query: [...url.searchParams] }
}

/** Names below `localhost` are this machine, also where the resolver does not know them. */
export const lookupHost: LookupFunction = (hostname, options, callback) => {
  if (!/(^|\.)(localhost|localhost\.localstack\.cloud)$/.test(hostname) || hostname === 'localhost')
    return lookup(hostname, options, callback)
  if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }])
  else callback(null, '127.0.0.1', 4)
}

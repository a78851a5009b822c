import { isObject } from '../../base/is-object.ts'
import { isOneOf } from '../../base/is-one-of.ts'
import { memberOf } from '../../base/member-of.ts'
import { parseJson } from '../../base/parse-json.ts'

/** A stream of records that can be subscribed to. */
export type LogType = 'platform' | 'function' | 'extension'

/** What an extension wants of the logs, how it is buffered, and where it goes. */
export interface LogSubscription {
  readonly types: readonly LogType[]
  readonly schemaVersion: '2020-08-15' | '2021-03-18'
  readonly buffering: { readonly timeoutMs: number; readonly maxBytes: number; readonly maxItems: number }
  readonly destination:
    | { readonly protocol: 'HTTP'; readonly port: number; readonly path: string; readonly method: 'PUT' | 'POST' }
    | { readonly protocol: 'TCP'; readonly port: number }
}

const TYPES = ['platform', 'function', 'extension'] as const
const SCHEMAS = ['2020-08-15', '2021-03-18'] as const
const BUFFERING = {
  timeoutMs: { default: 1000, least: 25, most: 30_000 },
  maxBytes: { default: 262_144, least: 262_144, most: 1_048_576 },
  maxItems: { default: 10_000, least: 1000, most: 10_000 },
}
/** The service keeps it for itself. */
const RESERVED_PORT = 9001
const HOST = 'sandbox.localdomain'
const HOSTS = [HOST, 'sandbox']

/**
 * A subscription from the body of its request, or what is wrong with it as text.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-logs-api.html#runtimes-logs-api-ref-a
 */
export function readSubscription(body: Buffer): LogSubscription | string {
  const given = parseJson(body.toString('utf8'))
  if (given === undefined) return 'the body should be JSON'
  if (!isObject(given)) return 'the body should be a JSON object'
  const types: readonly unknown[] = Array.isArray(given['types']) ? given['types'] : []
  const schemaVersion = given['schemaVersion'] ?? '2020-08-15'
  const faults: string[] = []
  if (types.length === 0) faults.push('types should not be empty')
  else if (!types.every(one => isOneOf(TYPES, one))) faults.push(`types should be among ${TYPES.join(', ')}`)
  const schema = SCHEMAS.find(one => one === schemaVersion)
  if (schema === undefined) faults.push(`schemaVersion should be one of ${SCHEMAS.join(', ')}`)
  const buffering = readBuffering(given['buffering'] ?? {}, faults)
  const destination = readDestination(given['destination'], faults)
  if (faults.length > 0 || destination === undefined || schema === undefined) return faults.join('; ')
  return {
    types: [...new Set(types.filter(one => isOneOf(TYPES, one)))],
    schemaVersion: schema,
    buffering,
    destination,
  }
}

function readBuffering(given: unknown, faults: string[]): LogSubscription['buffering'] {
  const read = (name: keyof typeof BUFFERING): number => {
    const { default: usual, least, most } = BUFFERING[name]
    const value = memberOf(given, name) ?? usual
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
      faults.push(`buffering.${name} should be from ${least} to ${most}`)
      return usual
    }
    return value
  }
  if (typeof given !== 'object' || given === null) {
    faults.push('buffering should be an object')
    return readBuffering({}, [])
  }
  return { timeoutMs: read('timeoutMs'), maxBytes: read('maxBytes'), maxItems: read('maxItems') }
}

function readDestination(given: unknown, faults: string[]): LogSubscription['destination'] | undefined {
  if (!isObject(given)) {
    faults.push('destination is missing')
    return undefined
  }
  const { protocol, URI, port, method = 'POST', encoding = 'JSON' } = given
  if (protocol === 'TCP') return isPort(port, 'port', faults) ? { protocol, port } : undefined
  if (protocol !== 'HTTP') {
    faults.push('destination.protocol should be HTTP or TCP')
    return undefined
  }
  if (method !== 'PUT' && method !== 'POST') faults.push('destination.method should be PUT or POST')
  if (encoding !== 'JSON') faults.push('destination.encoding should be JSON')
  const url = typeof URI === 'string' && URL.canParse(URI) ? new URL(URI) : undefined
  if (url === undefined) faults.push('destination.URI should be a URI')
  else if (url.protocol !== 'http:') faults.push('destination.URI should begin with http')
  else if (!HOSTS.includes(url.hostname)) faults.push(`the host of destination.URI should be ${HOST}`)
  else if (url.port === '') faults.push('URI port is not provided')
  else if (isPort(Number(url.port), 'the port of destination.URI', faults) && faults.length === 0)
    return {
      protocol,
      port: Number(url.port),
      path: url.pathname + url.search,
      method: method === 'PUT' ? method : 'POST',
    }
  return undefined
}

function isPort(value: unknown, name: string, faults: string[]): value is number {
  const is = typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535
  if (!is) faults.push(`${name} should be a number from 1 to 65535`)
  else if (value === RESERVED_PORT) faults.push(`port ${RESERVED_PORT} is reserved`)
  return is && value !== RESERVED_PORT
}

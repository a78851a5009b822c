/**
 * From the exchanges of a failure to the steps of a script that shows it again: names, identifiers and the address
 * become variables.
 */
import { isObject } from '../../base/is-object.ts'
import { parseJson } from '../../base/parse-json.ts'
import type { Exchange, ScriptStep } from '../../reports/evidence.ts'
import type { Spec } from '../../spec/model.ts'
import type { Endpoint, HttpRequest } from '../case.ts'
import { keyMembers, keyOf } from '../fixtures/key.ts'
import { profileOf } from '../ownership.ts'
import { queryString } from '../wire/exchange.ts'
import { readRequest } from '../wire/read-request.ts'
import { OWN_HEADERS } from '../wire/reproduce.ts'
import { serialise } from '../wire/serialise.ts'
import { serviceCall, serviceOf } from '../wire/service-call.ts'
import { present } from '../../base/present.ts'

/** What is known of the endpoint and the pages when a script is written. */
export interface StepsOptions {
  readonly endpoint: Pick<Endpoint, 'url' | 'run'>
  readonly spec: Pick<Spec, 'actions' | 'resources'>
}

/** More is no script that a person reads. */
const MOST_BYTES = 60_000
const MOST_STEPS = 60
const LEAST_PAUSE_MS = 800
const MOST_PAUSE_MS = 20_000

/** Identifiers that a service gives anew: of mappings, revisions and configurations, and hashes of packages. */
const GIVEN = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|csc-[0-9a-f]{17}|[A-Za-z0-9+/]{43}=/g

/**
 * Undefined where a request was not kept whole, holds what was taken out of it, or where the whole would be too long.
 */
export function scriptSteps(
  setUp: readonly Exchange[],
  shown: readonly Exchange[],
  options: StepsOptions,
): readonly ScriptStep[] | undefined {
  const exchanges = [...setUp, ...shown]
  if (shown.length === 0 || exchanges.length > MOST_STEPS || exchanges.some(isNotWhole)) return undefined
  const known: Variables = new Map()
  const steps = exchanges.map((exchange, at): ScriptStep => {
    const step = stepOf(exchange, at < setUp.length ? 'set-up' : 'case', options, known)
    const pauseMs = at > setUp.length ? gapBetween(present(exchanges[at - 1], 'an element of exchanges'), exchange) : 0
    const take = taken(exchange, exchanges.slice(at + 1), known)
    return {
      ...step,
      ...(pauseMs >= LEAST_PAUSE_MS ? { pauseMs: Math.min(MOST_PAUSE_MS, pauseMs) } : {}),
      ...(Object.keys(take).length === 0 ? {} : { take }),
    }
  })
  steps.push(...cleanUp(exchanges, options, known))
  return JSON.stringify(steps).length > MOST_BYTES ? undefined : steps
}

/** By the value that the service gave: the name that the script has for it. */
type Variables = Map<string, string>

function isNotWhole({ request }: Exchange): boolean {
  const { body, bodyBytes, bodyEncoding } = request
  return (
    Buffer.byteLength(body, bodyEncoding === 'base64' ? 'base64' : 'utf8') < bodyBytes ||
    `${request.url}${body}`.includes('REDACTED')
  )
}

function stepOf(
  { request, response }: Exchange,
  part: ScriptStep['part'],
  options: StepsOptions,
  known: Variables,
): ScriptStep {
  const { endpoint } = options
  const target = request.headers['x-amz-target']
  const error = response === undefined ? undefined : errorOf(response)
  const headers = Object.fromEntries(
    Object.entries(request.headers)
      .filter(([name]) => !OWN_HEADERS.has(name.toLowerCase()))
      .map(([name, value]) => [name, withVariables(value, endpoint, known)]),
  )
  return {
    part,
    name: request.action ?? target?.split('.').at(-1) ?? request.method,
    service: serviceOf(target),
    method: request.method,
    target: withVariables(request.url.slice(originOf(endpoint).length), endpoint, known),
    headers,
    ...(request.body === '' ? {} : { body: withVariables(request.body, endpoint, known) }),
    ...(request.bodyEncoding === undefined ? {} : { base64: true }),
    ...(request.headers['authorization'] === undefined ? { unsigned: true } : {}),
    ...(response === undefined ? {} : { came: response.status }),
    ...(error === undefined ? {} : { error }),
  }
}

const originOf = ({ url }: StepsOptions['endpoint']): string => url.replace(/\/$/, '')

function withVariables(text: string, endpoint: StepsOptions['endpoint'], known: Variables): string {
  const named = text
    .replaceAll(profileOf(endpoint.run), '{{RUN_}}')
    .replaceAll(endpoint.run, '{{RUN}}')
    .replaceAll(originOf(endpoint), '{{URL}}')
  return named.replace(GIVEN, value => (known.has(value) ? `{{${known.get(value)}}}` : value))
}

/** What later requests need of the answer: variable and the path at which it stands. */
function taken(
  { response }: Exchange,
  later: readonly Exchange[],
  known: Variables,
): { readonly [variable: string]: string } {
  const json = response === undefined ? undefined : parseJson(response.body)
  if (json === undefined) return {}
  const text = later.map(({ request }) => `${request.url} ${request.body}`).join(' ')
  const found: { [variable: string]: string } = {}
  for (const [path, value] of valuesIn(json, '')) {
    GIVEN.lastIndex = 0
    if (known.has(value) || value.replace(GIVEN, '') !== '' || !text.includes(value)) continue
    const variable = `V${known.size + 1}`
    known.set(value, variable)
    found[variable] = path
  }
  return found
}

const MOST_VALUES = 2000

function* valuesIn(value: unknown, path: string, depth = 0): Generator<readonly [string, string]> {
  if (typeof value === 'string') yield [path, value]
  if (depth > 8 || typeof value !== 'object' || value === null) return
  for (const [name, one] of Object.entries(value).slice(0, MOST_VALUES))
    yield* valuesIn(one, path === '' ? name : `${path}.${name}`, depth + 1)
}

function gapBetween(before: Exchange, after: Exchange): number {
  return Math.round(Date.parse(after.startedAt) - Date.parse(before.startedAt) - before.durationMs)
}

function errorOf({ headers, body, status }: NonNullable<Exchange['response']>): string | undefined {
  const json = status < 400 ? undefined : parseJson(body)
  const type = isObject(json) ? (json['__type'] ?? json['code'] ?? json['Type']) : undefined
  const named = headers['x-amzn-errortype'] ?? (typeof type === 'string' ? type : undefined)
  return named?.replace(/:.*/s, '').replace(/^.*#/, '')
}

interface MadeKey {
  readonly resource: string
  readonly key: { readonly [member: string]: unknown }
  readonly request: HttpRequest
  readonly name: string
}

/** Deletes what the steps make, the newest first; what goes with its parent is left to it. */
function cleanUp(exchanges: readonly Exchange[], options: StepsOptions, known: Variables): readonly ScriptStep[] {
  const made = exchanges.flatMap(one => madeBy(one, options))
  const isChild = (one: MadeKey): boolean =>
    made.some(
      other =>
        Object.keys(other.key).length < Object.keys(one.key).length &&
        Object.entries(other.key).every(([name, value]) => one.key[name] === value),
    )
  const texts = new Set<string>()
  return made
    .filter(one => !isChild(one))
    .reverse()
    .map(({ request, name }): ScriptStep => {
      const { endpoint } = options
      return {
        part: 'clean-up',
        name,
        service: serviceOf(request.headers['x-amz-target']),
        method: request.method,
        target: withVariables(`${request.path}${queryString(request.query)}`, endpoint, known),
        headers: request.headers,
        ...(typeof request.body === 'string' ? { body: withVariables(request.body, endpoint, known) } : {}),
      }
    })
    .filter(step => {
      const text = `${step.method} ${step.target} ${step.body ?? ''}`
      return !texts.has(text) && texts.add(text)
    })
}

function madeBy({ request, response }: Exchange, { spec, endpoint }: StepsOptions): readonly MadeKey[] {
  if (response === undefined || response.status >= 300) return []
  const json = parseJson(response.body)
  const members = isObject(json) ? json : {}
  const sent = parseJson(request.body)
  const operation = request.headers['x-amz-target']?.split('.').at(-1)
  if (operation === 'CreateQueue' && typeof members['QueueUrl'] === 'string')
    return [other('sqs', 'DeleteQueue', { QueueUrl: members['QueueUrl'] })]
  if (operation === 'CreateStream' && isObject(sent) && typeof sent['StreamName'] === 'string')
    return [other('kinesis', 'DeleteStream', { StreamName: sent['StreamName'] })]
  if (operation === 'CreateTable' && isObject(sent) && typeof sent['TableName'] === 'string')
    return [other('dynamodb', 'DeleteTable', { TableName: sent['TableName'] })]
  const action = spec.actions[request.action ?? '']
  if (action === undefined) return []
  const url = new URL(request.url)
  const params =
    readRequest(action, {
      path: url.pathname.slice(new URL(endpoint.url).pathname.replace(/\/$/, '').length),
      query: [...url.searchParams],
      headers: request.headers,
      body: request.body,
    }) ?? {}
  return Object.values(spec.resources).flatMap(resource => {
    const remove = spec.actions[resource.lifecycle.delete ?? '']
    if (resource.lifecycle.create !== action.name || remove === undefined) return []
    const key = keyOf(resource, params, members)
    if (keyMembers(resource).some(member => key[member.request] === undefined)) return []
    return [{ resource: resource.name, key, request: serialise(remove, key), name: remove.name }]
  })
}

function other(service: string, action: string, input: { readonly [member: string]: unknown }): MadeKey {
  return { resource: service, key: input, request: serviceCall(service, action, input), name: action }
}

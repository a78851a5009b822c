/**
 * The other way round: from an HTTP request to the action and the parameters that it carries. Used to check what was
 * really sent, and to audit traffic that somebody recorded.
 */
import { isObject } from '../../base/is-object.ts'
import { parseJson } from '../../base/parse-json.ts'
import type { Action, Member, Spec, TypeRef } from '../../spec/model.ts'
import type { HttpRequest } from '../case.ts'
import { fixedQuery, plainPath, requestMembersIn } from './members.ts'

/**
 * The action that answers to a method and a path (percent-encoded, without query), or null. A trailing slash does not
 * matter.
 */
export function matchAction(
  spec: Pick<Spec, 'actions'>,
  method: string,
  path: string,
  query: readonly (readonly [string, string])[],
): Action | null {
  let best: Action | null = null
  for (const action of Object.values(spec.actions)) {
    if (action.method !== method.toUpperCase() || labelsOf(action, path) === null) continue
    const fixed = fixedQuery(action)
    if (!fixed.every(([name, value]) => query.some(pair => pair[0] === name && pair[1] === value))) continue
    // `GET /2018-10-31/layers` and `GET /2018-10-31/layers?find=LayerVersion`: more fixed pairs or more literal text
    // fit better.
    if (best === null || rank(action) > rank(best)) best = action
  }
  return best
}

function rank(action: Action): number {
  return fixedQuery(action).length * 1000 + plainPath(action).replace(/\{[^}]+\}/g, '').length
}

/** Decoded labels of the path, or null when the path is not the action's. */
function labelsOf(action: Action, path: string): { [label: string]: string } | null {
  const pattern = plainPath(action).split('/')
  const segments = path.replace(/(.)\/$/, '$1').split('/')
  if (pattern.length !== segments.length) return null
  const labels: { [label: string]: string } = {}
  for (const [at, expected] of pattern.entries()) {
    const actual = segments[at] ?? ''
    const label = /^\{(.+?)\+?\}$/.exec(expected)?.[1]
    if (label === undefined) {
      if (expected !== actual) return null
    } else {
      labels[label] = decoded(actual)
    }
  }
  return labels
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * The parameters by member name. Numbers and booleans in path, query and headers are read as such where their text
 * allows it, and stay text otherwise. `null` when the body is not a JSON object though the action wants one.
 */
export function readRequest(
  action: Action,
  request: Pick<HttpRequest, 'path' | 'query' | 'headers' | 'body'>,
): { [member: string]: unknown } | null {
  const params: { [member: string]: unknown } = {}
  const labels = labelsOf(action, request.path) ?? {}
  for (const member of requestMembersIn(action, 'uri')) {
    const value = labels[member.wireName] ?? labels[member.name]
    if (value !== undefined && value !== '') params[member.name] = scalar(member.type, value)
  }
  for (const member of requestMembersIn(action, 'query')) {
    const values = request.query.filter(([name]) => name === member.wireName).map(([, value]) => value)
    if (values.length === 0) continue
    params[member.name] = member.type.kind === 'list' ? values : scalar(member.type, values[0] ?? '')
  }
  for (const member of requestMembersIn(action, 'header')) {
    const value = request.headers[member.wireName.toLowerCase()]
    if (value !== undefined) params[member.name] = scalar(member.type, value)
  }
  const payload = requestMembersIn(action, 'payload')[0]
  if (payload !== undefined) {
    if (request.body !== null && request.body.length > 0) params[payload.name] = request.body
    return params
  }
  return readBody(action, request.body, params)
}

function readBody(
  action: Action,
  body: HttpRequest['body'],
  params: { [member: string]: unknown },
): { [member: string]: unknown } | null {
  const members = requestMembersIn(action, 'body')
  if (members.length === 0 || body === null || body.length === 0) return params
  const json = parseJson(typeof body === 'string' ? body : new TextDecoder().decode(body))
  if (!isObject(json)) return null
  const byWireName = new Map<string, Member>(members.map(member => [member.wireName, member]))
  const given = Object.entries(json).map(([name, value]) => [byWireName.get(name)?.name ?? name, value] as const)
  return Object.fromEntries([...Object.entries(params), ...given])
}

/** A scalar as it stands in a header, a query or a path; text that is no such scalar stays text. */
export function scalar(type: TypeRef, value: string): unknown {
  if ((type.kind === 'integer' || type.kind === 'long') && /^-?\d+$/.test(value)) return Number(value)
  if (type.kind === 'double' && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value)) return Number(value)
  if (type.kind === 'boolean' && (value === 'true' || value === 'false')) return value === 'true'
  return value
}

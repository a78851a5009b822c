/** From an action and its parameters to the HTTP request, as the REST-JSON protocol of the service has it. */
import type { Action, Member } from '../../spec/model.ts'
import type { HttpRequest } from '../case.ts'
import { PROBE_PACKAGE } from './probe-package.ts'
import { fixedQuery, requestMembersIn, wirePath } from './members.ts'

type Params = { readonly [member: string]: unknown }

/**
 * `params` are by AWS's member names; what is `undefined` is left out. Values of a wrong type are sent as they are,
 * because a suite wants to send them. Members that the page does not know go into the body. A missing uri label becomes
 * an empty path segment. In the body, a name stands for the package that is given.
 */
export function serialise(action: Action, params: Params, longPackage?: string): HttpRequest {
  const headers: { [name: string]: string } = {}
  for (const member of requestMembersIn(action, 'header')) {
    const value = params[member.name]
    if (value !== undefined && value !== null) headers[member.wireName.toLowerCase()] = text(value)
  }
  const body = bodyOf(action, params, longPackage)
  if (body !== null && headers['content-type'] === undefined) headers['content-type'] = 'application/json'
  return { method: action.method, path: pathOf(action, params), query: queryOf(action, params), headers, body }
}

function pathOf(action: Action, params: Params): string {
  const labels = requestMembersIn(action, 'uri')
  return wirePath(action).replace(/\{([^}]+)\}/g, (_, label: string) => {
    const name = label.replace(/\+$/, '')
    const member = labels.find(one => one.wireName === name) ?? labels.find(one => one.name === name)
    const value = params[member?.name ?? name]
    return value === undefined || value === null ? '' : encodeSegment(text(value))
  })
}

/** Percent-encodes everything that RFC 3986 does not call unreserved, as the signature wants it. */
export function encodeSegment(value: string): string {
  // Lone surrogates have no UTF-8 form, and encodeURIComponent would throw: the way through bytes replaces them.
  return encodeURIComponent(Buffer.from(value, 'utf8').toString('utf8')).replace(
    /[!'()*]/g,
    char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function queryOf(action: Action, params: Params): readonly (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [...fixedQuery(action)]
  for (const member of requestMembersIn(action, 'query')) {
    const value = params[member.name]
    if (value === undefined || value === null) continue
    for (const one of Array.isArray(value) ? value : [value]) pairs.push([member.wireName, text(one)])
  }
  return pairs
}

function bodyOf(action: Action, params: Params, longPackage: string | undefined): Uint8Array | string | null {
  const payload = action.request.find(member => member.in === 'payload')
  if (payload !== undefined) return payloadOf(params[payload.name])
  const elsewhere = new Set(action.request.filter(member => member.in !== 'body').map(member => member.name))
  const entries = Object.entries(params).filter(([name, value]) => !elsewhere.has(name) && value !== undefined)
  if (entries.length === 0 && requestMembersIn(action, 'body').length === 0) return null
  const members = Object.fromEntries(entries.map(([name, value]) => [wireNameOf(action, name), value]))
  return JSON.stringify(members, longPackage === undefined ? plain : withName(longPackage))
}

function wireNameOf(action: Action, name: string): string {
  return action.request.find((member: Member) => member.name === name)?.wireName ?? name
}

function payloadOf(value: unknown): Uint8Array | string | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' || value instanceof Uint8Array) return value
  return JSON.stringify(value)
}

/** Blobs in a JSON body are base64, timestamps seconds since 1970. */
function plain(this: unknown, key: string, value: unknown): unknown {
  const original = (this as { [key: string]: unknown })[key]
  if (original instanceof Date) return original.getTime() / 1000
  if (original instanceof Uint8Array) return Buffer.from(original).toString('base64')
  return value
}

/** The same with the name of the package where the package is. */
function withName(longPackage: string): typeof plain {
  return function (this: unknown, key, value) {
    return value === longPackage ? PROBE_PACKAGE : plain.call(this, key, value)
  }
}

function text(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

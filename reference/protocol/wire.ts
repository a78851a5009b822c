import type { IncomingHttpHeaders } from 'node:http'
import type { Action, Member, Spec, TypeRef } from '../../spec/model.ts'
import { refuse } from './errors.ts'
import { messageOf } from '../../base/message-of.ts'
import { isObject } from '../../base/is-object.ts'

/** Request members by name; blobs are Buffers, absent members are absent. */
export type Input = { readonly [member: string]: unknown }

/** The parts of an HTTP request from which members are read. */
export interface RawRequest {
  readonly labels: ReadonlyMap<string, string>
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/**
 * Reads the members of a request from where the specification says they are.
 * Refuses what cannot be read at all with `SerializationException`; whether a value is legal is not asked here.
 */
export function readInput(spec: Spec, action: Action, request: RawRequest): Input {
  const body = action.request.some(member => member.in === 'body') ? readBody(request.body) : {}
  const entries: [string, unknown][] = []
  for (const member of action.request) {
    const value = readMember(spec, member, request, body)
    if (value !== undefined) entries.push([member.name, value])
  }
  return Object.fromEntries(entries)
}

function readMember(
  spec: Spec,
  member: Member,
  request: RawRequest,
  body: { readonly [member: string]: unknown },
): unknown {
  switch (member.in) {
    case 'uri':
      return fromText(member.type, request.labels.get(member.wireName) ?? request.labels.get(member.name))
    case 'query':
      if (member.type.kind === 'list') {
        const { of } = member.type
        const all = request.query.getAll(member.wireName)
        return all.length === 0 ? undefined : all.map(text => fromText(of, text))
      }
      return fromText(member.type, request.query.get(member.wireName) ?? undefined)
    case 'header': {
      const header = request.headers[member.wireName.toLowerCase()]
      return fromText(member.type, Array.isArray(header) ? header.join(',') : header)
    }
    case 'body':
      return Object.hasOwn(body, member.wireName) ? fromJson(spec, member.type, body[member.wireName]) : undefined
    case 'payload':
      return request.body.length === 0 ? undefined : request.body
    case 'status':
      return undefined
  }
}

function readBody(body: Buffer): { readonly [member: string]: unknown } {
  if (body.length === 0) return {}
  let json: unknown
  try {
    json = JSON.parse(body.toString('utf8'))
  } catch (error) {
    return refuse('SerializationException', `Could not parse request body into json: ${messageOf(error).slice(0, 200)}`)
  }
  if (json === null) return {}
  if (isObject(json)) return json
  return refuse('SerializationException', `${token(json)} found where a structure was expected.`)
}

/** A value that travels as text, in path, query or header. */
function fromText(type: TypeRef, text: string | undefined): unknown {
  if (text === undefined) return undefined
  switch (type.kind) {
    case 'integer':
    case 'long':
    case 'double': {
      const value = Number(text)
      const legal =
        type.kind === 'double'
          ? text.trim() !== '' && Number.isFinite(value)
          : /^[+-]?\d+$/.test(text) && inRange(type.kind, value)
      if (!legal) refuse('SerializationException', `'${text.slice(0, 80)}' can not be converted to ${typeName(type)}`)
      return value
    }
    case 'boolean':
      if (text !== 'true' && text !== 'false')
        refuse('SerializationException', `'${text.slice(0, 80)}' can not be converted to ${typeName(type)}`)
      return text === 'true'
    default:
      return text
  }
}

function fromJson(spec: Spec, type: TypeRef, json: unknown): unknown {
  if (json === null) return undefined
  switch (type.kind) {
    case 'string':
      if (typeof json !== 'string') mismatch(type, json)
      return json
    case 'blob':
      if (typeof json !== 'string') mismatch(type, json)
      return decodeBase64(json)
    case 'boolean':
      if (typeof json !== 'boolean') mismatch(type, json)
      return json
    case 'integer':
    case 'long':
      if (typeof json !== 'number' || !Number.isInteger(json) || !inRange(type.kind, json)) mismatch(type, json)
      return json
    case 'double':
      if (typeof json !== 'number') mismatch(type, json)
      return json
    case 'timestamp': {
      if (typeof json === 'number') return json
      const parsed = typeof json === 'string' ? Date.parse(json) : NaN
      if (Number.isNaN(parsed)) mismatch(type, json)
      return parsed / 1000
    }
    case 'json':
      return json
    case 'list':
      if (!Array.isArray(json)) mismatch(type, json)
      // A null stays in its place: a list may not hold one, and the check of the constraints says so.
      return json.map((item: unknown) => fromJson(spec, type.of, item) ?? null)
    case 'map':
      if (typeof json !== 'object' || Array.isArray(json)) mismatch(type, json)
      return Object.fromEntries(
        Object.entries(json).map(([key, value]) => [key, fromJson(spec, type.value, value) ?? null]),
      )
    case 'ref': {
      if (!isObject(json)) return mismatch(type, json)
      const object = json
      const members = spec.types[type.type]?.members ?? []
      const entries: [string, unknown][] = []
      for (const member of members) {
        const value = Object.hasOwn(object, member.wireName)
          ? fromJson(spec, member.type, object[member.wireName])
          : undefined
        if (value !== undefined) entries.push([member.name, value])
      }
      return Object.fromEntries(entries)
    }
  }
}

function inRange(kind: 'integer' | 'long', value: number): boolean {
  return kind === 'integer' ? value >= -(2 ** 31) && value < 2 ** 31 : Math.abs(value) < 2 ** 63
}

function mismatch(type: TypeRef, json: unknown): never {
  return refuse('SerializationException', `${token(json)} can not be converted to ${typeName(type)}`)
}

/** What kind of JSON a value is, as the service calls it. */
function token(json: unknown): string {
  if (typeof json === 'string') return 'STRING_VALUE'
  if (typeof json === 'number') return 'NUMBER_VALUE'
  if (typeof json === 'boolean') return json ? 'TRUE_VALUE' : 'FALSE_VALUE'
  return Array.isArray(json) ? 'Start of list' : 'Start of structure or map'
}

function typeName(type: TypeRef): string {
  switch (type.kind) {
    case 'integer':
      return 'an Integer'
    case 'list':
      return 'a list'
    case 'map':
      return 'a map'
    case 'ref':
      return `a ${type.type}`
    default:
      return `a ${type.kind[0]?.toUpperCase()}${type.kind.slice(1)}`
  }
}

function decodeBase64(text: string): Buffer {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text))
    refuse('SerializationException', 'A blob must be base64 text: a character or the length of the value is not.')
  return Buffer.from(text, 'base64')
}

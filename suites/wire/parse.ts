/** What came back, parsed once: status, headers, members, error. */
import { readStreamMessages } from '../../base/event-stream.ts'
import { isObject } from '../../base/is-object.ts'
import { own } from '../../base/own.ts'
import { parseJson } from '../../base/parse-json.ts'
import type { Action, Member, ResponseDef } from '../../spec/model.ts'
import type { Answer } from '../case.ts'
import { responseForStatus } from './members.ts'
import { scalar } from './read-request.ts'

type Parsed = Pick<Answer, 'status' | 'headers' | 'members' | 'json' | 'error' | 'body'>

/** `headers` have lower-case names. `action` is null for a raw request: then there are no members. */
export function parseAnswer(
  action: Action | null,
  params: { readonly [member: string]: unknown } | null,
  status: number,
  headers: { readonly [name: string]: string },
  body: Uint8Array,
): Parsed {
  const json = jsonOf(body)
  if (status >= 400) return { status, headers, json, error: parseError(headers, json), body }
  const response = action === null ? undefined : responseForStatus(action, params, status)
  const members = response === undefined ? undefined : parseMembers(response, status, headers, json, body)
  return { status, headers, json, body, ...(members === undefined ? {} : { members }) }
}

function jsonOf(body: Uint8Array): unknown {
  if (body.length === 0) return undefined
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}

/**
 * The name from the header `x-amzn-errortype`, else from `__type` or `code` in the body, without namespace and without
 * the address that may follow a colon; the text from `message` or `Message`.
 */
function parseError(headers: { readonly [name: string]: string }, json: unknown): NonNullable<Answer['error']> {
  const body = isObject(json) ? json : {}
  const name = bareName(headers['x-amzn-errortype']) ?? bareName(body['__type']) ?? bareName(body['code'])
  const message = [body['message'], body['Message']].find(one => typeof one === 'string')
  return {
    ...(name === undefined ? {} : { name }),
    ...(message === undefined ? {} : { message: message.slice(0, MESSAGE) }),
  }
}

/** Characters of an error's text that anybody looks at: more than the longest that AWS writes. */
const MESSAGE = 16 * 1024

function bareName(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined
  const name = text
    .slice(text.lastIndexOf('#') + 1)
    .split(':', 1)[0]
    ?.trim()
  return name === undefined || name === '' ? undefined : name.slice(0, 200)
}

/** Undefined when the body is not what members could be read from. */
function parseMembers(
  response: ResponseDef,
  status: number,
  headers: { readonly [name: string]: string },
  json: unknown,
  body: Uint8Array,
): { [member: string]: unknown } | undefined {
  const members = new Map<string, unknown>()
  for (const member of response.members) {
    if (member.in === 'status') members.set(member.name, status)
    else if (member.in === 'payload' && member.type.kind === 'list') {
      const events = streamedEvents(body)
      if (events !== undefined) members.set(member.name, events)
    } else if (member.in === 'payload') members.set(member.name, new TextDecoder().decode(body))
    else if (member.in === 'header') {
      const value = own(headers, member.wireName.toLowerCase())
      if (value !== undefined) members.set(member.name, scalar(member.type, value))
    }
  }
  if (response.members.some(member => member.in === 'payload') || body.length === 0) return Object.fromEntries(members)
  if (!isObject(json))
    return response.members.some(member => member.in === 'body') ? undefined : Object.fromEntries(members)
  const byWireName = new Map<string, Member>(
    response.members.filter(member => member.in === 'body').map(member => [member.wireName, member]),
  )
  for (const [name, value] of Object.entries(json)) members.set(byWireName.get(name)?.name ?? name, value)
  return Object.fromEntries(members)
}

/**
 * The events of an event stream, each under its type. Chunks that follow each other become one: where they were cut
 * says nothing. Undefined when the body is no such stream.
 */
function streamedEvents(body: Uint8Array): readonly unknown[] | undefined {
  const messages = readStreamMessages(body)
  if (messages === undefined) return undefined
  const events: { readonly type: string; readonly payload: Buffer }[] = []
  for (const { headers, payload } of messages) {
    const type = headers[':event-type'] ?? headers[':exception-type'] ?? ''
    const last = events.at(-1)
    if (type === CHUNK && last?.type === CHUNK)
      events[events.length - 1] = { type, payload: Buffer.concat([last.payload, payload]) }
    else events.push({ type, payload: Buffer.from(payload) })
  }
  return events.map(({ type, payload }) => ({
    [type]: type === CHUNK ? { Payload: payload.toString('utf8') } : (jsonOf(payload) ?? payload.toString('utf8')),
  }))
}

const CHUNK = 'PayloadChunk'

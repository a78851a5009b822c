/**
 * Tells a program's request from one that a web page made. A server that runs code on a developer's machine can be
 * reached by every page that the developer opens: by a form, by `fetch` without CORS, by a name that the attacker's DNS
 * server suddenly resolves to 127.0.0.1.
 */
import type { IncomingHttpHeaders } from 'node:http'

/** The part of Node's `IncomingMessage` that is looked at. */
interface IncomingRequest {
  readonly method?: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly socket: { readonly remoteAddress?: string | undefined; readonly localAddress?: string | undefined }
}

interface GuardOptions {
  /** Whether bodies may say that they are forms: `curl -d` does, and people answer the Runtime API with it. */
  readonly forms?: 'refused' | 'accepted'
}

/** What a request that a page may have made is answered. */
export interface BrowserRefusal {
  readonly status: 400 | 403
  /** A whole sentence for the one who reads the answer. */
  readonly message: string
}

/** What an HTML form, and `fetch` in its `no-cors` mode, can send without asking first. */
const FORM_TYPES = new Set(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])

/** Why a request must not be answered, or undefined when a program on this machine sent it. */
export function refuseBrowsers(request: IncomingRequest, options: GuardOptions = {}): BrowserRefusal | undefined {
  const { headers, method, socket } = request
  if (!isLoopbackAddress(socket.remoteAddress))
    return { status: 403, message: 'This server runs code: it answers programs on its own machine only.' }
  if (!isOwnHost(headers.host, socket.localAddress))
    return {
      status: headers.host === undefined ? 400 : 403,
      message:
        'This server runs code: it answers to localhost and to its own address only, not to the Host ' +
        `${shown(headers.host)}.`,
    }
  if (method === 'OPTIONS')
    return { status: 403, message: 'This server runs code: no web page may call it, so OPTIONS is never allowed.' }
  const mark = browserMark(headers)
  if (mark !== undefined)
    return { status: 403, message: `This server runs code: requests of web browsers are refused (${mark}).` }
  const type = formType(headers)
  if (type !== undefined && options.forms !== 'accepted')
    return {
      status: 403,
      message:
        `This server runs code: a body of type ${type}, which any web page can send, is refused; ` +
        'send application/json.',
    }
  return undefined
}

/** A header that browsers add by themselves, and that no page can take away. */
function browserMark(headers: IncomingHttpHeaders): string | undefined {
  if (headers.origin !== undefined) return `Origin: ${shown(headers.origin)}`
  const metadata = Object.keys(headers).filter(name => name.startsWith('sec-fetch-'))
  // Node's own fetch says `sec-fetch-mode: cors` and nothing else; every browser that has a mode names the site as
  // well.
  if (metadata.length === 1 && headers['sec-fetch-mode'] === 'cors') return undefined
  const [first] = metadata
  return first === undefined ? undefined : `${first}: ${shown(String(headers[first]))}`
}

function formType(headers: IncomingHttpHeaders): string | undefined {
  const type = (headers['content-type'] ?? '').split(/[;,]/)[0]?.trim().toLowerCase() ?? ''
  return FORM_TYPES.has(type) ? type : undefined
}

/** The port is left open: it differs behind a tunnel, and a name that an attacker rebinds keeps it anyway. */
function isOwnHost(host: string | undefined, localAddress: string | undefined): boolean {
  const [, name] = /^(\[[\da-f:.]+\]|[^:]+)(?::\d{1,5})?$/i.exec(host ?? '') ?? []
  if (name === undefined) return false
  const own = localAddress?.includes(':') ? `[${localAddress}]` : localAddress
  return ['localhost', '127.0.0.1', '[::1]', own].includes(name.toLowerCase())
}

/** This machine as an IP address, also where IPv4 is written as IPv6. */
export function isLoopbackAddress(address: string | undefined): boolean {
  return /^(::ffff:)?127(\.\d{1,3}){3}$|^::1$/i.test(address ?? '')
}

function shown(text: string | undefined): string {
  return text === undefined ? '(none)' : JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text)
}

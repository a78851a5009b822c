import { randomUUID } from 'node:crypto'
import { accepted, refused, refusedPath } from './sandbox-api.ts'
import type { SandboxAnswer, SandboxRequest } from './sandbox-api.ts'
import { own } from '../../base/own.ts'
import { isObject } from '../../base/is-object.ts'
import { isOneOf } from '../../base/is-one-of.ts'
import { parseJson } from '../../base/parse-json.ts'

const EVENTS = ['INVOKE', 'SHUTDOWN'] as const
type Event = (typeof EVENTS)[number]

/** What an extension gets from `/extension/event/next`. */
type ExtensionEvent = { readonly eventType: Event; readonly [member: string]: unknown }

/**
 * An extension that has registered. `waiting`: it has asked for an event; `busy`: it has one, or has not yet asked for
 * the first; `failed`: it has reported an error, and nothing that it asks succeeds any more.
 */
export interface Extension {
  readonly name: string
  readonly id: string
  /** Started by the service as a process of its own; the others live in the runtime's process. */
  readonly external: boolean
  readonly events: readonly Event[]
  state: 'busy' | 'waiting' | 'failed'
}

/** Is told of what extensions do. */
export interface ExtensionReports {
  /** Something has changed: one registered, asked for an event, or failed. */
  readonly onChange: () => void
  /** One reported an error, with the type that it gave. */
  readonly onError: (extension: Extension, errorType: string) => void
}

/** The Extensions API of one generation of processes. */
export interface ExtensionsApi {
  /** Answers a request whose path is below `/2020-01-01/extension/`. */
  readonly handle: (request: SandboxRequest, path: string) => Promise<SandboxAnswer> | SandboxAnswer
  readonly registered: () => readonly Extension[]
  readonly byId: (id: string | undefined) => Extension | undefined
  /**
   * Gives the event to every extension that registered for its type: at once to those that wait, to the others when
   * they ask.
   */
  readonly deliver: (event: ExtensionEvent) => void
  /** From here on nothing registers. */
  readonly closeRegistration: () => void
}

/** The function whose extensions register, and those that are started as processes. */
export interface ExtensionsOf {
  /** Names of the files that were started. */
  readonly launched: readonly string[]
  readonly functionName: string
  readonly functionVersion: string
  readonly handler: string
}

const MOST_EXTENSIONS = 10
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The paths that there are, each with its one method. */
const METHODS = { 'event/next': 'GET', register: 'POST', 'init/error': 'POST', 'exit/error': 'POST' } as const

/**
 * The Extensions API, version 2020-01-01, for one generation of processes.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
 */
export function createExtensionsApi(of: ExtensionsOf, reports: ExtensionReports): ExtensionsApi {
  const extensions = new Map<string, Extension>()
  const exchange: Exchange = { waiting: new Map(), pending: new Map() }
  let open = true

  function register({ headers, body }: SandboxRequest): SandboxAnswer {
    const name = headers['lambda-extension-name']
    if (name === undefined || name === '' || name.length > 128)
      return refused(403, 'Extension.InvalidExtensionName', 'The header Lambda-Extension-Name must name the extension.')
    const read = readEvents(body)
    if ('refusal' in read) return read.refusal
    const { events } = read
    const extension: Extension = { name, id: randomUUID(), external: of.launched.includes(name), events, state: 'busy' }
    const refusal = registrationRefusal(extension, [...extensions.values()], open)
    if (refusal !== undefined) return refusal
    extensions.set(extension.id, extension)
    reports.onChange()
    const { functionName, functionVersion, handler } = of
    return {
      status: 200,
      headers: { 'Lambda-Extension-Identifier': extension.id },
      body: Buffer.from(JSON.stringify({ functionName, functionVersion, handler })),
    }
  }

  function fail(extension: Extension, path: string, { headers }: SandboxRequest): SandboxAnswer {
    const errorType = headers['lambda-extension-function-error-type']
    if (errorType === undefined || errorType === '')
      return refused(403, 'Extension.MissingHeader', 'The header Lambda-Extension-Function-Error-Type is missing.')
    if (path === 'init/error' && !open) return wrongState(extension)
    extension.state = 'failed'
    reports.onError(extension, errorType)
    return { ...accepted(), headers: { 'Lambda-Extension-Identifier': extension.id } }
  }

  return {
    handle(request, path) {
      const known = own(METHODS, path)
      const wrong = refusedPath('Extensions API', known, request)
      if (wrong !== undefined) return wrong
      if (path === 'register') return register(request)
      const extension = extensionOf(request, extensions)
      if ('status' in extension) return extension
      if (extension.state === 'failed') return wrongState(extension)
      return path === 'event/next'
        ? nextEvent(exchange, extension, request.gone, reports.onChange)
        : fail(extension, path, request)
    },
    registered: () => [...extensions.values()],
    byId: id => (id === undefined ? undefined : extensions.get(id)),
    deliver(event) {
      for (const extension of extensions.values()) {
        if (!extension.events.includes(event.eventType) || extension.state === 'failed') continue
        const take = exchange.waiting.get(extension.id)
        exchange.waiting.delete(extension.id)
        if (take === undefined) exchange.pending.set(extension.id, event)
        else take(event)
      }
    },
    closeRegistration() {
      open = false
    },
  }
}

/** Why an extension cannot register beside those that have. */
function registrationRefusal(
  { name, events, external }: Pick<Extension, 'name' | 'events' | 'external'>,
  registered: readonly Extension[],
  open: boolean,
): SandboxAnswer | undefined {
  if (!open)
    return refused(403, 'Extension.RegistrationClosed', 'Extensions register while the environment initialises.')
  if (registered.some(one => one.name === name))
    return refused(403, 'Extension.AlreadyRegistered', `An extension ${name} has registered already.`)
  if (!external && events.includes('SHUTDOWN'))
    return refused(403, 'Extension.InvalidEventType', 'Only a file of the folder extensions can register for SHUTDOWN.')
  return registered.length < MOST_EXTENSIONS
    ? undefined
    : refused(403, 'Extension.TooManyExtensions', `No more than ${MOST_EXTENSIONS} extensions can register.`)
}

/** Events that have no taker yet, and takers that have no event, by the ids of extensions. */
interface Exchange {
  readonly waiting: Map<string, (event: ExtensionEvent) => void>
  readonly pending: Map<string, ExtensionEvent>
}

/** The next event of an extension, as soon as there is one. `onWaiting`: it waits for one from now on. */
function nextEvent(
  { waiting, pending }: Exchange,
  extension: Extension,
  gone: AbortSignal,
  onWaiting: () => void,
): Promise<SandboxAnswer> | SandboxAnswer {
  if (extension.state === 'waiting') return wrongState(extension)
  const event = pending.get(extension.id)
  if (event !== undefined) {
    pending.delete(extension.id)
    return eventAnswer(extension, event)
  }
  extension.state = 'waiting'
  return new Promise(resolve => {
    const take = (one: ExtensionEvent): void => {
      extension.state = 'busy'
      resolve(eventAnswer(extension, one))
    }
    waiting.set(extension.id, take)
    gone.addEventListener('abort', () => {
      if (waiting.get(extension.id) !== take) return
      waiting.delete(extension.id)
      if (extension.state === 'waiting') extension.state = 'busy'
    })
    onWaiting()
  })
}

/** The extension that a request comes from, or why that cannot be told. */
function extensionOf(
  { headers }: Pick<SandboxRequest, 'headers'>,
  extensions: ReadonlyMap<string, Extension>,
): Extension | SandboxAnswer {
  const id = headers['lambda-extension-identifier']
  if (id === undefined || id === '')
    return refused(403, 'Extension.MissingExtensionIdentifier', 'The header Lambda-Extension-Identifier is missing.')
  if (!UUID.test(id))
    return refused(403, 'Extension.InvalidExtensionIdentifier', 'The identifier of the extension is no UUID.')
  const extension = extensions.get(id)
  return extension ?? refused(403, 'Extension.UnknownExtensionIdentifier', 'No extension has this identifier.')
}

type ReadEvents = { readonly events: readonly Event[] } | { readonly refusal: SandboxAnswer }

/** The events that an extension asks for, each once. */
function readEvents(body: Buffer): ReadEvents {
  const given = parseJson(body.toString('utf8'))
  const listed = isObject(given) ? (given['events'] ?? []) : undefined
  if (!Array.isArray(listed) || !listed.every(one => typeof one === 'string'))
    return { refusal: refused(403, 'InvalidRequestFormat', 'The body is no JSON object with a list of events.') }
  const names = [...new Set(listed)]
  const events = names.filter(one => isOneOf(EVENTS, one))
  if (events.length === names.length) return { events }
  const message = `Only INVOKE and SHUTDOWN are events, not ${names.join(', ').slice(0, 100)}.`
  return { refusal: refused(403, 'Extension.InvalidEventType', message) }
}

function wrongState({ name, state }: Extension): SandboxAnswer {
  return refused(403, 'Extension.InvalidExtensionState', `The extension ${name} cannot ask this: it is ${state}.`)
}

function eventAnswer({ id }: Extension, event: ExtensionEvent): SandboxAnswer {
  return {
    status: 200,
    headers: { 'Lambda-Extension-Identifier': id, 'Lambda-Extension-Event-Identifier': randomUUID() },
    body: Buffer.from(JSON.stringify(event)),
  }
}

/** Finds by their names and markers what runs have left on an endpoint, and deletes it. */
import { isObject } from '../../base/is-object.ts'
import { present } from '../../base/present.ts'
import type { Action, Spec } from '../../spec/model.ts'
import type { Answer, Endpoint } from '../case.ts'
import { isOfRun, isOurs, runOfProfile } from '../ownership.ts'
import { isUnsupported } from '../oracle/support.ts'
import { awsCommand } from '../wire/aws-command.ts'
import type { WireClient } from '../wire/client.ts'
import { serviceCall } from '../wire/service-call.ts'
import { memberOf } from '../../base/member-of.ts'
import { exampleAt, keyOfItem, markedResources, marksOf, type MarkedResource } from './marked-resources.ts'

/** Where to look, for what, and for how long. */
export interface SweepOptions {
  readonly spec: Spec
  readonly client: WireClient
  readonly endpoint: Pick<Endpoint, 'url' | 'region'>
  /** Only what this run has made; absent: what any run has made. */
  readonly run?: string
  /** Only what has one of these names of a `Leftover`; absent: all of it. */
  readonly only?: ReadonlySet<string>
  /** Other services to look at. */
  readonly services: readonly ('sqs' | 'kinesis')[]
  /** Milliseconds in all. */
  readonly timeMs: number
}

/** A thing of ours that is still there. */
export interface Leftover {
  /** Such as `function lambdacheck-x`. */
  readonly name: string
  /** A line for the AWS command line that deletes it. */
  readonly command: string
  /** Its deletion takes a while, in which it is listed still. */
  readonly goesSlowly?: boolean
  delete(timeoutMs: number): Promise<Answer>
}

/** What is ours and still there. */
export interface Found {
  /** In the order in which they can be deleted: groups, each after what holds on to it. */
  readonly groups: readonly (readonly Leftover[])[]
  /** Lists that could not be read, and why: nobody knows what is in them. */
  readonly unread: readonly string[]
}

/** What became of it. */
export interface Swept {
  readonly deleted: readonly string[]
  /** What is still there, why, and what deletes it. */
  readonly left: readonly string[]
  readonly unread: readonly string[]
}

const MOST_PAGES = 1000
/** A list or a deletion that gets no proper answer is tried so often. */
const ATTEMPTS = 6
const ROUNDS = 4
const REQUEST_MS = 5000
/** What the last look may take although the time is over. */
const LAST_LOOK_MS = 3000

interface Look {
  readonly options: SweepOptions
  readonly end: number
  readonly unread: string[]
  readonly owns: (value: unknown) => boolean
  /** Nobody answers any more. */
  silent: boolean
}

/** Looks for what is ours. Never throws for what an endpoint does, and changes nothing. */
export function findOurs(options: SweepOptions): Promise<Found> {
  return look(options, Date.now() + options.timeMs)
}

/** Looks for what is ours and deletes it, until a look finds nothing more. Never throws for what an endpoint does. */
export async function sweep(options: SweepOptions): Promise<Swept> {
  const end = Date.now() + options.timeMs
  const deleted = new Set<string>()
  let left = new Map<string, string>()
  let unread: readonly string[] = []
  /** Deletions that were answered well, and that no look has confirmed yet. */
  let unconfirmed = new Set<string>()
  for (let round = 0; round < ROUNDS && (round === 0 || Date.now() < end); round++) {
    const found = await look(options, end)
    unread = found.unread
    if (unread.length === 0) unconfirmed = new Set()
    const groups = found.groups.map(group => group.filter(one => !(one.goesSlowly && deleted.has(one.name))))
    const items = groups.flat()
    // Of what could not be looked at, what the look before has shown stays true.
    if (round > 0 && unread.length > 0) break
    // What this look does not show any more has gone.
    for (const name of left.keys()) if (!items.some(one => one.name === name)) deleted.add(name)
    left = new Map()
    if (items.length === 0 || Date.now() > end) {
      for (const one of items) left.set(one.name, saying(one, 'time ran out'))
      break
    }
    const last = round === ROUNDS - 1
    for (const group of groups) {
      await Promise.all(
        group.map(async one => {
          const trouble = await deleteOne(one, end)
          if (trouble === undefined) deleted.add(one.name)
          else left.set(one.name, saying(one, trouble))
          if (trouble === undefined && last) left.set(one.name, saying(one, 'it is listed again and again'))
        }),
      )
    }
    unconfirmed = new Set(items.map(one => one.name).filter(name => !left.has(name)))
    if (left.size > 0 && !last) await pause(400 * (round + 1), end)
  }
  if (left.size > 0 && unread.length === 0) {
    // Where every answer was lost, what was to be deleted may be gone all the same.
    const gone = await goneOf(options, [...left.keys()])
    for (const name of gone) {
      left.delete(name)
      deleted.add(name)
    }
  }
  if (unconfirmed.size > 0) {
    // The time was over before a look: an answer alone does not say that something is gone.
    const found = await look(options, Date.now() + LAST_LOOK_MS)
    unread = found.unread
    for (const one of found.groups.flat())
      if (unconfirmed.has(one.name) && one.goesSlowly !== true)
        left.set(one.name, saying(one, 'it is listed although its deletion was answered'))
  }
  for (const name of left.keys()) deleted.delete(name)
  return { deleted: [...deleted], left: [...left.values()], unread }
}

/** Which of these a look does not find any more; none when it cannot look everywhere. */
async function goneOf(options: SweepOptions, names: readonly string[]): Promise<readonly string[]> {
  const found = await look(options, Date.now() + LAST_LOOK_MS)
  const there = new Set(found.groups.flat().map(one => one.name))
  return found.unread.length > 0 ? [] : names.filter(name => !there.has(name))
}

function saying(one: Leftover, trouble: string): string {
  return `${one.name}: ${trouble}. It is deleted by: ${one.command}`
}

async function deleteOne(one: Leftover, end: number): Promise<string | undefined> {
  let trouble = 'time ran out'
  for (let attempt = 0; attempt < ATTEMPTS && Date.now() < end; attempt++) {
    const answer = await one.delete(timeoutFor(end))
    const { status = 0 } = answer
    if ((status >= 200 && status < 300) || status === 404 || /NonExistent|NotFound/.test(answer.error?.name ?? ''))
      return undefined
    trouble = describe(answer)
    // The next round comes back to what an endpoint refuses; what got no answer at all may have been unlucky.
    if (answer.failure === undefined) break
    await pause(50 * 2 ** attempt, end)
  }
  return trouble
}

async function look(options: SweepOptions, end: number): Promise<Found> {
  const { run } = options
  const unread: string[] = []
  const one: Look = {
    options,
    end,
    unread,
    owns: run === undefined ? isOurs : value => isOfRun(value, run),
    silent: false,
  }
  const groups = []
  for (const marked of markedResources(options.spec)) if (!one.silent) groups.push(await markedLeftovers(one, marked))
  for (const kind of [queues, streams]) if (!one.silent) groups.push(await kind(one))
  const { only } = options
  const chosen = only === undefined ? groups : groups.map(group => group.filter(({ name }) => only.has(name)))
  return { groups: chosen.filter(group => group.length > 0), unread }
}

type Kind = (look: Look) => Promise<readonly Leftover[]>
type Params = { readonly [member: string]: unknown }

/** What of a resource of the pages is ours, and is not on its way out. */
async function markedLeftovers(look: Look, marked: MarkedResource): Promise<readonly Leftover[]> {
  const { list, within } = marked
  const found: Leftover[] = []
  for (const asked of within === undefined ? [{}] : await namesWithin(look, within)) {
    for (const item of await listed(look, list, asked)) {
      const ours = marksOf(marked, { ...item, ...asked }).some(({ path, text }) => bearsName(look, marked, path, text))
      if (ours && item['State'] !== 'Deleting')
        found.push(leftover(look, marked, keyOfItem(marked.resource, item, asked)))
    }
  }
  return found
}

/** What a list asks for, of all that is ours. */
async function namesWithin(
  look: Look,
  { list, member }: { readonly list: Action; readonly member: string },
): Promise<readonly Params[]> {
  const items = await listed(look, list)
  return items.filter(item => look.owns(item[member])).map(item => ({ [member]: item[member] }))
}

/**
 * What has no name is marked: by its description or by the signing profile of a publisher, whichever of them a case has
 * left alone. The very example of a page marks what a run has made, whichever that was.
 */
function bearsName({ options, owns }: Look, marked: MarkedResource, path: readonly string[], text: unknown): boolean {
  if (owns(text)) return true
  const run = runOfProfile(text)
  if (run !== undefined) return options.run === undefined || run === options.run
  return (
    options.run === undefined &&
    typeof text === 'string' &&
    [exampleAt(options.spec, marked, path)].flat().includes(text)
  )
}

function leftover({ options }: Look, { resource }: MarkedResource, params: Params): Leftover {
  const action = present(resource.lifecycle.delete, 'the action that deletes a marked resource')
  return {
    name: `${resource.name} ${Object.values(params).map(String).join(' ')}`,
    command: awsCommand(options.endpoint, 'lambda', { action, params }),
    delete: timeoutMs => call(options, action, params, timeoutMs),
  }
}

const queues: Kind = async look => {
  if (!look.options.services.includes('sqs')) return []
  const answer = await patiently(look, 'the queues', timeoutMs =>
    service(look.options, 'sqs', 'ListQueues', { QueueNamePrefix: look.options.run ?? 'lambdacheck-' }, timeoutMs),
  )
  const urls = memberOf(answer?.json, 'QueueUrls')
  return (Array.isArray(urls) ? urls : []).filter(look.owns).map(QueueUrl => ({
    name: `queue ${String(QueueUrl).slice(String(QueueUrl).lastIndexOf('/') + 1)}`,
    command: awsCommand(look.options.endpoint, 'sqs', { action: 'DeleteQueue', params: { QueueUrl } }),
    goesSlowly: true,
    delete: timeoutMs => service(look.options, 'sqs', 'DeleteQueue', { QueueUrl }, timeoutMs),
  }))
}

const streams: Kind = async look => {
  if (!look.options.services.includes('kinesis')) return []
  const answer = await patiently(look, 'the streams', timeoutMs =>
    service(look.options, 'kinesis', 'ListStreams', { Limit: 10_000 }, timeoutMs),
  )
  const names = memberOf(answer?.json, 'StreamNames')
  return (Array.isArray(names) ? names : []).filter(look.owns).map(StreamName => ({
    name: `stream ${String(StreamName)}`,
    command: awsCommand(look.options.endpoint, 'kinesis', { action: 'DeleteStream', params: { StreamName } }),
    goesSlowly: true,
    delete: timeoutMs => service(look.options, 'kinesis', 'DeleteStream', { StreamName }, timeoutMs),
  }))
}

/** All pages. An action that is not there lists nothing; one that cannot be read is said. */
async function listed(look: Look, list: Action, params: Params = {}): Promise<readonly Params[]> {
  const { marker, next: nextMarker, items } = present(list.pagination, 'the pages of a list')
  const found: Params[] = []
  let from: unknown
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await patiently(look, `what ${list.name} lists`, timeoutMs =>
      call(look.options, list.name, from === undefined ? params : { ...params, [marker]: from }, timeoutMs),
    )
    const shown = answer?.members?.[items]
    if (!Array.isArray(shown)) return found
    found.push(...shown.filter(isObject))
    const next = answer?.members?.[nextMarker]
    if (typeof next !== 'string' || next === '' || next === from || (shown.length === 0 && page > 0)) return found
    from = next
  }
  look.unread.push(`what ${list.name} lists: it has no end`)
  return found
}

/**
 * Asks until there is a proper answer. Undefined when there is none, which is said unless the endpoint has no such
 * action.
 */
async function patiently(
  look: Look,
  what: string,
  ask: (timeoutMs: number) => Promise<Answer>,
): Promise<Answer | undefined> {
  const { end, unread } = look
  let trouble = 'time ran out'
  for (let attempt = 0; attempt < ATTEMPTS && Date.now() < end; attempt++) {
    const answer = await ask(timeoutFor(end))
    const { status = 0, failure } = answer
    look.silent = false
    if (status >= 200 && status < 300) return answer
    if (failure === undefined && status !== 429 && (status < 500 || isUnsupported(answer))) return undefined
    trouble = describe(answer)
    look.silent = failure !== undefined
    await pause(100 * 2 ** attempt, end)
  }
  unread.push(`${what}: ${trouble}`)
  return undefined
}

function timeoutFor(end: number): number {
  return Math.min(REQUEST_MS, Math.max(200, end - Date.now()))
}

async function pause(ms: number, end: number): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, Math.max(0, Math.min(ms, end - Date.now()))))
}

function describe({ failure, status, error }: Answer): string {
  return failure?.message ?? `${status} ${error?.name ?? ''} ${error?.message ?? ''}`.trim().slice(0, 200)
}

function call({ spec, client }: SweepOptions, name: string, params: Params, timeoutMs: number): Promise<Answer> {
  const action = spec.actions[name]
  if (action === undefined) throw new Error(`the specification has no action ${name}`)
  return client.call(action, params, { timeoutMs })
}

function service(
  { client }: SweepOptions,
  name: 'sqs' | 'kinesis',
  action: string,
  input: object,
  timeoutMs: number,
): Promise<Answer> {
  return client.httpTo(name, serviceCall(name, action, input), { timeoutMs })
}

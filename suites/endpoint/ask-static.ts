/**
 * Asks whether the probe without an interpreter runs, whether its extensions are started, and whether they can
 * subscribe to logs.
 */
import type { Spec } from '../../spec/model.ts'
import type { Answer, Client, Endpoint } from '../case.ts'
import { ARCHITECTURES, extensionsZip, runtimeZip, STATIC_RUNTIMES, type Architecture } from '../probes/static.ts'
import { keysOf } from '../../base/keys-of.ts'

/** Whether the probe without an interpreter runs, and what its environment has beside it. */
export interface StaticAsked {
  readonly runs: boolean
  /** A process of the folder `extensions` was started; whether it is treated well is for cases to find out. */
  readonly extensions: boolean
  readonly logSubscriptions: boolean
  readonly probe?: NonNullable<Endpoint['staticProbe']>
  /** Why what is missing is missing, for people. */
  readonly notes: { readonly [capability: string]: string }
}

/** With what such a function is created to see whether it runs. Milliseconds. */
export interface AskStaticOptions {
  readonly spec: Pick<Spec, 'actions'>
  readonly client: Pick<Client, 'call'>
  readonly role: string
  /** A fresh name with the run's prefix. */
  unique(stem: string): string
  /** Milliseconds in all. */
  readonly timeMs: number
}

/** What a deployed probe told of itself. */
interface Told {
  readonly next?: object
  readonly reports?: { readonly told?: { readonly asked?: AskedExtension; readonly watcher?: AskedExtension } }
}

interface AskedExtension {
  readonly started?: number
  readonly reports?: { readonly subscribed?: { readonly status?: number; readonly error?: string } }
}

/** What the extension does on its way: registers, and asks for the function's logs. */
const EXTENSION = {
  start: [
    { register: ['INVOKE'] },
    { listen: {} },
    {
      as: 'subscribed',
      request: {
        method: 'PUT',
        path: '/2020-08-15/logs',
        headers: { 'Lambda-Extension-Identifier': '{id}', 'Content-Type': 'application/json' },
        body: {
          types: ['function'],
          destination: { protocol: 'HTTP', URI: 'http://sandbox.localdomain:{port}' },
        },
        wait: 3000,
      },
    },
  ],
}

/** Creates the probe for one architecture after the other until one runs, and deletes it again. */
export async function askStatic(options: AskStaticOptions): Promise<StaticAsked> {
  const end = Date.now() + options.timeMs
  const nothing = { runs: false, extensions: false, logSubscriptions: false }
  let note = 'it was not tried'
  for (const architecture of keysOf(ARCHITECTURES)) {
    for (const runtime of STATIC_RUNTIMES) {
      const plain = await tryOne(options, end, { runtime, architecture }, [])
      note = plain.note ?? note
      if (plain.told?.next === undefined) continue
      const probe = { runtime, architecture }
      const layer = await publish(options, end, architecture)
      if (layer === undefined)
        return { ...nothing, runs: true, probe, notes: { 'extension-processes': 'no layer could be published' } }
      const extended = await tryOne(options, end, probe, [layer.arn])
      await call(options, 'DeleteLayerVersion', { LayerName: layer.name, VersionNumber: layer.version }, end)
      return { runs: true, probe, ...readExtension(extended.told, extended.note) }
    }
    // Nothing is known of this architecture where the other one is refused outright.
    if (Date.now() > end) break
  }
  return { ...nothing, notes: { 'static-runtime': note } }
}

/** What the invocation of a deployed probe says of its extension. */
export function readExtension(
  told: Told | undefined,
  note?: string,
): Pick<StaticAsked, 'extensions' | 'logSubscriptions' | 'notes'> {
  const extension = told?.reports?.told?.asked ?? told?.reports?.told?.watcher
  if ((extension?.started ?? 0) === 0) {
    const why = note ?? 'the extension of a layer was not started'
    return { extensions: false, logSubscriptions: false, notes: { 'extension-processes': why } }
  }
  const { status } = extension?.reports?.subscribed ?? {}
  // 202 is what emulators without a Logs API answer, as the guide has it for local tests.
  const logSubscriptions = status !== undefined && ![202, 404, 405, 501].includes(status)
  return {
    extensions: true,
    logSubscriptions,
    notes: logSubscriptions ? {} : { 'log-subscriptions': `subscribing was answered with ${status ?? 'nothing'}` },
  }
}

/** The program that asks a deployed probe. */
export const ASKING = JSON.stringify({ runtime: { before: [{ told: true }] } })

async function tryOne(
  options: AskStaticOptions,
  end: number,
  { runtime, architecture }: NonNullable<Endpoint['staticProbe']>,
  layers: readonly string[],
): Promise<{ readonly told?: Told; readonly note?: string }> {
  const name = options.unique(layers.length === 0 ? 'ask-static' : 'ask-extension')
  const created = await call(
    options,
    'CreateFunction',
    {
      FunctionName: name,
      Role: options.role,
      Runtime: runtime,
      Handler: 'bootstrap.main',
      Architectures: [architecture],
      Code: { ZipFile: runtimeZip(architecture) },
      Timeout: 10,
      ...(layers.length > 0 && {
        Layers: layers,
        Environment: { Variables: { PROBE_EXTENSIONS: JSON.stringify({ asked: EXTENSION }) } },
      }),
    },
    end,
  )
  if (created?.status === undefined || created.status >= 300)
    return { note: `CreateFunction with ${runtime} for ${architecture}: ${outline(created)}` }
  let answer: Answer | undefined
  // A function that is being made refuses calls for a while.
  for (let pause = 20; ; pause = Math.min(pause * 2, 1000)) {
    answer = await call(options, 'Invoke', { FunctionName: name, Payload: ASKING }, end)
    const pending = answer?.error?.name === 'ResourceConflictException' || /Pending/.test(answer?.error?.message ?? '')
    if (!pending || Date.now() + pause > end) break
    await new Promise(resolve => setTimeout(resolve, pause))
  }
  await call(options, 'DeleteFunction', { FunctionName: name }, Date.now() + 5000)
  const told = answer?.status === 200 ? (answer.json as Told | undefined) : undefined
  return told?.next === undefined
    ? { note: `Invoke with ${runtime} for ${architecture}: ${outline(answer)}` }
    : { told }
}

async function publish(
  options: AskStaticOptions,
  end: number,
  architecture: Architecture,
): Promise<{ readonly name: string; readonly version: unknown; readonly arn: string } | undefined> {
  const name = options.unique('ask-layer')
  const Content = { ZipFile: extensionsZip(architecture, ['asked']) }
  const answer = await call(options, 'PublishLayerVersion', { LayerName: name, Content }, end)
  const arn = answer?.members?.['LayerVersionArn']
  return typeof arn === 'string' ? { name, version: answer?.members?.['Version'], arn } : undefined
}

async function call(
  { spec, client }: AskStaticOptions,
  name: string,
  params: { readonly [member: string]: unknown },
  end: number,
): Promise<Answer | undefined> {
  const action = spec.actions[name]
  const left = end - Date.now()
  return action === undefined || left <= 0 ? undefined : client.call(action, params, { timeoutMs: left })
}

function outline(answer: Answer | undefined): string {
  if (answer === undefined) return 'time ran out'
  if (answer.failure !== undefined) return answer.failure.message
  const text = answer.error?.message ?? new TextDecoder().decode(answer.body.subarray(0, 160))
  return `${answer.status} ${answer.error?.name ?? ''} ${text}`.replace(/\s+/g, ' ').trim().slice(0, 240)
}

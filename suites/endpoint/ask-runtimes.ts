/**
 * Asks an endpoint whether functions can be created, and which runtimes really run: the probe has to give back a number
 * that we make up.
 */
import { textOf } from '../../base/text-of.ts'
import { randomBytes } from 'node:crypto'
import type { Spec } from '../../spec/model.ts'
import type { Answer, Client, ProbeFlavour } from '../case.ts'
import { FLAVOURS, type Flavour, probeFlavour } from '../probes/flavours.ts'
import { keysOf } from '../../base/keys-of.ts'

/** Which flavours of the probe can be created, and which of them really run. */
export interface RuntimesAsked {
  readonly create: boolean
  /** Flavours that ran. */
  readonly runs: { readonly [flavour in Flavour]: boolean }
  /** Flavours that were accepted: one that does not run all the same is a failure, and no want of a capability. */
  readonly accepted: { readonly [flavour in Flavour]: boolean }
  /** One that ran, else one that could be created, else one to try with. */
  readonly probe: ProbeFlavour
  /** The probe in each flavour that was accepted. */
  readonly flavours: { readonly [flavour: string]: ProbeFlavour }
  readonly logs: boolean
  readonly async: boolean
  /** Of the ARN of a function that was created. */
  readonly accountId?: string
  /** Why what did not work did not, for people. */
  readonly notes: readonly string[]
}

/** With what functions are created to see whether they run. Milliseconds. */
export interface AskRuntimesOptions {
  readonly spec: Spec
  readonly client: Client
  readonly role: string
  /** A fresh name with the run's prefix. */
  unique(stem: string): string
  /** Milliseconds in all. */
  readonly timeMs: number
  /** Called once with the name of a function that exists until the promise is settled. */
  readonly whileThere: (name: string) => Promise<void>
}

interface Trial {
  readonly flavour: Flavour
  readonly created: boolean
  readonly runs: boolean
  readonly runtime?: string
  readonly logs: boolean
  readonly async: boolean
  readonly accountId?: string
  readonly note?: string
}

/** Creates a probe of every flavour, invokes it, and deletes it again. Never throws for what an endpoint answers. */
export async function askRuntimes(options: AskRuntimesOptions): Promise<RuntimesAsked> {
  const end = Date.now() + options.timeMs
  let shown = false
  const once: AskRuntimesOptions = {
    ...options,
    async whileThere(name) {
      if (shown) return
      shown = true
      await options.whileThere(name)
    },
  }
  const trials = await Promise.all(keysOf(FLAVOURS).map(flavour => tryFlavour(once, flavour, end)))
  const best = trials.find(trial => trial.runs) ?? trials.find(trial => trial.created)
  const accountId = trials.find(trial => trial.accountId !== undefined)?.accountId
  return {
    create: trials.some(trial => trial.created),
    runs: Object.fromEntries(trials.map(trial => [trial.flavour, trial.runs])) as RuntimesAsked['runs'],
    accepted: Object.fromEntries(trials.map(trial => [trial.flavour, trial.created])) as RuntimesAsked['accepted'],
    probe: best?.runtime === undefined ? untriedProbe() : probeFlavour(best.flavour, best.runtime, best.runs),
    flavours: Object.fromEntries(
      trials.flatMap(({ flavour, runtime, runs }) =>
        runtime === undefined ? [] : [[flavour, probeFlavour(flavour, runtime, runs)]],
      ),
    ),
    logs: trials.some(trial => trial.logs),
    async: trials.some(trial => trial.async),
    ...(accountId === undefined ? {} : { accountId }),
    notes: trials.flatMap(trial => (trial.note === undefined ? [] : [`${trial.flavour}: ${trial.note}`])),
  }
}

/** What to send where nothing is known to run. */
export function untriedProbe(): ProbeFlavour {
  return probeFlavour('nodejs', FLAVOURS.nodejs.runtimes[1], false)
}

/** The newest runtime that the endpoint takes. */
async function tryFlavour(options: AskRuntimesOptions, flavour: Flavour, end: number): Promise<Trial> {
  const name = options.unique(`ask-${flavour}`)
  const nothing = { flavour, created: false, runs: false, logs: false, async: false }
  let note: string | undefined
  for (const runtime of [...FLAVOURS[flavour].runtimes].reverse()) {
    const { handler, zipFile } = probeFlavour(flavour, runtime, false)
    const created = await call(
      options,
      'CreateFunction',
      {
        FunctionName: name,
        Role: options.role,
        Runtime: runtime,
        Handler: handler,
        Code: { ZipFile: zipFile },
        Timeout: 10,
      },
      end,
    )
    const arn = created?.members?.['FunctionArn']
    // Success without a function to show for it is no success.
    if (created?.status === undefined || created.status >= 300 || typeof arn !== 'string' || !arn.includes(name)) {
      note ??= `CreateFunction with ${runtime}: ${created === undefined ? 'time ran out' : outline(created)}`
      if (created?.failure !== undefined) await remove(options, name)
      continue
    }
    const ready = await whenActive(options, name, end)
    const told =
      ready === undefined
        ? await tryInvoke(options, name, end)
        : { runs: false, logs: false, async: false, note: ready }
    await options.whileThere(name)
    // What is still there is found by the sweep at the end of the run.
    await remove(options, name)
    const accountId = /^arn:[^:]+:lambda:[^:]*:(\d{12}):/.exec(arn)?.[1]
    return {
      ...told,
      flavour,
      created: true,
      runtime,
      ...(accountId === undefined ? {} : { accountId }),
    }
  }
  return { ...nothing, ...(note === undefined ? {} : { note }) }
}

/** Undefined when it is; else why not. */
async function whenActive(options: AskRuntimesOptions, name: string, end: number): Promise<string | undefined> {
  for (let pause = 20; Date.now() < end; pause = Math.min(pause * 2, 1000)) {
    const answer = await call(options, 'GetFunctionConfiguration', { FunctionName: name }, end)
    const state = answer?.members?.['State']
    // An endpoint that does not tell states is taken to be ready.
    if (
      answer === undefined ||
      answer.status === undefined ||
      answer.status >= 400 ||
      state === undefined ||
      state === 'Active'
    )
      return undefined
    if (state === 'Failed')
      return `the function went to state Failed: ${textOf(answer.members?.['StateReason'] ?? '').slice(0, 200)}`
    await new Promise(resolve => setTimeout(resolve, pause))
  }
  return 'the function did not become Active in time'
}

async function tryInvoke(
  options: AskRuntimesOptions,
  name: string,
  end: number,
): Promise<Pick<Trial, 'runs' | 'logs' | 'async' | 'note'>> {
  const asked = await askProbe(params => call(options, 'Invoke', params, end), name)
  if (asked.note !== undefined) return { runs: false, logs: false, async: false, note: asked.note }
  return { runs: true, logs: asked.logs, async: asked.async }
}

/** Has a deployed probe log and give back something that only running it can give. `note` says why it did not. */
export async function askProbe(
  invoke: (params: { readonly [member: string]: unknown }) => Promise<Answer | undefined>,
  name: string,
): Promise<{ readonly logs: boolean; readonly async: boolean; readonly note?: string }> {
  const nonce = randomBytes(8).toString('hex')
  const program = { do: [{ log: nonce }, { return: { nonce } }] }
  const answer = await invoke({ FunctionName: name, LogType: 'Tail', Payload: JSON.stringify(program) })
  if (answer === undefined) return { logs: false, async: false, note: 'Invoke: time ran out' }
  const given = answer.json as { readonly nonce?: unknown; readonly do?: unknown } | undefined
  if (answer.status !== 200 || given?.nonce !== nonce || given.do !== undefined)
    return { logs: false, async: false, note: `Invoke: ${outline(answer)}` }
  const log = answer.headers['x-amz-log-result']
  const event = await invoke({ FunctionName: name, InvocationType: 'Event', Payload: '{}' })
  return {
    async: event?.status === 202,
    logs: log !== undefined && Buffer.from(log, 'base64').toString('utf8').includes(nonce),
  }
}

async function remove(options: AskRuntimesOptions, name: string): Promise<void> {
  const end = Date.now() + 5000
  for (let attempt = 0; attempt < 3; attempt++) {
    const answer = await call(options, 'DeleteFunction', { FunctionName: name }, end)
    if (answer?.status !== undefined && (answer.status < 300 || answer.status === 404)) return
    await new Promise(resolve => setTimeout(resolve, 300))
  }
}

/** Undefined when there is no time left. */
async function call(
  options: AskRuntimesOptions,
  name: string,
  params: { readonly [member: string]: unknown },
  end: number,
): Promise<Answer | undefined> {
  const action = options.spec.actions[name]
  const left = end - Date.now()
  return action === undefined || left <= 0 ? undefined : options.client.call(action, params, { timeoutMs: left })
}

function outline(answer: Answer): string {
  if (answer.failure !== undefined) return answer.failure.message
  const text = answer.error?.message ?? new TextDecoder().decode(answer.body.subarray(0, 160))
  return `${answer.status} ${answer.error?.name ?? ''} ${text}`.replace(/\s+/g, ' ').trim().slice(0, 240)
}

/** From a target to an endpoint: is it there, what is it, what is it able to do. */
import type { Spec } from '../../spec/model.ts'
import type { Answer, Endpoint, ProbeFlavour } from '../case.ts'
import { staticFlavour } from '../probes/static.ts'
import { refuseForeign } from '../fixtures/foreign.ts'
import { isRuntimeRole } from '../probes/roles.ts'
import { createClient, type WireClient } from '../wire/client.ts'
import { askActions, askAgain, describe, type ActionsAsked } from './ask-actions.ts'
import { askProbe, askRuntimes, untriedProbe, type RuntimesAsked } from './ask-runtimes.ts'
import { askJournal } from './ask-journal.ts'
import { askServices, checksSignatures } from './ask-services.ts'
import { ASKING, askStatic, readExtension, type StaticAsked } from './ask-static.ts'
import { urlsLeadAway } from './ask-urls.ts'
import { identify } from './software.ts'
import type { Target } from './target.ts'
import { UnreachableError } from '../../base/usage-error.ts'

/** An endpoint with all that was found out, and what is worth saying about it. */
export interface Asked {
  readonly endpoint: Endpoint
  /** What a reader should know: what was not found and why, an endpoint that answers everything alike. */
  readonly notes: readonly string[]
  /** The one answer that everything got, described; absent when answers differ. */
  readonly constant?: string
  readonly requests: number
}

/** The endpoint as it is configured, and how long asking may take. */
export interface AskOptions {
  readonly target: Target
  /** Where it serves: the target's own, or what its start command said. */
  readonly url: string
  readonly spec: Spec
  /** The name of the run: begins the names of what is created on the way. */
  readonly run: string
  readonly signal: AbortSignal
  /** Milliseconds in all; 60 s for the slowest questions when absent. */
  readonly timeMs?: number
  /** Called when the endpoint has answered for the first time: from here on something may have been made there. */
  readonly onGreeting?: () => void
}

/** One question may take this long; most take a few milliseconds. */
const QUESTION_MS = 5000
const GREETING_MS = 10_000
/** A first invocation may have to fetch a runtime. */
const RUNTIMES_MS = 60_000
const DEFAULT_ACCOUNT = '000000000000'

/** What is said of an endpoint with one answer, which is described. */
const answersAlike = (constant: string): string => `answers every request alike, nonsense included: ${constant}`

/** Why an endpoint with one answer is asked nothing more. */
export const isNoLambda = (constant: string): string => `this is no Lambda endpoint: it ${answersAlike(constant)}`

/** Throws an `UnreachableError` when nothing answers. */
export async function askEndpoint(options: AskOptions): Promise<Asked> {
  const { target, url, spec, run } = options
  const runtimesMs = Math.min(RUNTIMES_MS, options.timeMs ?? RUNTIMES_MS)
  const { credentials, limits, region } = target
  const clients = clientsOf(options)
  const { client, forger } = clients
  try {
    const greeting = await greet(client, url, spec)
    options.onGreeting?.()
    const createsNothing = mustNotCreate(target)
    const [asked, software] = await Promise.all([
      askActions(spec, client, unknownName(run), QUESTION_MS, createsNothing ? ['CreateFunction'] : []),
      identify(client, url, greeting, QUESTION_MS),
    ])
    const notes: string[] = []
    const there = whatIsThere(options, client)
    const [runtimes, services, auth, statics] = await askWhatRuns(options, clients, asked, there, runtimesMs)
    notes.push(...runtimes.notes.map(note => `No probe of the flavour ${note}`))
    // A function of somebody else is only read, and run.
    const reading = Object.fromEntries(
      Object.entries(asked.actions).filter(([name]) => spec.actions[name]?.method === 'GET'),
    )
    const deployed = await askDeployed(spec, client, target, runtimesMs, name => there.ask(name, reading, false))
    const constant = deployed.runs || statics.runs ? undefined : asked.constant
    if (constant !== undefined) notes.push(`The endpoint ${answersAlike(constant)}`)
    if (deployed.note !== undefined) notes.push(`The deployed probe did not answer as one: ${deployed.note}`)

    const accountId = target.config.account ?? runtimes.accountId ?? DEFAULT_ACCOUNT
    // Accepted and not run is a failure, and so are logs and events that never come.
    const accepted = Object.values(runtimes.accepted).some(Boolean) && asked.actions['Invoke'] !== 'unsupported'
    const runs = accepted || deployed.runs
    return {
      endpoint: {
        name: target.name,
        run,
        url,
        region,
        accountId,
        role: target.config.role ?? `arn:aws:iam::${accountId}:role/lambdacheck`,
        ...(software === undefined ? {} : { software }),
        credentials,
        capabilities: {
          ...capabilitiesOf(runs, runtimes, statics),
          ...services.found,
          journal: services.found.sqs && (await there.journal()),
          auth,
          signing: asked.actions['CreateCodeSigningConfig'] !== 'unsupported',
          // Accepted and not answered is a failure too.
          'function-urls': runs && givesUrls({ ...asked.actions, ...there.actions() }) && !(await there.urlsLeadAway()),
          ...target.config.capabilities,
        },
        actions: {
          ...asked.actions,
          ...there.actions(),
          ...(runtimes.create && { CreateFunction: 'supported' as const }),
          ...(createsNothing && { CreateFunction: 'unsupported' as const }),
          // An emulator of one function may answer any other name as it answers nonsense.
          ...((deployed.runs || statics.runs) && { Invoke: 'supported' as const }),
          ...target.config.actions,
        },
        noRoute: asked.noRoute,
        declared: declaredAbsent(target),
        reasons: { ...reasonsOf(target, asked, runtimes.notes, services.answers), ...statics.notes, ...said(target) },
        probe: ofFlavour(target.config.flavour, runtimes, statics) ?? runtimes.probe,
        uninvoked: runtimes.probe,
        flavours: runtimes.flavours,
        ...(statics.probe !== undefined && { staticProbe: statics.probe }),
        probes: target.config.probes ?? {},
        limits,
        expectedFailures: target.config.expectedFailures ?? [],
      },
      notes,
      // Where a probe is said to be deployed, its cases tell why it does not answer.
      ...(constant === undefined || deployed.note !== undefined ? {} : { constant }),
      requests: client.sent + forger.sent,
    }
  } finally {
    await Promise.all([client.close(), forger.close()])
  }
}

/** One client that signs as it should and touches nothing of others, and one that signs with a wrong secret. */
function clientsOf({ target, url, spec, signal, run }: AskOptions): Record<'client' | 'forger', WireClient> {
  const { credentials, limits, region } = target
  const endpoint = { url, region, limits }
  const { accessKeyId } = credentials
  return {
    client: createClient({
      endpoint: { ...endpoint, credentials },
      signal,
      onCall: (action, params, answer) => {
        if (answer === null) refuseForeign(spec, action, params, [run])
      },
    }),
    forger: createClient({
      endpoint: { ...endpoint, credentials: { accessKeyId, secretAccessKey: 'lambdacheck-signs-with-a-wrong-secret' } },
      signal,
    }),
  }
}

/** The probe of the flavour that the endpoint file asks for; undefined where it does not run. */
function ofFlavour(
  flavour: Target['config']['flavour'],
  { flavours }: Pick<RuntimesAsked, 'flavours'>,
  statics: StaticAsked,
): ProbeFlavour | undefined {
  if (flavour !== 'static') return flavour === undefined ? undefined : flavours[flavour]
  // Functions are made for this architecture where no other is named.
  if (statics.probe?.architecture !== 'x86_64') return undefined
  return staticFlavour(statics.probe.runtime, statics.probe.architecture)
}

/** What the endpoint file says of creating is binding: nothing is created to find it out. */
const mustNotCreate = ({ config }: AskOptions['target']): boolean => config.capabilities?.['create'] === false

const unknownName = (run: string): string => `${run}-ask-unknown`

/** Which runtimes and services there are, and whether signatures are checked: all at once. */
function askWhatRuns(
  { target, spec, run }: AskOptions,
  { client, forger }: Record<'client' | 'forger', WireClient>,
  asked: ActionsAsked,
  there: WhileThere,
  timeMs: number,
) {
  const role = target.config.role ?? `arn:aws:iam::${target.config.account ?? DEFAULT_ACCOUNT}:role/lambdacheck`
  const speaks = asked.constant === undefined
  const creates = speaks && asked.actions['CreateFunction'] !== 'unsupported' && !mustNotCreate(target)
  const making = { spec, client, role, timeMs }
  const whileThere = (name: string): Promise<void> => there.ask(name, asked.actions, true)
  return Promise.all([
    creates ? askRuntimes({ ...making, whileThere, unique: numbered(run) }) : nothingCreated(),
    speaks
      ? askServices(client, unknownName(run), QUESTION_MS)
      : { found: { sqs: false, kinesis: false, dynamodb: false, 'cloudwatch-logs': false }, answers: {} },
    speaks ? checksSignatures(spec, client, forger, QUESTION_MS) : false,
    creates ? askStatic({ ...making, unique: numbered(run) }) : askDeployedRuntime(spec, client, target, timeMs),
  ])
}

/** What is asked again while a function is there: its actions, and whether a journal of ours is written. */
interface WhileThere {
  /** `ours`: the function was made by us, so that it may write the journal. */
  ask(name: string, asked: ActionsAsked['actions'], ours: boolean): Promise<void>
  actions(): ActionsAsked['actions']
  journal(): Promise<boolean>
  /** The URL that a function was given is not one of the endpoint. */
  urlsLeadAway(): Promise<boolean>
}

function whatIsThere({ spec, run, url }: AskOptions, client: WireClient): WhileThere {
  let found: ActionsAsked['actions'] = {}
  let journal: Promise<boolean> | undefined
  let away: Promise<boolean> | undefined
  return {
    async ask(name, asked, ours) {
      if (ours) {
        const queue = `${run}-ask-journal`
        journal ??= askJournal(spec, client, { function: name, queue, url, timeMs: QUESTION_MS })
        away ??= urlsLeadAway(spec, client, { function: name, url, timeMs: QUESTION_MS })
        await Promise.all([journal, away])
      }
      found = { ...found, ...(await askAgain(spec, client, asked, name, QUESTION_MS)) }
    },
    actions: () => found,
    journal: async () => (await journal) === true,
    urlsLeadAway: async () => (await away) === true,
  }
}

/** Whether functions are given URLs. */
const givesUrls = (actions: ActionsAsked['actions']): boolean => actions['CreateFunctionUrlConfig'] !== 'unsupported'

/** Names that bear the run's, each with a number of its own. */
function numbered(run: string): (stem: string) => string {
  let counter = 0
  return stem => `${run}-${stem}-${++counter}`
}

/** What the endpoint is able to do as far as functions that we made, or that somebody deployed for us, have shown. */
function capabilitiesOf(
  runs: boolean,
  { create, accepted }: Awaited<ReturnType<typeof askRuntimes>>,
  statics: Awaited<ReturnType<typeof askStatic>>,
): { readonly [capability: string]: boolean } {
  return {
    create,
    invoke: runs,
    node: accepted.nodejs,
    python: accepted.python,
    provided: accepted.provided,
    logs: runs,
    async: runs,
    vpc: false,
    destinations: false,
    // Those of the guide are asked for wherever functions run.
    folders: runs,
    'static-runtime': statics.runs,
    'extension-processes': statics.extensions,
    'log-subscriptions': statics.logSubscriptions,
  }
}

/** What anybody may be asked without changing anything. */
const GREETING = 'ListFunctions'
/** An endpoint that is silent to the first may answer one of these: asked at once, for a short while. */
const OTHER_GREETINGS = ['GetAccountSettings', 'ListLayers'] as const
const OTHER_GREETING_MS = 3000

/** Something that answers as a server does. An endpoint that has just been started may need a moment. */
async function greet(client: WireClient, url: string, spec: Spec): Promise<Answer> {
  for (let attempt = 0; ; attempt++) {
    const answer = await firstWord(client, spec)
    const { failure, status = 0 } = answer
    if (failure === undefined || failure.kind === 'too-large') {
      if (status >= 300 && status < 400) {
        const place = answer.headers['location']
        throw new UnreachableError(
          `${url} redirects${place === undefined ? '' : ` to ${JSON.stringify(place.slice(0, 200))}`} ` +
            `(${status}); Lambda endpoints do not. Give the url that it leads to.`,
        )
      }
      return answer
    }
    const transient = failure.kind === 'refused' || failure.kind === 'reset'
    if (!transient || attempt >= 2) throw new UnreachableError(`${url} cannot be reached: ${describe(answer)}`)
    await new Promise(resolve => setTimeout(resolve, 300))
  }
}

/** The answer to the first greeting that gets one; the failure of the first when none does. */
async function firstWord(client: WireClient, spec: Spec): Promise<Answer> {
  const action = spec.actions[GREETING] ?? Object.values(spec.actions)[0]
  if (action === undefined) throw new Error('the specification has no action to greet with')
  const first = await client.call(action, {}, { timeoutMs: GREETING_MS })
  // Where nobody listens, nobody hears the others either.
  if (first.failure?.kind !== 'timeout') return first
  const others = OTHER_GREETINGS.flatMap(name => spec.actions[name] ?? [])
  const answers = await Promise.all(others.map(one => client.call(one, {}, { timeoutMs: OTHER_GREETING_MS })))
  return answers.find(one => one.failure === undefined) ?? first
}

/** Capabilities that the endpoint file says are not there. */
function declaredAbsent(target: Target): readonly string[] {
  return Object.entries(target.config.capabilities ?? {}).flatMap(([name, there]) => (there ? [] : [name]))
}

/** What only functions that run can show. */
const OF_RUNNING = ['static-runtime', 'extension-processes', 'log-subscriptions', 'journal'] as const

/** What a report says of what is missing: the answer that showed it. */
function reasonsOf(
  target: Target,
  asked: ActionsAsked,
  notes: readonly string[],
  services: { readonly [service: string]: string },
): { readonly [name: string]: string } {
  const probes = notes.length === 0 ? 'no probe could be created' : notes.join('; ')
  const running =
    target.config.capabilities?.['invoke'] === false
      ? 'the endpoint file says that no function runs'
      : 'the probe without an interpreter did not show it'
  return {
    ...Object.fromEntries(
      ['create', 'invoke', 'node', 'python', 'provided', 'logs', 'async'].map(one => [one, probes]),
    ),
    ...Object.fromEntries(OF_RUNNING.map(one => [one, running])),
    ...(target.config.capabilities?.['invoke'] !== false && {
      journal: 'a function could not send a message to a queue of the endpoint',
    }),
    'function-urls': 'the URL that a function was given does not lead to the endpoint',
    auth: 'a request with a wrong signature was answered like one with the right one',
    ...services,
    ...Object.fromEntries(Object.entries(asked.answers).map(([name, answer]) => [name, `it was answered ${answer}`])),
  }
}

/** What is missing because the endpoint file says so. */
function said({ config }: Target): { readonly [name: string]: string } {
  const all = [...Object.entries(config.capabilities ?? {}), ...Object.entries(config.actions ?? {})]
  return Object.fromEntries(
    all
      .filter(([, value]) => value === false || value === 'unsupported')
      .map(([name]) => [name, 'the endpoint file says so']),
  )
}

function nothingCreated(): RuntimesAsked {
  return {
    create: false,
    runs: { nodejs: false, python: false, provided: false },
    accepted: { nodejs: false, python: false, provided: false },
    probe: untriedProbe(),
    flavours: {},
    logs: false,
    async: false,
    notes: [],
  }
}

const NO_STATIC: StaticAsked = { runs: false, extensions: false, logSubscriptions: false, notes: {} }

/** A runtime without an interpreter that somebody deployed for us. */
async function askDeployedRuntime(
  spec: Spec,
  client: WireClient,
  target: Target,
  timeoutMs: number,
): Promise<StaticAsked> {
  const [, name] = Object.entries(target.config.probes ?? {}).findLast(([role]) => isRuntimeRole(role)) ?? []
  const action = spec.actions['Invoke']
  if (name === undefined || action === undefined) return NO_STATIC
  const answer = await client.call(action, { FunctionName: name, Payload: ASKING }, { timeoutMs })
  const told = answer.json as Parameters<typeof readExtension>[0]
  if (told?.next === undefined) return NO_STATIC
  return { runs: true, ...readExtension(told) }
}

/** Probes that somebody deployed for us. */
async function askDeployed(
  spec: Spec,
  client: WireClient,
  target: Target,
  timeMs: number,
  whileThere: (name: string) => Promise<void>,
): Promise<{ readonly runs: boolean; readonly logs: boolean; readonly async: boolean; readonly note?: string }> {
  const name = Object.entries(target.config.probes ?? {})
    .filter(([role]) => !isRuntimeRole(role))
    .sort(([one], [other]) => Number(other === 'default') - Number(one === 'default'))[0]?.[1]
  const action = spec.actions['Invoke']
  if (name === undefined || action === undefined) return { runs: false, logs: false, async: false }
  await whileThere(name)
  const asked = await askProbe(params => client.call(action, params, { timeoutMs: timeMs }), name)
  return {
    runs: asked.note === undefined,
    logs: asked.logs,
    async: asked.async,
    ...(asked.note === undefined ? {} : { note: asked.note }),
  }
}

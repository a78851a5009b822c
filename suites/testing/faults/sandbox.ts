/**
 * Faults inside an execution environment: in what its Runtime, Extensions and Logs API answer, and in what subscribers
 * to logs are given.
 */

interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: { readonly [name: string]: string | undefined }
  readonly body: Buffer
}

interface Given {
  readonly status: number
  readonly headers?: { readonly [name: string]: string }
  readonly body: Buffer
}

interface Log {
  readonly time: string
  readonly type: string
  readonly record: string | { readonly [member: string]: unknown }
}

export interface SandboxFault {
  readonly id: string
  /** What such an endpoint does, in one sentence. */
  readonly wrong: string
  /** MUST cases that pass on the true endpoint and must fail on this one. */
  readonly caught: readonly string[]
  /** What the failure says. */
  readonly told: RegExp
  readonly intercept?: <Request extends Asked>(
    request: Request,
    answer: (request: Request) => Promise<Given>,
  ) => Promise<Given>
  readonly record?: (record: Log) => readonly Log[]
}

type Intercept = NonNullable<SandboxFault['intercept']>
type Json = { readonly [member: string]: unknown }

const at = (request: Asked, path: string): boolean => request.path.endsWith(path)
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
const ok = (value: unknown = { status: 'OK' }, status = 202): Given => ({ status, body: json(value) })

/** The answers to requests for one path, changed. */
const answersTo =
  (path: string, change: (given: Given, request: Asked) => Given): Intercept =>
  async (request, answer) => {
    const given = await answer(request)
    return at(request, path) ? change(given, request) : given
  }

const withoutHeader =
  (name: string) =>
  (given: Given): Given => ({
    ...given,
    headers: Object.fromEntries(Object.entries(given.headers ?? {}).filter(([one]) => one !== name)),
  })

/** Events of one type, changed on their way to extensions. */
const events = (type: string, change: (event: Json) => Json): Intercept =>
  answersTo('/event/next', given => {
    if (given.status !== 200) return given
    const event = JSON.parse(given.body.toString('utf8')) as Json
    return event['eventType'] === type ? { ...given, body: json(change(event)) } : given
  })

/** An extension that would get an event of this type waits on instead. */
const withheld =
  (type: string): Intercept =>
  async (request, answer) => {
    for (;;) {
      const given = await answer(request)
      if (!at(request, '/event/next') || !given.body.includes(`"${type}"`)) return given
    }
  }

/** Invocations whose runtime reported an error get no record that it is done. */
function untoldErrors(): Required<Pick<SandboxFault, 'intercept' | 'record'>> {
  const failed = new Set<unknown>()
  return {
    intercept: (request, answer) => {
      const id = /\/invocation\/([^/]+)\/error$/.exec(request.path)?.[1]
      if (id !== undefined) failed.add(id)
      return answer(request)
    },
    record: log => (log.type === 'platform.runtimeDone' && failed.has((log.record as Json)['requestId']) ? [] : [log]),
  }
}

/** Refusals of one path are confirmations instead. */
const accepting = (
  path: string,
  instead: Given,
  refused: (request: Asked, given: Given) => boolean = () => true,
): Intercept => answersTo(path, (given, request) => (given.status >= 400 && refused(request, given) ? instead : given))

const registered: Given = {
  status: 200,
  headers: { 'Lambda-Extension-Identifier': '8476a536-e9f4-11e8-9739-2dfe598c3fcd' },
  body: json({ functionName: 'f', functionVersion: '$LATEST', handler: 'bootstrap.main' }),
}
const says = (given: Given, text: string): boolean => given.body.includes(text)
const records =
  (type: string, change: (log: Log) => readonly Log[]): NonNullable<SandboxFault['record']> =>
  log =>
    log.type === type ? change(log) : [log]

/** Once one extension has asked for an event, it is asked for in the name of all others too, and kept for them. */
function readyForAll(): Intercept {
  const kept = new Map<string, Promise<Given>>()
  const ids: string[] = []
  let begun = false
  return async (request, answer) => {
    const of = (id: string): Promise<Given> =>
      answer({ ...request, path: '/2020-01-01/extension/event/next', headers: { 'lambda-extension-identifier': id } })
    const askForOthers = (): void => {
      for (const id of ids) if (!kept.has(id)) kept.set(id, of(id))
    }
    if (at(request, '/event/next')) {
      begun = true
      askForOthers()
      const id = request.headers['lambda-extension-identifier'] ?? ''
      const given = kept.get(id) ?? answer(request)
      ids.splice(ids.indexOf(id), 1)
      return given
    }
    const given = await answer(request)
    const id = given.headers?.['Lambda-Extension-Identifier']
    if (at(request, '/register') && id !== undefined) ids.push(id)
    if (begun) askForOthers()
    return given
  }
}

/** Longer than a runtime takes to begin. */
const LATE_MS = 1500

export const SANDBOX_FAULTS: readonly SandboxFault[] = [
  {
    id: 'registers-beside-the-runtime',
    wrong: 'extensions are answered when the runtime has begun',
    caught: ['extensions.before-runtime#property'],
    told: /soon/,
    intercept: async (request, answer) => {
      const given = await answer(request)
      if (at(request, '/extension/register')) await new Promise(resolve => setTimeout(resolve, 2 * LATE_MS))
      return given
    },
  },
  {
    id: 'ready-with-the-first',
    wrong: 'the initialisation is over when one of the extensions is ready',
    caught: ['extensions.init-ends#property'],
    told: /ready/,
    intercept: readyForAll(),
  },
  {
    id: 'next-without-deadline',
    wrong: 'events come without the time at which the function will time out',
    caught: ['runtime-api.deadline#property'],
    told: /left|deadline/,
    intercept: answersTo('/invocation/next', withoutHeader('Lambda-Runtime-Deadline-Ms')),
  },
  {
    id: 'deadline-stands',
    wrong: 'the deadline is the same for every invocation',
    caught: ['runtime-api.deadline#property'],
    told: /deadline|left/,
    intercept: answersTo('/invocation/next', given => ({
      ...given,
      headers: { ...given.headers, 'Lambda-Runtime-Deadline-Ms': '1999999999999' },
    })),
  },
  {
    id: 'arn-without-qualifier',
    wrong: 'the runtime is told the ARN of the function, whatever was called',
    caught: ['runtime-api.invoked-arn#property'],
    told: /invoked-function-arn/,
    intercept: answersTo('/invocation/next', given => ({
      ...given,
      headers: {
        ...given.headers,
        'Lambda-Runtime-Invoked-Function-Arn': (given.headers?.['Lambda-Runtime-Invoked-Function-Arn'] ?? '').replace(
          /(:function:[^:]+):.*/,
          '$1',
        ),
      },
    })),
  },
  {
    id: 'next-without-trace',
    wrong: 'events come without the tracing header',
    caught: ['runtime-api.trace#property'],
    told: /trace-id/,
    intercept: answersTo('/invocation/next', withoutHeader('Lambda-Runtime-Trace-Id')),
  },
  {
    id: 'payload-loses-letters',
    wrong: 'letters beyond ASCII are lost on the way to the runtime',
    caught: ['runtime-api.payload#property'],
    told: /Payload/,
    intercept: answersTo('/invocation/next', given => ({
      ...given,
      body: Buffer.from(given.body.toString('utf8').replace(/[^\x20-\x7e]/g, '?')),
    })),
  },
  {
    id: 'next-gives-up',
    wrong: 'a request for an event is answered with nothing after a while',
    caught: ['runtime-api.next-blocks#property'],
    told: /next\.ms|error|exit/i,
    intercept: async (request, answer) =>
      at(request, '/invocation/next')
        ? Promise.race([
            answer(request),
            new Promise<Given>(resolve => setTimeout(() => resolve({ status: 204, body: Buffer.alloc(0) }), 700)),
          ])
        : answer(request),
  },
  {
    id: 'foreign-id-accepted',
    wrong: 'an answer with a request id that nobody has is confirmed',
    caught: ['runtime-api.foreign-id#property', 'runtime-api.former-id#property'],
    told: /status/,
    intercept: async (request, answer) => {
      const given = await answer(request)
      return given.status === 400 ? ok() : given
    },
  },
  {
    id: 'early-answer-accepted',
    wrong: 'an answer before the first event is confirmed',
    caught: ['runtime-api.early-answer#property'],
    told: /init\.(response|error)\.status/,
    intercept: async (request, answer) => {
      const given = await answer(request)
      return given.status === 400 ? ok() : given
    },
  },
  {
    id: 'confirmed-with-200',
    wrong: 'answers and errors are confirmed with 200',
    caught: ['runtime-api.answer-accepted#property', 'runtime-api.error#property', 'runtime-api.bare-error#property'],
    told: /status/,
    intercept: async (request, answer) => {
      const given = await answer(request)
      return given.status === 202 ? { ...given, status: 200 } : given
    },
  },
  {
    id: 'error-body-dropped',
    wrong: 'the caller is not told what the runtime said of an error',
    caught: ['runtime-api.error#property', 'runtime-api.error-header#property'],
    told: /errorMessage/,
    intercept: (request, answer) =>
      answer(/invocation\/[^/]+\/error$/.test(request.path) ? { ...request, body: json({}) } : request),
  },
  {
    id: 'untyped-error-refused',
    wrong: 'an error without header and body is refused',
    caught: ['runtime-api.bare-error#property'],
    told: /status|error/,
    intercept: async (request, answer) => {
      const given = await answer(request)
      const bare = /invocation\/[^/]+\/error$/.test(request.path) && request.body.length === 0
      return bare ? { status: 400, body: json({ errorType: 'InvalidRequest', errorMessage: 'no body' }) } : given
    },
  },
  {
    id: 'untyped-init-error-refused',
    wrong: 'a failed initialisation without header and body is refused',
    caught: ['runtime-api.bare-init-error#property'],
    told: /x-amz-function-error/,
    intercept: async (request, answer) =>
      at(request, '/runtime/init/error') && request.body.length === 0
        ? { status: 400, body: json({ errorType: 'InvalidRequest', errorMessage: 'no body' }) }
        : answer(request),
  },
  {
    id: 'any-method',
    wrong: 'methods do not matter to the Runtime API',
    caught: ['runtime-api.methods#property'],
    told: /status/,
    intercept: async (request, answer) => {
      const given = await answer(request)
      return given.status === 405 ? ok() : given
    },
  },
  {
    id: 'unversioned',
    wrong: 'paths without a version are answered',
    caught: ['runtime-api.address#property'],
    told: /unversioned\.status/,
    intercept: async (request, answer) => (request.path.startsWith('/runtime/') ? ok({}, 200) : answer(request)),
  },
  {
    id: 'init-error-ignored',
    wrong: 'a failed initialisation that the runtime reports is not told to the caller',
    caught: ['runtime-api.init-error#property'],
    told: /errorMessage|errorType/,
    intercept: async (request, answer) => (at(request, '/init/error') ? ok() : answer(request)),
  },
  {
    id: 'extension-untold',
    wrong: 'an extension is never told of an invocation',
    caught: ['extensions.invoke-event#property', 'extensions.all-told#property', 'extensions.internal#property'],
    told: /await|events|one: true/,
    intercept: withheld('INVOKE'),
  },
  {
    id: 'event-without-request-id',
    wrong: 'the event of an extension lacks the request id',
    caught: ['extensions.invoke-event#property'],
    told: /await|requestId/,
    intercept: events('INVOKE', ({ requestId: _, ...event }) => event),
  },
  {
    id: 'event-with-payload',
    wrong: 'extensions are given the payload',
    caught: ['extensions.invoke-event#property'],
    told: /event/,
    intercept: events('INVOKE', event => ({ ...event, payload: 'all of it' })),
  },
  {
    id: 'event-of-another-trace',
    wrong: 'extensions are told of another trace than the runtime',
    caught: ['extensions.invoke-event#property'],
    told: /tracing|event/,
    intercept: events('INVOKE', event => ({ ...event, tracing: { type: 'X-Amzn-Trace-Id', value: 'Root=1' } })),
  },
  {
    id: 'shutdown-never-sent',
    wrong: 'extensions are never told of the end',
    caught: [
      'extensions.shutdown-timeout#property',
      'extensions.shutdown-failure#property',
      'extensions.timeout#property',
    ],
    told: /SHUTDOWN|Messages/,
    intercept: withheld('SHUTDOWN'),
  },
  {
    id: 'shutdown-for-no-reason',
    wrong: 'every end is called SPINDOWN',
    caught: ['extensions.shutdown-timeout#property', 'extensions.shutdown-failure#property'],
    told: /shutdownReason|Messages/,
    intercept: events('SHUTDOWN', event => ({ ...event, shutdownReason: 'SPINDOWN' })),
  },
  {
    id: 'spindown-called-failure',
    wrong: 'an environment that is not needed any more is said to have failed',
    caught: ['extensions.spindown-reason#property'],
    told: /Messages|shutdownReason/,
    intercept: events('SHUTDOWN', event =>
      event['shutdownReason'] === 'SPINDOWN' ? { ...event, shutdownReason: 'FAILURE' } : event,
    ),
  },
  {
    id: 'deadline-in-seconds',
    wrong: 'extensions are told their deadline in seconds',
    caught: ['extensions.invoke-event#property'],
    told: /left/,
    intercept: events('INVOKE', event => ({ ...event, deadlineMs: Math.floor(Number(event['deadlineMs']) / 1000) })),
  },
  {
    id: 'shutdown-without-deadline',
    wrong: 'the event of the end does not say until when',
    caught: ['extensions.shutdown-timeout#property'],
    told: /deadlineMs|Messages/,
    intercept: events('SHUTDOWN', ({ deadlineMs: _, ...event }) => event),
  },
  {
    id: 'registers-twice',
    wrong: 'an extension registers as often as it likes',
    caught: ['extensions.register-once#property'],
    told: /again/,
    intercept: accepting('/register', registered, (_, given) => says(given, 'AlreadyRegistered')),
  },
  {
    id: 'eleven-extensions',
    wrong: 'more than ten extensions register',
    caught: ['extensions.ten#property'],
    told: /n11\.status/,
    intercept: accepting('/register', registered, (_, given) => says(given, 'TooManyExtensions')),
  },
  {
    id: 'internal-shutdown',
    wrong: 'internal extensions register for SHUTDOWN',
    caught: ['extensions.internal-shutdown#property'],
    told: /refused\.status/,
    intercept: accepting('/register', registered),
  },
  {
    id: 'nameless-extension',
    wrong: 'an extension registers without a name',
    caught: ['extensions.register-name#property'],
    told: /unnamed\.status/,
    intercept: accepting('/register', registered),
  },
  {
    id: 'any-event',
    wrong: 'extensions register for events that there are not',
    caught: ['extensions.event-words#property'],
    told: /wrong\.status/,
    intercept: accepting('/register', registered),
  },
  {
    id: 'register-without-function',
    wrong: 'registering does not tell what the function is',
    caught: ['extensions.register#property'],
    told: /functionName/,
    intercept: answersTo('/register', given => (given.status === 200 ? { ...given, body: json({}) } : given)),
  },
  {
    id: 'next-for-anybody',
    wrong: 'events are given without an identifier',
    caught: ['extensions.next-identifier#property'],
    told: /(none|nonsense|unknown)\.status/,
    intercept: accepting('/event/next', ok({ eventType: 'INVOKE' }, 200)),
  },
  {
    id: 'next-without-identifier',
    wrong: 'events come without the identifier in a header',
    caught: ['extensions.next-identifier#property'],
    told: /identifier/,
    intercept: answersTo('/event/next', given => ({ ...given, headers: {} })),
  },
  {
    id: 'failed-goes-on',
    wrong: 'an extension that has reported its failure is given events',
    caught: ['extensions.init-error-final#property', 'extensions.exit-error#property'],
    told: /Messages/,
    intercept: accepting('/event/next', ok({ eventType: 'INVOKE' }, 200)),
  },
  {
    id: 'told-to-end-and-left',
    wrong: 'an extension that has been told to end may go on as long as it likes',
    caught: ['extensions.overstay#property'],
    told: /overstays/,
    intercept: async (request, answer) =>
      at(request, '/event/next')
        ? ok({ eventType: 'SHUTDOWN', shutdownReason: 'failure', deadlineMs: Date.now() + 2000 }, 200)
        : answer(request),
  },
  {
    id: 'failed-may-fail-again',
    wrong: 'an extension that has reported its failure may report another one',
    caught: ['extensions.init-error-final#property', 'extensions.exit-error#property'],
    told: /again/,
    intercept: async (request, answer) => {
      const given = await answer(request)
      return request.path.includes('/extension/') && at(request, '/error') && given.status === 403 ? ok() : given
    },
  },
  {
    id: 'untyped-failure',
    wrong: 'failures of extensions are taken without a type and without an identifier',
    caught: ['extensions.error-headers#property'],
    told: /(initBare|initUntyped|exitBare|exitUntyped)\.status/,
    intercept: async (request, answer) => {
      const given = await answer(request)
      return request.path.includes('/extension/') && at(request, '/error') && given.status === 403 ? ok() : given
    },
  },
  {
    id: 'subscribes-at-any-time',
    wrong: 'subscriptions to logs are confirmed at any time',
    caught: ['logs.late#property'],
    told: /late\.status/,
    intercept: accepting('/logs', ok('OK', 200)),
  },
  {
    id: 'any-subscription',
    wrong: 'every subscription is confirmed, whatever it says',
    caught: [
      'logs.required#property',
      'logs.types#property',
      'logs.buffering#property',
      'logs.destination#property',
      'logs.identifier#property',
    ],
    told: /status/,
    intercept: accepting('/logs', ok('OK', 200)),
  },
  {
    id: 'all-types',
    wrong: 'subscribers get all types of logs',
    caught: ['logs.filter#property'],
    told: /order/,
    intercept: (request, answer) => {
      if (!at(request, '/logs')) return answer(request)
      const body = JSON.parse(request.body.toString('utf8')) as Json
      return answer({ ...request, body: json({ ...body, types: ['platform', 'function', 'extension'] }) })
    },
  },
  {
    id: 'buffering-ignored',
    wrong: 'every subscriber gets its records after the default time',
    caught: ['logs.own-buffer#property'],
    told: /late\.logs/,
    intercept: (request, answer) => {
      if (!at(request, '/logs')) return answer(request)
      const { buffering: _, ...body } = JSON.parse(request.body.toString('utf8')) as Json
      return answer({ ...request, body: json({ ...body, buffering: { timeoutMs: 25 } }) })
    },
  },
  {
    id: 'record-without-request-id',
    wrong: 'the records of an invocation do not say of which',
    caught: ['logs.platform#property'],
    told: /requestId|platform/,
    record: log => {
      if (typeof log.record === 'string' || log.record['requestId'] === undefined) return [log]
      const { requestId: _, ...record } = log.record
      return [{ ...log, record }]
    },
  },
  {
    id: 'init-every-time',
    wrong: 'every report has the time of an initialisation',
    caught: ['logs.platform#property'],
    told: /initDurationMs/,
    record: records('platform.report', log => [
      {
        ...log,
        record: {
          ...(log.record as Json),
          metrics: { ...((log.record as Json)['metrics'] as Json), initDurationMs: 1 },
        },
      },
    ]),
  },
  {
    id: 'runtime-done-untold',
    wrong: 'the later schema has no records of a runtime that is done',
    caught: ['logs.runtime-done#property', 'logs.runtime-done-status#property'],
    told: /runtimeDone|await|Messages/,
    record: records('platform.runtimeDone', () => []),
  },
  {
    id: 'runtime-done-untold-of-errors',
    wrong: 'nothing tells that a runtime is done which reports an error',
    caught: ['logs.runtime-done-error#property'],
    told: /runtimeDone|await|order/,
    ...untoldErrors(),
  },
  {
    id: 'extension-inside-is-outside',
    wrong: 'what an internal extension writes is told as of an external one',
    caught: ['logs.internal#property'],
    told: /extension/,
    record: records('function', log => [
      String(log.record).includes('said inside') ? { ...log, type: 'extension' } : log,
    ]),
  },
  {
    id: 'always-a-success',
    wrong: 'a runtime that crashed or ran out of time is called a success',
    caught: ['logs.runtime-done-status#property'],
    told: /status|Messages/,
    record: records('platform.runtimeDone', log => [
      { ...log, record: { ...(log.record as Json), status: 'success' } },
    ]),
  },
  {
    id: 'fault-untold',
    wrong: 'a crash leaves no record',
    caught: ['logs.flush#property'],
    told: /platform\.fault|Messages/,
    record: records('platform.fault', () => []),
  },
  {
    id: 'subscription-untold',
    wrong: 'subscribing leaves no record',
    caught: ['logs.subscribe#property'],
    told: /\ba: true|logsSubscription|reports\.a/,
    record: records('platform.logsSubscription', () => []),
  },
  {
    id: 'time-without-milliseconds',
    wrong: 'the time of a record has no milliseconds',
    caught: ['logs.http#property'],
    told: /time/,
    record: log => [{ ...log, time: log.time.replace(/\.\d{3}Z/, 'Z') }],
  },
  {
    id: 'platform-without-milliseconds',
    wrong: 'the time of what the platform tells has no milliseconds',
    caught: ['logs.platform#property'],
    told: /time/,
    record: log => [log.type.startsWith('platform.') ? { ...log, time: log.time.replace(/\.\d{3}Z/, 'Z') } : log],
  },
  {
    id: 'output-in-a-structure',
    wrong: 'what the function writes is wrapped in a structure',
    caught: ['logs.http#property', 'logs.tcp#property'],
    told: /record/,
    record: records('function', log => [{ ...log, record: { message: log.record } }]),
  },
  {
    id: 'extension-called-function',
    wrong: 'what extensions write is told as the function’s',
    caught: ['logs.http#property'],
    told: /extension|function/,
    record: records('extension', log => [{ ...log, type: 'function' }]),
  },
  {
    id: 'delivered-twice',
    wrong: 'every record is delivered twice',
    caught: ['logs.idempotent#property'],
    told: /function/,
    record: log => [log, log],
  },
]

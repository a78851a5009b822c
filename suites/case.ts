/**
 * What a case is, and what it may use: the contract between the families that derive cases and the run that executes
 * them.
 */
import type { Limits } from '../config/config.ts'
import type { Action, Clause, Spec, Value } from '../spec/model.ts'
import type { CaseResult, Exchange } from '../reports/evidence.ts'

/** What an endpoint is able to do beyond its API; `spec/compiler/vocabulary.ts` lists them. */
export type Capability = string

/** An endpoint as a run sees it: configuration resolved, capabilities asked for. Serialisable. */
export interface Endpoint {
  readonly name: string
  /** The name of the run: begins the name of everything that it makes. */
  readonly run: string
  readonly url: string
  readonly region: string
  readonly accountId: string
  /** ARN given to functions that we create. */
  readonly role: string
  readonly software?: string
  readonly credentials: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string
  }
  readonly capabilities: { readonly [capability: string]: boolean }
  /** Actions by what asking showed. */
  readonly actions: { readonly [action: string]: 'supported' | 'unsupported' | 'unknown' }
  /** Capabilities of which the endpoint file says that they are not there. */
  readonly declared?: readonly string[]
  /** Likenesses of the answers to paths under which nothing lives. */
  readonly noRoute?: readonly string[]
  /** Why an action or a capability is missing, in the endpoint's own words where it has said any. */
  readonly reasons?: { readonly [name: string]: string }
  /** How the probe is deployed here: the flavour that really runs, or the likeliest one when none was seen to run. */
  readonly probe: ProbeFlavour
  /** For functions that no case invokes: the smallest package that the endpoint takes. Absent: the probe. */
  readonly uninvoked?: ProbeFlavour
  /** The probe in each flavour that the endpoint takes. */
  readonly flavours?: { readonly [flavour: string]: ProbeFlavour }
  /** How the probe without an interpreter is deployed here; absent: as on Lambda itself. */
  readonly staticProbe?: { readonly runtime: string; readonly architecture: 'x86_64' | 'arm64' }
  /** For endpoints that cannot create functions: probe role to deployed function name. */
  readonly probes: { readonly [role: string]: string }
  readonly limits: Limits
  /** Clause or case ids (globs) that the endpoint file expects to fail. */
  readonly expectedFailures: readonly string[]
}

/** A function that the suites deploy, in one of the languages that they know. */
export interface ProbeFlavour {
  readonly runtime: string
  readonly handler: string
  /** Base64 of the zip. */
  readonly zipFile: string
  /** False: the endpoint accepts the function, but nothing showed that it runs it. */
  readonly runs: boolean
}

/** A request by AWS's member names. Blobs are base64 strings; `payload` members are strings or Uint8Array. */
export interface Call {
  readonly action: string
  readonly params: { readonly [member: string]: unknown }
  /** Members of which it is not known whether they were sent: recorded traffic may lack them. */
  readonly unsure?: ReadonlySet<string>
}

/** What came back, parsed once. */
export interface Answer {
  readonly exchange: Exchange
  /** Absent when the transport broke. */
  readonly status?: number
  /** Lower-case names. */
  readonly headers: { readonly [name: string]: string }
  /** Response members by name, from status, headers and body, when status is below 400 and the body is JSON. */
  readonly members?: { readonly [member: string]: unknown }
  /** Parsed JSON body, whatever the status; undefined when it is not JSON. */
  readonly json?: unknown
  readonly error?: { readonly name?: string; readonly message?: string }
  readonly failure?: { readonly kind: string; readonly message: string }
  /** Of a 404 that names no error: is it what a path gets under which nothing lives? Absent where nobody has asked. */
  readonly noRoute?: boolean
  /** It speaks of something under way, for whose end there was no time left to wait. */
  readonly underWay?: true
  /** The raw body. */
  readonly body: Uint8Array
}

/** How a request is sent, where it is not as usual. */
export interface SendOptions {
  /**
   * Changes the serialised HTTP request before it is signed: malformed bodies, wrong types in query, missing labels.
   */
  readonly mutate?: (request: HttpRequest) => HttpRequest
  readonly timeoutMs?: number
  readonly sign?: boolean
  /** Of raw requests: the service for which they are signed; absent: Lambda. */
  readonly service?: string
}

/** A request as it travels, before it is signed. */
export interface HttpRequest {
  readonly method: string
  /** A link that the endpoint gave: it is followed as it stands, and signed where the sender asks for it. */
  readonly link?: string
  /** Path with percent-encoding, without query. */
  readonly path: string
  readonly query: readonly (readonly [string, string])[]
  readonly headers: { readonly [name: string]: string }
  readonly body: Uint8Array | string | null
}

/** The only way to an endpoint. Never throws for what an endpoint does; throws only for our own bugs and on abort. */
export interface Client {
  call(action: Action, params: { readonly [member: string]: unknown }, options?: SendOptions): Promise<Answer>
  http(request: HttpRequest, options?: SendOptions): Promise<Answer>
  /** Requests sent so far. */
  readonly sent: number
}

/** Resources made for cases, deleted when the run ends. */
export interface Fixtures {
  /** A value of `$name` references for each needed resource; shared and never to be changed by the caller. */
  shared(needs: readonly string[]): Promise<Scope>
  /** Something went wrong with what is shared in this scope: nobody gets it any more. */
  forget(scope: Scope): void
  /** All that was made has gone, with the endpoint that had it: nobody gets any of it any more. */
  forgetAll(): void
  /** The same, made for this caller alone, free to be changed or deleted. */
  fresh(needs: readonly string[]): Promise<Scope>
  /** The same, but used again for the same purpose: nobody else has it until it is given back. */
  lease(purpose: string, needs: readonly string[]): Promise<Lease>
  /**
   * One resource of a page (or a builtin such as `queue`), `overlay` laid over its `create` request, in a scope that
   * has its needs.
   */
  make(
    resource: string,
    overlay: { readonly [member: string]: Value },
    scope: Scope,
  ): Promise<{ readonly [member: string]: unknown }>
  /** A name that is unique, legal for every kind of resource and bears the run's prefix. */
  unique(stem: string): string
  /**
   * Everything created by a call of ours is registered by the client; this deletes what is still there, in so many
   * milliseconds. Never throws.
   */
  cleanUp(timeMs?: number): Promise<readonly string[]>
}

/** A scope for one user at a time. */
export interface Lease {
  readonly scope: Scope
  /** `usable`: what the purpose needs is still there, the next one may have it. */
  giveBack(usable: boolean): void
}

/** Variables of a request template: `$function.FunctionArn` is `scope.function.FunctionArn`. */
export interface Scope {
  readonly [variable: string]: unknown
}

/** An answer that a run has seen, of many that are alike. */
export interface AnswerSeen {
  readonly action: string
  readonly answer: Answer
}

/** What a case is given: the endpoint, things to work with, and the means to generate examples. */
export interface CaseContext {
  readonly spec: Spec
  readonly endpoint: Endpoint
  readonly client: Client
  readonly fixtures: Fixtures
  readonly seed: number
  /** Generated examples per case. */
  readonly runs: number
  /** fast-check path to replay, when a single case is replayed. */
  readonly path?: string
  readonly signal: AbortSignal
  /** Milliseconds a single case may take. */
  readonly caseTimeoutMs: number
  /** Fills a request template: references, `!unique`, `!probe`, `!absent` … Throws on an unknown variable. */
  fill(template: { readonly [member: string]: Value }, scope: Scope): { [member: string]: unknown }
  /** What calls of the run have been answered so far, one answer of each kind. */
  answersSeen(): readonly AnswerSeen[]
}

/** How a case ended, with all that a report needs to tell why. */
export type CaseOutcome = Pick<
  CaseResult,
  | 'verdict'
  | 'reason'
  | 'lacks'
  | 'expected'
  | 'actual'
  | 'mismatches'
  | 'counterexample'
  | 'path'
  | 'runs'
  | 'exchanges'
>

/** Which derivation made a case. */
export type Family =
  | 'valid'
  | 'one-fault'
  | 'two-faults'
  | 'error'
  | 'boundary'
  | 'law'
  | 'model'
  | 'property'
  | 'quota'

/** What is known of a case before it is run. */
export interface CaseOutline {
  readonly id: string
  readonly clause: Clause
  readonly family: Family
  readonly title: string
  readonly action?: string
  /** It speaks of what all others were answered, and is run when they are done. */
  readonly isLast?: boolean
  /** Actions that must be supported for the case to say anything. */
  readonly actions: readonly string[]
  readonly needs: readonly Capability[]
  /** Milliseconds that it may take, where the run gives every case less. */
  readonly timeMs?: number
  /** Seconds for which its steps wait at the most. */
  readonly waits?: number
  /** Milliseconds that its waits will take, roughly: what takes longest begins first. */
  readonly expectedMs?: number
}

/** One executable property that a clause gives for an endpoint. */
export interface Case extends CaseOutline {
  run(context: CaseContext): Promise<CaseOutcome>
}

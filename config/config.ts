/**
 * What a `lambdacheck.config.*` file or an endpoint file may hold.
 * @since 0.1.0
 */
export interface Config {
  /** For editors. */
  readonly $schema?: string
  /** Name of the endpoint that is meant when a command names none. */
  readonly endpoint?: string
  readonly endpoints?: { readonly [name: string]: EndpointConfig }
  readonly lint?: LintConfig
}

/**
 * What a rule of the linter counts as; `off` runs it not at all.
 * @since 0.1.0
 */
export type RuleLevel = 'error' | 'warning' | 'info' | 'off'
/**
 * A choice of rules, as the pages of the rules name it.
 * @since 0.1.0
 */
export type Preset = 'recommended' | 'strict' | 'security' | 'all'

/**
 * The `lint` section.
 * @since 0.1.0
 */
export interface LintConfig {
  /** `recommended` when absent. */
  readonly preset?: Preset
  /** Level of single rules, on or off whatever the preset says; with options where the rule takes some. */
  readonly rules?: { readonly [rule: string]: RuleLevel | readonly [RuleLevel, unknown] }
  /** Files that are not looked at, as patterns relative to the project. */
  readonly ignore?: readonly string[]
  /** Templates to read instead of those found. */
  readonly templates?: readonly string[]
  /** Rules of one's own, as `defineRule` of `lambdacheck/lint` gives them back. */
  readonly ownRules?: readonly { readonly id: string; readonly page: string | URL }[]
  /** Other levels for some files; later ones win. */
  readonly overrides?: readonly {
    readonly files: readonly string[]
    readonly rules: { readonly [rule: string]: RuleLevel }
  }[]
}

/**
 * How gently an endpoint is treated.
 * @since 0.1.0
 */
export interface Limits {
  readonly concurrency: number
  /** Requests a second; 0: no limit. */
  readonly rate: number
  readonly requestTimeoutMs: number
  readonly maxResponseBytes: number
}

/**
 * One endpoint. A file such as `endpoints/moto.yaml` holds just this, with its `name`.
 * @since 0.1.0
 */
export interface EndpointConfig {
  readonly $schema?: string
  /** Absent in an endpoint file: the name of the file. */
  readonly name?: string
  /** With port 0, a free port is chosen for `start`: the command finds it in `$PORT`. */
  readonly url: string
  /** Absent: `AWS_REGION`, `AWS_DEFAULT_REGION`, the AWS profile, then `us-east-1`. */
  readonly region?: string
  /** Twelve digits. Absent: read from the ARN of a function that we create, then `000000000000`. */
  readonly account?: string
  /** ARN of the role that functions get. Absent: a role of the account that need not exist. */
  readonly role?: string
  /** Absent: the AWS credential chain, and for a loopback address `test`/`test` when there is nothing in it. */
  readonly credentials?: StaticCredentials | { readonly profile: string }
  /** Overrides what asking finds. */
  readonly capabilities?: { readonly [capability: string]: boolean }
  /** Overrides what asking finds about actions. */
  readonly actions?: { readonly [action: string]: 'supported' | 'unsupported' }
  /** Clause or case ids, with `*`, that are known to fail here. */
  readonly expectedFailures?: readonly string[]
  readonly limits?: Partial<Limits>
  /**
   * What it is started from, for the evidence: a file (a package, or a lock file), or the digest of an image
   * (`NAME@sha256:…`).
   */
  readonly artifact?: string
  /** For endpoints that cannot create functions: probe role to the name of the deployed function. */
  readonly probes?: { readonly [role: string]: string }
  /**
   * The flavour of the probe for what any function can show, where it runs. Absent: the first of `nodejs`, `python` and
   * `provided` that does.
   */
  readonly flavour?: 'nodejs' | 'python' | 'provided' | 'static'
  readonly start?: StartConfig
}

/**
 * Keys that stand in the configuration: for emulators, which take any.
 * @since 0.1.0
 */
export interface StaticCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/**
 * A command that serves the endpoint for as long as a run takes.
 * @since 0.1.0
 */
export interface StartConfig {
  /** Run by the shell; programs of `node_modules/.bin` and `.venv/bin` here and in every folder above are found. */
  readonly command: string
  /** What tells that it serves. Absent: the endpoint's url answers anything at all. */
  readonly ready?: Ready
  /** Seconds to wait until it is ready; 60 when absent. */
  readonly timeout?: number
  readonly env?: { readonly [name: string]: string }
  /** Relative to the file that says it; that file's folder when absent. */
  readonly cwd?: string
  /** Requests to send once it is ready, before anything else. */
  readonly setup?: readonly SetupRequest[]
}

/**
 * How to tell that a started endpoint answers: it has this URL, listens on this port, or its output matches this
 * pattern (`(?<url>…)` gives the URL).
 * @since 0.1.0
 * @example
 * { log: 'listening on (?<url>\\S+)' }
 */
export type Ready = { readonly url: string } | { readonly port: number } | { readonly log: string }

/**
 * An HTTP request to a started endpoint before the run begins.
 * @since 0.1.0
 */
export interface SetupRequest {
  readonly method?: string
  /** Relative to the endpoint's url. */
  readonly path: string
  readonly headers?: { readonly [name: string]: string }
  /** A mapping is sent as JSON. */
  readonly body?: unknown
}

/**
 * For `lambdacheck.config.ts`: gives the object back, typed.
 * @since 0.1.0
 * @example
 * export default defineConfig({ endpoints: { local: { url: 'http://127.0.0.1:4566', expectedFailures: ['alias.*'] } }
 * })
 */
export function defineConfig(config: Config): Config {
  return config
}

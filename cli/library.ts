/** What other programs call: the commands as functions. Nothing is loaded before it is called for. */
import type { Evidence } from '../reports/evidence.ts'
import type { LintConfig, Preset, RuleLevel } from '../config/config.ts'
import type { LintResult } from '../analyzer/lint.ts'
import type { Level, Spec } from '../spec/model.ts'

/**
 * What `certify` is asked.
 *
 * @since 0.1.0
 */
export interface CertifyRequest {
  /**
   * A url, a name of the configuration, or an endpoint file; absent: what the environment or the configuration names,
   * else the embedded endpoint.
   */
  readonly endpoint?: string
  /** Where the configuration is looked for; absent: the working directory. */
  readonly cwd?: string
  readonly profiles?: readonly string[]
  readonly actions?: readonly string[]
  /** Ids of clauses or cases; `*` stands for anything. */
  readonly clauses?: readonly string[]
  /** The weakest level that still runs. */
  readonly level?: Level
  /** 1 when absent. */
  readonly seed?: number
  /** Generated examples for each case; 20 when absent. */
  readonly runs?: number
  /** Milliseconds for the whole run; half an hour when absent. */
  readonly budgetMs?: number
  /** Folder for the evidence; absent: `lambdacheck-report` in `cwd`. */
  readonly out?: string
  readonly signal?: AbortSignal
}

/**
 * What `lint` is asked.
 *
 * @since 0.1.0
 */
export interface LintRequest {
  /** Folder of the project; absent: the working directory. */
  readonly root?: string
  /** Folders and files to look at, relative to the root; absent: all. */
  readonly paths?: readonly string[]
  readonly preset?: Preset
  /** Levels of single rules. */
  readonly rules?: { readonly [rule: string]: RuleLevel }
  /** The `lint` section of a configuration; no file is read. */
  readonly config?: LintConfig
}

/**
 * Runs the suites against an endpoint.
 *
 * @returns the evidence, which is in `out` too; `profiles` says what is certified
 * @throws Error for a request that names what there is not, and when the endpoint cannot be reached
 * @since 0.1.0
 */
export async function certify(request: CertifyRequest = {}): Promise<Evidence> {
  const { runCertify } = await import('./run-certify.ts')
  return runCertify(request)
}

/**
 * Lints a project. Never throws for what is in the project.
 *
 * @since 0.1.0
 */
export async function lint(request: LintRequest = {}): Promise<LintResult> {
  const { lint: run } = await import('../analyzer/lint.ts')
  return run({
    root: request.root ?? process.cwd(),
    paths: request.paths ?? [],
    templates: [],
    preset: request.preset ?? request.config?.preset ?? 'recommended',
    levels: new Map(Object.entries(request.rules ?? {})),
    config: request.config ?? {},
    cache: false,
  })
}

/**
 * The specification that this version brings along: actions, types, clauses, rules, quotas.
 *
 * @since 0.1.0
 */
export async function loadSpec(): Promise<Spec> {
  return (await import('../spec/compiler/compile.ts')).loadSpec()
}

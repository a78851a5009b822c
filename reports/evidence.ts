/**
 * The evidence of one run: everything any report needs. Reports are pure functions of it.
 * Published as `reports/evidence.schema.json`; `schemaVersion` rises when a reader would have to change.
 */
import type { Clause } from '../spec/model.ts'

/**
 * How a case ended.
 *
 * @since 0.1.0
 */
export type Verdict = 'pass' | 'fail' | 'unsupported' | 'skipped' | 'inconclusive'

/** A request as it was sent, redacted. */
export interface RecordedRequest {
  readonly action?: string
  readonly method: string
  readonly url: string
  /** Credentials and signatures are redacted before they get here. */
  readonly headers: { readonly [name: string]: string }
  /**
   * Text as sent; base64 with `bodyEncoding` when it is not UTF-8. Bounded to 16 KiB, `bodyBytes` gives the true
   * length.
   */
  readonly body: string
  readonly bodyEncoding?: 'base64'
  readonly bodyBytes: number
}

/** An answer as it came, bounded and redacted. */
export interface RecordedResponse {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body: string
  readonly bodyEncoding?: 'base64'
  readonly bodyBytes: number
}

/** A request and what came of it. */
export interface Exchange {
  readonly request: RecordedRequest
  readonly response?: RecordedResponse
  /** Instead of a response: what broke (`timeout`, `reset`, `refused`, `too-large`, `tls`, `protocol`) and its text. */
  readonly failure?: { readonly kind: string; readonly message: string }
  readonly startedAt: string
  readonly durationMs: number
}

/** What a report says of a clause. */
export type ClauseRef = Pick<Clause, 'id' | 'level' | 'kind' | 'page' | 'line' | 'text' | 'profile' | 'origin'>

/** A place where an answer is not what it should be. */
export interface Mismatch {
  /** `Configuration.Layers.0.Arn`; empty for the answer as a whole. */
  readonly path: string
  readonly expected: string
  readonly actual: string
}

/** How a person sees the same again. */
export interface Reproduction {
  /** Commands that a person can paste. */
  readonly curl?: string
  readonly aws?: string
  /** `lambdacheck certify … --seed … --path …` */
  readonly replay: string
  /** What a script does that shows it by itself; absent where a request was too long to be kept. */
  readonly steps?: readonly ScriptStep[]
}

/**
 * A request of a script. `{{RUN}}` in its texts stands for the name of the run, `{{RUN_}}` for the same with an
 * underscore, `{{URL}}` for the endpoint, `{{V1}}` for what an earlier answer gave.
 */
export interface ScriptStep {
  readonly part: 'set-up' | 'case' | 'clean-up'
  /** The action. */
  readonly name: string
  /** For which it is signed. */
  readonly service: string
  readonly method: string
  /** Path and query, percent-encoded, without the base path of the endpoint. */
  readonly target: string
  readonly headers: { readonly [name: string]: string }
  readonly body?: string
  /** The body is base64. */
  readonly base64?: true
  readonly unsigned?: true
  /** Status and error name of the answer in the run. */
  readonly came?: number
  readonly error?: string
  /** Variables by the path in the answer at which they stand. */
  readonly take?: { readonly [variable: string]: string }
  /** Milliseconds to wait before it. */
  readonly pauseMs?: number
}

/**
 * What became of one case.
 *
 * @since 0.1.0
 */
export interface CaseResult {
  /** Stable for ever: baselines hang on it. */
  readonly id: string
  readonly clause: ClauseRef
  readonly family: string
  readonly title: string
  readonly action?: string
  readonly verdict: Verdict
  /** Why it is not a pass; one sentence. */
  readonly reason?: string
  /** Of a skipped case: the capabilities for want of which it was. */
  readonly lacks?: readonly string[]
  readonly expected?: string
  readonly actual?: string
  /** Everything that did not agree, the most telling first, which `expected` and `actual` tell. */
  readonly mismatches?: readonly Mismatch[]
  /** The shrunk request or variables that show the failure. */
  readonly counterexample?: unknown
  readonly seed: number
  /** fast-check's path to the counterexample. */
  readonly path?: string
  /** Generated examples that ran. */
  readonly runs: number
  readonly durationMs: number
  /** For a failure: the exchanges that show it, control first. Empty for a pass. */
  readonly exchanges: readonly Exchange[]
  readonly reproduce?: Reproduction
  /** Listed as an expected failure in the endpoint file. */
  readonly expectedFailure?: boolean
}

/**
 * Whether a profile is certified, and why not.
 *
 * @since 0.1.0
 */
export interface ProfileVerdict {
  readonly profile: string
  readonly certified: boolean
  /**
   * Capabilities that the endpoint file says are not there, and for want of which MUST cases were skipped: part of the
   * certificate's name.
   */
  readonly without?: readonly string[]
  /** Why not, one sentence; absent when certified. */
  readonly reason?: string
  readonly counts: { readonly [verdict in Verdict]: number }
  readonly mustCounts: { readonly [verdict in Verdict]: number }
  /** What could not be asked here, and why: MUST cases by the reason for skipping them, the commonest first. */
  readonly skipped?: readonly { readonly reason: string; readonly cases: number }[]
}

/**
 * A place where a lint rule does not hold. Lines and columns are 1-based; columns count UTF-16 units.
 *
 * @since 0.1.0
 */
export interface Finding {
  readonly rule: string
  readonly severity: 'error' | 'warning' | 'info'
  /**
   * How sure it is: `certain` follows from what is written, `likely` rests on what such code mostly means. Absent in
   * evidence of before.
   */
  readonly confidence?: 'certain' | 'likely'
  readonly message: string
  readonly location: Location
  /** The other ends of a finding that crosses files. */
  readonly related: readonly (Location & { readonly message: string })[]
  readonly help?: string
  readonly page?: string
  readonly fixes: readonly Fix[]
  /** Stable over unrelated edits; baselines and SARIF hang on it. */
  readonly fingerprint: string
  readonly suppressed?: Suppressed
}

/** That somebody has decided to live with a finding. */
export interface Suppressed {
  readonly reason: string
  readonly location: Location
  /** Who decided it, when that was said. */
  readonly by?: string
  /** Last day on which it counts, `YYYY-MM-DD`. */
  readonly until?: string
}

/** A place in a file of the project; lines and columns count from 1. */
export interface Location {
  /** Relative to the project, forward slashes. */
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine?: number
  readonly endColumn?: number
  /** The lines around it, for the code frame. */
  readonly snippet?: string
  /** Line of the file that the snippet begins with; absent: two before `line`, or the first of the file. */
  readonly snippetLine?: number
}

/** Edits that put a finding right. */
export interface Fix {
  readonly description: string
  /** `fix`: certain, applied by --fix. `suggestion`: for a person to take. */
  readonly kind: 'fix' | 'suggestion'
  readonly edits: readonly TextEdit[]
}

/** Replaces UTF-16 offsets `start` to `end` (exclusive) of the file. */
export interface TextEdit {
  readonly file: string
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * What lint looked at, and how every rule that ran stood with it: what held as well as what broke.
 *
 * @since 0.1.0
 */
export interface LintRecord {
  readonly resources: readonly LintedResource[]
  readonly rules: readonly RuleVerdicts[]
  /** Everything that was read of the project, with the SHA-256 of its content, hex. */
  readonly files: readonly { readonly file: string; readonly sha256: string }[]
  /** SHA-256, hex, over names and digests of the files: equal when the same was linted. */
  readonly digest: string
  /** What could not be read, one sentence each. */
  readonly unread: readonly string[]
  /** The commit that was checked out, when the project is a Git repository. */
  readonly commit?: string
}

/** A resource of a template, a function, a handler that no template names, or a file that is looked at as a whole. */
export interface LintedResource {
  readonly id: string
  /** CloudFormation's name of the type; `handler` or `file`. */
  readonly type: string
  readonly file: string
  readonly line: number
}

/**
 * How one rule stood with each resource that it looked at; numbers are indices of `resources`, and each stands in one
 * list at most.
 *
 * @since 0.1.0
 */
export interface RuleVerdicts {
  readonly rule: string
  readonly title: string
  readonly severity: Finding['severity']
  readonly category: string
  /** Relative to `spec/`. */
  readonly page: string
  /** It asked for something there, all of it could be known, and nothing was wrong. */
  readonly pass: readonly number[]
  readonly fail: readonly { readonly resource: number; readonly findings: readonly string[] }[]
  readonly unknown: readonly { readonly resource: number; readonly why: string }[]
  /** There was nothing there that the rule speaks of. */
  readonly notApplicable: readonly number[]
  /** It does not hold there, and somebody has decided to live with it. */
  readonly accepted: readonly {
    readonly resource: number
    /** Fingerprints. */
    readonly findings: readonly string[]
    readonly reason: string
    readonly by?: string
    readonly until?: string
  }[]
}

/**
 * All cases of a version, by digests: what the results are held against. Equal for all runs with the same pages and
 * version.
 */
export interface CaseList {
  /** SHA-256, hex, over the ids of all cases of all profiles. */
  readonly digest: string
  readonly cases: number
  /** The frozen list that these cases are: its version, and its MUST cases. Absent where they are not those of any. */
  readonly manifest?: { readonly version: number; readonly must: number }
  /** The profiles that the run touches, each with the number and the digest of all of its MUST cases. */
  readonly profiles: { readonly [profile: string]: { readonly must: number; readonly digest: string } }
}

/**
 * How a run stands beside an earlier one of the same endpoint, which excuses what failed then.
 *
 * @since 0.1.0
 */
export interface Baseline {
  /** Digest of its evidence; absent in evidence of earlier versions. */
  readonly digest?: string
  readonly startedAt: string
  /** Version of lambdacheck that wrote it. */
  readonly version: string
  /** The run shows something that the earlier one does not excuse. */
  readonly worse: boolean
  /** One sentence for people. */
  readonly sentence: string
  /** Ids of cases that failed then, and fail now. */
  readonly known: readonly string[]
  /** Fail now, and did not then, or were not there. */
  readonly news: readonly string[]
  /** Passed then, and could not be judged now. */
  readonly lost: readonly string[]
  /** Failed then, and pass now. */
  readonly fixed: readonly string[]
}

/**
 * The record of one run: everything that any report needs.
 *
 * @since 0.1.0
 */
export interface Evidence {
  readonly schemaVersion: 1
  /**
   * SHA-256, hex, over everything else, members sorted; absent in evidence of earlier versions and in what was not
   * written yet.
   */
  readonly digest?: string
  readonly tool: { readonly name: 'lambdacheck'; readonly version: string }
  readonly startedAt: string
  readonly finishedAt: string
  /** True when the run did not come to its end: killed, interrupted, out of time. */
  readonly partial: boolean
  /**
   * What made the run smaller than its profiles, in the words of the command line (`--action Invoke`, `--shard 1/2`).
   * Choosing whole profiles is not narrowing. A narrowed run certifies nothing.
   */
  readonly narrowed?: readonly string[]
  readonly spec: { readonly edition: string; readonly digest: string; readonly clauses: number }
  /** Absent when only lint ran. */
  readonly endpoint?: {
    readonly name: string
    readonly url: string
    readonly region: string
    readonly software?: string
    /** The package, lock file or image that it was started from, when its file says which; SHA-256, hex. */
    readonly artifact?: { readonly name: string; readonly sha256: string }
    /** Found by asking or overridden: true, false; absent when unknown. */
    readonly capabilities: { readonly [capability: string]: boolean }
    readonly actions: { readonly [action: string]: 'supported' | 'unsupported' | 'unknown' }
    /** Capabilities of which the endpoint file says that they are not there. */
    readonly declared?: readonly string[]
  }
  readonly options: { readonly [option: string]: unknown }
  /** Absent when the run was held against no earlier one. */
  readonly baseline?: Baseline
  /** Absent when only lint ran, and in evidence of earlier versions, which certifies nothing. */
  readonly caseList?: CaseList
  readonly results: readonly CaseResult[]
  readonly profiles: readonly ProfileVerdict[]
  /**
   * Statements of the guide by their ids in `spec/ledger`, those that a case of the run is about: `fail` when one of
   * these failed, `pass` when of all that were tried none did. Absent in evidence of earlier versions.
   */
  readonly statements?: { readonly [id: string]: Verdict }
  readonly requests: number
  readonly findings: readonly Finding[]
  /** Absent when lint did not run, and in evidence of earlier versions. */
  readonly lint?: LintRecord
  /** Things a reader should know: what could not be cleaned up, which capability was not found, shards joined. */
  readonly notes: readonly string[]
}

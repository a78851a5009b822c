/** One run of the linter over a project, from the cache when nothing has changed. */
import { withAssemblies, withoutFixesIn } from './application/assembly.ts'
import type { Assembly } from './application/assembly.ts'
import { discover, readText } from './application/discover.ts'
import type { Found, FoundFile } from './application/discover.ts'
import { resultCache } from './engine/cache.ts'
import type { GrammarName } from './grammars/grammars.ts'
import type { Finding, LintRecord } from '../reports/evidence.ts'
import type { LintConfig, Preset, RuleLevel } from '../config/config.ts'

/** The project, the configuration, and what is to be linted. */
export interface LintOptions {
  /** Absolute path of the project; all paths of the result are relative to it. */
  readonly root: string
  /** Directories and files to look at, relative to the root; empty for all. */
  readonly paths: readonly string[]
  readonly templates: readonly string[]
  readonly preset: Preset
  readonly levels: ReadonlyMap<string, RuleLevel>
  readonly config: LintConfig
  readonly cache: boolean
  /** What apps of the CDK wrote, to be read in place of what lies in the project. */
  readonly assemblies?: readonly Assembly[]
}

/**
 * What `lint` has found, and in what.
 *
 * @since 0.1.0
 */
export interface LintResult {
  /** Sorted by place; suppressed ones among them. */
  readonly findings: readonly Finding[]
  readonly counts: {
    readonly files: number
    readonly templates: number
    readonly functions: number
    readonly handlers: number
    readonly rules: number
  }
  /** What was looked at, and how every rule stood with it. */
  readonly lint: LintRecord
  /** Things a reader should know: rules that broke, bounds that were hit. */
  readonly notes: readonly string[]
  readonly spec: { readonly edition: string; readonly digest: string; readonly clauses: number }
  /** The answer came from an earlier run. */
  readonly cached: boolean
  /** The type checker was needed. */
  readonly typed: boolean
}

/** Lints a project. Never throws for what is in the project. */
export async function lint(options: LintOptions): Promise<LintResult> {
  const paths = options.paths.length ? options.paths : ['.']
  const ignored = options.config.ignore?.length
    ? (await import('./settings.ts')).pathMatcher(options.config.ignore)
    : () => false
  const assemblies = options.assemblies ?? []
  // Whoever asks for them wants them read, though they may ignore what lies about.
  const found = withAssemblies(without(discover(options.root, paths), ignored), assemblies)
  const { root: _root, cache: wanted, levels, ...rest } = options
  // What rules of a configuration say hangs on code that nobody keeps books of.
  const cache =
    wanted && !options.config.ownRules?.length && !assemblies.length
      ? resultCache<LintResult>(options.root, { ...rest, levels: [...levels], day: today() })
      : undefined
  const kept = cache?.get(found)
  if (kept) return { ...kept, cached: true }
  await loadGrammarsOf(found)
  // Only now is the compiler worth its loading time.
  const { lintFresh } = await import('./lint-fresh.ts')
  const { result: whole, seen } = lintFresh(options, found)
  const result = { ...whole, findings: withoutFixesIn(assemblies, whole.findings) }
  if (!result.notes.some(note => note.startsWith('rule ') || note.includes('broke the analyzer')))
    cache?.put(found, seen, result)
  return result
}

/** Suppressions end with a day. */
const today = (): string => new Date().toISOString().slice(0, 10)

/** Whether a template may have a function of Python whose code stands in it. */
function mayHoldPython({ absolute }: FoundFile): boolean {
  const text = readText(absolute) ?? ''
  return /\b(?:ZipFile|InlineCode|archive_file)\b/.test(text) && /\bpython3\.\d/.test(text)
}

/** Loads the grammars of languages that the project really has. */
async function loadGrammarsOf(found: Found): Promise<void> {
  const names: GrammarName[] = []
  if (found.templates.some(file => /\.(?:tf|tofu|tfvars)(?:\.json)?$/.test(file.path))) names.push('terraform')
  if (found.python.length || found.templates.some(mayHoldPython)) names.push('python')
  if (names.length) await (await import('./grammars/grammars.ts')).loadGrammars(names)
}

function without(found: Found, ignored: (path: string) => boolean): Found {
  return {
    ...found,
    code: found.code.filter(file => !ignored(file.path)),
    python: found.python.filter(file => !ignored(file.path)),
    others: found.others.filter(file => !ignored(file.path)),
    templates: found.templates.filter(file => !ignored(file.path)),
  }
}

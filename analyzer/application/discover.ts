/** Finds what there is to read in a project. Nothing is executed, links are not followed, and everything is bounded. */
import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, relative, resolve, sep } from 'node:path'
import { compareText } from '../../base/compare-text.ts'

/** A file of the project, as it was listed. */
export interface FoundFile {
  /** Relative to the project, forward slashes. */
  readonly path: string
  readonly absolute: string
  /** Bytes. */
  readonly size: number
  readonly modifiedMs: number
}

/** Never anybody's own code: installed, generated, or not of this project. */
const SKIPPED_DIRECTORIES = new Set([
  'node_modules',
  'bower_components',
  'jspm_packages',
  '.git',
  '.hg',
  '.svn',
  '.aws-sam',
  '.serverless',
  '.terraform',
  '.webpack',
  '.esbuild',
  '.venv',
  'venv',
  '__pycache__',
  'site-packages',
  '.lambdacheck',
  'lambdacheck-report',
  'coverage',
  '.nyc_output',
  '.next',
  '.nuxt',
  '.turbo',
  '.yarn',
  '.pnpm-store',
  '.cache',
  '.idea',
  '.vscode',
  'cdk.context.json',
])

/**
 * What tests are held against: broken on purpose, or what an earlier test run made (`x.integ.snapshot`). Whoever names
 * such a folder has it read, and so has a project that holds nothing else.
 */
const TEST_INPUTS = /^(?:__fixtures__|__snapshots__|fixtures|snapshots)$|\.snapshot$/

/** Folders of tests, whose templates are inputs of tests. `test` alone is as often an environment. */
const TESTS =
  /^(?:tests|__tests__|test[-_]?(?:data|resources|templates)|(?:integration|unit|functional|acceptance|e2e)[-_]?tests?)$/
const TEST = /^test$/
/** What stands where a package begins: `test` beside it holds its tests. */
const PACKAGE = /^(?:package\.json|pyproject\.toml|setup\.(?:py|cfg)|go\.mod|pom\.xml|build\.gradle(?:\.kts)?|Gemfile)$/
const ENVIRONMENT = /^(?:dev|develop|development|stag(?:e|ing)|qa|uat|prod|production|live)$/

/** What integration tests are to make: `integ.x.expected.json` of the CDK's older ones, `stack-snapshot.json`. */
const EXPECTED_STACK = /^integ\..+\.expected\.json$|[-._]snapshot\.(?:json|ya?ml)$/

const MAX_FILES = 200_000
const MAX_DEPTH = 40
/** A larger source is a bundle or data. */
export const MAX_CODE_BYTES = 2 * 1024 * 1024
/** CloudFormation takes templates of 1 MB; this is generous to plans and generated templates. */
export const MAX_TEMPLATE_BYTES = 32 * 1024 * 1024

const CODE = /\.(?:[cm]?[jt]s|[jt]sx)$/
const PYTHON = /\.py$/
/** Sources in which a handler is looked for, and that are not read beyond. */
const OTHER = /\.(?:rb|java|kt|scala|groovy|go|cs|fs|vb)$/
const TEMPLATE = /\.(?:ya?ml|json|template|tf|tofu|tfvars)$/i

/**
 * Whether a file is a service of the Serverless Framework written as a module, by its name. It stands here because
 * listing comes before the cache is asked, and its reader loads the compiler.
 */
export const isServiceModule = (path: string): boolean => /(^|\/)serverless([.-][\w-]+)?\.[cm]?[jt]s$/.test(path)

/** The files of a project by what they are. */
export interface Found {
  readonly code: readonly FoundFile[]
  readonly python: readonly FoundFile[]
  /** Ruby, Java and its likes, Go, C# and its likes. */
  readonly others: readonly FoundFile[]
  readonly templates: readonly FoundFile[]
  /** `package.json`, `tsconfig*.json`, lock files: what findings may hang on beside code and templates. */
  readonly settings: readonly FoundFile[]
  /** Code that is larger than what anybody writes: it is not read. */
  readonly tooLarge: readonly FoundFile[]
  /** Folders of what tests are held against, which are not looked at. */
  readonly setAside: readonly string[]
  /** The bound that was hit, when one was. */
  readonly truncated?: string
}

/**
 * Lists the code and the possible templates below the given paths (directories or files).
 * @param root the project; paths of the result are relative to it.
 */
export function discover(root: string, paths: readonly string[] = ['.']): Found {
  const lists: { readonly [kind in Kind]: FoundFile[] } = {
    code: [],
    python: [],
    others: [],
    templates: [],
    settings: [],
    tooLarge: [],
  }
  const setAside: string[] = []
  const seen = new Set<string>()
  let count = 0
  let truncated: string | undefined

  const addFile = (absolute: string): void => {
    if (seen.has(absolute)) return
    seen.add(absolute)
    const kind = kindOf(basename(absolute))
    if (kind === undefined) return
    if (++count > MAX_FILES) {
      truncated = `more than ${MAX_FILES} files`
      return
    }
    const stat = unlessGone(() => lstatSync(absolute))
    if (!stat?.isFile()) return
    const file: FoundFile = { path: projectPath(root, absolute), absolute, size: stat.size, modifiedMs: stat.mtimeMs }
    const isTooLarge = kind !== 'settings' && kind !== 'templates' && stat.size > MAX_CODE_BYTES
    lists[isTooLarge ? 'tooLarge' : kind].push(file)
    // A service may be written as a module.
    if (kind === 'code' && !isTooLarge && isServiceModule(absolute)) lists.templates.push(file)
  }

  const walk = (directory: string, depth: number, inTests: boolean): void => {
    if (depth > MAX_DEPTH || truncated) return
    const entries = unlessGone(() => readdirSync(directory, { withFileTypes: true })) ?? []
    entries.sort((one, other) => compareText(one.name, other.name))
    const { besidePackage, inCdkOut, installed } = surroundings(directory, entries)
    for (const entry of entries) {
      if (installed.has(entry.name)) continue
      // Links may lead in circles or out of the project: what they point to is found where it really is.
      if (entry.isDirectory()) {
        if (SKIPPED_DIRECTORIES.has(entry.name)) continue
        // Assets are copies; those that a function names are read through its template.
        if (inCdkOut && entry.name.startsWith('asset.')) continue
        if (TEST_INPUTS.test(entry.name)) {
          setAside.push(projectPath(root, join(directory, entry.name)))
          continue
        }
        const isOfTests = TESTS.test(entry.name) || (besidePackage && TEST.test(entry.name))
        walk(join(directory, entry.name), depth + 1, inTests || isOfTests)
      } else if (entry.isFile()) {
        if (inCdkOut && !/\.template\.json$/.test(entry.name)) continue
        if (EXPECTED_STACK.test(entry.name)) {
          setAside.push(projectPath(root, join(directory, entry.name)))
          continue
        }
        if (inTests && TEMPLATE.test(entry.name) && !SETTING.test(entry.name)) {
          const folder = projectPath(root, directory)
          if (setAside.at(-1) !== folder) setAside.push(folder)
          continue
        }
        addFile(join(directory, entry.name))
      }
    }
  }

  const look = (absolute: string): void => {
    const stat = unlessGone(() => statSync(absolute))
    if (stat?.isDirectory()) walk(absolute, 0, false)
    else if (stat !== undefined) addFile(absolute)
  }
  for (const path of paths) look(resolve(root, path))
  // Where there is nothing else, they are what is meant.
  const { settings, ...sources } = lists
  while (setAside.length > 0 && Object.values(sources).every(files => files.length === 0))
    for (const path of setAside.splice(0)) look(resolve(root, path))
  return { ...sources, settings, setAside, ...(truncated ? { truncated } : {}) }
}

type Kind = 'code' | 'python' | 'others' | 'templates' | 'settings' | 'tooLarge'

/** What a folder is, by the names in it. */
function surroundings(directory: string, entries: readonly { readonly name: string }[]) {
  const names = entries.map(entry => entry.name)
  return {
    besidePackage: names.some(name => PACKAGE.test(name)) && !names.some(name => ENVIRONMENT.test(name)),
    inCdkOut: names.includes('manifest.json') && basename(directory).startsWith('cdk.out'),
    installed: installedBy(directory, names),
  }
}

/** What a file is by its name; undefined for what nobody looks at. */
function kindOf(name: string): Exclude<Kind, 'tooLarge'> | undefined {
  if (SETTING.test(name)) return 'settings'
  if (CODE.test(name) && !name.endsWith('.d.ts') && !name.endsWith('.min.js')) return 'code'
  if (PYTHON.test(name)) return 'python'
  if (OTHER.test(name)) return 'others'
  return TEMPLATE.test(name) ? 'templates' : undefined
}

/**
 * What `pip install --target` put into a folder beside the code of a function: the packages and modules that the records
 * in `NAME-VERSION.dist-info` list, and those records.
 */
function installedBy(directory: string, names: readonly string[]): ReadonlySet<string> {
  const records = names.filter(name => name.endsWith('.dist-info'))
  const listed = records.flatMap(name =>
    (unlessGone(() => readFileSync(join(directory, name, 'RECORD'), 'utf8')) ?? '')
      .split('\n')
      .flatMap(line => line.match(/^"?([^/,"]+)/)?.[1] ?? []),
  )
  return new Set([...records, ...listed.filter(name => name !== '..')])
}

/** What cannot be looked at, or has gone meanwhile, is not there. */
function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}

const SETTING =
  /^(?:package\.json|tsconfig[\w.-]*\.json|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|\.nvmrc|\.node-version)$/

/** Relative to the project, with forward slashes. */
export const projectPath = (root: string, absolute: string): string => relative(root, absolute).split(sep).join('/')

/**
 * The text of a file; undefined when it cannot be read or is binary. A byte order mark stays, so that offsets are the
 * file's.
 */
export function readText(absolute: string): string | undefined {
  let bytes: Buffer
  try {
    bytes = readFileSync(absolute)
  } catch {
    return undefined
  }
  const head = bytes.subarray(0, 8192)
  if (head.includes(0)) return undefined
  return bytes.toString('utf8')
}

/** The code of a project: which files there are, what they import of each other, and where the handlers are. */
import { guarded } from './guard.ts'
import { parseJson } from '../../base/parse-json.ts'
import { dirname, join, resolve } from 'node:path'
import { isBuildOutput, isOutputFolder } from './build-output.ts'
import { homeOfBuilt } from './built-code.ts'
import { parseCode, specifiersOf } from './code.ts'
import type { CodeFile, Handler, ModuleImport } from './code.ts'
import { projectPath, readText } from './discover.ts'
import type { FoundFile } from './discover.ts'
import type { ProjectFiles } from './files.ts'
import { joinPath } from './functions.ts'
import { sourceOfImage } from './image-source.ts'
import { inlineCodeOf } from './inline-code.ts'
import type { InlineCode } from './inline-code.ts'
import { lookUpOther, otherLanguageOf } from './other-languages.ts'
import type { OtherSources } from './other-languages.ts'
import { exportsAreClosed, findExport, handlersBySignature, mayHoldHandler } from './handlers.ts'
import type { Unwrapped } from './handlers.ts'
import type { PythonCode } from './python.ts'
import type { HandlerLookup, LambdaFunction } from './model.ts'
import { foldersOfOtherClouds } from './other-clouds.ts'
import { pathMapper } from './tsconfig.ts'
import type { ts } from './typescript.ts'

const SOURCE_EXTENSIONS = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx']
/** What the runtime itself looks for. */
const RUNTIME_EXTENSIONS = ['.js', '.mjs', '.cjs']
const TESTS = /(^|\/)(__tests__|__mocks__|tests?|spec|e2e|cypress)\/|\.(test|spec|e2e|stories)\.[cm]?[jt]sx?$/

/**
 * Text whose trees are kept, in characters; a tree takes some thirty times its text. Smaller projects are parsed once,
 * larger ones twice at most in the usual order of work.
 */
const KEPT_TEXT = 300_000

type MutableHandler = Handler & { readonly functions: LambdaFunction[]; files: readonly CodeFile[] }

/** What else a project has, and where goes what could not be looked at. */
interface Around {
  readonly others: readonly FoundFile[]
  readonly python: PythonCode
  readonly lost: string[]
  readonly templates: readonly FoundFile[]
}

/** The code of one project. Files are read and parsed when somebody asks for them. */
export class CodeBase {
  readonly #root: string
  readonly #files = new Map<string, CodeFile | null>()
  readonly #handlers = new Map<string, MutableHandler>()
  readonly #handlersOf = new Map<CodeFile, Set<Handler>>()
  readonly #found: readonly FoundFile[]
  readonly #fs: ProjectFiles
  readonly #listed: ReadonlySet<string>
  readonly #mapper: ReturnType<typeof pathMapper>
  readonly #trees = new Trees()

  readonly #python: PythonCode

  /** `lost`: takes what broke the analyzer and is left out. */
  constructor(
    root: string,
    found: readonly FoundFile[],
    files: ProjectFiles,
    { python, others, lost, templates }: Around,
  ) {
    this.#python = python
    this.#others = { found: others, isDirectory: path => files.isDirectory(resolve(root, path)) }
    this.#templates = templates
    this.#lost = lost
    this.#root = root
    this.#found = found
    this.#fs = files
    this.#listed = new Set(found.map(file => file.absolute))
    this.#mapper = pathMapper(root, files.read)
  }

  /** A file by its absolute path; undefined when there is no such text file. */
  file(absolute: string): CodeFile | undefined {
    const known = this.#files.get(absolute)
    if (known !== undefined) return known ?? undefined
    // What discovery listed is known to be there, and is an input anyhow.
    const text = this.#listed.has(absolute) ? readText(absolute) : this.#fs.read(absolute)
    const file = text === undefined ? null : this.#make(absolute, text)
    this.#files.set(absolute, file)
    return file ?? undefined
  }

  #make(absolute: string, text: string): CodeFile {
    const path = projectPath(this.#root, absolute)
    const source = { path, absolute, text }
    const base = this
    let imports: readonly ModuleImport[] | undefined
    let generated: boolean | undefined
    const file: CodeFile = {
      source,
      path,
      get generated() {
        return (generated ??= isGenerated(path, text) || base.#hasSource(absolute, text))
      },
      get ast() {
        return base.#trees.of(file)
      },
      get imports() {
        return (imports ??= specifiersOf(file.ast, source).map(one => ({
          ...one,
          file: base.#resolve(absolute, one.specifier),
        })))
      },
      get handlers() {
        return [...(base.#handlersOf.get(file) ?? [])]
      },
    }
    return file
  }

  #resolve(from: string, specifier: string): CodeFile | undefined {
    if (specifier.startsWith('.')) return this.#fileAt(resolve(dirname(from), specifier))
    for (const candidate of this.#mapper(from, specifier)) {
      const file = this.#fileAt(candidate)
      if (file) return file
    }
    return undefined
  }

  /** The source file that an import without or with a (compiled) extension means. */
  #fileAt(stem: string): CodeFile | undefined {
    const candidates = sourcesOf(stem)
    // Mostly it is a file that discovery has listed; the file system is asked only when none is.
    const listed = candidates.find(candidate => this.#listed.has(candidate))
    if (listed) return this.file(listed)
    for (const candidate of candidates) {
      if (candidate.endsWith('.d.ts')) continue
      const file = this.file(candidate)
      if (file) return file
    }
    return undefined
  }

  /** The handler of a function of a template, or why there is none. */
  lookUp(fn: LambdaFunction): HandlerLookup {
    if (fn.packageType !== 'Zip') {
      const image = sourceOfImage(fn, path => this.#fs.read(path))
      const found = image && this.#lookUpIn(fn, image.directory, image.handler, image.isPython)
      // What else the image is made of nobody sees: it alone says nothing of what is missing.
      return found && isTied(found) ? found : unknown('it is a container image')
    }
    const runtime = fn.runtime.string()
    const written = originalHandler(fn) ?? fn.handler.string()
    const other = otherLanguageOf(fn)
    if (other && written !== undefined) return lookUpOther(fn, other, written, this.#others)
    if (runtime === undefined && fn.runtime.isUnknown && written !== undefined) {
      const found = [false, true].map(isPython => this.#lookUpZip(fn, written, isPython)).filter(isTied)
      return found.length === 1 && found[0] ? found[0] : unknown('what it runs on is not known')
    }
    const isPython = runtime !== undefined && /^python/.test(runtime)
    if (!isPython && runtime !== undefined && !/^nodejs/.test(runtime))
      return unknown('it runs neither on Node.js nor on Python')
    if (written === undefined) return unknown(fn.handler.why ?? 'no handler is written')
    return this.#lookUpZip(fn, written, isPython)
  }

  #lookUpZip(fn: LambdaFunction, written: string, isPython: boolean): HandlerLookup {
    if (/^\/|(^|\/)node_modules\//.test(written)) return unknown('it is not among the code of the project')
    const code = inlineCodeOf(fn)
    if (code && isPython) return this.#python.lookUpInline(fn, code, written)
    const inline = code && this.#inline(code)
    if (inline) return this.#lookUpInline(fn, inline, written)
    const { renamed, directory, archive } = fn.packaging
    if (renamed) return this.#lookUpIn(fn, renamed.directory, renamed.handler, isPython)
    const said =
      directory === undefined
        ? unknown(archive ? 'its code is an archive' : 'where its code is cannot be told')
        : this.#lookUpIn(fn, directory, written, isPython)
    if (isTied(said) || (!said.found && said.reason !== 'unknown')) return said
    const home =
      directory !== undefined && this.#hasCodeBelow(directory, isPython)
        ? this.#homeOfInstalled(directory, written, isPython)
        : this.#homeOfBuilt(fn, written, isPython)
    const built = home === undefined ? said : this.#lookUpIn(fn, home, written, isPython)
    return isTied(built) ? built : said
  }

  #lookUpIn(fn: LambdaFunction, directory: string, written: string, isPython: boolean): HandlerLookup {
    if (isPython) return this.#python.lookUp(fn, directory, written)
    const slash = written.lastIndexOf('/')
    const [, module = '', exportPath = ''] = /^([^.]*)\.(.*)$/.exec(written.slice(slash + 1)) ?? []
    if (!module || !exportPath) return unknown(`the handler ${written} is not of the form file.export`)
    const stem = joinPath(directory, written.slice(0, slash + 1), module)
    const file =
      this.#entryPoint(fn, directory, written.slice(0, slash + 1) + module) ??
      this.#entryFile(stem, directory, fn.packaging.bundler)
    const tried = RUNTIME_EXTENSIONS.map(extension => stem + extension)
    if (!file) {
      const absolute = resolve(this.#root, directory)
      if (!this.#fs.isDirectory(absolute))
        return unknown(`there is no directory ${directory || '.'}: perhaps a build makes it`, tried)
      if (!fn.layers.isAbsent) return unknown('a layer may hold the file', tried)
      if (!this.#hasCodeBelow(directory, false))
        return unknown('its code is kept elsewhere: there is none in the folder', tried)
      if (
        fn.packaging.bundler !== 'none' ||
        isBuildOutput(stem.slice(0, Math.max(0, stem.lastIndexOf('/')))) ||
        this.#isCompiledElsewhere(absolute)
      )
        return unknown('a build makes the file', tried)
      return { found: false, reason: 'missing-file', why: `there is no ${tried.join(', ')}`, tried }
    }
    const origin = file.generated ? this.#sourceOf(file, exportPath) : undefined
    const found = origin?.found ?? findExport(file, exportPath)
    if (!found) {
      if (!exportsAreClosed(file)) return unknown('what the file exports cannot be told', tried)
      return { found: false, reason: 'missing-export', why: `${file.path} does not export ${exportPath}`, tried, file }
    }
    const handler = this.#handler(origin?.file ?? file, exportPath, found)
    if (!handler.functions.includes(fn)) handler.functions.push(fn)
    return { found: true, handler }
  }

  /** Whether a folder, relative to the project, has any code: a template alone says nothing of where its code is. */
  #hasCodeBelow(directory: string, isPython: boolean): boolean {
    const prefix = prefixOf(directory)
    return isPython ? this.#python.hasCodeBelow(prefix) : this.#found.some(file => file.path.startsWith(prefix))
  }

  /** The folder of the project that something else makes the package of: see `homeOfBuilt`. */
  #homeOfBuilt(fn: LambdaFunction, written: string, isPython: boolean): string | undefined {
    const { builtAs, archive, directory } = fn.packaging
    const slash = written.lastIndexOf('/') + 1
    const dot = isPython ? written.lastIndexOf('.') : written.indexOf('.', slash)
    if (!builtAs || dot < slash) return undefined
    const module = written.slice(0, dot).replace(/^\.\//, '')
    const path = isPython ? module.replaceAll('.', '/') : module
    return homeOfBuilt(
      isPython ? this.#python.homesOf(path, written.slice(dot + 1)) : this.#homesOf(path, written.slice(dot + 1)),
      path,
      {
        names: builtAs,
        template: dirname(fn.template.source.path),
        stored: archive === undefined && directory === undefined,
      },
    )
  }

  /**
   * The folder below the one that is packaged (`src`) from which a build of Python installs the package of a handler
   * such as `shop.orders.handler`: the only one that has it.
   */
  #homeOfInstalled(directory: string, written: string, isPython: boolean): string | undefined {
    const dot = written.lastIndexOf('.')
    const module = written.slice(0, dot).replaceAll('.', '/')
    if (!isPython || !module.includes('/')) return undefined
    const prefix = prefixOf(directory)
    const homes = this.#python.homesOf(module, written.slice(dot + 1)).filter(home => home.startsWith(prefix))
    return homes.length === 1 ? homes[0] : undefined
  }

  /** Folders below which a file of the project that is no test exports what a handler names. */
  #homesOf(module: string, exportPath: string): readonly string[] {
    const ending = new RegExp(`(?:^|/)${module.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\.[cm]?[jt]sx?$`)
    return this.#found
      .filter(one => ending.test(one.path) && !TESTS.test(one.path))
      .flatMap(one => this.file(one.absolute) ?? [])
      .filter(file => !file.generated && findExport(file, exportPath) !== undefined)
      .map(file => file.path.replace(ending, ''))
  }

  /** The code that stands in the template of a function, as a file. */
  #inline({ source, code }: InlineCode): CodeFile {
    const known = this.#files.get(source.absolute)
    if (known) return known
    const base = this
    let ast: ts.SourceFile | undefined
    let imports: readonly ModuleImport[] | undefined
    const file: CodeFile = {
      source,
      path: source.path,
      generated: false,
      get ast() {
        return (ast ??= parseCode(source, code))
      },
      get imports() {
        return (imports ??= specifiersOf(file.ast, source).map(one => ({ ...one, file: undefined })))
      },
      get handlers() {
        return [...(base.#handlersOf.get(file) ?? [])]
      },
    }
    this.#files.set(source.absolute, file)
    return file
  }

  #lookUpInline(fn: LambdaFunction, file: CodeFile, written: string): HandlerLookup {
    // Lambda puts it into a file called index, whatever the handler says.
    const exportPath = (inlineCodeOf(fn)?.archived ? /^[^.]*\.(.+)$/ : /^index\.(.+)$/).exec(written)?.[1]
    if (exportPath === undefined) return unknown('the code is in the template, and the handler in another file')
    const found = findExport(file, exportPath)
    if (!found)
      return exportsAreClosed(file)
        ? { found: false, reason: 'missing-export', why: `its code does not export ${exportPath}`, tried: [], file }
        : unknown('what the code exports cannot be told')
    const handler = this.#handler(file, exportPath, found)
    if (!handler.functions.includes(fn)) handler.functions.push(fn)
    return { found: true, handler }
  }

  /** The entry point of the bundler that becomes the handler's file: its name is the same, its folder need not be. */
  #entryPoint(fn: LambdaFunction, directory: string, module: string): CodeFile | undefined {
    for (const entry of fn.packaging.settings.at('EntryPoints').items()) {
      const path = entry.string()?.replace(/^\.\//, '')
      const stem = path?.replace(/\.[cm]?[jt]sx?$/, '')
      if (path === undefined || stem === undefined || (stem !== module && !stem.endsWith(`/${module}`))) continue
      const file = this.#fileAt(resolve(this.#root, directory, path))
      if (file) return file
    }
    return undefined
  }

  #entryFile(stem: string, directory: string, bundler: LambdaFunction['packaging']['bundler']): CodeFile | undefined {
    // The source is worth more than what a build made of it.
    for (const candidate of sourceStems(stem, directory)) {
      for (const extension of SOURCE_EXTENSIONS) {
        const file = this.file(resolve(this.#root, candidate + extension))
        if (file && (!file.generated || candidate === stem)) return file
      }
    }
    if (bundler === 'none' || bundler === undefined) {
      for (const extension of RUNTIME_EXTENSIONS) {
        const file = this.file(resolve(this.#root, stem, `index${extension}`))
        if (file) return file
      }
    }
    return undefined
  }

  /**
   * The source behind a file that a tool wrote: named by its source map or by the comments of esbuild, or the file of
   * the project that it is a copy of (assets of the CDK).
   */
  #sourceOf(file: CodeFile, exportPath: string): { readonly file: CodeFile; readonly found: Unwrapped } | undefined {
    const name = file.path.split('/').at(-1) ?? ''
    const copies = this.#found
      .filter(
        one =>
          one.size === Buffer.byteLength(file.source.text) &&
          one.path.endsWith(`/${name}`) &&
          !one.path.includes('cdk.out'),
      )
      .flatMap(one => this.file(one.absolute) ?? [])
      .filter(one => one.source.text === file.source.text)
    for (const candidate of [...copies, ...this.#bundled(file)]) {
      const found = candidate.generated ? undefined : findExport(candidate, exportPath)
      if (found) return { file: candidate, found }
    }
    return undefined
  }

  /** Whether a compiler wrote the file from another file of the project, by its place or its source map. */
  #hasSource(absolute: string, text: string): boolean {
    if (!/\.[cm]?js$/.test(absolute)) return false
    const stem = projectPath(this.#root, absolute).replace(/\.[cm]?js$/, '')
    if (
      sourceStems(stem, '').some(
        source =>
          source !== stem &&
          ['.ts', '.mts', '.cts', '.tsx'].some(extension => this.#listed.has(resolve(this.#root, source + extension))),
      )
    )
      return true
    if (!/\/\/# sourceMappingURL=/.test(text.slice(-2000))) return false
    const map = this.#fs.read(`${absolute}.map`) ?? inlineMap(text)
    return sourcesOfMap(map).some(source => this.#listed.has(resolve(dirname(absolute), source)))
  }

  /** Files of the project that a bundle says it was made of, the entry first. */
  #bundled(file: CodeFile): CodeFile[] {
    const map = this.#fs.read(`${file.source.absolute}.map`) ?? inlineMap(file.source.text)
    const fromMap = sourcesOfMap(map).map(path => resolve(dirname(file.source.absolute), path))
    const named = [...file.source.text.matchAll(/^\/\/ ((?!node_modules)[\w@.][^\n:]{0,500}\.[cm]?[jt]sx?)$/gm)]
      .map(match => match[1] ?? '')
      .reverse()
    const homes = [this.#root]
    for (
      let home = dirname(file.source.absolute);
      home.startsWith(this.#root) && home !== this.#root;
      home = dirname(home)
    )
      homes.push(home)
    const paths = [...fromMap, ...named.flatMap(path => homes.map(home => resolve(home, path)))]
    return paths
      .filter(path => path.startsWith(this.#root) && !/[\\/]node_modules[\\/]/.test(path) && this.#listed.has(path))
      .flatMap(path => this.file(path) ?? [])
  }

  /** A directory with a `build` script or a tsconfig that writes elsewhere: the handler's file may come later. */
  #isCompiledElsewhere(absolute: string): boolean {
    const file = this.#fs.read(join(absolute, 'package.json'))
    return file !== undefined && /"(build|compile|bundle|prepare)"\s*:/.test(file)
  }

  #handler(file: CodeFile, exportName: string, found: Unwrapped): MutableHandler {
    const key = `${file.source.absolute}#${exportName}`
    const known = this.#handlers.get(key)
    if (known) return known
    const handler = makeHandler(file, exportName, found)
    this.#handlers.set(key, handler)
    handler.files = this.#reach(handler)
    return handler
  }

  #reach(handler: Handler): readonly CodeFile[] {
    const reached = new Set<CodeFile>([handler.file])
    for (const file of reached) {
      let handlers = this.#handlersOf.get(file)
      if (!handlers) this.#handlersOf.set(file, (handlers = new Set()))
      handlers.add(handler)
      if (file.generated && file !== handler.file) continue
      for (const one of file.imports) if (one.file && one.kind !== 'type') reached.add(one.file)
    }
    return [...reached]
  }

  /**
   * Every file that a handler reaches, in an order in which its handlers are known when it comes and its tree is still
   * at hand from looking for them. Handlers that no template names are found on the way, among the files that no other
   * handler reaches; tests and what a build made are left out.
   */
  *inOrder(): Generator<CodeFile> {
    const candidates = this.#found
      .filter(found => !TESTS.test(found.path))
      .flatMap(found => this.file(found.absolute) ?? [])
      .filter(file => !file.generated && !this.#handlersOf.has(file) && mayHoldHandler(file))
    const imported = this.#importedByAnyOf(this.#found)
    const elsewhere = candidates.length ? foldersOfOtherClouds(this.#templates) : []
    const given = new Set<CodeFile>()
    for (const file of candidates) {
      if (this.#handlersOf.has(file) || elsewhere.some(folder => file.path.startsWith(folder))) continue
      guarded(file.path, this.#lost, () => {
        for (const one of handlersBySignature(file, imported.has(file))) this.#handler(file, one.exportName, one.found)
      })
      // Nobody else can reach it: no later handler adds to what is known of it.
      if (this.#handlersOf.has(file) && !imported.has(file)) {
        given.add(file)
        this.#trees.hold(file)
        yield file
      }
    }
    this.#complete = true
    for (const file of this.#handlersOf.keys()) {
      if (given.has(file)) continue
      this.#trees.hold(file)
      yield file
    }
  }

  #complete = false
  readonly #lost: string[]
  readonly #others: OtherSources
  readonly #templates: readonly FoundFile[]

  /** Finds every handler, when nobody has asked for the files in order. */
  #finish(): void {
    if (this.#complete) return
    for (const file of this.inOrder()) void file
  }

  /** The files that others may import, by a look at the text alone: rather too many than too few. */
  #importedByAnyOf(files: readonly FoundFile[]): ReadonlySet<CodeFile> {
    const imported = new Set<CodeFile>()
    for (const found of files) {
      const file = this.file(found.absolute)
      if (!file || file.generated) continue
      for (const match of file.source.text.matchAll(
        /(?:\bfrom|\bimport|\brequire)\s*(?:\(\s*)?['"]([^'"\n]{1,500})['"]/g,
      )) {
        const target = this.#resolve(found.absolute, match[1] ?? '')
        if (target) imported.add(target)
      }
    }
    return imported
  }

  /** For the type checker: from now on a file has one tree. */
  pinTrees(): void {
    this.#trees.pin()
  }

  /** Every handler. */
  handlers(): readonly Handler[] {
    this.#finish()
    return [...this.#handlers.values()]
  }

  /** Every file that a handler reaches. */
  reached(): readonly CodeFile[] {
    this.#finish()
    return [...this.#handlersOf.keys()]
  }
}

/** Nothing can be said of a handler; `tried`: the files that were looked for. */
const unknown = (why: string, tried: readonly string[] = []): HandlerLookup => ({
  found: false,
  reason: 'unknown',
  why,
  tried,
})

/** What paths in a folder begin with; the root of the project is before all of them. */
const prefixOf = (directory: string): string => (directory === '' || directory === '.' ? '' : `${directory}/`)

/** Whether a handler was found, in whatever language. */
const isTied = (one: HandlerLookup): boolean => one.found || one.python !== undefined

/** Agents that put a handler of their own before the function's keep its name in a variable. */
const ORIGINAL_HANDLER = [
  'DD_LAMBDA_HANDLER',
  'NEW_RELIC_LAMBDA_HANDLER',
  'LUMIGO_ORIGINAL_HANDLER',
  'ORIGINAL_HANDLER',
  'EPSAGON_HANDLER',
]

const originalHandler = (fn: LambdaFunction): string | undefined =>
  fn.environment.kind === 'map'
    ? ORIGINAL_HANDLER.flatMap(name => fn.environment.at(name).string() ?? [])[0]
    : undefined

/** The trees that are kept, the least recently used of which go first. */
class Trees {
  readonly #kept = new Map<CodeFile, ts.SourceFile>()
  #characters = 0
  #last: CodeFile | undefined
  #held: CodeFile | undefined

  /**
   * The tree of the file at hand stays, whatever else is looked at: rules hold its nodes, and a type checker that is made
   * meanwhile knows no others. No `WeakRef` to trees that went: it keeps each of them alive until the run, which is one
   * job of the event loop, is over.
   */
  hold(file: CodeFile): void {
    this.#held = file
  }

  of(file: CodeFile): ts.SourceFile {
    const known = this.#kept.get(file)
    if (known) {
      if (this.#last !== file && this.#characters > KEPT_TEXT / 2) {
        this.#kept.delete(file)
        this.#kept.set(file, known)
      }
      this.#last = file
      return known
    }
    const tree = parseCode(file.source)
    this.#kept.set(file, tree)
    this.#characters += file.source.text.length
    this.#last = file
    for (const old of this.#kept.keys()) {
      if (this.#characters <= KEPT_TEXT || this.#kept.size <= 20) break
      if (old === this.#held) continue
      this.#kept.delete(old)
      this.#characters -= old.source.text.length
    }
    return tree
  }

  /** Keeps all trees from now on: a program was made of them, and knows no others. */
  pin(): void {
    this.#characters = Number.NEGATIVE_INFINITY
  }
}

/** Its nodes are looked for again when the tree that they were of is no longer kept. */
function makeHandler(file: CodeFile, exportName: string, found: Unwrapped): MutableHandler {
  const { file: home, wrappers } = found
  // Held by the tree, so that a handler keeps none alive.
  const known = new WeakMap([[file.ast, found]])
  const now = (): Unwrapped => {
    const tree = file.ast
    const before = known.get(tree)
    if (before && (!before.fn || before.fn.getSourceFile() === home.ast)) return before
    const again = findExport(file, exportName)
    if (!again) throw new Error(`${file.path} no longer exports ${exportName}`)
    known.set(tree, again)
    return again
  }
  return {
    file,
    exportName,
    home,
    wrappers,
    functions: [],
    files: [],
    get node() {
      return now().node
    },
    get fn() {
      return now().fn
    },
  }
}

/** `dist/app` may be made of `src/app.ts`: the places where the source of a compiled file is usually found. */
function sourceStems(stem: string, directory: string): readonly string[] {
  const stems = [stem]
  const parts = stem.split('/')
  const output = parts.findIndex(isOutputFolder)
  if (output !== -1) {
    const before = parts.slice(0, output)
    const after = parts.slice(output + 1)
    stems.unshift([...before, ...after].join('/'), [...before, 'src', ...after].join('/'))
  } else if (directory && stem.startsWith(`${directory}/`)) {
    stems.push(joinPath(directory, 'src', stem.slice(directory.length + 1)))
  }
  return stems
}

function inlineMap(text: string): string | undefined {
  const end = text.slice(-2_000_000)
  const match = /^\/\/# sourceMappingURL=data:application\/json[^,]*;base64,([A-Za-z0-9+/=]+)\s*$/.exec(
    end.slice(Math.max(0, end.lastIndexOf('//# sourceMappingURL='))),
  )
  return match ? Buffer.from(match[1] ?? '', 'base64').toString('utf8') : undefined
}

/** The sources of a source map, the last (the entry of a bundle) first. */
function sourcesOfMap(text: string | undefined): string[] {
  if (text === undefined) return []
  try {
    const { sources, sourceRoot } = parseJson(text) as { sources?: unknown; sourceRoot?: unknown }
    const root = typeof sourceRoot === 'string' ? sourceRoot : ''
    return Array.isArray(sources)
      ? sources
          .filter((one): one is string => typeof one === 'string')
          .map(one => root + one)
          .reverse()
      : []
  } catch {
    return []
  }
}

/** What a bundler or minifier wrote says so itself, or has lines that nobody writes. */
function isGenerated(path: string, text: string): boolean {
  if (/(^|\/)(cdk\.out[^/]*|\.aws-sam|node_modules)\//.test(path)) return true
  if (/\.(min|bundle)\.[cm]?js$/.test(path)) return true
  if (!/\.[cm]?js$/.test(path)) return false
  // Rollup names its pieces by their content, and its entries import them.
  if (
    /-[0-9a-f]{8}\.[cm]?js$/.test(path) ||
    /['"]\.\/[^'"\n]{1,100}-[0-9a-f]{8}\.[cm]?js['"]/.test(text.slice(0, 4096))
  )
    return true
  if (
    /__webpack_require__|__esbuild|\b__toCommonJS\b|\b__commonJS\b|var __defProp = Object\.defineProperty|@generated/.test(
      text.slice(0, 4096),
    )
  )
    return true
  return text.length > 1000 && text.length / lineBreaks(text) > MINIFIED_LINE
}

/** Characters of a line, on average, beyond which no person wrote them. */
const MINIFIED_LINE = 200

function lineBreaks(text: string): number {
  let count = 1
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++
  return count
}

/** The files that an import may mean, in the order in which they are looked for. */
function sourcesOf(stem: string): readonly string[] {
  const compiled = /\.([cm]?)js(x?)$/.exec(stem)
  if (compiled) {
    const bare = stem.slice(0, compiled.index)
    const tsx = compiled[1] ? [] : [`${bare}.tsx`]
    return [`${bare}.${compiled[1]}ts${compiled[2]}`, ...tsx, stem]
  }
  if (/\.[cm]?tsx?$/.test(stem)) return [stem]
  const files = SOURCE_EXTENSIONS.map(extension => stem + extension)
  return [...files, ...SOURCE_EXTENSIONS.map(extension => join(stem, `index${extension}`))]
}

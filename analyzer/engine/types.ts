/** The type checker, made of the trees that are parsed already, and only when somebody asks. */
import { existsSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import type { Application } from '../application/model.ts'
import { readText } from '../application/discover.ts'
import { makeProject, ts } from '../application/typescript.ts'

/** A type checker that is made when it is first asked for: making it is slow. */
export interface LazyChecker {
  readonly get: () => ts.TypeChecker
  /** Whether it was made. */
  readonly made: () => boolean
}

/**
 * A type checker over the code of an application. Its program shares the syntax trees, so that the nodes that rules
 * hold are the nodes that it knows. What is not installed has no types: everything from it is `any`, and typed rules
 * say nothing of it.
 */
export function typeCheckerFor(app: Application): LazyChecker {
  let checker: ts.TypeChecker | undefined
  return {
    get: () => (checker ??= makeChecker(app)),
    made: () => checker !== undefined,
  }
}

function makeChecker(app: Application): ts.TypeChecker {
  app.pinTrees()
  const files = app.code.filter(file => !file.generated)
  const trees = new Map(files.map(file => [file.source.absolute, file]))
  const options = compilerOptions(
    app.root,
    files.map(file => dirname(file.source.absolute)),
  )
  const host: ts.CompilerHost = {
    getSourceFile(name) {
      const own = trees.get(name.split('/').join(sep))
      if (own) return own.ast
      return foreignTree(name)
    },
    getDefaultLibFileName: given => `${LIBRARY_FOLDER}/${ts.getDefaultLibFileName(given)}`,
    getDefaultLibLocation: () => LIBRARY_FOLDER,
    getCurrentDirectory: () => app.root,
    getCanonicalFileName: name => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: name => libraryText(name) !== undefined || ts.sys.fileExists(name),
    readFile: name => libraryText(name) ?? ts.sys.readFile(name),
    directoryExists: name => ts.sys.directoryExists(name),
    getDirectories: name => ts.sys.getDirectories(name),
    writeFile: () => {},
    ...(ts.sys.realpath ? { realpath: ts.sys.realpath } : {}),
  }
  return ts.createProgram({ rootNames: [...trees.keys()], options, host }).getTypeChecker()
}

/** Where ts-morph keeps the declarations that come with the compiler. */
const LIBRARY_FOLDER = '/node_modules/typescript/lib'
let libraryHost: ts.ModuleResolutionHost | undefined
const libraries = new Map<string, string | undefined>()

/** The text of a declaration file that comes with the compiler; undefined for every other name. */
function libraryText(name: string): string | undefined {
  if (!name.startsWith(`${LIBRARY_FOLDER}/`)) return undefined
  if (!libraries.has(name)) {
    libraryHost ??= makeProject().getModuleResolutionHost()
    libraries.set(name, libraryHost.readFile(name))
  }
  return libraries.get(name)
}
const foreignTrees = new Map<string, ts.SourceFile>()

/**
 * The tree of a library or an installed declaration file; these do not change while a process runs, and are parsed once
 * in it.
 */
function foreignTree(name: string): ts.SourceFile | undefined {
  const known = foreignTrees.get(name)
  if (known) return known
  const text = libraryText(name) ?? readText(name)
  if (text === undefined) return undefined
  const tree = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, false)
  if (libraryText(name) !== undefined || /[\\/]node_modules[\\/].*\.d\.[cm]?ts$/.test(name))
    foreignTrees.set(name, tree)
  return tree
}

/** Options of the nearest tsconfig.json, as far as they bear on types; never anything that writes or runs. */
function compilerOptions(root: string, directories: readonly string[]): ts.CompilerOptions {
  const config = nearestConfig(root, directories)
  const read = config === undefined ? undefined : ts.readConfigFile(config, name => readText(name))
  const parsed: ts.CompilerOptions =
    read?.config && config !== undefined
      ? ts.parseJsonConfigFileContent(read.config, { ...ts.sys, readDirectory: () => [] }, dirname(config)).options
      : {}
  const { tsBuildInfoFile: _file, configFilePath: _path, plugins: _plugins, ...kept } = parsed
  return {
    ...kept,
    target: Math.max(parsed.target ?? 0, ts.ScriptTarget.ES2022),
    // The most forgiving way to find modules: whether the code would load is not asked here.
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: parsed.lib ?? ['lib.es2023.d.ts'],
    types: parsed.types ?? ['node'],
    strict: parsed.strict ?? true,
    allowJs: true,
    checkJs: false,
    noEmit: true,
    composite: false,
    incremental: false,
    declaration: false,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
  }
}

function nearestConfig(root: string, directories: readonly string[]): string | undefined {
  for (const start of [...new Set([...directories, root])]) {
    for (let directory = start; directory.startsWith(root); directory = dirname(directory)) {
      const candidate = join(directory, 'tsconfig.json')
      if (existsSync(candidate)) return candidate
      if (directory === root) break
    }
  }
  return undefined
}

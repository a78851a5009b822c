/** The Python of a project: which file a module is, where the handlers are, and what each of them reaches. */
import type { PyNode, PythonCode, PythonFile, PythonHandler, PythonImport } from '../application/python.ts'
import { posix } from 'node:path'
import { readText } from '../application/discover.ts'
import type { FoundFile } from '../application/discover.ts'
import type { ProjectFiles } from '../application/files.ts'
import { isBuildOutput } from '../application/build-output.ts'
import { joinPath } from '../application/functions.ts'
import { atTheMargin } from '../application/inline-code.ts'
import type { InlineCode } from '../application/inline-code.ts'
import { isLoaded } from '../grammars/grammars.ts'
import type { HandlerLookup, LambdaFunction } from '../application/model.ts'
import { readPython } from './file.ts'
import { ancestors, collect, dottedName, textOf } from './syntax.ts'

/**
 * @param found the Python files of the project.
 * @param files the project as the analyzer looks at it.
 */
export function pythonCode(found: readonly FoundFile[], files: Pick<ProjectFiles, 'read' | 'isDirectory'>): PythonCode {
  const listed = new Map(found.map(file => [file.path, file]))
  const known = new Map<string, PythonFile | undefined>()
  const handlers = new Map<string, NamedHandler>()
  const byFunction = new Map<LambdaFunction, PythonHandler>()
  let told: readonly PythonHandler[] | undefined

  const fileAt = (path: string): PythonFile | undefined => {
    if (!known.has(path)) {
      const one = listed.get(path)
      const text = one && readText(one.absolute)
      known.set(path, one && text !== undefined ? readPython({ path, absolute: one.absolute, text }) : undefined)
    }
    return known.get(path)
  }
  const moduleAt = (stem: string): PythonFile | undefined =>
    fileAt(`${stem}.py`) ?? fileAt(joinPath(stem, '__init__.py'))

  const make = (file: PythonFile, name: string, directory: string): NamedHandler =>
    makeHandler(file, name, (one, from) => filesOfImport(one, from, directory, moduleAt))
  /** Ties a function to its handler. */
  const tie = (fn: LambdaFunction, key: string, handler: NamedHandler, tried: readonly string[]): HandlerLookup => {
    handlers.set(key, handler)
    if (!handler.functions.includes(fn)) handler.functions.push(fn)
    byFunction.set(fn, handler)
    return { found: false, reason: 'unknown', why: 'its handler is Python', tried, python: handler }
  }

  return {
    lookUp(fn, directory, written) {
      const parts = partsOf(written)
      if (!parts) {
        const why = `the handler ${written} is not of the form file.function`
        return { found: false, reason: 'unknown', why, tried: [] }
      }
      const { module, name } = parts
      const home = homeOfAsset(directory, module, path => files.read(path), listed)
      const stem = joinPath(home, module)
      const file = moduleAt(stem)
      const tried = [`${stem}.py`]
      const unknown = (why: string): HandlerLookup => ({ found: false, reason: 'unknown', why, tried })
      if (!file) {
        if (!files.isDirectory(directory))
          return unknown(`there is no directory ${directory || '.'}: perhaps a build makes it`)
        return lookUpMissing(fn, stem, [...listed.keys()])
      }
      if (!isDefined(file, name)) return lookUpUndefined(file, name, tried)
      const key = `${file.path}#${name}`
      return tie(fn, key, handlers.get(key) ?? make(file, name, home), tried)
    },
    lookUpInline(fn, inline, written) {
      const key = `${inline.source.absolute}#${written}`
      const handler = handlers.get(key) ?? inlineHandler(inline, written)
      return 'found' in handler ? handler : tie(fn, key, handler, [])
    },
    homesOf: (module, name) =>
      [...listed.keys()]
        .filter(path => `/${path}`.endsWith(`/${module}.py`) && !isTest(path))
        .filter(path => {
          const file = fileAt(path)
          return file !== undefined && isDefined(file, name)
        })
        .map(path => path.slice(0, -`${module}.py`.length).replace(/\/$/, '')),
    hasCodeBelow: prefix => [...listed.keys()].some(path => path.startsWith(prefix)),
    handlerOf: fn => byFunction.get(fn),
    handlers() {
      const named = [...handlers.values()]
      told ??= unnamedPaths(named, listed).flatMap(path => {
        const file = fileAt(path)
        return file ? signedHandlers(file).map(name => make(file, name, posix.dirname(path))) : []
      })
      return [...named, ...told]
    },
  }
}

/** The module and the function that a handler names. `app.main.handler` and `app/main.handler` are the same file. */
function partsOf(written: string): { readonly module: string; readonly name: string } | undefined {
  const dot = written.lastIndexOf('.')
  const name = written.slice(dot + 1)
  const isWhole = dot > written.lastIndexOf('/') && name !== ''
  return isWhole ? { module: written.slice(0, dot).replaceAll('.', '/'), name } : undefined
}

/** The folder of the project that an asset of the CDK is a copy of: one with the same text in the same module. */
function homeOfAsset(
  directory: string,
  module: string,
  read: (path: string) => string | undefined,
  listed: ReadonlyMap<string, FoundFile>,
): string {
  if (!/(^|\/)cdk\.out[^/]*\//.test(`${directory}/`)) return directory
  const text = read(joinPath(directory, `${module}.py`))
  const source = [...listed.values()].find(
    one =>
      `/${one.path}`.endsWith(`/${module}.py`) &&
      one.size === Buffer.byteLength(text ?? '') &&
      readText(one.absolute) === text,
  )
  return source ? source.path.slice(0, -`/${module}.py`.length) : directory
}

/** The file of the project that an import means: relative to the file, or below the folder that is packaged. */
function filesOfImport(
  one: PythonImport,
  from: PythonFile,
  directory: string,
  moduleAt: (stem: string) => PythonFile | undefined,
): readonly PythonFile[] {
  const [, dots = '', rest = ''] = /^(\.*)(.*)$/.exec(one.module) ?? []
  const home = dots
    ? joinPath(posix.dirname(from.path), ...Array.from({ length: dots.length - 1 }, () => '..'))
    : directory
  const stem = joinPath(home, rest.replaceAll('.', '/'))
  const below = one.name === undefined || one.name === '*' ? undefined : moduleAt(joinPath(stem, one.name))
  return [moduleAt(stem), below].flatMap(file => file ?? [])
}

type NamedHandler = PythonHandler & { readonly functions: LambdaFunction[] }

/** A handler with the files that it reaches by imports. */
function makeHandler(
  file: PythonFile,
  name: string,
  importedBy: (one: PythonImport, from: PythonFile) => readonly PythonFile[],
): NamedHandler {
  const reached = new Set([file])
  const targets = new Map<PythonFile, Map<string, readonly PythonFile[]>>()
  for (const one of reached) {
    const names = new Map<string, readonly PythonFile[]>()
    for (const each of one.imports) {
      const to = importedBy(each, one)
      names.set(each.local, to)
      for (const next of to) reached.add(next)
    }
    targets.set(one, names)
  }
  let invoked: ReadonlySet<PyNode> | undefined
  const node = file.functions.get(name)
  return {
    file,
    name,
    node,
    functions: [],
    files: [...reached],
    isInvoked: (at: PyNode): boolean => {
      invoked ??= callsFrom(node, file, [...reached], targets)
      for (let around: PyNode | undefined = at; around; around = around.parent) if (invoked.has(around)) return true
      return false
    },
  }
}

/** Files that may have handlers which no template names, and which no other handler reaches. */
function unnamedPaths(named: readonly PythonHandler[], listed: ReadonlyMap<string, FoundFile>): readonly string[] {
  const spokenOf = new Set(named.flatMap(handler => handler.files.map(file => file.path)))
  return [...listed.keys()].filter(path => {
    if (spokenOf.has(path) || isTest(path)) return false
    // Most files hold none, and parsing is dear.
    const text = readText(listed.get(path)?.absolute ?? '')
    return text !== undefined && SIGNED.test(text)
  })
}

function lookUpUndefined(file: PythonFile, name: string, tried: readonly string[]): HandlerLookup {
  return file.fault || file.imports.some(one => one.name === '*')
    ? { found: false, reason: 'unknown', why: 'what the file defines cannot be told', tried }
    : { found: false, reason: 'missing-export', why: `${file.path} does not define ${name}`, tried }
}

/** Why there is no file for a handler; `paths` are the Python files of the project. */
function lookUpMissing(fn: LambdaFunction, stem: string, paths: readonly string[]): HandlerLookup {
  const tried = [`${stem}.py`]
  const unknown = (why: string): HandlerLookup => ({ found: false, reason: 'unknown', why, tried })
  if (!fn.layers.isAbsent) return unknown('a layer may hold the file')
  // Only what lies beside the template: another template of the project has nothing to do with it.
  const home = posix.dirname(fn.template.source.path)
  const folder = posix.dirname(stem)
  if (isBuildOutput(folder)) return unknown('a build makes the file')
  if (
    !paths.some(path => folder === '.' || home === '.' || path.startsWith(`${home}/`) || path.startsWith(`${folder}/`))
  )
    return unknown('its code is kept elsewhere: there is none in the folder')
  const isElsewhere = paths.some(
    path => (home === '.' || path.startsWith(`${home}/`)) && path.endsWith(`/${posix.basename(stem)}.py`),
  )
  return fn.packaging.bundler === 'none' && !isElsewhere
    ? { found: false, reason: 'missing-file', why: `there is no ${tried.join(', ')}`, tried }
    : unknown('a build may put the file there')
}

/** The handler in code that stands in a template, or why there is none. It can import nothing of the project. */
function inlineHandler(inline: InlineCode, written: string): NamedHandler | HandlerLookup {
  const unknown = (why: string): HandlerLookup => ({ found: false, reason: 'unknown', why, tried: [] })
  // Lambda puts it into a file called index, whatever the handler says; an archive names its files itself.
  const name = (inline.archived ? /^[^.]*\.(\w+)$/ : /^index\.(\w+)$/).exec(written)?.[1]
  if (name === undefined) return unknown('the code is in the template, and the handler in another file')
  if (!isLoaded('python')) return unknown('the code in the template was not read')
  const file = readPython(atTheMargin(inline))
  return isDefined(file, name) ? makeHandler(file, name, () => []) : lookUpUndefined(file, name, [])
}

const isTest = (path: string): boolean =>
  /(^|\/)(tests?|testing|docs)\/|(^|\/)(test_[^/]*|[^/]*_test|conftest)\.py$/.test(path)

const SIGNED = /^(?:async )?def\s+\w+\s*\(\s*_?event\b/m

/** Functions of a module with the parameters that Lambda gives, and that no code of their file calls. */
function signedHandlers(file: PythonFile): readonly string[] {
  return [...file.functions].flatMap(([name, node]) => {
    const home = node.parent?.type === 'decorated_definition' ? node.parent.parent : node.parent
    const parameters = (node.field('parameters')?.children ?? []).flatMap(one => parameterName(one) ?? [])
    const isSigned =
      home?.type === 'module' &&
      parameters.length === 2 &&
      /^_?event$/.test(parameters[0] ?? '') &&
      /^_{0,2}(lambda_)?(context|ctx)$/.test(parameters[1] ?? '')
    return isSigned && !isCalledIn(file, name) ? [name] : []
  })
}

function parameterName(node: PyNode): string | undefined {
  if (node.type === 'identifier') return textOf(node)
  const inner = node.field('name') ?? node.children.find(one => one.type === 'identifier')
  return inner?.type === 'identifier' ? textOf(inner) : undefined
}

/** A function that its own file calls is a part of another, but for a call by hand at the end. */
const isCalledIn = (file: PythonFile, name: string): boolean =>
  collect(file.root, node => node.type === 'call' && dottedName(node.field('function')) === name).some(call =>
    [...ancestors(call)].some(around => around.type === 'function_definition'),
  )

/** A name of the module: a function, a class, a variable, or something imported. */
const isDefined = (file: PythonFile, name: string): boolean =>
  file.functions.has(name) ||
  file.imports.some(one => one.local === name) ||
  collect(file.root, node => node.type === 'identifier' && textOf(node) === name).some(
    node =>
      node.parent?.type === 'class_definition' ||
      node.parent?.field('left') === node ||
      /^(pattern_list|tuple_pattern|as_pattern_target|global_statement|named_expression)$/.test(
        node.parent?.type ?? '',
      ),
  )

/**
 * Functions that are called on some way from the handler. A call of a method counts for every method of that name:
 * rather too many.
 */
function callsFrom(
  handler: PyNode | undefined,
  file: PythonFile,
  files: readonly PythonFile[],
  targets: ReadonlyMap<PythonFile, ReadonlyMap<string, readonly PythonFile[]>>,
): ReadonlySet<PyNode> {
  const reached = new Set<PyNode>()
  const pending: (readonly [PyNode, PythonFile])[] = handler ? [[handler, file]] : []
  const visit = (node: PyNode | undefined, of: PythonFile): void => {
    if (node && !reached.has(node)) pending.push([node, of])
  }
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [node, home] = next
    if (reached.has(node)) continue
    reached.add(node)
    // Names that are handed on are called by whoever gets them.
    for (const mention of collect(node, one => one.type === 'identifier' || one.type === 'attribute')) {
      const name = dottedName(mention)
      if (name === undefined) continue
      const [first = '', ...rest] = name.split('.')
      const last = rest.at(-1)
      if (last === undefined) {
        visit(home.functions.get(first), home)
        visit(home.functions.get(`${first}.__init__`), home)
        const from = home.imports.find(one => one.local === first && one.name !== undefined)
        for (const target of targets.get(home)?.get(first) ?? []) {
          visit(target.functions.get(from?.name ?? first), target)
          visit(target.functions.get(`${from?.name ?? first}.__init__`), target)
        }
      } else {
        for (const target of targets.get(home)?.get(first) ?? []) visit(target.functions.get(last), target)
        if (mention.parent?.type === 'call')
          for (const one of files)
            for (const [known, definition] of one.functions) if (known.endsWith(`.${last}`)) visit(definition, one)
      }
    }
  }
  return reached
}

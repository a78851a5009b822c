/**
 * Handlers in Ruby, Java, Go and C#: whether the sources of the project hold what the setting names. Their code is not
 * read beyond that; what a library, a generator or a build may bring along is never said to be missing.
 */
import { readText } from './discover.ts'
import type { FoundFile } from './discover.ts'
import type { HandlerLookup, LambdaFunction } from './model.ts'

/** The sources of a project in languages whose code is not read. */
export interface OtherSources {
  readonly found: readonly FoundFile[]
  /** Whether a path of the project is a directory. */
  readonly isDirectory: (path: string) => boolean
}

type Language = 'Ruby' | 'Java' | 'Go' | 'C#'

/** Beyond these many nobody knows what a project holds. */
const MAX_SOURCES = 3000
const TESTS = /(^|\/)(tests?|spec|specs|\w+\.Tests?)\//

/** The language of a runtime or a build whose handlers are looked for and whose code is not read. */
export function otherLanguageOf(fn: LambdaFunction): Language | undefined {
  const runtime = fn.runtime.string() ?? ''
  if (/^ruby/.test(runtime)) return 'Ruby'
  if (/^java/.test(runtime)) return 'Java'
  if (/^dotnet/.test(runtime)) return 'C#'
  return /^go1/.test(runtime) || /^go1/.test(fn.resource.metadata.at('BuildMethod').string() ?? '') ? 'Go' : undefined
}

/**
 * Looks for the handler of such a function.
 * @param directory what is packaged, relative to the project; undefined for archives
 */
export function lookUpOther(
  fn: LambdaFunction,
  language: Language,
  written: string,
  sources: OtherSources,
): HandlerLookup {
  const { directory, archive } = fn.packaging
  const unknown = (why: string): HandlerLookup => ({ found: false, reason: 'unknown', why, tried: [] })
  if (directory === undefined && archive === undefined) return unknown('where its code is cannot be told')
  if (sources.found.length > MAX_SOURCES) return unknown('the project has too many sources')
  const answer = ANSWERS[language](fn, written, sources)
  if (answer === undefined) return unknown(`${language} is not read beyond the name of its handler`)
  return { found: false, tried: [], ...answer }
}

/** Sources below the folder of a template, where its code is: what stands beside it is of another application. */
function ofItsTemplate(fn: LambdaFunction, sources: OtherSources): OtherSources {
  const home = fn.template.source.path.split('/').slice(0, -1).join('/')
  const code = fn.packaging.directory ?? fn.packaging.archive ?? ''
  if (home === '' || !`${code}/`.startsWith(`${home}/`)) return sources
  return { ...sources, found: sources.found.filter(one => one.path.startsWith(`${home}/`)) }
}

/** What is surely wrong; undefined for what is there and for what cannot be told. */
type Answer = { readonly reason: 'missing-file' | 'missing-export'; readonly why: string; readonly help: string }

const ANSWERS: {
  readonly [language in Language]: (fn: LambdaFunction, written: string, sources: OtherSources) => Answer | undefined
} = {
  Ruby: rubyAnswer,
  Java: (fn, written, sources) => javaAnswer(written, ofItsTemplate(fn, sources)),
  Go: goAnswer,
  'C#': (fn, written, sources) => csharpAnswer(written, ofItsTemplate(fn, sources)),
}

/** Whether a text has a word, in whatever it stands. */
const mentions = (text: string, word: string): boolean =>
  new RegExp(`(?<![\\w$])${word.replace(/[^\w]/g, '\\$&')}(?![\\w$])`).test(text)

/** `path/file.method`, `path/file.Module::Class.method`. Ruby is packaged as it is written. */
function rubyAnswer(fn: LambdaFunction, written: string, { found, isDirectory }: OtherSources): Answer | undefined {
  const [, module, path] = /^([^.]+)\.(.+)$/.exec(written) ?? []
  const { directory } = fn.packaging
  if (module === undefined || path === undefined || directory === undefined || !isDirectory(directory)) return undefined
  if (!fn.layers.isAbsent || fn.resource.metadata.at('BuildMethod').string() === 'makefile') return undefined
  const home = directory === '' || directory === '.' ? '' : `${directory.replace(/\/$/, '')}/`
  const name = `${home}${module}.rb`
  const file = found.find(one => one.path === name)
  if (!file) {
    // A folder without any source is what a build fills.
    if (!found.some(one => one.path.startsWith(home) && one.path.endsWith('.rb'))) return undefined
    return {
      reason: 'missing-file',
      why: `there is no ${name}`,
      help: 'Write the path of the file below what is packaged, without .rb, then a dot and the method',
    }
  }
  const text = readText(file.absolute)
  const steps = path.split(/::|\./)
  if (text === undefined || steps.every(step => mentions(text, step))) return undefined
  // What the file takes in, inherits or makes while it runs may be the method.
  if (
    /\b(require_relative|load|autoload|include|extend|define_method|method_missing|eval|class_eval)\b|\brequire\s+['"]\.|class\s+\S+\s*</.test(
      text,
    )
  )
    return undefined
  return {
    reason: 'missing-export',
    why: `${name} does not define ${path}`,
    help: 'Name a method that the file defines: file.method, or file.Class.method for one of a class',
  }
}

/** `package.Class::method` or `package.Class`, in whatever file stands it, in Java, Kotlin, Scala or Groovy. */
function javaAnswer(written: string, { found }: OtherSources): Answer | undefined {
  const [, space, type, method] = /^([\w.]+)\.(\w+)(?:::(\w+))?$/.exec(written) ?? []
  if (space === undefined || type === undefined) return undefined
  const declares = new RegExp(`^\\s*package\\s+${space.replaceAll('.', '\\.')}\\s*;?\\s*$`, 'm')
  return typeAnswer({
    texts: textsOf(found, /\.(java|kt|scala|groovy)$/).filter(text => declares.test(text)),
    what: `the package ${space}`,
    type,
    method,
    kinds: 'class|record|enum|interface|object',
    isPlain: after => /^\s*(implements\s+Request(Stream)?Handler\s*(<[^{]*>)?\s*)?\{/.test(after),
    help: 'Write package.Class::method as they are in the source',
  })
}

/** `Assembly::Namespace.Class::Method`. */
function csharpAnswer(written: string, { found }: OtherSources): Answer | undefined {
  const [, space, type, method] = /^[^:]+::([\w.]+)\.(\w+)::(\w+)$/.exec(written) ?? []
  if (space === undefined || type === undefined || /_Generated$/.test(type)) return undefined
  if (found.some(one => /\.(fs|vb)$/.test(one.path))) return undefined
  const declares = new RegExp(`^\\s*namespace\\s+${space.replaceAll('.', '\\.')}\\s*[;{]?\\s*$`, 'm')
  return typeAnswer({
    texts: textsOf(found, /\.cs$/).filter(text => declares.test(text)),
    what: `the namespace ${space}`,
    type,
    method,
    kinds: 'class|record|struct',
    isPlain: after => /^\s*\{/.test(after),
    help: 'Write Assembly::Namespace.Class::Method as they are in the source',
  })
}

/** The texts of sources that are no tests. */
const textsOf = (found: readonly FoundFile[], ending: RegExp): readonly string[] =>
  found.filter(one => ending.test(one.path) && !TESTS.test(one.path)).flatMap(one => readText(one.absolute) ?? [])

/** A type and its method among the sources of its package: where none of these is there, it is somebody else's. */
function typeAnswer(asked: {
  readonly texts: readonly string[]
  readonly what: string
  readonly type: string
  readonly method: string | undefined
  readonly kinds: string
  /** Whether a type takes its methods from nowhere else, by what stands behind its name. */
  readonly isPlain: (after: string) => boolean
  readonly help: string
}): Answer | undefined {
  const { texts, what, type, method, help } = asked
  if (!texts.length) return undefined
  const declared = new RegExp(`\\b(?:${asked.kinds})\\s+${type}\\b(?!\\.)`)
  const homes = texts.filter(text => declared.test(text))
  if (!homes.length) {
    // Named at all, it may be made by a generator or stand in what is not understood.
    return texts.some(text => mentions(text, type))
      ? undefined
      : { reason: 'missing-file', why: `${what} has no type ${type} in the project`, help }
  }
  if (method === undefined || homes.some(text => mentions(text, method))) return undefined
  const isPlain = homes.every(text => {
    const at = declared.exec(text)
    return (
      at !== null &&
      !/\bpartial\b|@\w*(Data|Delegate|Generated)\b/.test(text) &&
      asked.isPlain(text.slice(at.index + at[0].length))
    )
  })
  return isPlain ? { reason: 'missing-export', why: `${type} has no method ${method}`, help } : undefined
}

/** SAM builds the folder itself: without a `package main` in it there is no program. */
function goAnswer(fn: LambdaFunction, _written: string, { found }: OtherSources): Answer | undefined {
  const { directory } = fn.packaging
  if (directory === undefined || fn.resource.metadata.at('BuildMethod').string() !== 'go1.x') return undefined
  const home = directory === '' || directory === '.' ? '' : `${directory.replace(/\/$/, '')}/`
  const texts = found
    .filter(one => one.path.startsWith(home) && /^[^/]+(?<!_test)\.go$/.test(one.path.slice(home.length)))
    .flatMap(one => readText(one.absolute) ?? [])
  if (!texts.length || texts.some(text => /^package\s+main\b/m.test(text))) return undefined
  return {
    reason: 'missing-file',
    why: `the Go files of ${directory || '.'} are no package main`,
    help: 'Let CodeUri name the folder of the program',
  }
}

/** Which functions run what is not read; undefined where all of it is. */
export function noteOfOtherLanguages(functions: readonly LambdaFunction[]): string | undefined {
  const languages = functions.flatMap(fn => (fn.packageType === 'Zip' ? (otherLanguageOf(fn) ?? []) : []))
  if (!languages.length) return undefined
  const names = [...new Set(languages)].sort().join(', ')
  const [who, whose] =
    languages.length === 1 ? ['1 function runs', 'its'] : [`${languages.length} functions run`, 'their']
  return `${who} on ${names}: ${whose} handlers were looked for, and ${whose} code was not read`
}

/**
 * Environment variables that handlers in Ruby, Java, Go and C# read, by their calls in the handler's own file: comments
 * and the insides of texts are no code, and a read with a fallback or a test is no demand.
 */
import { resolve } from 'node:path'
import { joinPath } from './functions.ts'
import type { Application, LambdaFunction } from './model.ts'
import { otherLanguageOf } from './other-languages.ts'
import type { Loc } from './source.ts'

/** A variable that the code asks for, and where. */
export interface OtherRead {
  readonly name: string
  readonly loc: Loc
}

interface Reading {
  /** What asks for a variable; the first group is what stands before the name. */
  readonly call: RegExp
  /** What follows where it may be missing. */
  readonly fallback: RegExp
  /** What the line holds where it is only asked whether it is there. */
  readonly asks: RegExp
  readonly comment: RegExp
}

const C_COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//
const READINGS: { readonly [language: string]: Reading } = {
  Ruby: {
    call: /((?<![\w.])ENV(?:\[|\.fetch\()\s*['"])(\s*)['"]\s*[\])]/g,
    fallback: /^\s*(\|\||&\.|\?|==|!=|=|\{|do\b|,)/,
    asks: /\b(if|unless|nil\?|key\?|empty\?|defined\?)/,
    comment: /^=begin[\s\S]*?^=end|#(?!\{)[^\n]*/m,
  },
  Java: {
    call: /(\bSystem\s*\.\s*getenv\(\s*")(\s*)"\s*\)/g,
    fallback: /^\s*(==|!=|\?:|\?\.)/,
    asks: /\b(if|ofNullable|getOrDefault|requireNonNullElse|firstNonNull|defaultIfBlank|isBlank|isEmpty)\b|\?/,
    comment: C_COMMENT,
  },
  Go: {
    call: /(\bos\.Getenv\(\s*["`])(\s*)["`]\s*\)/g,
    fallback: /^\s*(==|!=)/,
    asks: /\b(if|switch|case)\b|default|Default|fallback|Fallback|\bcmp\.Or\b/,
    comment: C_COMMENT,
  },
  'C#': {
    call: /(\bEnvironment\s*\.\s*GetEnvironmentVariable\(\s*")(\s*)"\s*\)/g,
    fallback: /^\s*(\?\?|\?\.|==|!=|is\b)/,
    asks: /\b(if|IsNullOrEmpty|IsNullOrWhiteSpace|TryParse)\b|\?\?/,
    comment: C_COMMENT,
  },
}

/** The variables that the handler's own file surely asks for. */
export function variablesReadElsewhere(fn: LambdaFunction, app: Application): readonly OtherRead[] {
  const language = otherLanguageOf(fn)
  const reading = language && READINGS[language]
  const path = language && handlerFile(fn, language, app)
  const text = path === undefined ? undefined : app.files.read(path)
  if (!reading || path === undefined || text === undefined) return []
  const source = { path, absolute: resolve(app.root, path), text }
  const code = blanked(text, reading.comment)
  return [...code.matchAll(reading.call)].flatMap(match => {
    const [whole, before = '', hole = ''] = match
    const start = match.index + before.length
    const name = text.slice(start, start + hole.length)
    const line = code.slice(code.lastIndexOf('\n', match.index) + 1, match.index)
    const rest = code.slice(match.index + whole.length).split('\n', 1)[0] ?? ''
    if (!/^\w+$/.test(name) || reading.fallback.test(rest) || reading.asks.test(line) || reading.asks.test(rest))
      return []
    return [{ name, loc: { source, start: match.index, end: match.index + whole.length } }]
  })
}

/** The text with blanks for comments and the insides of texts, every other character where it was. */
function blanked(text: string, comment: RegExp): string {
  const strings = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`[^`]*`/
  return text.replace(new RegExp(`${comment.source}|${strings.source}`, 'gm'), found => {
    const blank = (part: string): string => part.replace(/[^\n]/g, ' ')
    return /^["'`]/.test(found) ? `${found[0]}${blank(found.slice(1, -1))}${found.at(-1)}` : blank(found)
  })
}

/** The file of a handler, where its language or a search of a few folders says which it is. */
function handlerFile(fn: LambdaFunction, language: string, app: Application): string | undefined {
  const { directory } = fn.packaging
  const written = fn.handler.string()
  if (directory === undefined) return undefined
  if (language === 'Go') {
    const files = app.files.list(directory).filter(({ name }) => /\.go$/.test(name) && !/_test\.go$/.test(name))
    return files.length === 1 ? joinPath(directory, files[0]?.name ?? '') : undefined
  }
  if (written === undefined) return undefined
  if (language === 'Ruby') return joinPath(directory, `${written.split('.')[0]}.rb`)
  const type = (language === 'Java' ? written.split('::')[0] : written.split('::')[1])?.split('.') ?? []
  const inPackage = language === 'Java' ? type.slice(0, -1).join('/') : ''
  const name = `${type.at(-1)}.${language === 'Java' ? 'java' : 'cs'}`
  const folders = language === 'Java' ? [`src/main/java/${inPackage}`, inPackage] : ['', 'src']
  return folders.map(folder => joinPath(directory, folder, name)).find(path => app.files.isFile(path))
}

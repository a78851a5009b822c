/**
 * `serverless.ts` and `serverless.js`: the service as far as it stands there in literals, with constants, spreads and
 * what other modules of the project export followed. Nothing is executed: what a call makes is not known.
 */
import { dirname, posix, relative, resolve, sep } from 'node:path'
import { resolveName } from './bindings.ts'
import { bare, parseCode, specifiersOf } from './code.ts'
import type { CodeFile, ModuleImport } from './code.ts'
import { projectPath } from './discover.ts'
import { findExport, wholeExport } from './handlers.ts'
import { rawGet } from './raw.ts'
import type { Raw, RawEntry } from './raw.ts'
import type { SourceText } from './source.ts'
import { pathMapper } from './tsconfig.ts'
import { ts } from './typescript.ts'

const MAX_DEPTH = 60
const MAX_MODULES = 300

/** The text of a file, if there is one. */
type Read = (path: string) => string | undefined

/** Reads the service of a module; undefined where it exports none that is written as an object. */
export function readServiceModule(source: SourceText, root: string, read: Read): Raw | undefined {
  const modules = createModules(root, read)
  const file = modules.add(source)
  const service = expressionOf(file, 'default')
  if (!service) return undefined
  const place = service.getSourceFile() === file.ast ? undefined : { start: 0, end: 0 }
  const raw = rawOf({ home: dirname(source.absolute), modules }, service, place, 0)
  return raw.kind === 'map' ? raw : undefined
}

/** The modules of a project that a service has to do with, parsed when they are first asked for. */
interface Modules {
  add(source: SourceText): CodeFile
  fileOf(tree: ts.SourceFile): CodeFile | undefined
}

const ENDINGS = ['', '.ts', '.js', '.mjs', '.cjs', '.mts', '.cts', '/index.ts', '/index.js']

function createModules(root: string, read: Read): Modules {
  const mapped = pathMapper(root, read)
  const modules = new Map<string, CodeFile | undefined>()
  const files = new Map<ts.SourceFile, CodeFile>()

  const add = (of: SourceText): CodeFile => {
    const ast = parseCode(of)
    let imports: readonly ModuleImport[] | undefined
    const file: CodeFile = {
      source: of,
      path: of.path,
      ast,
      generated: false,
      handlers: [],
      get imports() {
        return (imports ??= specifiersOf(ast, of).map(one => ({ ...one, file: moduleOf(of, one.specifier) })))
      },
    }
    files.set(ast, file)
    modules.set(of.absolute, file)
    return file
  }

  /** The module of the project behind a specifier. */
  const moduleOf = (from: SourceText, specifier: string): CodeFile | undefined => {
    const stems = specifier.startsWith('.')
      ? [resolve(dirname(from.absolute), specifier)]
      : mapped(from.absolute, specifier)
    for (const absolute of stems.flatMap(stem =>
      ENDINGS.map(ending => stem.replace(/\.js$/, ending ? '' : '.js') + ending),
    )) {
      if (!/\.[cm]?[jt]s$/.test(absolute) || modules.size > MAX_MODULES) continue
      if (!modules.has(absolute)) {
        const text = read(absolute)
        if (text === undefined) modules.set(absolute, undefined)
        else add({ path: projectPath(root, absolute), absolute, text })
      }
      const found = modules.get(absolute)
      if (found) return found
    }
    return undefined
  }

  return { add, fileOf: tree => files.get(tree) }
}

interface Place {
  readonly start: number
  readonly end: number
}

/** What reading a value needs: the folder of the service, and the modules around it. */
interface Reading {
  readonly home: string
  readonly modules: Modules
}

/** What an expression is, at its own place or, from another module, at the place that mentions it. */
function rawOf(reading: Reading, node: ts.Expression, at: Place | undefined, depth: number): Raw {
  const place = at ?? { start: node.getStart(), end: node.getEnd() }
  if (depth > MAX_DEPTH) return unknownValue(node, place)
  const value = bare(node)
  const literal = literalOf(value)
  if (literal !== undefined) return { kind: 'scalar', value: literal, ...place }
  if (ts.isPrefixUnaryExpression(value) && ts.isNumericLiteral(value.operand)) return unknownValue(node, place)
  if (ts.isTemplateExpression(value)) return { kind: 'scalar', value: textOf(reading, value, place, depth), ...place }
  if (ts.isArrayLiteralExpression(value)) return listOf(reading, value, at, depth, place)
  if (ts.isObjectLiteralExpression(value)) return objectOf(reading, value, at, depth)
  const meant = meaningOf(reading, value)
  // In another module nothing has a place of this one.
  if (meant)
    return rawOf(reading, meant, meant.getSourceFile() === value.getSourceFile() && !at ? undefined : place, depth + 1)
  if (ts.isPropertyAccessExpression(value)) {
    const found = rawGet(rawOf(reading, value.expression, place, depth + 1), value.name.text)
    if (found) return found
  }
  return unknownValue(node, place)
}

/** Stands for what the code makes when it runs. */
function unknownValue(node: ts.Expression, place: Place): Raw {
  const text = node.getText().replace(/\s+|[{}]/g, '')
  return { kind: 'scalar', value: `\${code:${text.slice(0, 40)}}`, ...place }
}

/** What a literal is; undefined for everything else. */
function literalOf(value: ts.Expression): string | number | boolean | null | undefined {
  if (ts.isStringLiteralLike(value)) return value.text
  if (ts.isNumericLiteral(value)) return Number(value.text)
  if (value.kind === ts.SyntaxKind.TrueKeyword) return true
  if (value.kind === ts.SyntaxKind.FalseKeyword) return false
  if (value.kind === ts.SyntaxKind.NullKeyword) return null
  const negative = ts.isPrefixUnaryExpression(value) && value.operator === ts.SyntaxKind.MinusToken
  return negative && ts.isNumericLiteral(value.operand) ? -Number(value.operand.text) : undefined
}

function listOf(
  reading: Reading,
  value: ts.ArrayLiteralExpression,
  at: Place | undefined,
  depth: number,
  place: Place,
): Raw {
  const items = value.elements.flatMap((element): readonly Raw[] => {
    if (!ts.isSpreadElement(element)) return [rawOf(reading, element, at, depth + 1)]
    const spread = rawOf(reading, element.expression, at, depth + 1)
    return spread.kind === 'list' ? spread.items : [spread]
  })
  const isOpen = value.elements.some(
    (element, index) => ts.isSpreadElement(element) && items[index]?.kind === 'scalar' && isUnknown(items[index]),
  )
  return { kind: 'list', items, ...(isOpen ? { open: true as const } : {}), ...place }
}

function objectOf(reading: Reading, node: ts.ObjectLiteralExpression, at: Place | undefined, depth: number): Raw {
  const entries = new Map<string, RawEntry>()
  let open = false
  for (const property of node.properties) {
    if (ts.isSpreadAssignment(property)) {
      const spread = rawOf(reading, property.expression, at, depth + 1)
      if (spread.kind === 'map') for (const entry of spread.entries) entries.set(entry.key, entry)
      open ||= spread.kind !== 'map' || spread.open === true
      continue
    }
    const key =
      property.name &&
      (ts.isIdentifier(property.name) || ts.isStringLiteralLike(property.name) || ts.isNumericLiteral(property.name))
        ? property.name.text
        : undefined
    if (key === undefined || !(ts.isPropertyAssignment(property) || ts.isShorthandPropertyAssignment(property))) {
      open = true
      continue
    }
    const named = at ?? { start: property.name.getStart(), end: property.name.getEnd() }
    const initializer = ts.isPropertyAssignment(property) ? property.initializer : property.name
    entries.set(key, {
      key,
      keyStart: named.start,
      keyEnd: named.end,
      value: rawOf(reading, initializer, at, depth + 1),
    })
  }
  const place = at ?? { start: node.getStart(), end: node.getEnd() }
  return { kind: 'map', entries: [...entries.values()], ...(open ? { open: true as const } : {}), ...place }
}

/** The expression that a name, or `require('./x')`, stands for: a constant, or what another module exports. */
function meaningOf({ modules }: Reading, node: ts.Expression): ts.Expression | undefined {
  const file = modules.fileOf(node.getSourceFile())
  const binding = ts.isIdentifier(node) ? resolveName(node) : undefined
  const required = requiredBy(node)
  const imported = binding?.imported ?? (required === undefined ? undefined : { module: required, name: '*' })
  if (!imported) return binding?.constant ? binding.initializer : undefined
  const target = file?.imports.find(one => one.specifier === imported.module)?.file
  return target && expressionOf(target, imported.name)
}

function expressionOf(file: CodeFile, name: string): ts.Expression | undefined {
  const whole = name === '*' || name === 'default' ? wholeExport(file) : undefined
  const node = whole ?? findExport(file, name)?.node
  if (!node) return undefined
  if (ts.isVariableDeclaration(node)) return node.initializer
  return ts.isExpression(node) ? node : undefined
}

const isUnknown = (raw: Raw): boolean => raw.kind === 'scalar' && /^\$\{code:/.test(String(raw.value))

/** `'./functions'` of `require('./functions')`. */
function requiredBy(node: ts.Expression): string | undefined {
  if (!ts.isCallExpression(node) || node.expression.getText() !== 'require') return undefined
  const [argument] = node.arguments
  return argument && ts.isStringLiteral(argument) ? argument.text : undefined
}

/** A text with holes. `handlerPath(__dirname)` of the framework's own starting point is the folder of its module. */
function textOf(reading: Reading, node: ts.TemplateExpression, place: Place, depth: number): string {
  const hole = (expression: ts.Expression): string => {
    if (/^handlerPath\(\s*__dirname\s*\)$/.test(expression.getText())) {
      const folder = relative(reading.home, dirname(expression.getSourceFile().fileName)).split(sep).join('/')
      return posix.normalize(folder === '' ? '.' : folder)
    }
    const raw = rawOf(reading, expression, place, depth + 1)
    return raw.kind === 'scalar' ? String(raw.value) : '${code:text}'
  }
  return node.head.text + node.templateSpans.map(span => hole(span.expression) + span.literal.text).join('')
}

/**
 * `serverless.ts` and `serverless.js`: the service as far as it stands there in literals, with constants, spreads and
 * what other modules of the project export followed. Nothing is executed: what a call makes is not known.
 */
import { dirname, posix, relative, resolve, sep } from 'node:path'
import { bare } from './code.ts'
import { rawGet } from './raw.ts'
import type { Raw, RawEntry } from './raw.ts'
import type { SourceText } from './source.ts'
import { pathMapper } from './tsconfig.ts'
import { ts } from './typescript.ts'

/** Whether a file is such a module, by its name. */
export const isServiceModule = (path: string): boolean => /(^|\/)serverless([.-][\w-]+)?\.[cm]?[jt]s$/.test(path)

const MAX_DEPTH = 60
const MAX_MODULES = 300

/** Reads the service of a module; undefined where it exports none that is written as an object. */
export function readServiceModule(
  source: SourceText,
  root: string,
  read: (path: string) => string | undefined,
): Raw | undefined {
  const mapped = pathMapper(root, read)
  const modules = new Map<string, ts.SourceFile | undefined>()
  const home = dirname(source.absolute)

  const parse = (absolute: string, text: string): ts.SourceFile =>
    ts.createSourceFile(absolute, text, ts.ScriptTarget.Latest, true)

  /** The module of the project behind a specifier. */
  const moduleOf = (from: ts.SourceFile, specifier: string): ts.SourceFile | undefined => {
    const stems = specifier.startsWith('.')
      ? [resolve(dirname(from.fileName), specifier)]
      : mapped(from.fileName, specifier)
    const endings = ['', '.ts', '.js', '.mjs', '.cjs', '.mts', '.cts', '/index.ts', '/index.js']
    for (const path of stems.flatMap(stem =>
      endings.map(ending => stem.replace(/\.js$/, ending ? '' : '.js') + ending),
    )) {
      if (!/\.[cm]?[jt]s$/.test(path) || modules.size > MAX_MODULES) continue
      if (!modules.has(path)) {
        const text = read(path)
        modules.set(path, text === undefined ? undefined : parse(path, text))
      }
      const found = modules.get(path)
      if (found) return found
    }
    return undefined
  }

  /** What an expression is, at its own place or, from another module, at the place that mentions it. */
  const rawOf = (node: ts.Expression, at: Place | undefined, depth: number): Raw => {
    const place = at ?? { start: node.getStart(), end: node.getEnd() }
    const scalar = (value: string | number | boolean | null): Raw => ({ kind: 'scalar', value, ...place })
    const unknown = (): Raw =>
      scalar(
        `\${code:${node
          .getText()
          .replace(/\s+|[{}]/g, '')
          .slice(0, 40)}}`,
      )
    if (depth > MAX_DEPTH) return unknown()
    const value = bare(node)
    if (ts.isStringLiteralLike(value)) return scalar(value.text)
    if (ts.isNumericLiteral(value)) return scalar(Number(value.text))
    if (value.kind === ts.SyntaxKind.TrueKeyword) return scalar(true)
    if (value.kind === ts.SyntaxKind.FalseKeyword) return scalar(false)
    if (value.kind === ts.SyntaxKind.NullKeyword) return scalar(null)
    if (ts.isPrefixUnaryExpression(value) && ts.isNumericLiteral(value.operand))
      return value.operator === ts.SyntaxKind.MinusToken ? scalar(-Number(value.operand.text)) : unknown()
    if (ts.isTemplateExpression(value)) return scalar(textOf(value, home, place, depth, rawOf))
    if (ts.isArrayLiteralExpression(value)) {
      const items = value.elements.flatMap((element): readonly Raw[] => {
        if (!ts.isSpreadElement(element)) return [rawOf(element, at, depth + 1)]
        const spread = rawOf(element.expression, at, depth + 1)
        return spread.kind === 'list' ? spread.items : [spread]
      })
      const isOpen = value.elements.some(
        (element, index) => ts.isSpreadElement(element) && items[index]?.kind === 'scalar' && isUnknown(items[index]),
      )
      return { kind: 'list', items, ...(isOpen ? { open: true as const } : {}), ...place }
    }
    if (ts.isObjectLiteralExpression(value)) return objectOf(value, at, depth)
    const meant = meaningOf(value)
    // In another module nothing has a place of this one.
    if (meant) return rawOf(meant.node, meant.file === value.getSourceFile() && !at ? undefined : place, depth + 1)
    if (ts.isPropertyAccessExpression(value)) {
      const holder = rawOf(value.expression, place, depth + 1)
      const found = rawGet(holder, value.name.text)
      if (found) return found
    }
    return unknown()
  }

  const objectOf = (node: ts.ObjectLiteralExpression, at: Place | undefined, depth: number): Raw => {
    const entries = new Map<string, RawEntry>()
    let open = false
    for (const property of node.properties) {
      if (ts.isSpreadAssignment(property)) {
        const spread = rawOf(property.expression, at, depth + 1)
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
      const value = rawOf(ts.isPropertyAssignment(property) ? property.initializer : property.name, at, depth + 1)
      entries.set(key, { key, keyStart: named.start, keyEnd: named.end, value })
    }
    const place = at ?? { start: node.getStart(), end: node.getEnd() }
    return { kind: 'map', entries: [...entries.values()], ...(open ? { open: true as const } : {}), ...place }
  }

  /** The expression that a name stands for: a constant of its module, or what another one exports. */
  const meaningOf = (node: ts.Expression): { node: ts.Expression; file: ts.SourceFile } | undefined => {
    if (!ts.isIdentifier(node)) {
      const imported = requiredBy(node)
      const module = imported === undefined ? undefined : moduleOf(node.getSourceFile(), imported)
      return module && exported(module, 'default', 0)
    }
    return named(node.getSourceFile(), node.text, 0)
  }

  const named = (file: ts.SourceFile, name: string, depth: number): ReturnType<typeof meaningOf> => {
    if (depth > 10) return undefined
    for (const statement of file.statements) {
      if (ts.isVariableStatement(statement) && (statement.declarationList.flags & ts.NodeFlags.Const) !== 0)
        for (const one of statement.declarationList.declarations) {
          if (!one.initializer) continue
          if (ts.isIdentifier(one.name) && one.name.text === name) return { node: one.initializer, file }
        }
      if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue
      const { moduleSpecifier } = statement
      const wanted = importedName(statement, name)
      const module = wanted === undefined ? undefined : moduleOf(file, moduleSpecifier.text)
      if (wanted !== undefined) return module && exported(module, wanted, depth + 1)
    }
    return undefined
  }

  /** What a module exports under a name; `default` is `module.exports`, too. */
  const exported = (file: ts.SourceFile, name: string, depth: number): ReturnType<typeof meaningOf> => {
    if (depth > 10) return undefined
    for (const statement of file.statements) {
      if (ts.isExportAssignment(statement) && name === 'default') return { node: statement.expression, file }
      if (ts.isExportDeclaration(statement)) {
        const clause = statement.exportClause
        const specifier = statement.moduleSpecifier
        const from = specifier && ts.isStringLiteral(specifier) ? moduleOf(file, specifier.text) : undefined
        if (!clause) {
          const found = from && exported(from, name, depth + 1)
          if (found) return found
        } else if (ts.isNamedExports(clause)) {
          const one = clause.elements.find(element => element.name.text === name)
          if (!one) continue
          const inner = (one.propertyName ?? one.name).text
          return specifier ? from && exported(from, inner, depth + 1) : named(file, inner, depth + 1)
        }
      }
      if (
        ts.isExpressionStatement(statement) &&
        ts.isBinaryExpression(statement.expression) &&
        statement.expression.left.getText() === (name === 'default' ? 'module.exports' : `module.exports.${name}`)
      )
        return { node: statement.expression.right, file }
      if (
        ts.isVariableStatement(statement) &&
        statement.modifiers?.some(one => one.kind === ts.SyntaxKind.ExportKeyword)
      ) {
        const found = named(file, name, depth + 1)
        if (found && statement.declarationList.declarations.some(one => one.name.getText() === name)) return found
      }
    }
    return undefined
  }

  const file = parse(source.absolute, source.text)
  modules.set(source.absolute, file)
  const service = exported(file, 'default', 0)
  if (!service) return undefined
  const place = { start: 0, end: 0 }
  const raw = rawOf(service.node, service.file === file ? undefined : place, 0)
  return raw.kind === 'map' ? raw : undefined
}

/** The name under which a module exports what an import binds to a name here. */
function importedName({ importClause: clause }: ts.ImportDeclaration, name: string): string | undefined {
  if (clause?.name?.text === name) return 'default'
  const bindings = clause?.namedBindings
  if (!bindings || !ts.isNamedImports(bindings)) return undefined
  const one = bindings.elements.find(element => element.name.text === name)
  return one && (one.propertyName ?? one.name).text
}

interface Place {
  readonly start: number
  readonly end: number
}

const isUnknown = (raw: Raw): boolean => raw.kind === 'scalar' && /^\$\{code:/.test(String(raw.value))

/** `'./functions'` of `require('./functions')`. */
function requiredBy(node: ts.Expression): string | undefined {
  if (!ts.isCallExpression(node) || node.expression.getText() !== 'require') return undefined
  const [argument] = node.arguments
  return argument && ts.isStringLiteral(argument) ? argument.text : undefined
}

/** A text with holes. `handlerPath(__dirname)` of the framework's own starting point is the folder of its module. */
function textOf(
  node: ts.TemplateExpression,
  home: string,
  place: Place,
  depth: number,
  rawOf: (node: ts.Expression, at: Place | undefined, depth: number) => Raw,
): string {
  const hole = (expression: ts.Expression): string => {
    if (/^handlerPath\(\s*__dirname\s*\)$/.test(expression.getText())) {
      const folder = relative(home, dirname(expression.getSourceFile().fileName)).split(sep).join('/')
      return posix.normalize(folder === '' ? '.' : folder)
    }
    const raw = rawOf(expression, place, depth + 1)
    return raw.kind === 'scalar' ? String(raw.value) : '${code:text}'
  }
  return node.head.text + node.templateSpans.map(span => hole(span.expression) + span.literal.text).join('')
}

/** Code of the user's project: files, what they import, and the handlers among what they export. */
import { ts } from './typescript.ts'
import type { LambdaFunction } from './model.ts'
import type { Loc, SourceText } from './source.ts'
import { each, tieTree } from './walk.ts'

/** A file of JavaScript or TypeScript; its tree is parsed when it is asked for. */
export interface CodeFile {
  readonly source: SourceText
  /** Relative to the project. */
  readonly path: string
  /**
   * The syntax tree, parsed when asked for; parents are set. In a project too large to keep all trees it may be parsed
   * again later: do not keep nodes of one file while walking through many others.
   */
  readonly ast: ts.SourceFile
  /** Every `import`, `export from`, `require` and `import()` with a literal specifier. */
  readonly imports: readonly ModuleImport[]
  /** Handlers from which this file is reached. */
  readonly handlers: readonly Handler[]
  /** Written by a tool: a bundle or a build's output. Rules that visit code leave it alone. */
  readonly generated: boolean
}

/** A module that a file imports, with the file of the project that it means. */
export interface ModuleImport {
  readonly specifier: string
  /** The literal. */
  readonly loc: Loc
  readonly kind: 'import' | 'export' | 'require' | 'dynamic' | 'type'
  /** The file of the project, when it is one. */
  readonly file: CodeFile | undefined
}

/** A function that can be a handler. */
export type FunctionNode = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction | ts.MethodDeclaration

/** A function that Lambda calls, with the code that it reaches. */
export interface Handler {
  readonly file: CodeFile
  /** `handler`, or a path such as `api.handler`. */
  readonly exportName: string
  /** The file in which `fn` stands; `file` when it is not known. */
  readonly home: CodeFile
  /** What is exported, wrappers and all. */
  readonly node: ts.Node
  /** The function that does the work, wrappers taken off; undefined when it could not be followed. */
  readonly fn: FunctionNode | undefined
  /** Names of the wrappers from the outside in: `middy`, `Sentry.wrapHandler`, `withErrors`. */
  readonly wrappers: readonly string[]
  /** Functions of templates that run it; empty when it was found by its signature. */
  readonly functions: readonly LambdaFunction[]
  /** The files that its imports reach, its own first. */
  readonly files: readonly CodeFile[]
}

/** The place of a node. */
export function locOf(file: { readonly source: SourceText }, node: ts.Node): Loc {
  return { source: file.source, start: node.getStart(), end: node.getEnd() }
}

/** Whether a node is a function that can be a handler. */
export const isFunctionNode = (node: ts.Node | undefined): node is FunctionNode =>
  node !== undefined &&
  (ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isArrowFunction(node) ||
    ts.isMethodDeclaration(node))

/** Deeper trees would run the stack out in everything that walks them; a text shorter than that cannot be so deep. */
const MAX_TREE_DEPTH = 1500
const SHORT_TEXT = 6000

/**
 * Parses a text (another of the same length, where the source is a template with code in it); never throws, faults are
 * in `parseDiagnostics`. A text that nests too deep is a fault, and an empty tree.
 */
export function parseCode(source: SourceText, code = source.text): ts.SourceFile {
  const parse = (text: string): ts.SourceFile =>
    ts.createSourceFile(source.absolute, text, ts.ScriptTarget.Latest, false, scriptKind(source.path))
  try {
    const ast = parse(code)
    sources.set(ast, source)
    if (source.text.length <= SHORT_TEXT || !isTooDeep(ast)) {
      tieTree(ast)
      return ast
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  const empty = parse('')
  const fault = {
    file: empty,
    start: 0,
    length: 0,
    messageText: 'it nests too deep to be read',
    category: ts.DiagnosticCategory.Error,
    code: 0,
  }
  sources.set(empty, source)
  tieTree(empty)
  return Object.assign(empty, { parseDiagnostics: [fault] })
}

const sources = new WeakMap<ts.SourceFile, SourceText>()

/** The source of a tree that was parsed here. */
export const sourceOfTree = (ast: ts.SourceFile): SourceText | undefined => sources.get(ast)

function isTooDeep(ast: ts.SourceFile): boolean {
  let level: ts.Node[] = [ast]
  // Level by level, and not by a walk of its own depth: that is what must not be tried.
  for (let depth = 0; level.length; depth++) {
    if (depth > MAX_TREE_DEPTH) return true
    const next: ts.Node[] = []
    for (const node of level) ts.forEachChild(node, child => void next.push(child))
    level = next
  }
  return false
}

function scriptKind(path: string): ts.ScriptKind {
  if (path.endsWith('.tsx')) return ts.ScriptKind.TSX
  if (/\.[cm]?ts$/.test(path)) return ts.ScriptKind.TS
  // Plain JavaScript often holds JSX.
  return ts.ScriptKind.JSX
}

/** The first syntax error of a tree, if it has any. */
export function syntaxError(
  ast: ts.SourceFile,
): { readonly message: string; readonly start: number; readonly length: number } | undefined {
  const found = (ast as { parseDiagnostics?: readonly ts.DiagnosticWithLocation[] }).parseDiagnostics?.[0]
  if (!found) return undefined
  // What is missing at the end is told where the text ends: behind code in a template there are blanks alone.
  const start = Math.min(found.start, ast.text.trimEnd().length)
  return {
    message: ts.flattenDiagnosticMessageText(found.messageText, ' '),
    start,
    length: start === found.start ? found.length : 0,
  }
}

/** The module specifiers of a tree, as written. */
export function specifiersOf(ast: ts.SourceFile, source: SourceText): Omit<ModuleImport, 'file'>[] {
  const loc = (node: ts.Node): Loc => ({ source, start: node.getStart(ast), end: node.getEnd() })
  const found: Omit<ModuleImport, 'file'>[] = []
  for (const statement of ast.statements) {
    if (ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier)) {
      found.push({
        specifier: statement.moduleSpecifier.text,
        loc: loc(statement.moduleSpecifier),
        kind: isTypeOnly(statement) ? 'type' : 'import',
      })
    } else if (
      ts.isExportDeclaration(statement) &&
      statement.moduleSpecifier &&
      ts.isStringLiteral(statement.moduleSpecifier)
    ) {
      found.push({
        specifier: statement.moduleSpecifier.text,
        loc: loc(statement.moduleSpecifier),
        kind: statement.isTypeOnly ? 'type' : 'export',
      })
    } else if (
      ts.isImportEqualsDeclaration(statement) &&
      ts.isExternalModuleReference(statement.moduleReference) &&
      ts.isStringLiteral(statement.moduleReference.expression)
    ) {
      found.push({
        specifier: statement.moduleReference.expression.text,
        loc: loc(statement.moduleReference.expression),
        kind: statement.isTypeOnly ? 'type' : 'require',
      })
    }
  }
  // The whole tree is walked only when the text has something of the kind.
  if (/\b(require|import)\s*\(/.test(ast.text)) {
    each(ast, node => {
      if (!ts.isCallExpression(node)) return
      const {
        expression,
        arguments: [argument],
      } = node
      if (!argument || !ts.isStringLiteralLike(argument)) return
      if (expression.kind === ts.SyntaxKind.ImportKeyword)
        found.push({ specifier: argument.text, loc: loc(argument), kind: 'dynamic' })
      else if (ts.isIdentifier(expression) && expression.text === 'require')
        found.push({ specifier: argument.text, loc: loc(argument), kind: 'require' })
    })
  }
  return found
}

function isTypeOnly(statement: ts.ImportDeclaration): boolean {
  const clause = statement.importClause
  if (!clause) return false
  if (clause.isTypeOnly) return true
  const named = clause.namedBindings
  return (
    !clause.name &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.length > 0 &&
    named.elements.every(element => element.isTypeOnly)
  )
}

/** Takes off parentheses, `as`, `satisfies`, `!` and type assertions. */
export function bare(node: ts.Expression): ts.Expression {
  let current = node
  while (WRAPPERS[current.kind]) current = (current as ts.ParenthesizedExpression).expression
  return current
}

/** By kind of syntax: asked of nearly every expression, so one look has to do. */
const WRAPPERS: readonly (true | undefined)[] = [
  ts.SyntaxKind.ParenthesizedExpression,
  ts.SyntaxKind.AsExpression,
  ts.SyntaxKind.SatisfiesExpression,
  ts.SyntaxKind.NonNullExpression,
  ts.SyntaxKind.TypeAssertionExpression,
].reduce<true[]>((table, kind) => {
  table[kind] = true
  return table
}, [])

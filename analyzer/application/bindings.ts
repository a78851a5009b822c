/** Names and what they stand for, from the syntax alone: quick, lazy, and enough for most rules. */
import { ts } from './typescript.ts'
import { each } from './walk.ts'

/** What a name stands for: its declaration, and where it is imported from. */
export interface Binding {
  readonly name: string
  readonly kind: 'variable' | 'parameter' | 'function' | 'class' | 'import' | 'enum' | 'other'
  /**
   * The declaration: `VariableDeclaration`, `Parameter`, `BindingElement`, `FunctionDeclaration`, `ImportSpecifier` …
   */
  readonly node: ts.Node
  /** The name where it is declared. */
  readonly identifier: ts.Identifier
  /** What a variable is set to where it is declared; not for destructured ones. */
  readonly initializer: ts.Expression | undefined
  /** For imports, and for `const x = require('…')`: `name` is `default`, `*` or the exported name. */
  readonly imported: { readonly module: string; readonly name: string } | undefined
  /** Declared by `const`, a function, a class or an import. */
  readonly constant: boolean
}

const tables = new WeakMap<ts.Node, Map<string, Binding>>()
/** Most blocks declare nothing. */
const NONE = new Map<string, Binding>()

/**
 * What an identifier stands for, looked up through the enclosing scopes; undefined for globals and what is not declared
 * here.
 */
export function resolveName(identifier: ts.Identifier): Binding | undefined {
  return lookUp(identifier.text, identifier)
}

/** By kind of syntax whether it is a scope, as far as somebody asked: this loop is the hottest of a run. */
const scopes: (boolean | undefined)[] = []

function lookUp(name: string, from: ts.Node): Binding | undefined {
  for (let scope: ts.Node | undefined = from; scope; scope = scope.parent) {
    if (!(scopes[scope.kind] ??= isScope(scope))) continue
    const binding = table(scope).get(name)
    if (binding) return binding
  }
  return undefined
}

/** The names that a file declares at its top level. */
export const topLevelBindings = (file: ts.SourceFile): ReadonlyMap<string, Binding> => table(file)

function isScope(node: ts.Node): boolean {
  switch (node.kind) {
    case ts.SyntaxKind.SourceFile:
    case ts.SyntaxKind.Block:
    case ts.SyntaxKind.ModuleBlock:
    case ts.SyntaxKind.CaseBlock:
    case ts.SyntaxKind.CatchClause:
    case ts.SyntaxKind.ForStatement:
    case ts.SyntaxKind.ForInStatement:
    case ts.SyntaxKind.ForOfStatement:
    case ts.SyntaxKind.ClassExpression:
      return true
    default:
      return ts.isFunctionLike(node)
  }
}

function table(scope: ts.Node): Map<string, Binding> {
  const known = tables.get(scope)
  if (known) return known
  let names = NONE
  const add = (binding: Binding): void => {
    if (names === NONE) names = new Map<string, Binding>()
    if (!names.has(binding.name)) names.set(binding.name, binding)
  }
  if (ts.isFunctionLike(scope)) {
    for (const parameter of scope.parameters) addPattern(parameter.name, parameter, 'parameter', undefined, false, add)
    if (ts.isFunctionExpression(scope) && scope.name) add(simple(scope.name, 'function', scope))
    const body = (scope as ts.FunctionLikeDeclaration).body
    if (body && ts.isBlock(body)) collectVar(body, add)
  } else if (ts.isCatchClause(scope)) {
    if (scope.variableDeclaration)
      addPattern(scope.variableDeclaration.name, scope.variableDeclaration, 'variable', undefined, false, add)
  } else if (ts.isForStatement(scope) || ts.isForInStatement(scope) || ts.isForOfStatement(scope)) {
    if (scope.initializer && ts.isVariableDeclarationList(scope.initializer)) addList(scope.initializer, add)
  } else if (ts.isClassExpression(scope)) {
    if (scope.name) add(simple(scope.name, 'class', scope))
  } else {
    const statements = ts.isCaseBlock(scope)
      ? scope.clauses.flatMap(clause => [...clause.statements])
      : (scope as ts.BlockLike).statements
    for (const statement of statements) addStatement(statement, add)
    if (ts.isSourceFile(scope)) collectVar(scope, add)
  }
  tables.set(scope, names)
  return names
}

function addStatement(statement: ts.Statement, add: (binding: Binding) => void): void {
  if (ts.isVariableStatement(statement)) addList(statement.declarationList, add)
  else if (ts.isFunctionDeclaration(statement) && statement.name) add(simple(statement.name, 'function', statement))
  else if (ts.isClassDeclaration(statement) && statement.name) add(simple(statement.name, 'class', statement))
  else if (ts.isEnumDeclaration(statement)) add(simple(statement.name, 'enum', statement))
  else if (ts.isModuleDeclaration(statement) && ts.isIdentifier(statement.name))
    add(simple(statement.name, 'other', statement))
  else if (ts.isImportEqualsDeclaration(statement)) {
    const reference = statement.moduleReference
    const module =
      ts.isExternalModuleReference(reference) && ts.isStringLiteral(reference.expression)
        ? reference.expression.text
        : undefined
    add({
      ...simple(statement.name, 'import', statement),
      imported: module === undefined ? undefined : { module, name: '*' },
    })
  } else if (ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier)) {
    const module = statement.moduleSpecifier.text
    const clause = statement.importClause
    if (clause?.name) add({ ...simple(clause.name, 'import', clause), imported: { module, name: 'default' } })
    const named = clause?.namedBindings
    if (named && ts.isNamespaceImport(named))
      add({ ...simple(named.name, 'import', named), imported: { module, name: '*' } })
    if (named && ts.isNamedImports(named)) {
      for (const element of named.elements) {
        add({
          ...simple(element.name, 'import', element),
          imported: { module, name: (element.propertyName ?? element.name).text },
        })
      }
    }
  }
}

const simple = (identifier: ts.Identifier, kind: Binding['kind'], node: ts.Node): Binding => ({
  name: identifier.text,
  kind,
  node,
  identifier,
  initializer: undefined,
  imported: undefined,
  constant: true,
})

function addList(list: ts.VariableDeclarationList, add: (binding: Binding) => void): void {
  const constant = (list.flags & ts.NodeFlags.Const) !== 0
  for (const declaration of list.declarations)
    addPattern(declaration.name, declaration, 'variable', declaration.initializer, constant, add)
}

function addPattern(
  name: ts.BindingName,
  node: ts.Node,
  kind: 'variable' | 'parameter',
  initializer: ts.Expression | undefined,
  constant: boolean,
  add: (binding: Binding) => void,
): void {
  const module = initializer && requiredModule(initializer)
  if (ts.isIdentifier(name)) {
    add({
      name: name.text,
      kind,
      node,
      identifier: name,
      initializer,
      imported: module === undefined ? undefined : { module, name: '*' },
      constant,
    })
    return
  }
  for (const element of name.elements) {
    if (!ts.isBindingElement(element)) continue
    if (ts.isIdentifier(element.name)) {
      const property = element.propertyName ?? element.name
      const imported =
        module !== undefined && !element.dotDotDotToken && ts.isIdentifier(property)
          ? { module, name: property.text }
          : undefined
      add({
        name: element.name.text,
        kind,
        node: element,
        identifier: element.name,
        initializer: undefined,
        imported,
        constant,
      })
    } else addPattern(element.name, element, kind, undefined, constant, add)
  }
}

/** `require('x')`, `await import('x')`, and a member of either keeps the module alone. */
function requiredModule(expression: ts.Expression): string | undefined {
  let node = expression
  while (ts.isAwaitExpression(node) || ts.isParenthesizedExpression(node) || ts.isAsExpression(node))
    node = node.expression
  if (!ts.isCallExpression(node)) return undefined
  const [argument] = node.arguments
  // What compilers put around it: `__importDefault(require('x'))`.
  if (
    argument &&
    ts.isIdentifier(node.expression) &&
    /^(__import(Default|Star)|_interopRequire(Default|Wildcard))$/.test(node.expression.text)
  )
    return requiredModule(argument)
  const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require'
  if (!argument || !ts.isStringLiteralLike(argument)) return undefined
  return isRequire || node.expression.kind === ts.SyntaxKind.ImportKeyword ? argument.text : undefined
}

const writesVar = new WeakMap<ts.SourceFile, boolean>()

/** Whether a file has the word at all: few have, and looking for it in every function takes long. */
function mayHaveVar(root: ts.Node): boolean {
  const file = root.getSourceFile()
  let answer = writesVar.get(file)
  if (answer === undefined) writesVar.set(file, (answer = /\bvar\b/.test(file.text)))
  return answer
}

/** `var` belongs to the function, however deep it stands. */
function collectVar(root: ts.Node, add: (binding: Binding) => void): void {
  if (!mayHaveVar(root)) return
  each(
    root,
    node => {
      if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0) addList(node, add)
    },
    node => node === root || (isStatementLike(node) && !ts.isFunctionLike(node) && !ts.isClassLike(node)),
  )
}

/** Expressions hold no `var`, and most of a tree is expressions. */
const isStatementLike = (node: ts.Node): boolean =>
  (node.kind >= ts.SyntaxKind.FirstStatement && node.kind <= ts.SyntaxKind.LastStatement) ||
  node.kind === ts.SyntaxKind.Block ||
  node.kind === ts.SyntaxKind.CatchClause ||
  node.kind === ts.SyntaxKind.CaseBlock ||
  node.kind === ts.SyntaxKind.CaseClause ||
  node.kind === ts.SyntaxKind.DefaultClause

/** What a bundle of esbuild exports as CommonJS: it says so itself, in a statement that never runs. */
import { ts } from './typescript.ts'

interface BundledExports {
  /** What is exported under each name, as far as the bundle is not minified; else the name alone. */
  readonly nodes: ReadonlyMap<string, ts.Node>
  /** Whether these are all: modules that stay outside are exported whole. */
  readonly closed: boolean
}

const known = new WeakMap<ts.SourceFile, BundledExports | null>()

/** The exports of a bundle; undefined for any other file. */
export function bundledExports(ast: ts.SourceFile): BundledExports | undefined {
  const before = known.get(ast)
  if (before !== undefined) return before ?? undefined
  const found = readExports(ast)
  known.set(ast, found ?? null)
  return found
}

function readExports(ast: ts.SourceFile): BundledExports | undefined {
  const names = ast.statements.map(annotationOf).find(one => one !== undefined)
  if (!names) return undefined
  const getters = new Map(ast.statements.flatMap(gettersOf))
  const nodes = new Map<string, ts.Node>()
  for (const property of names.properties) {
    const name =
      property.name && (ts.isIdentifier(property.name) || ts.isStringLiteral(property.name)) && property.name.text
    if (name) nodes.set(name, getters.get(name) ?? property)
  }
  return { nodes, closed: !names.properties.some(ts.isSpreadAssignment) }
}

/** The object of `0 && (module.exports = { handler })`. */
function annotationOf(statement: ts.Statement): ts.ObjectLiteralExpression | undefined {
  if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) return undefined
  const { left, right } = statement.expression
  if (!ts.isNumericLiteral(left) || left.text !== '0' || !ts.isParenthesizedExpression(right)) return undefined
  const assignment = right.expression
  return ts.isBinaryExpression(assignment) &&
    assignment.left.getText() === 'module.exports' &&
    ts.isObjectLiteralExpression(assignment.right)
    ? assignment.right
    : undefined
}

/** `handler` with what stands in `__export(app_exports, { handler: () => handler })`. */
function gettersOf(statement: ts.Statement): readonly (readonly [string, ts.Expression])[] {
  if (!ts.isExpressionStatement(statement) || !ts.isCallExpression(statement.expression)) return []
  const { expression: callee, arguments: given } = statement.expression
  const [, getters] = given
  if (callee.getText() !== '__export' || !getters || !ts.isObjectLiteralExpression(getters)) return []
  return getters.properties.flatMap(property =>
    ts.isPropertyAssignment(property) &&
    (ts.isIdentifier(property.name) || ts.isStringLiteral(property.name)) &&
    ts.isArrowFunction(property.initializer) &&
    !ts.isBlock(property.initializer.body)
      ? [[property.name.text, property.initializer.body] as const]
      : [],
  )
}

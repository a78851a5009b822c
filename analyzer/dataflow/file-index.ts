/** What is asked of a whole file again and again, found in one walk: its calls, and what is written where. */
import { ts } from '../application/typescript.ts'
import { bare, propertyName } from '../syntax/syntax.ts'
import { each } from '../application/walk.ts'

/** Calls and assignments of a file by the names that they use. */
export interface FileIndex {
  /** Calls and `new` by the last name of what is called: `save` of `this.store.save(x)`. */
  readonly calls: ReadonlyMap<string, readonly (ts.CallExpression | ts.NewExpression)[]>
  /** Calls that hand a name on: `jobs.map(save)`, by that name. */
  readonly handedOn: ReadonlyMap<string, readonly ts.CallExpression[]>
  /** `name = …`, `name += …`, by the name. */
  readonly assignments: ReadonlyMap<string, readonly ts.BinaryExpression[]>
  /** `….name = …`, by the member. */
  readonly memberWrites: ReadonlyMap<string, readonly ts.BinaryExpression[]>
  /** Members that are taken out of something: `….name`, `…['name']`, `{ name } = …`. */
  readonly members: ReadonlySet<string>
}

const known = new WeakMap<ts.SourceFile, FileIndex>()

const WRITES: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsToken,
  ts.SyntaxKind.PlusEqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
])

/** The index of a tree; made once. */
export function indexOf(ast: ts.SourceFile): FileIndex {
  const before = known.get(ast)
  if (before) return before
  const calls = new Map<string, (ts.CallExpression | ts.NewExpression)[]>()
  const handedOn = new Map<string, ts.CallExpression[]>()
  const assignments = new Map<string, ts.BinaryExpression[]>()
  const memberWrites = new Map<string, ts.BinaryExpression[]>()
  const members = new Set<string>()
  each(ast, node => {
    if (ts.isPropertyAccessExpression(node)) members.add(node.name.text)
    else if (ts.isElementAccessExpression(node)) {
      const key = bare(node.argumentExpression)
      if (ts.isStringLiteralLike(key)) members.add(key.text)
    } else if (ts.isBindingElement(node)) {
      const name = node.propertyName ?? node.name
      if (ts.isIdentifier(name) || ts.isStringLiteralLike(name)) members.add(name.text)
    } else if (ts.isShorthandPropertyAssignment(node)) members.add(node.name.text)
    else if (isAssignmentPattern(node))
      for (const one of node.properties) {
        const name = propertyName(one.name)
        if (name !== undefined) members.add(name)
      }
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const name = lastName(node.expression)
      if (name !== undefined) put(calls, name, node)
      if (ts.isCallExpression(node))
        for (const argument of node.arguments) {
          const handed = lastName(argument)
          if (handed !== undefined) put(handedOn, handed, node)
        }
    } else if (ts.isBinaryExpression(node) && WRITES.has(node.operatorToken.kind)) {
      const left = bare(node.left)
      if (ts.isIdentifier(left)) put(assignments, left.text, node)
      else {
        const name = lastName(left)
        if (name !== undefined) put(memberWrites, name, node)
      }
    }
  })
  const index = { calls, handedOn, assignments, memberWrites, members }
  known.set(ast, index)
  return index
}

/** `({ name: there } = …)`. */
const isAssignmentPattern = (node: ts.Node): node is ts.ObjectLiteralExpression =>
  ts.isObjectLiteralExpression(node) &&
  ts.isBinaryExpression(node.parent) &&
  node.parent.left === node &&
  node.parent.operatorToken.kind === ts.SyntaxKind.EqualsToken

function put<T>(map: Map<string, T[]>, name: string, value: T): void {
  const list = map.get(name)
  if (list) list.push(value)
  else map.set(name, [value])
}

/** `save` of `save`, `store.save`, `store['save']`. */
export function lastName(node: ts.Expression): string | undefined {
  const expression = bare(node)
  if (ts.isIdentifier(expression)) return expression.text
  if (ts.isPropertyAccessExpression(expression)) return expression.name.text
  return ts.isElementAccessExpression(expression) && ts.isStringLiteralLike(expression.argumentExpression)
    ? expression.argumentExpression.text
    : undefined
}

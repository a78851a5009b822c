/** Small faults of the kinds that people make, one at a time, found in the syntax of a file. */
import { ts } from 'ts-morph'

export interface Mutant {
  /** Stable while the file stays as it is. */
  readonly id: string
  readonly operator: string
  /** Offsets into the text that was given; `end` exclusive. */
  readonly start: number
  readonly end: number
  /** What has to be executed for it to matter: of an operator, what stands before it. */
  readonly reached: number
  readonly replacement: string
  /** What is replaced or left out, with what it is a part of, shortened. */
  readonly was: string
}

type Found = Omit<Mutant, 'id' | 'was'> & { readonly shown: string }

/** Every mutant of a JavaScript text, in the order of places. */
export function mutantsOf(file: string, text: string): readonly Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS)
  const found: Found[] = []
  const add: Add = (operator, node, replacement, shown = node) => {
    // The right side of `&&` begins with its operator where V8 counts what was executed.
    const isOperator = ts.isBinaryExpression(node.parent) && node.parent.operatorToken === node
    const reached = (isOperator ? node.parent : node).getStart()
    const [start, end] = [node.getStart(), node.getEnd()]
    found.push({ operator, start, end, reached, replacement, shown: shown.getText() })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || reachesOut(node)) return
    for (const operator of OPERATORS) operator(node, add)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
    .sort((a, b) => a.start - b.start || a.end - b.end)
    .map(({ shown, ...one }, at) => ({ ...one, id: `${file}#${at}`, was: shown.replace(/\s+/g, ' ').slice(0, 80) }))
}

/**
 * A function that itself ends processes or removes files: a mutant of it could reach beyond the endpoint that it is of.
 * Functions within it are looked at for themselves.
 */
function reachesOut(node: ts.Node): boolean {
  if (!ts.isFunctionLike(node)) return false
  const calls = (inner: ts.Node): boolean =>
    (ts.isCallExpression(inner) && REACHING.test(inner.expression.getText())) ||
    (ts.forEachChild(inner, one => !ts.isFunctionLike(one) && calls(one)) ?? false)
  return ts.forEachChild(node, one => !ts.isFunctionLike(one) && calls(one)) ?? false
}

const REACHING = /^(?:rm|rmSync|process\.kill)$/

/** `shown`: what of the node the fault is about, where it is a part. */
type Add = (operator: string, node: ts.Node, replacement: string, shown?: ts.Node) => void

const SWAPPED: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.EqualsEqualsEqualsToken, '!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, '==='],
  [ts.SyntaxKind.LessThanToken, '<='],
  [ts.SyntaxKind.LessThanEqualsToken, '<'],
  [ts.SyntaxKind.GreaterThanToken, '>='],
  [ts.SyntaxKind.GreaterThanEqualsToken, '>'],
  [ts.SyntaxKind.AmpersandAmpersandToken, '||'],
  [ts.SyntaxKind.BarBarToken, '&&'],
  [ts.SyntaxKind.PlusToken, '-'],
  [ts.SyntaxKind.MinusToken, '+'],
])

const OPERATORS: readonly ((node: ts.Node, add: Add) => void)[] = [
  function conditions(node, add) {
    const condition = ts.isIfStatement(node)
      ? node.expression
      : ts.isConditionalExpression(node)
        ? node.condition
        : undefined
    if (condition === undefined) return
    add('condition always true', condition, 'true')
    add('condition always false', condition, 'false')
  },
  function comparisons(node, add) {
    if (!ts.isBinaryExpression(node)) return
    const swapped = SWAPPED.get(node.operatorToken.kind)
    if (swapped !== undefined && !(swapped === '-' && isText(node)))
      add('operator swapped', node.operatorToken, swapped, node)
    if (node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) {
      add('default ignored', node, node.left.getText())
      add('given value ignored', node, node.right.getText())
    }
  },
  function statements(node, add) {
    if (ts.isExpressionStatement(node) && !node.getText().startsWith('super')) add('statement left out', node, ';')
    if (ts.isThrowStatement(node)) add('refusal left out', node, ';')
  },
  function returns(node, add) {
    if (!ts.isReturnStatement(node) || node.expression === undefined || node.expression.getText() === 'undefined')
      return
    add('nothing returned', node, 'return undefined;')
  },
  function members(node, add) {
    if (!ts.isObjectLiteralExpression(node) || node.properties.length < 2) return
    node.properties.forEach((property, at) => {
      const rest = node.properties.filter((_, other) => other !== at).map(one => one.getText())
      if (ts.isPropertyAssignment(property) || ts.isShorthandPropertyAssignment(property))
        add('member left out', node, `{ ${rest.join(', ')} }`, property)
      if (ts.isSpreadAssignment(property)) add('earlier state forgotten', node, `{ ${rest.join(', ')} }`, property)
    })
  },
  function literals(node, add) {
    if (ts.isNumericLiteral(node)) add('off by one', node, String(Number(node.text) + 1), node.parent)
    if (node.kind === ts.SyntaxKind.TrueKeyword) add('true for false', node, 'false', node.parent)
    if (node.kind === ts.SyntaxKind.FalseKeyword) add('false for true', node, 'true', node.parent)
    if (ts.isStringLiteral(node) && node.text.length > 1 && isValue(node))
      add('another text', node, JSON.stringify(`${node.text}x`), node.parent)
  },
  function calls(node, add) {
    if (!ts.isCallExpression(node) || node.arguments.length < 2) return
    const last = node.arguments[node.arguments.length - 1]!
    if (!ts.isFunctionLike(last)) add('argument ignored', last, 'undefined', node)
  },
]

const isText = (node: ts.BinaryExpression): boolean =>
  [node.left, node.right].some(one => ts.isStringLiteral(one) || ts.isTemplateExpression(one))

/** Not a key, not the name of a module, and no prose: the words of a message are nobody's contract. */
const isValue = (node: ts.StringLiteral): boolean =>
  !/\w \w/.test(node.text) &&
  !(ts.isPropertyAssignment(node.parent) && node.parent.name === node) &&
  !ts.isElementAccessExpression(node.parent)

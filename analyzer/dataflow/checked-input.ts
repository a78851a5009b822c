/**
 * Whether code looks at a value before it uses it: compares it, looks it up in a list, tests it with an expression,
 * hands it to what validates.
 */
import { ts } from '../application/typescript.ts'
import { lastName } from './file-index.ts'
import { some } from '../application/walk.ts'

/** Asked of the value: `name.startsWith('x')`, and asked about it: `NAMES.includes(name)`. */
const ASKS = /^(includes|match|indexOf|startsWith|endsWith|search)$/
const ASKS_ABOUT = /^(includes|has|test|match|indexOf|hasOwn|hasOwnProperty|some)$/
const VALIDATES =
  /valid|assert|check|verif|sanit|allow|permit|ensure|schema|whitelist|^is[A-Z]|^safe|^parse(?!Xml)[A-Z]|^parse$|escape|guard|authori/i
/** What only reads a form, whatever it holds. */
const PARSERS = /^(JSON|querystring|qs|url|URL|path|Date|Papa|yaml|YAML)$/

/**
 * Whether a value is looked at under one of the names that it has on its way to a node (`event.body`, `name`): in the
 * functions around the node, and in every function that it comes through.
 */
export function isChecked(spoken: readonly ts.Expression[], node: ts.Node): boolean {
  const homes = new Map<ts.Node, Set<string>>([[homeOf(node), new Set(spoken.map(textOf))]])
  for (const one of spoken) {
    const home = homeOf(one)
    if (!ts.isFunctionLike(home)) continue
    const names = homes.get(home)
    if (names) names.add(textOf(one))
    else homes.set(home, new Set([textOf(one)]))
  }
  return [...homes].some(([home, names]) => isCheckedIn(home, names))
}

const textOf = (node: ts.Node): string => node.getText().replaceAll('?.', '.')

/** The outermost function around a node; the node, when there is none. */
function homeOf(node: ts.Node): ts.Node {
  let home = node
  for (let current = node.parent; current; current = current.parent) if (ts.isFunctionLike(current)) home = current
  return home
}

function isCheckedIn(home: ts.Node, names: ReadonlySet<string>): boolean {
  const isIt = (one: ts.Node): boolean => names.has(textOf(one))
  return some(home, one => {
    if (ts.isCallExpression(one)) {
      const callee = one.expression
      const receiver = ts.isPropertyAccessExpression(callee) ? callee.expression : undefined
      const name = lastName(callee) ?? ''
      return (
        (receiver !== undefined && ASKS.test(name) && isIt(receiver)) ||
        (one.arguments.some(isIt) &&
          (ASKS_ABOUT.test(name) || (VALIDATES.test(name) && !(receiver && PARSERS.test(receiver.getText())))))
      )
    }
    if (ts.isBinaryExpression(one))
      return (
        (isComparison(one.operatorToken.kind) &&
          ((isIt(one.left) && isLiteral(one.right)) || (isIt(one.right) && isLiteral(one.left)))) ||
        (one.operatorToken.kind === ts.SyntaxKind.InKeyword && isIt(one.left))
      )
    if (ts.isSwitchStatement(one)) return isIt(one.expression)
    return ts.isElementAccessExpression(one) && isIt(one.argumentExpression)
  })
}

const isComparison = (kind: ts.SyntaxKind): boolean =>
  kind === ts.SyntaxKind.EqualsEqualsEqualsToken ||
  kind === ts.SyntaxKind.EqualsEqualsToken ||
  kind === ts.SyntaxKind.ExclamationEqualsEqualsToken ||
  kind === ts.SyntaxKind.ExclamationEqualsToken

/** Something that a value is told apart by; not the empty text, which only says whether there is one. */
const isLiteral = (node: ts.Expression): boolean =>
  (ts.isStringLiteralLike(node) && node.text !== '') ||
  (ts.isPropertyAccessExpression(node) && /^[A-Z]/.test(node.getText()))

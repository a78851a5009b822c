/** Where the whole of `process.env` is shown. */
import { ts } from '../application/typescript.ts'
import { bare, dottedName, isFunctionNode, isProcessEnv, resolveName } from '../syntax/syntax.ts'

/** The environment itself, a copy of it, or a text of it; `asText` when only a text that shows its values counts. */
export function wholeEnvironment(node: ts.Expression, asText = false): ts.Expression | undefined {
  const expression = bare(node)
  // `'env: ' + process.env` is `env: [object Object]`: useless, and harmless.
  if (!asText && isProcessEnv(expression)) return expression
  const first = (nodes: readonly ts.Expression[], text: boolean): ts.Expression | undefined => {
    for (const one of nodes) {
      const found = wholeEnvironment(one, text)
      if (found) return found
    }
    return undefined
  }
  if (ts.isCallExpression(expression))
    return showsValues(expression.expression) ? first(expression.arguments, false) : undefined
  if (ts.isObjectLiteralExpression(expression) && !asText) {
    return first(
      expression.properties.flatMap(property => {
        if (ts.isSpreadAssignment(property)) return [property.expression]
        return ts.isPropertyAssignment(property) ? [property.initializer] : []
      }),
      false,
    )
  }
  if (ts.isArrayLiteralExpression(expression) && !asText) return first(expression.elements, false)
  if (ts.isTemplateExpression(expression))
    return first(
      expression.templateSpans.map(span => span.expression),
      true,
    )
  if (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return first([expression.left, expression.right], true)
  return undefined
}

/** A function whose result holds the values of its argument: a serialiser, or one of the file that is made of one. */
function showsValues(callee: ts.Expression): boolean {
  const name = dottedName(callee)
  if (name === undefined) return false
  if (
    /^(JSON\.stringify|util\.(inspect|format)|inspect|format|Object\.(entries|values|assign|fromEntries)|structuredClone)$/.test(
      name,
    )
  )
    return true
  if (!ts.isIdentifier(callee)) return false
  const binding = resolveName(callee)
  const maker = binding && (binding.initializer ?? binding.node)
  return (
    maker !== undefined &&
    isFunctionNode(maker) &&
    maker.parameters.length > 0 &&
    /JSON\.stringify\(|inspect\(/.test(maker.getText())
  )
}

import { topLevelBindings } from '../application/bindings.ts'
import { ts } from '../application/typescript.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext } from '../engine/rule.ts'
import { bare, dottedName, enclosingFunction, resolveName } from '../syntax/syntax.ts'
import type { Binding } from '../syntax/syntax.ts'
import { moduleStateOf } from '../python/module-state.ts'
import { eventPath } from '../dataflow/event-origins.ts'
import { some } from '../application/walk.ts'

const PYTHON_HELP = 'Make it inside the handler, or empty it at the beginning of every invocation'

/** Data of one invocation that stays for the next, which may be somebody else's. */
export const rule = defineRule({
  id: 'global-user-state',
  python(code) {
    for (const { node, name, how } of moduleStateOf(code))
      code.report({ at: node, message: `${name} ${how}`, help: PYTHON_HELP })
  },
  visit: {
    BinaryExpression(node, code) {
      const operator = node.operatorToken.kind
      const fallback =
        operator === ts.SyntaxKind.QuestionQuestionEqualsToken || operator === ts.SyntaxKind.BarBarEqualsToken
      if (!fallback && operator !== ts.SyntaxKind.EqualsToken && operator !== ts.SyntaxKind.PlusEqualsToken) return
      const name = bare(node.left)
      if (!ts.isIdentifier(name)) return
      const binding = ofModule(name)
      if (!binding || binding.constant || !carriesEvent(node.right, code) || !code.inHandler(node)) return
      if (operator === ts.SyntaxKind.PlusEqualsToken) {
        if (isText(binding) && !isReset(binding, code, node))
          found(node, binding, 'grows with what every invocation adds', code)
      } else if (fallback || keepsItself(node.right, binding) || isGuardedByItself(node, binding)) {
        found(node, binding, 'keeps what the first invocation put there: later ones, of whomever, work with that', code)
      } else if (isConditional(node) && !isReset(binding, code, node)) {
        found(node, binding, 'keeps the value of an earlier invocation whenever this line is not reached', code)
      }
    },
    CallExpression(call, code) {
      const callee = call.expression
      if (
        !ts.isPropertyAccessExpression(callee) ||
        !/^(push|unshift|add)$/.test(callee.name.text) ||
        !ts.isIdentifier(callee.expression)
      )
        return
      const binding = ofModule(callee.expression)
      if (
        !binding ||
        !isCollection(binding, callee.name.text) ||
        !call.arguments.some(argument => carriesEvent(argument, code)) ||
        !code.inHandler(call) ||
        isReset(binding, code, call)
      )
        return
      found(call, binding, 'grows with what every invocation adds', code)
    },
  },
})

function found(node: ts.Node, binding: Binding, what: string, code: CodeContext): void {
  code.report({
    at: node,
    message: `${binding.name} belongs to the module and lives on between invocations: it ${what}`,
    help:
      'Keep data of an event in variables of the handler; what is to last belongs in a table or a ' +
      'cache, by its key',
    related: [{ at: binding.identifier, message: `${binding.name} is made once for an execution environment` }],
  })
}

/** A variable that the module declares. */
function ofModule(name: ts.Identifier): Binding | undefined {
  const binding = resolveName(name)
  return binding?.kind === 'variable' && topLevelBindings(name.getSourceFile()).get(name.text) === binding
    ? binding
    : undefined
}

/** The expression is a part of the event, or is made of one. */
function carriesEvent(node: ts.Expression, code: CodeContext): boolean {
  const expression = bare(node)
  const path = eventPath(expression, code)
  if (path)
    return !path.some(name =>
      /^(awsRequestId|requestId|eventSource|awsRegion|version|stage|apiId|domainName|httpMethod|routeKey|warm\w*)$/i.test(
        name,
      ),
    )
  if (ts.isObjectLiteralExpression(expression))
    return expression.properties.some(one => {
      if (ts.isPropertyAssignment(one)) return carriesEvent(one.initializer, code)
      if (ts.isShorthandPropertyAssignment(one)) return carriesEvent(one.name, code)
      return ts.isSpreadAssignment(one) && carriesEvent(one.expression, code)
    })
  if (ts.isArrayLiteralExpression(expression))
    return expression.elements.some(one => !ts.isSpreadElement(one) && carriesEvent(one, code))
  if (ts.isCallExpression(expression) && /^(JSON\.parse|String|Number)$/.test(dottedName(expression.expression) ?? ''))
    return expression.arguments.some(one => carriesEvent(one, code))
  if (ts.isPropertyAccessExpression(expression) && ts.isCallExpression(bare(expression.expression)))
    return carriesEvent(expression.expression, code)
  if (ts.isTemplateExpression(expression))
    return expression.templateSpans.some(span => carriesEvent(span.expression, code))
  if (ts.isBinaryExpression(expression))
    return carriesEvent(expression.left, code) || carriesEvent(expression.right, code)
  return false
}

/** `user = user || event.user`. */
function keepsItself(node: ts.Expression, binding: Binding): boolean {
  const expression = bare(node)
  return (
    ts.isBinaryExpression(expression) &&
    (expression.operatorToken.kind === ts.SyntaxKind.BarBarToken ||
      expression.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) &&
    ts.isIdentifier(bare(expression.left)) &&
    (bare(expression.left) as ts.Identifier).text === binding.name
  )
}

/** `if (!user) user = event.user`. */
function isGuardedByItself(node: ts.Node, binding: Binding): boolean {
  const test = conditionAround(node)
  return (
    test !== undefined &&
    new RegExp(
      `^(!\\s*${binding.name}|${binding.name}\\s*={2,3}\\s*(undefined|null)|typeof ` +
        `${binding.name}\\s*={2,3}\\s*['"]undefined['"])$`,
    ).test(test.getText())
  )
}

const isConditional = (node: ts.Node): boolean => {
  const statement = statementOf(node)
  return statement !== undefined && statement.elseStatement === undefined
}

const conditionAround = (node: ts.Node): ts.Expression | undefined => statementOf(node)?.expression

/** The `if` right around a statement of the handler. */
function statementOf(node: ts.Node): ts.IfStatement | undefined {
  let current: ts.Node = node
  while (current.parent && !ts.isFunctionLike(current.parent)) {
    current = current.parent
    if (ts.isIfStatement(current)) return current
    if (ts.isIterationStatement(current, false)) return undefined
  }
  return undefined
}

/** It is set anew elsewhere in the code that runs with an invocation, or emptied. */
function isReset(binding: Binding, code: CodeContext, except: ts.Node): boolean {
  const sets = (left: string | undefined): boolean => left === binding.name || left === `${binding.name}.length`
  const empties = new Set(['clear', 'splice', 'shift', 'pop', 'delete'].map(method => `${binding.name}.${method}`))
  return some(
    code.file.ast,
    node =>
      node !== except &&
      ((ts.isBinaryExpression(node) &&
        node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
        enclosingFunction(node) !== undefined &&
        sets(dottedName(node.left))) ||
        (ts.isCallExpression(node) && empties.has(dottedName(node.expression) ?? ''))),
    node => node !== except,
  )
}

const isText = (binding: Binding): boolean =>
  binding.initializer !== undefined &&
  (ts.isStringLiteralLike(binding.initializer) || ts.isTemplateExpression(binding.initializer))

function isCollection(binding: Binding, method: string): boolean {
  const made = binding.initializer && bare(binding.initializer)
  if (!made) return false
  return method === 'add'
    ? ts.isNewExpression(made) && made.expression.getText() === 'Set'
    : ts.isArrayLiteralExpression(made)
}

import type { CodeFile } from '../application/code.ts'
import type { LambdaFunction } from '../application/model.ts'
import type { PyNode, PythonFile } from '../application/python.ts'
import { variableRead } from '../python/environment.ts'
import { dottedName } from '../python/syntax.ts'
import { botoCalls } from '../sdk/boto3.ts'
import { ts } from '../application/typescript.ts'
import { defineRule } from '../engine/rule.ts'
import { bare, isProcessEnv } from '../syntax/syntax.ts'
import { valueInFunction } from '../dataflow/values.ts'
import { follow, followMember } from '../dataflow/origins.ts'
import type { Placed } from '../dataflow/origins.ts'
import { sdkCallsOf } from '../sdk/sdk-calls.ts'

/** A function that invokes itself: one mistake in its condition, and it runs without end. */
export const rule = defineRule({
  id: 'recursive-self-invoke',
  python(code) {
    for (const handler of code.handlers)
      for (const call of botoCalls(handler)) {
        if (call.file !== code.file || call.object.client !== 'lambda' || !/^Invoke/.test(call.operation ?? ''))
          continue
        const target = call.member('FunctionName')
        if (!target || !code.isInvoked(call.node) || !isOwnNameInPython(target, call.file)) continue
        code.report({
          at: call.node,
          message:
            `${handler.functions[0]?.id ?? 'The function'} invokes itself: when the condition that ends it fails, ` +
            'it runs, and costs, until somebody stops it',
          help:
            'Use a queue, a Step Functions state machine or a loop; if it must be, bound the depth in the event ' +
            'and reserve little concurrency',
        })
      }
  },
  file(file, code) {
    for (const call of sdkCallsOf(file)) {
      if (
        call.client !== 'lambda' ||
        !/^Invoke(Async|WithResponseStream)?$/.test(call.operation) ||
        !call.input ||
        !code.inHandler(call.node)
      )
        continue
      const target = followMember(call.input.node, 'FunctionName', call.input.file)
      if (!target) continue
      const own = isOwnName(target)
      const named = own ? [] : code.functionsReaching(call.node).filter(fn => isNameOf(target, fn))
      if (!own && !named.length) continue
      code.report({
        at: call.node,
        message:
          `${named[0]?.id ?? 'The function'} invokes itself: when the condition that ends it fails, it runs, ` +
          'and costs, until somebody stops it',
        help:
          'Use a queue, a Step Functions state machine or a loop; if it must be, bound the depth in the event and ' +
          'reserve little concurrency',
        related: [
          { at: target.node, message: 'this names the function itself' },
          ...named.map(fn => ({ at: fn, message: `${fn.id} runs this code` })),
        ],
      })
    }
  },
})

const isOwnNameInPython = (target: PyNode, file: PythonFile): boolean =>
  /^_?(context|ctx|lambda_context)\.(function_name|invoked_function_arn)$/.test(dottedName(target) ?? '') ||
  variableRead(target, file)?.name === 'AWS_LAMBDA_FUNCTION_NAME'

/** The variable that Lambda sets, or what the context says. */
function isOwnName({ node, file }: Placed): boolean {
  const target = follow(node, file).node
  if (ts.isPropertyAccessExpression(target)) {
    const left = bare(target.expression)
    if (isProcessEnv(left)) return target.name.text === 'AWS_LAMBDA_FUNCTION_NAME'
    return (
      /^(functionName|invokedFunctionArn)$/.test(target.name.text) &&
      ts.isIdentifier(left) &&
      /^(_?context|ctx|lambdaContext)$/.test(left.text)
    )
  }
  return (
    ts.isElementAccessExpression(target) &&
    isProcessEnv(target.expression) &&
    ts.isStringLiteralLike(target.argumentExpression) &&
    target.argumentExpression.text === 'AWS_LAMBDA_FUNCTION_NAME'
  )
}

/** Its literal name, or a reference to it by way of the environment. */
function isNameOf({ node, file }: { node: ts.Expression; file: CodeFile }, fn: LambdaFunction): boolean {
  const value = valueInFunction(node, file, fn)
  if (value.resource) return value.resource === fn.resource && value.reference?.attribute !== 'Version'
  const text = value.string()
  const name = fn.name.string()
  if (text === undefined || name === undefined) return false
  return text === name || /:function:([^:]+)/.exec(text)?.[1] === name
}

import { locOf } from '../application/code.ts'
import type { CodeFile, Handler } from '../application/code.ts'
import type { Application, LambdaFunction, Resource } from '../application/model.ts'
import { ts } from '../application/typescript.ts'
import { defineRule } from '../engine/rule.ts'
import { packageOf } from '../packaging/packages.ts'
import { collect, some } from '../application/walk.ts'

/** The function behind a custom resource that does not answer on every way through it: the stack waits for an hour. */
export const rule = defineRule({
  id: 'cfn-custom-resource-response-missing',
  fn(fn, { app, report }) {
    const handler = fn.entry
    const resource = handler && resourceOf(fn, app)
    // What wraps the handler, or a package that is not seen, may answer for it.
    if (
      !handler?.fn ||
      !resource ||
      handler.wrappers.length > 0 ||
      handler.files.some(file => file.generated) ||
      handler.files.some(mayAnswer)
    )
      return
    const related = [{ at: resource, message: `${resource.id} waits for the answer` }]
    const says = (what: RegExp): boolean => handler.files.some(file => what.test(file.source.text))
    if (!says(/\bResponseURL\b/) && !says(/cfn-?response/i)) {
      report({
        at: locOf(handler.home, nameOf(handler.fn)),
        message: `${fn.id} never answers to ${resource.id}: the stack waits for an hour, and then fails`,
        help: 'Send SUCCESS or FAILED to event.ResponseURL by PUT on every way through the function',
        related,
      })
      return
    }
    if (says(/\bSUCCESS\b/) && !says(/\bFAILED\b/)) {
      report({
        at: locOf(handler.home, nameOf(handler.fn)),
        message: `${fn.id} answers to ${resource.id} with SUCCESS alone: when it fails, the stack waits for an hour`,
        help: 'Catch what is thrown, and send FAILED with the reason',
        related,
      })
    }
    for (const silent of silentDeletes(handler)) {
      report({
        at: silent.loc,
        message:
          `${fn.id} returns without an answer when ${resource.id} is deleted: the stack waits for an hour, ` +
          'and cannot be removed',
        help: 'Send SUCCESS before it returns',
        related,
      })
    }
  },
})

/** A custom resource that calls the function itself, not through a framework. */
const resourceOf = (fn: LambdaFunction, app: Application): Resource | undefined =>
  customResourcesOf(app).find(one => one.property('ServiceToken').resource === fn.resource)

/** Gathered once: every function asks for them. */
const customResources = new WeakMap<Application, readonly Resource[]>()

function customResourcesOf(app: Application): readonly Resource[] {
  const known =
    customResources.get(app) ??
    app.resources.filter(one => one.type.startsWith('Custom::') || one.type === 'AWS::CloudFormation::CustomResource')
  customResources.set(app, known)
  return known
}

/** Whether a file imports something that may send the answer. */
const mayAnswer = (file: CodeFile): boolean =>
  file.imports.some(one => {
    const name = one.kind === 'type' || one.file ? undefined : packageOf(one.specifier)
    return (
      (name !== undefined &&
        !/^(@aws-sdk\/|aws-sdk$|uuid$|axios$|node-fetch$|got$|cfn-response(-promise)?$|@types\/)/.test(name)) ||
      (one.specifier.startsWith('.') && !one.file)
    )
  })

const nameOf = (fn: ts.Node): ts.Node => {
  if (ts.isFunctionDeclaration(fn) && fn.name) return fn.name
  const { parent } = fn
  if (ts.isVariableDeclaration(parent)) return parent.name
  return ts.isBinaryExpression(parent) ? parent.left : fn
}

/** `if (event.RequestType === 'Delete') return`, with nothing called before it leaves. */
const silentDeletes = ({ fn, home }: Handler): readonly { readonly loc: ReturnType<typeof locOf> }[] =>
  collect(
    fn,
    (node): node is ts.IfStatement =>
      ts.isIfStatement(node) &&
      /RequestType\s*={2,3}\s*['"]Delete['"]$/.test(node.expression.getText()) &&
      leavesSilently(node.thenStatement) &&
      !isAnsweredAround(node),
    node => node === fn || !ts.isFunctionLike(node),
  ).map(node => ({ loc: locOf(home, node.expression) }))

function leavesSilently(branch: ts.Statement): boolean {
  const last = ts.isBlock(branch) ? branch.statements.at(-1) : branch
  if (!last || !ts.isReturnStatement(last)) return false
  return !some(branch, node => ts.isCallExpression(node) && !/^(console|logger|log)\b/.test(node.expression.getText()))
}

/** A `finally` answers whatever way is taken; what was called before may have answered. */
function isAnsweredAround(node: ts.IfStatement): boolean {
  for (let current: ts.Node = node; current.parent && !ts.isFunctionLike(current); current = current.parent) {
    if (ts.isTryStatement(current) && current.finallyBlock) return true
    if (!ts.isBlock(current.parent)) continue
    const { statements } = current.parent
    const before = statements
      .slice(0, statements.indexOf(current as ts.Statement))
      .map(one => one.getText())
      .join('\n')
    if (/\b(send|respond|answer|response|put|fetch|request)\w*\s*\(/i.test(before)) return true
  }
  return false
}

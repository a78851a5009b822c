import { locOf } from '../application/code.ts'
import type { CodeFile } from '../application/code.ts'
import type { Application, LambdaFunction, Resource } from '../application/model.ts'
import { ts } from '../application/typescript.ts'
import type { Value } from '../application/value.ts'
import { insertAfter } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import type { RuleContext } from '../engine/rule.ts'
import { isWhollyVisible } from '../sdk/visible-code.ts'
import { collect } from '../application/walk.ts'

/** Errors that come from elsewhere than the code: of the state machine, of Lambda, of the language. */
const GIVEN =
  /^(States\.|Lambda\.|Runtime\.|Sandbox\.|Function\.|(Type|Range|Syntax|Reference|URI|Eval|Aggregate)?Error$|.*Exception$|.*\.|\w*(Timedout|TimeoutError|AbortError)$)/

/** A state that waits for an error by a name under which the function never throws it. */
export const rule = defineRule({
  id: 'sfn-error-name-mismatch',
  resource: {
    'AWS::Serverless::StateMachine': check,
    'AWS::StepFunctions::StateMachine': check,
  },
})

function check(machine: Resource, context: RuleContext): void {
  checkStates(machine.property('Definition', 'States'), machine, context)
}

function checkStates(states: Value, machine: Resource, context: RuleContext): void {
  for (const { key, value: state } of states.entries()) {
    const fn = functionOf(state, machine, context.app)
    if (fn?.entry)
      for (const error of ['Retry', 'Catch']
        .flatMap(list => state.at(list).items())
        .flatMap(entry => entry.at('ErrorEquals').items()))
        checkError(error, key, fn, context)
    for (const branch of state.at('Branches').items()) checkStates(branch.at('States'), machine, context)
    for (const inner of ['Iterator', 'ItemProcessor']) checkStates(state.at(inner, 'States'), machine, context)
  }
}

/** The function that a task calls. */
function functionOf(state: Value, machine: Resource, app: Application): LambdaFunction | undefined {
  for (const named of [
    state.at('Resource'),
    state.at('Parameters', 'FunctionName'),
    state.at('Arguments', 'FunctionName'),
  ]) {
    const substituted = /^\$\{(\w+)\}$/.exec(named.string() ?? '')?.[1]
    const value = substituted === undefined ? named : machine.property('DefinitionSubstitutions', substituted)
    const resource = value.resource
    const fn = resource && app.functions.find(one => one.resource === resource)
    if (fn) return fn
  }
  return undefined
}

function checkError(error: Value, state: string, fn: LambdaFunction, { report }: RuleContext): void {
  const name = error.string()
  if (name === undefined || GIVEN.test(name) || !/^[A-Za-z_]\w*$/.test(name)) return
  const files = fn.entry?.files ?? []
  if (files.some(file => file.generated || new RegExp(`['"\`]${name}['"\`]`).test(file.source.text))) return
  const thrown = files.flatMap(file => classesOf(file, name).map(node => ({ node, file })))
  if (thrown.length > 0) {
    for (const { node, file } of thrown) {
      if (
        !extendsError(node) ||
        /\bname\s*(:[^=;{}]{1,300})?=[^=]|get\s+name\s*\(/.test(node.getText()) ||
        setsNames(file)
      )
        continue
      report({
        at: locOf(file, node.name ?? node),
        message: `${name} keeps the name Error, so that state ${state} never sees a ${name}`,
        help: `Set its name: Lambda reports error.name, and the state compares with that`,
        related: [{ at: error, message: `state ${state} waits for it here` }],
        fixes: [
          {
            description: `Set the name to ${name}`,
            kind: 'suggestion',
            edits: [insertAfter(file, openingBrace(node), `\n  name = '${name}'\n`)],
          },
        ],
      })
    }
    return
  }
  if (
    !isWhollyVisible(fn) ||
    files.some(
      file =>
        new RegExp(`\\b${name}\\b`).test(file.source.text) ||
        file.imports.some(
          one => one.kind !== 'type' && !one.file && !/^(node:|@aws-sdk\/|aws-sdk)/.test(one.specifier),
        ),
    )
  )
    return
  report({
    at: error,
    message: `State ${state} waits for ${name}, which the code of ${fn.id} never throws`,
    help: 'Name the error as error.name reads in the code',
    related: [{ at: fn, message: 'the function that the state calls' }],
    severity: 'warning',
  })
}

const classesOf = (file: CodeFile, name: string): ts.ClassLikeDeclaration[] =>
  new RegExp(`class\\s+${name}\\b`).test(file.source.text)
    ? collect(file.ast, ts.isClassLike).filter(one => one.name?.text === name)
    : []

const extendsError = (node: ts.ClassLikeDeclaration): boolean =>
  node.heritageClauses?.some(
    clause => clause.token === ts.SyntaxKind.ExtendsKeyword && clause.types[0]?.expression.getText() === 'Error',
  ) ?? false

/** Names may be given outside the class. */
const setsNames = (file: CodeFile): boolean => /\.name\s*=[^=]|prototype\.name|defineProperty/.test(file.source.text)

const openingBrace = (node: ts.ClassLikeDeclaration): ts.Node =>
  node.getChildren().find(child => child.kind === ts.SyntaxKind.OpenBraceToken) ?? node

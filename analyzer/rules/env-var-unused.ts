import type { CodeFile } from '../application/code.ts'
import type { Application, LambdaFunction } from '../application/model.ts'
import { ts } from '../application/typescript.ts'
import type { SourceText } from '../application/source.ts'
import type { Value } from '../application/value.ts'
import { takesWholeEnvironment } from '../python/environment.ts'
import { removeEntry } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import { isProcessEnv, outermost } from '../syntax/syntax.ts'
import { isWhollyVisible } from '../sdk/visible-code.ts'
import { some } from '../application/walk.ts'

/** Read by Lambda, Node.js, the SDK, or by libraries and extensions under names of their own. */
const READ_BY_OTHERS =
  /^(AWS_|_|LAMBDA_|NODE_|NPM_|TZ$|LANG|LC_|PATH$|LD_|HOME$|TMPDIR$|DEBUG$|LOG_?LEVEL$|LOG_|POWERTOOLS_|OTEL_|DD_|DATADOG_|NEW_RELIC|SENTRY_|HONEYCOMB_|LUMIGO_|EPSAGON_|PARAMETERS_|SSM_PARAMETER_STORE|SECRETS_MANAGER|CORALOGIX|PG[A-Z]+$|MYSQL_|DATABASE_URL$|MONGO|REDIS|HTTPS?_PROXY$|NO_PROXY$|FORCE_COLOR$|NO_COLOR$|TS_NODE_|SERVICE_NAME$|OPENAI_|STRIPE_)/i

/** A variable of a function's environment that none of its code names. */
export const rule = defineRule({
  id: 'env-var-unused',
  fn(fn, { app, report }) {
    if (fn.environment.kind !== 'map' || !isReadable(fn)) return
    for (const { key, value } of fn.environment.entries()) {
      if (READ_BY_OTHERS.test(key) || names(fn, key)) continue
      const inherited = value.via.some(via => via.kind === 'global')
      if (inherited && !nobodyNames(app, fn, key, value)) continue
      const edit = removeEntry(value)
      report({
        at: value.written.keyLoc ?? value.keyLoc ?? value,
        message: inherited ? `No function reads ${key}, which all inherit` : `${fn.id} does not read ${key}`,
        help:
          'Take it out: what nothing reads is one thing more to keep right, and may be a secret that need ' +
          'not be there',
        fixes: edit ? [{ description: `Take ${key} out`, kind: 'suggestion', edits: [edit] }] : [],
      })
    }
  },
})

/** The code is all there, and takes variables by name alone. */
function isReadable(fn: LambdaFunction): boolean {
  if (!isWhollyVisible(fn)) return false
  if (!fn.lookup.found) return !fn.lookup.python?.files.some(takesWholeEnvironment)
  return !fn.lookup.handler.files.some(takesWhole)
}

const known = new WeakMap<CodeFile, boolean>()

/** Whether a file hands `process.env` on as a whole, or reads a name of it that is worked out. */
function takesWhole(file: CodeFile): boolean {
  const done = known.get(file)
  if (done !== undefined) return done
  const whole =
    file.imports.some(one => /^dotenv/.test(one.specifier)) ||
    (/\benv\b/.test(file.source.text) && some(file.ast, node => isEnvironment(node) && !isTakenByName(node)))
  known.set(file, whole)
  return whole
}

const isEnvironment = (node: ts.Node): node is ts.Expression =>
  (ts.isPropertyAccessExpression(node) && node.name.text === 'env' && isProcessEnv(node)) ||
  (ts.isIdentifier(node) &&
    node.text === 'env' &&
    !ts.isPropertyAccessExpression(node.parent) &&
    !ts.isBindingElement(node.parent) &&
    !ts.isImportSpecifier(node.parent) &&
    !ts.isPropertyAssignment(node.parent) &&
    isProcessEnv(node))

/** `process.env.X`, `process.env['X']`, `const { X } = process.env`. */
function isTakenByName(node: ts.Expression): boolean {
  const outer = outermost(node, ts.isParenthesizedExpression, ts.isAsExpression, ts.isNonNullExpression)
  const { parent } = outer
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === outer
  if (ts.isElementAccessExpression(parent))
    return parent.expression === outer && ts.isStringLiteralLike(parent.argumentExpression)
  return (
    ts.isVariableDeclaration(parent) &&
    ts.isObjectBindingPattern(parent.name) &&
    parent.name.elements.every(
      element => !element.dotDotDotToken && !(element.propertyName && ts.isComputedPropertyName(element.propertyName)),
    )
  )
}

const filesOf = (fn: LambdaFunction): readonly { readonly source: SourceText }[] =>
  fn.lookup.found ? fn.lookup.handler.files : (fn.lookup.python?.files ?? [])

const names = (fn: LambdaFunction, name: string): boolean =>
  filesOf(fn).some(file => new RegExp(`(^|[^\\w$])${name.replace(/[^\w]/g, '\\$&')}([^\\w$]|$)`).test(file.source.text))

/** Whether no function that inherits a variable reads it; an inherited value is written once for all of them. */
function nobodyNames(app: Application, fn: LambdaFunction, key: string, value: Value): boolean {
  return app.functions
    .filter(one => one.template === fn.template && one.environment.at(key).loc.start === value.loc.start)
    .every(one => isReadable(one) && !names(one, key))
}

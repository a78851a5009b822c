import { ts } from '../application/typescript.ts'
import { defineRule } from '../engine/rule.ts'
import type { Report } from '../engine/rule.ts'
import { leaksAnswered } from '../python/answers.ts'
import { bare, dottedName, resolveName } from '../syntax/syntax.ts'
import { collect, find } from '../application/walk.ts'
import { resultsOf } from '../dataflow/handler-results.ts'
import { originsOf } from '../dataflow/origins.ts'
import type { Placed } from '../dataflow/origins.ts'
import { wholeEnvironment } from '../dataflow/whole-environment.ts'
import { frontsOf, frontPlaces } from '../services/http-front.ts'

/**
 * A stack trace or the environment in an answer: it tells whoever asks how the function is made, or lends them its
 * role.
 */
export const rule = defineRule({
  id: 'answer-leaks-internals',
  python(code) {
    for (const handler of code.handlers) {
      const fronts = frontsOf(handler)
      const isAnswering = fronts.length > 0 || handler.functions.every(fn => !fn.events.length)
      if (handler.file !== code.file || !handler.node || !isAnswering) continue
      for (const { node, what } of leaksAnswered(handler.node, code.file))
        code.report({ at: node, ...wordsFor(what), related: frontPlaces(fronts) })
    }
  },
  handler(handler, code) {
    const fronts = frontsOf(handler)
    if (!LEAKS.test(code.file.source.text)) return
    if (!handler.fn || (!fronts.length && handler.functions.some(fn => fn.events.length))) return
    const seen = new Set<ts.Node>()
    for (const result of resultsOf(handler)) {
      if (!result) continue
      const answer = answerIn(result)
      if (!answer) continue
      for (const body of answer) {
        const shown = leakIn(body)
        if (!shown || seen.has(shown.node) || shown.file !== code.file) continue
        seen.add(shown.node)
        code.report({ at: shown.node, ...wordsFor(shown.what), related: frontPlaces(fronts) })
      }
    }
  },
})

/** What is told stands in the file: a stack, or an environment of which no member is taken. */
const LEAKS = /\bstack\b|\benv\b(?!\s*\??[.[])/

const wordsFor = (what: 'stack' | 'environment'): Pick<Report, 'message' | 'help' | 'severity'> =>
  what === 'stack'
    ? {
        message: 'The stack trace goes to whoever asked: it names files, packages and lines of the function',
        help: 'Log the error, and answer with a text of your own and the id of the request',
        severity: 'warning',
      }
    : {
        message: 'The whole environment goes to whoever asked, with the session credentials of the role',
        help: 'Answer with the members that are meant, by name',
      }

/** What of a result goes out: the body of an answer; the whole of anything else is the body of an answer of 2.0. */
function answerIn({ node, file }: Placed): readonly Placed[] | undefined {
  if (!ts.isObjectLiteralExpression(node)) return [{ node, file }]
  const members = node.properties.flatMap((property): readonly Placed[] => {
    if (ts.isPropertyAssignment(property) && /^(body|headers)$/.test(property.name.getText()))
      return [{ node: property.initializer, file }]
    const isBody = ts.isShorthandPropertyAssignment(property) && property.name.text === 'body'
    return isBody ? [{ node: property.name, file }] : []
  })
  return members.length ? members : undefined
}

interface Leak extends Placed {
  readonly what: 'stack' | 'environment'
}

/** The stack of an error, or the environment, in an expression or in what its names stand for. */
function leakIn({ node, file }: Placed, hops = 4): Leak | undefined {
  const environment = wholeEnvironment(node)
  if (environment) return { node: environment, file, what: 'environment' }
  const stack = find(node, isStack)
  if (stack) return isCompared(stack) ? undefined : { node: stack, file, what: 'stack' }
  if (hops === 0) return undefined
  for (const name of collect(node, ts.isIdentifier)) {
    if (ts.isPropertyAccessExpression(name.parent) && name.parent.name === name) continue
    if (ts.isPropertyAssignment(name.parent) && name.parent.name === name) continue
    const origins = originsOf(name, { file, handlers: [], through: 'value', callers: false })
    for (const one of origins) {
      if (one.path.length || one.node === name || !ts.isExpression(one.node) || ts.isIdentifier(one.node)) continue
      if (resolveName(name)?.kind === 'function' || ts.isFunctionLike(one.node)) continue
      const found = leakIn({ node: one.node, file: one.file }, hops - 1)
      if (found) return found
    }
  }
  return undefined
}

const isStack = (node: ts.Node): node is ts.PropertyAccessExpression =>
  ts.isPropertyAccessExpression(node) &&
  node.name.text === 'stack' &&
  /^(e|er|err|error|ex|exception|reason|cause|_?e(rr(or)?)?)$|(^|\.)(error|err|reason|cause)$|Error$/i.test(
    dottedName(node.expression) ?? '',
  )

/** `stack ? … : …`: only asked for; or shown only where it is not production. */
function isCompared(node: ts.Node): boolean {
  for (let current: ts.Node = node; current.parent && !ts.isFunctionLike(current); current = current.parent) {
    const { parent } = current
    if (ts.isConditionalExpression(parent))
      return parent.condition === current || /env|debug|stage|local|offline|prod|dev/i.test(parent.condition.getText())
    if (
      ts.isBinaryExpression(parent) &&
      parent.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken &&
      parent.right === current
    )
      return /env|debug|stage|local|offline|prod|dev/i.test(bare(parent.left).getText())
  }
  return false
}

import type { CodeFile } from '../application/code.ts'
import { ts } from '../application/typescript.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext } from '../engine/rule.ts'
import { importOf } from '../syntax/syntax.ts'
import { onlyKind, triggers } from '../dataflow/event-kinds.ts'
import { eventPath } from '../dataflow/event-origins.ts'
import { collect } from '../application/walk.ts'

const IMAGE = /^Records\.\[\]\.dynamodb\.(NewImage|OldImage)$/

/** An image of a stream record, used as if every record had it. */
export const rule = defineRule({
  id: 'ddb-image-guard-missing',
  visit: {
    PropertyAccessExpression(node, code) {
      if (!node.questionDotToken) check(node.expression, code)
    },
    CallExpression(node, code) {
      const [image] = node.arguments
      const called = image && importOf(node.expression)
      // Of the SDK v2 it gives an empty object.
      if (image && called?.module === '@aws-sdk/util-dynamodb' && called.name.endsWith('unmarshall')) check(image, code)
    },
  },
})

function check(image: ts.Expression, code: CodeContext): void {
  if (!onlyKind(code, 'dynamodb')) return
  const name = IMAGE.exec(eventPath(image, code)?.join('.') ?? '')?.[1]
  if (name === undefined) return
  const never = viewsWithout(name, code)
  if (
    isAskedFor(name, code) ||
    (never === undefined && (isFiltered(code) || code.handlers.some(handler => handler.files.some(asksForKind))))
  )
    return
  code.report({
    at: image,
    message:
      never === undefined
        ? `A record of ${name === 'NewImage' ? 'a deleted item has no NewImage' : 'a new item has no OldImage'}: ` +
          'this throws, and holds up everything behind it in the shard'
        : `The stream's view type ${never} holds no ${name}: this throws with every record`,
    help:
      never === undefined
        ? `Look at eventName first, or whether there is a ${name}`
        : `Set StreamViewType to ${name === 'NewImage' ? 'NEW_IMAGE' : 'OLD_IMAGE'} or NEW_AND_OLD_IMAGES`,
    related: triggers(code, 'dynamodb'),
    ...(never === undefined ? { severity: 'warning' as const } : {}),
  })
}

/** The view type of the streams, when it has no such image in any of them. */
function viewsWithout(name: string, code: CodeContext): string | undefined {
  const views = code.functions
    .flatMap(fn => fn.events)
    .filter(event => event.kind === 'dynamodb')
    .map(event => event.resource?.property('StreamSpecification', 'StreamViewType').string())
  const lacking = name === 'NewImage' ? ['KEYS_ONLY', 'OLD_IMAGE'] : ['KEYS_ONLY', 'NEW_IMAGE']
  return views.length > 0 && views.every(view => view !== undefined && lacking.includes(view)) ? views[0] : undefined
}

/** A filter of the trigger may let in only what has the image. */
const isFiltered = (code: CodeContext): boolean =>
  code.functions.length === 0 ||
  code.functions.some(fn =>
    fn.events.some(event => event.kind === 'dynamodb' && !event.property('FilterCriteria').isAbsent),
  )

const asksForKind = (file: CodeFile): boolean => /\beventName\b|['"`](REMOVE|INSERT|MODIFY)['"`]/.test(file.source.text)

const asked = new WeakMap<ts.SourceFile, ReadonlySet<string>>()

/** Whether the file asks anywhere whether the image is there. */
function isAskedFor(name: string, { file }: CodeContext): boolean {
  const known = asked.get(file.ast)
  if (known) return known.has(name)
  const asking = collect(
    file.ast,
    (node): node is ts.Identifier =>
      ts.isIdentifier(node) && (node.text === 'NewImage' || node.text === 'OldImage') && isCondition(node),
  )
  const names = new Set(asking.map(node => node.text))
  asked.set(file.ast, names)
  return names.has(name)
}

const DECIDES = /^(&&|\|\||\?\?|[!=]==?|in)$/

/**
 * Whether a node decides over what is done: in a condition, before `&&`, `||`, `??` or `?.`, after `!`, or alone in a
 * callback.
 */
function isCondition(from: ts.Node): boolean {
  let child = from
  for (let node = from.parent; node; child = node, node = node.parent) {
    if (ts.isIfStatement(node) || ts.isWhileStatement(node)) return child === node.expression
    if (ts.isConditionalExpression(node)) return child === node.condition
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) return true
    if (ts.isBinaryExpression(node)) return DECIDES.test(node.operatorToken.getText())
    if (ts.isPropertyAccessExpression(node) && node.expression === child && node.questionDotToken) return true
    if (ts.isArrowFunction(node)) return child === node.body
    if (ts.isBindingElement(node)) return node.initializer !== undefined
    if (ts.isStatement(node) || ts.isFunctionLike(node)) return false
  }
  return false
}

import type { EventKind } from '../application/model.ts'
import { ts } from '../application/typescript.ts'
import { replaceNode } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext } from '../engine/rule.ts'
import { propertyName } from '../syntax/syntax.ts'
import { onlyKind, triggers } from '../dataflow/event-kinds.ts'
import { eventPath, isPath, mayEndWith } from '../dataflow/event-origins.ts'
import { indexOf } from '../dataflow/file-index.ts'
import { frontsOf } from '../services/http-front.ts'

/** Members of every string: asking for these is no mistake. */
const OF_STRING = new Set([
  ...Object.getOwnPropertyNames(String.prototype),
  ...Object.getOwnPropertyNames(Object.prototype),
])

interface Text {
  readonly kinds: readonly EventKind[]
  readonly path: string
  readonly words: string
}

/** Texts that are delivered, by the kind of event and where they stand. */
const TEXTS: readonly Text[] = [
  { kinds: ['sqs'], path: 'Records.[].body', words: 'the body of a message' },
  { kinds: ['sns'], path: 'Records.[].Sns.Message', words: 'the message of a notification' },
  { kinds: ['rest-api', 'http-api', 'url', 'alb'], path: 'body', words: 'the body of a request' },
]

/** A member of a text: always undefined. */
export const rule = defineRule({
  id: 'body-not-parsed',
  visit: {
    PropertyAccessExpression(node, code) {
      if (!OF_STRING.has(node.name.text)) check(node.expression, node.expression, node.name, code)
    },
    ElementAccessExpression(node, code) {
      const key = node.argumentExpression
      if (ts.isStringLiteralLike(key) && !OF_STRING.has(key.text)) check(node.expression, node.expression, key, code)
    },
    BindingElement(node, code) {
      const pattern = node.parent
      if (!ts.isObjectBindingPattern(pattern) || node.dotDotDotToken) return
      const name = propertyName(node.propertyName ?? (ts.isIdentifier(node.name) ? node.name : undefined))
      if (name === undefined || OF_STRING.has(name)) return
      const outer = pattern.parent
      if (ts.isVariableDeclaration(outer)) {
        // The first tells for all.
        if (outer.initializer && pattern.elements.find(one => isWrong(one)) === node)
          check(outer.initializer, outer.initializer, node, code)
      } else if (ts.isIdentifier(node.name)) check(node.name, undefined, node, code, 1)
    },
  },
})

const lastOf = ({ path }: Text): string => path.slice(path.lastIndexOf('.') + 1)

const isWrong = (element: ts.BindingElement): boolean =>
  !element.dotDotDotToken && !OF_STRING.has(propertyName(element.propertyName ?? element.name) ?? 'length')

/** @param below how many steps the expression is below the text: a name in a pattern is taken out of it already. */
function check(
  expression: ts.Expression,
  text: ts.Expression | undefined,
  at: ts.Node,
  code: CodeContext,
  below: 0 | 1 = 0,
): void {
  const given = textsOf(code)
  if (given.length === 0) return
  const wanted = below ? given : given.filter(one => mayEndWith(expression, lastOf(one)))
  const path = wanted.length ? eventPath(expression, code) : undefined
  if (!path?.length) return
  const found = wanted.find(one => isPath(below ? path.slice(0, -1) : path, one.path))
  if (!found || isSeenThrough(found, code)) return
  const member = lastOf(found)
  const parsed = text && `JSON.parse(${text.getText()})`
  code.report({
    at,
    message: `${at.getText()} of ${member} is always undefined: ${found.words} is a text`,
    help: `Parse it first${parsed ? `: ${parsed}` : ''}`,
    related: triggers(code, ...found.kinds),
    fixes:
      text && parsed
        ? [{ description: 'Parse the text as JSON', kind: 'suggestion', edits: [replaceNode(code.file, text, parsed)] }]
        : [],
  })
}

const texts = new WeakMap<CodeContext, readonly Text[]>()

/**
 * The texts that the handlers of a file are given, and that it names: asked once, for every member of a file comes by
 * here.
 */
function textsOf(code: CodeContext): readonly Text[] {
  let known = texts.get(code)
  if (!known)
    texts.set(
      code,
      (known = TEXTS.filter(one => onlyKind(code, ...one.kinds) && indexOf(code.file.ast).members.has(lastOf(one)))),
    )
  return known
}

/** Middleware may have parsed it, an integration may map it, and code that asks for its type knows both. */
const isSeenThrough = (text: Text, code: CodeContext): boolean =>
  code.handlers.some(
    handler =>
      handler.wrappers.length > 0 ||
      (text.path === 'body' && frontsOf(handler).length === 0) ||
      handler.files.some(file => /typeof\s+[\w.?[\]]*\b(body|Message)\b/.test(file.source.text)),
  )

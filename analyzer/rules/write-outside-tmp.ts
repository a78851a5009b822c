import { own } from '../../base/own.ts'
import { ts } from '../application/typescript.ts'
import type { CodeFile } from '../application/code.ts'
import { replaceNode } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext, Repair } from '../engine/rule.ts'
import { bare, importOf } from '../syntax/syntax.ts'
import { follow } from '../dataflow/origins.ts'
import { textOf } from '../dataflow/values.ts'
import { filesWritten } from '../python/files-written.ts'
import { literalOf } from '../python/syntax.ts'

/** Functions of `fs` that write, and which argument is the path that they write to. */
const WRITES: { readonly [name: string]: number } = {
  writeFile: 0,
  writeFileSync: 0,
  appendFile: 0,
  appendFileSync: 0,
  createWriteStream: 0,
  mkdir: 0,
  mkdirSync: 0,
  mkdtemp: 0,
  mkdtempSync: 0,
  outputFile: 0,
  outputFileSync: 0,
  outputJson: 0,
  ensureDir: 0,
  ensureDirSync: 0,
  copyFile: 1,
  copyFileSync: 1,
  rename: 1,
  renameSync: 1,
  cp: 1,
  cpSync: 1,
  symlink: 1,
  symlinkSync: 1,
}

/** A file written where Lambda has nothing but what can be read. */
export const rule = defineRule({
  id: 'write-outside-tmp',
  python(code) {
    for (const { path, how } of filesWritten(code.file)) {
      const text = literalOf(path)
      if (text === undefined || !code.isInvoked(path) || /^\/(tmp|mnt|dev)(\/|$)/.test(text)) continue
      code.report({
        at: path,
        message: `${how} writes to ${text.startsWith('/') ? text : `${text} beside the code`}: everything but /tmp is read-only in Lambda, and the call fails`,
        help: 'Write below /tmp, or to a file system that is mounted below /mnt',
      })
    }
  },
  visit: {
    CallExpression(call, code) {
      const callee = call.expression
      // Names are looked up only where one of these may be meant; an import may have another name here.
      if (ts.isPropertyAccessExpression(callee) ? !Object.hasOwn(WRITES, callee.name.text) : !ts.isIdentifier(callee))
        return
      const made = importOf(callee)
      if (!made || !/^(node:)?fs(\/promises)?$|^fs-extra$/.test(made.module)) return
      const name = made.name.split('.').at(-1) ?? ''
      const index = own(WRITES, name)
      const path = index === undefined ? undefined : call.arguments[index]
      if (!path || !code.inHandler(call) || isOnlyElsewhere(call)) return
      const where = placeOf(path, code.file)
      if (where === undefined || where === 'writable') return
      code.report({
        at: path,
        message: `${name} writes to ${where}: everything but /tmp is read-only in Lambda, and the call fails with EROFS`,
        help: 'Write below /tmp, or to a file system that is mounted below /mnt',
        fixes: repairs(path, code),
      })
    },
  },
})

/** Where a path surely leads, in words; `writable` below /tmp and the like; undefined when it cannot be told. */
function placeOf(node: ts.Expression, file: CodeFile): string | undefined {
  const start = startOf(node, file, 0)
  if (start === undefined) return undefined
  const { text, whole } = start
  // `/tm` of `${'/tm'}p` may become anything.
  if (text.startsWith('/')) {
    if (/^\/(tmp|mnt|dev|proc\/self\/fd)(\/|$)/.test(text)) return 'writable'
    const first = /^\/[^/]+(?=\/)/.exec(text)?.[0] ?? (whole ? text : undefined)
    return first === undefined || /\.\./.test(text) ? undefined : `${whole ? text : `${text}…`}`
  }
  if (start.besideCode) return `the directory of the code (${node.getText().slice(0, 60)})`
  if (/^\.\.(\/|$)/.test(text) || text === '' || /^[a-z]+:/i.test(text)) return undefined
  return whole || text.includes('/') ? `${whole ? text : `${text}…`} below the directory of the code` : undefined
}

interface Start {
  readonly text: string
  /** Nothing comes after it. */
  readonly whole: boolean
  /** It begins with `__dirname`. */
  readonly besideCode?: true
}

/** What a path begins with, as far as it is written. */
function startOf(node: ts.Expression, file: CodeFile, depth: number): Start | undefined {
  if (depth > 6) return undefined
  const whole = textOf(node, file)
  if (whole !== undefined) return { text: whole, whole: true }
  const { node: expression, file: at } = follow(node, file)
  if (expression !== bare(node)) return startOf(expression, at, depth + 1)
  if (ts.isIdentifier(expression))
    return expression.text === '__dirname' ? { text: '', whole: false, besideCode: true } : undefined
  if (ts.isTemplateExpression(expression)) {
    if (expression.head.text) return { text: expression.head.text, whole: false }
    const [span] = expression.templateSpans
    return span && startOf(span.expression, at, depth + 1)
  }
  if (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const left = startOf(expression.left, at, depth + 1)
    return left && { ...left, whole: false }
  }
  if (ts.isCallExpression(expression)) {
    const made = importOf(expression.expression)
    const [first, ...rest] = expression.arguments
    if (
      !made ||
      !/^(node:)?path(\/posix)?$/.test(made.module) ||
      !/(^|\.)(join|resolve)$/.test(made.name) ||
      !first ||
      ts.isSpreadElement(first)
    )
      return undefined
    // A later absolute part of `resolve`, or `..`, leads elsewhere.
    if (rest.some(one => /^\.\.|^\//.test(textOf(one, at) ?? (made.name.endsWith('resolve') ? '/' : ''))))
      return undefined
    const left = startOf(first, at, depth + 1)
    return (
      left && {
        ...left,
        whole: left.whole && rest.length === 0,
        text: rest.length && left.text && !left.text.endsWith('/') ? `${left.text}/` : left.text,
      }
    )
  }
  return undefined
}

/** A branch that asks about the environment is for somewhere else than Lambda. */
function isOnlyElsewhere(node: ts.Node): boolean {
  for (let current: ts.Node = node; current.parent; current = current.parent) {
    if (
      (ts.isIfStatement(current.parent) || ts.isConditionalExpression(current.parent)) &&
      /process\.env|isLocal|isDev|isTest|require\.main/i.test(
        (ts.isIfStatement(current.parent) ? current.parent.expression : current.parent.condition).getText(),
      )
    )
      return true
  }
  return false
}

/** For a plain relative name. */
function repairs(path: ts.Expression, code: CodeContext): readonly Repair[] {
  const literal = bare(path)
  if (!ts.isStringLiteral(literal) || literal.text.startsWith('/')) return []
  return [
    {
      description: 'Write below /tmp',
      kind: 'suggestion',
      edits: [replaceNode(code.file, literal, `'/tmp/${literal.text.replace(/^(\.\/)+/, '').replaceAll("'", "\\'")}'`)],
    },
  ]
}

import { expect, test } from 'vitest'
import { ts } from '../application/typescript.ts'
import { isPlainValue } from './plain-value.ts'

/** Whether `value` of a file with these lines before it is plain. */
function plain(expression: string, before = ''): boolean {
  const file = ts.createSourceFile('a.ts', `${before}\nconst value = ${expression}`, ts.ScriptTarget.Latest, true)
  const last = file.statements.at(-1)
  if (!last || !ts.isVariableStatement(last)) throw new Error('no value')
  const initializer = last.declarationList.declarations[0]?.initializer
  if (!initializer) throw new Error('no value')
  return isPlainValue(initializer)
}

test.each([
  ['JSON.stringify(order)', ''],
  ['`n is $' + '{n}`', ''],
  ['{ a: [1, "x", null], b: !c, d: process.env.D }', ''],
  ['ok ? 200 : 500', ''],
  ['failures', 'const failures: { itemIdentifier: string }[] = []'],
  ['{ status, text }', 'const status = 200, text = String(status)'],
  ['error.message ?? "unknown"', ''],
  ['new Date().toISOString()', ''],
  ['undefined', ''],
])('%s survives JSON', (expression, before) => expect(plain(expression, before)).toBe(true))

test.each([
  ['new Map()', ''],
  ['10n', ''],
  ['{ a: 1, b: [2n] }', ''],
  ['/x/', ''],
  ['() => 1', ''],
  ['load()', ''],
  ['found', 'let found = 1'],
  ['found', 'const found = new Set()'],
  ['items', 'const items = []'],
  ['String(1)', 'const String = BigInt'],
  ['order', 'declare const order: Order'],
  ['{ ...rest }', 'const rest = load()'],
  ['{ get() { return 1 } }', ''],
])('of %s nothing is known', (expression, before) => expect(plain(expression, before)).toBe(false))

import { describe, expect, it } from 'vitest'
import type { Finding } from '../reports/evidence.ts'
import { toldOnce } from './told-once.ts'

const finding = (fingerprint: string, file: string, line: number, more: Partial<Finding> = {}): Finding => ({
  rule: 'tainted-input',
  severity: 'warning',
  message: 'It goes into a shell',
  location: { file, line, column: 1 },
  related: [],
  fixes: [],
  fingerprint,
  ...more,
})
const TEXTS: { readonly [file: string]: string } = { 'a.py': 'one', 'b.py': 'one', 'c.py': 'other' }
const told = (...findings: readonly Finding[]) => toldOnce(findings, file => TEXTS[file])
const names = (findings: readonly Finding[]): readonly string[] => findings.map(one => one.fingerprint)

describe('findings that say the same', () => {
  it('of copies are told at the first of them', () => {
    const { findings, instead } = told(finding('1', 'a.py', 3), finding('2', 'b.py', 3), finding('3', 'c.py', 3))
    expect(names(findings)).toEqual(['1', '3'])
    expect(findings[0]?.related).toEqual([{ file: 'b.py', line: 3, column: 1, message: 'The same here' }])
    expect([...instead]).toEqual([['2', '1']])
  })

  it('at other places, in other words or of files that cannot be read are others', () => {
    const all = [
      finding('1', 'a.py', 3),
      finding('2', 'a.py', 4),
      finding('3', 'b.py', 3, { message: 'It goes into a path' }),
      finding('4', 'b.py', 3, { rule: 'log-secret' }),
      finding('5', 'gone.py', 3),
      finding('6', 'lost.py', 3),
    ]
    expect(names(told(...all).findings)).toEqual(['1', '2', '3', '4', '5', '6'])
  })

  it('leave what is suppressed as it is', () => {
    const suppressed = { reason: 'known', location: { file: 'a.py', line: 2, column: 1 } }
    const all = [finding('1', 'a.py', 3, { suppressed }), finding('2', 'b.py', 3)]
    expect(told(...all)).toEqual({ findings: all, instead: new Map() })
  })

  it('ask for one decision about the runtime of a template, and are mended together', () => {
    const old = (fingerprint: string, file: string, line: number, text: string): Finding =>
      finding(fingerprint, file, line, {
        rule: 'deprecated-runtime',
        fixes: [{ description: text, kind: 'suggestion', edits: [{ file, start: line, end: line, text }] }],
      })
    const { findings } = told(old('1', 'a.py', 3, 'x'), old('2', 'a.py', 9, 'x'), old('3', 'c.py', 9, 'x'))
    expect(names(findings)).toEqual(['1', '3'])
    expect(findings[0]?.fixes[0]?.edits.map(edit => edit.start)).toEqual([3, 9])
    const apart = told(old('1', 'a.py', 3, 'x'), old('2', 'a.py', 9, 'y')).findings
    expect(apart[0]?.fixes[0]?.edits.map(edit => edit.start)).toEqual([3])
  })
})

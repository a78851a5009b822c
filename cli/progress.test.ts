import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { CaseResult } from '../reports/evidence.ts'
import { createProgress } from './progress.ts'

beforeEach(() => {
  vi.stubEnv('CI', undefined)
  vi.stubEnv('TERM', 'xterm')
})
afterEach(() => vi.unstubAllEnvs())

function run(isTTY: boolean, results: number, msEach: number): string {
  let text = ''
  let now = 0
  const progress = createProgress({ isTTY, columns: 120, write: (one: string) => (text += one) }, false, () => now)
  progress.say('Asking')
  progress.expect(results)
  for (let n = 0; n < results; n++) {
    now += msEach
    progress.result({
      verdict: n % 10 === 0 ? 'fail' : 'pass',
      action: 'Invoke',
      clause: { profile: 'invoke' },
    } as CaseResult)
  }
  progress.end()
  return text
}

test('without a terminal a line now and then, and no escape sequences', () => {
  const text = run(false, 100, 200)
  expect(text).not.toMatch(/[\r\u001b]/)
  expect(text.split('\n').filter(line => /^\d+\/100/.test(line)).length).toBe(4)
  expect(text).toContain('50/100, 5 failing, 10s left (Invoke)')
})

test('on a terminal one line that is taken away in the end', () => {
  const text = run(true, 100, 200)
  expect(text.split('\n').length).toBe(2)
  expect(text.endsWith('\r\u001b[K')).toBe(true)
  expect(text).toContain('100/100')
})

test('CI is no terminal, whatever it says', () => {
  vi.stubEnv('CI', 'true')
  expect(run(true, 10, 1)).toBe('Asking\n')
})

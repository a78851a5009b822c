import path from 'node:path'
import { expect, test } from 'vitest'
import { loadSpec } from '../../spec/compiler/compile.ts'
import type { Sequence } from '../replay/sequence.ts'
import { readSequences } from '../replay/sequence.ts'
import { playFile } from '../replay/play-file.ts'
import { pageMutants, type PageMutant } from './operators.ts'
import { replayOf } from './replayed.ts'

const spec = loadSpec()
const file = path.join(import.meta.dirname, '../replay/fixtures/sequences.jsonl')

test('what it says is noticed, the replay itself finds, and nothing of what it says is not', {
  timeout: 120_000,
}, async () => {
  const notices = replayOf(spec, readSequences(file))
  expect(notices.calls).toBeGreaterThan(20)
  expect(notices(spec, Object.keys(spec.actions))).toBe(false)
  const mutants = [...pageMutants(spec)].filter(
    one => /request/.test(one.kind) && spec.actions[one.action] !== undefined,
  )
  const isNoticed = (one: PageMutant): boolean => notices(one.spec, [one.action])
  const noticed = mutants.filter(isNoticed)
  expect(noticed.length).toBeGreaterThan(3)
  const others = mutants.filter(one => /too high|left out/.test(one.kind) && !isNoticed(one))
  const about = (action: string) => (sequence: Sequence) => sequence.calls.some(call => call.operation === action)
  for (const [some, count] of [
    [noticed, 3],
    [others, 2],
  ] as const)
    for (const { action, kind, change, spec: pages } of some.slice(0, count)) {
      const { unexplained } = await playFile(file, { pages, only: about(action) })
      expect({ kind, change, found: unexplained.length > 0 }).toEqual({ kind, change, found: some === noticed })
    }
})

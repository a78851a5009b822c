import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { learn, translate } from './carry.ts'
import { compareAnswers } from './compare-answers.ts'
import { playFile } from './play-file.ts'
import { renderReplay } from './report.ts'
import { readSequences } from './sequence.ts'

const own = path.join(import.meta.dirname, 'fixtures/sequences.jsonl')
/** Sequences of the real service; they are not part of the project. */
const recordings =
  process.env['LAMBDACHECK_RECORDINGS'] ?? path.resolve(import.meta.dirname, '../../../shared/recordings')
const recorded = path.join(recordings, 'sequences.jsonl')

test('the embedded endpoint answers our own sequences as they say', async () => {
  const replay = await playFile(own)
  expect(renderReplay(replay, { all: false })).toContain('differences: 0 with a known reason, 0 without')
  expect(replay.played.length).toBeGreaterThan(45)
})

test.skipIf(!existsSync(recorded))(
  'and those of the real service, but for what is known',
  { timeout: 300_000 },
  async () => {
    const replay = await playFile(recorded)
    expect(replay.unexplained.length, renderReplay(replay, { all: false })).toBe(0)
    expect(replay.played.length).toBeGreaterThan(500)
  },
)

test('a difference is found, whatever it is in', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'replay-'))
  try {
    const file = path.join(folder, 'wrong.jsonl')
    const call = (status: number, errorType: string | null, body: object): object => ({
      operation: 'GetFunction',
      request: { FunctionName: 'none' },
      account: '111111111111',
      region: 'us-east-1',
      recorded: { status, errorType, body },
    })
    const missing = 'ResourceNotFoundException'
    const text = 'Function not found: arn:aws:lambda:us-east-1:111111111111:function:none'
    const calls = [
      call(409, missing, { Type: 'User', Message: text }),
      call(404, 'OtherException', { Type: 'User', Message: text }),
      call(404, missing, { Type: 'User', Message: 'another text' }),
      call(404, missing, { Type: 'User', Message: text, Further: 1 }),
      call(404, missing, { Type: 'User', Message: text }),
    ]
    writeFileSync(file, JSON.stringify({ test: 'wrong', calls }))
    const replay = await playFile(file)
    expect(replay.unexplained.map(one => [one.played.number, one.difference.aspect])).toEqual([
      [1, 'status'],
      [2, 'type'],
      [3, 'text'],
      [4, 'members'],
    ])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('identifiers are carried on, in texts and names too', () => {
  const carried = new Map<string, string>()
  const [old, fresh] = ['d3567758-683d-4757-98a7-7155f11dc4ca', '00000000-683d-4757-98a7-7155f11dc4ca']
  learn(carried, { UUID: old, Arn: `arn:x:${old}`, Name: 'a' }, { UUID: fresh, Arn: `arn:x:${fresh}`, Name: 'b' })
  expect(translate(carried, { [old]: [`with ${old}`], Name: 'a' })).toEqual({ [fresh]: [`with ${fresh}`], Name: 'a' })
})

test('values of an enumeration stand in no order', () => {
  const answer = (text: string) => ({ status: 400, errorType: 'X', body: { message: text } })
  expect(compareAnswers(answer('one of [a, b]'), answer('one of [b, a]'))).toEqual([])
  expect(compareAnswers(answer('one of [a, b]'), answer('one of [a, c]'))).toHaveLength(1)
})

test('a line that is no sequence is told with its place', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'replay-'))
  const file = path.join(folder, 'odd.jsonl')
  writeFileSync(file, '{"test":"a","calls":[{"operation":"x"}]}\n')
  expect(() => readSequences(file)).toThrow(`${file}:1: call 1 lacks its operation, request, account or region`)
  rmSync(folder, { recursive: true })
})

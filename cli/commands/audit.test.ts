import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { main } from '../main.ts'

const folder = mkdtempSync(join(tmpdir(), 'lambdacheck-audit-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const good = {
  operation: 'ListTags',
  request: { Resource: 'arn:aws:lambda:us-east-1:000000000000:function:f' },
  response: { status: 200, errorType: null, body: { Tags: { a: 'b' } } },
}
const bad = { ...good, response: { status: 201, errorType: null, body: { Tags: { a: 7 } } } }
const hostile = {
  ...good,
  response: { status: 404, errorType: '\u001b[31mRed\u202eException', body: { Message: 'x' } },
}

async function audit(
  lines: readonly unknown[] | string,
  ...options: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly error: string }> {
  const file = join(folder, 'traffic.jsonl')
  if (typeof lines !== 'string')
    writeFileSync(file, lines.map(line => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'))
  const before = process.exitCode
  const [out, error]: [string[], string[]] = [[], []]
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(text => out.push(String(text)) > 0),
    vi.spyOn(process.stderr, 'write').mockImplementation(text => error.push(String(text)) > 0),
  ]
  try {
    return {
      code: await main(['audit', typeof lines === 'string' ? lines : file, ...options]),
      out: out.join('').replaceAll(file, 'FILE'),
      error: error.join('').replaceAll(file, 'FILE'),
    }
  } finally {
    for (const spy of spies) spy.mockRestore()
    process.exitCode = before
  }
}

describe('lambdacheck audit', () => {
  test('ends with 0 when nothing is wrong', async () => {
    expect(await audit([good, good])).toEqual({
      code: 0,
      out: expect.stringContaining('2 exchanges, no violation\n'),
      error: '',
    })
  })

  test('ends with 1 and says line, clause and page of each violation', async () => {
    const { code, out } = await audit([good, bad])
    expect(code).toBe(1)
    expect(out).toMatch(
      /^FILE:2: ListTags 201: ListTags answers with status 200\n {2}expected status 200, got status 201\n {2}ListTags\.answer {2}spec\/api\/ListTags\.md:\d+/,
    )
    expect(out).toContain('FILE:2: ListTags 201: Tags.{} is a string\n  expected a string, got 7 at Tags.{}')
    expect(out).toContain('2 exchanges, 2 violations in 1 of them')
  })

  test('ends with 2 when lines cannot be read, and judges the others', async () => {
    expect(await audit([good, '{broken', good])).toEqual({
      code: 2,
      out: expect.stringContaining('2 exchanges, no violation; 1 unreadable'),
      error: expect.stringMatching(/^FILE:2: not JSON/),
    })
    expect((await audit([])).code).toBe(2)
  })

  test('ends with 2 and one sentence when there is no such file', async () => {
    expect(await audit(join(folder, 'nothing.har'))).toEqual({
      code: 2,
      out: '',
      error: `error: ${join(folder, 'nothing.har')} cannot be read: there is no such file\n`,
    })
  })

  test('--json is one document with a verdict for every exchange', async () => {
    const { code, out } = await audit([{ ...good, id: 'first' }, bad, '{broken'], '--json')
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: 1,
      exchanges: [
        { line: 1, id: 'first', action: 'ListTags', status: 200, judged: true, violations: [] },
        {
          line: 2,
          violations: [{ clause: 'ListTags.answer', page: 'api/ListTags.md', path: [] }, { path: ['Tags', '{}'] }],
        },
      ],
      unreadable: [{ line: 3 }],
      summary: { exchanges: 2, violations: 2, unreadable: 1 },
    })
    expect(JSON.parse((await audit(['{broken'], '--json')).out)).toMatchObject({
      exchanges: [],
      unreadable: [{ line: 1 }],
    })
  })

  test('text of a recording does nothing to the terminal', async () => {
    const { out } = await audit([hostile])
    expect(out).not.toMatch(/\u001b\[31m|\u202e/)
    expect(out).toContain('\\u001b')
  })
})

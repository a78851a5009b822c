import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { evidenceOf, resultOf } from '../../reports/fixtures/evidence.ts'
import { sampleEvidence } from '../../reports/fixtures/sample.ts'
import { loadEvidence } from '../../reports/load-evidence.ts'
import { sealed } from '../../reports/seal.ts'
import { openEvidenceWriter } from '../../reports/writer.ts'
import { registerReport } from './report.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lambdacheck-report-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

interface Outcome {
  readonly out: string
  readonly error: string
  readonly code: number
}

async function run(...args: readonly string[]): Promise<Outcome> {
  const before = process.exitCode
  process.exitCode = 0
  const written: string[] = []
  const complained: string[] = []
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation(text => written.push(String(text)) > 0)
  try {
    const program = new Command('lambdacheck')
      .exitOverride()
      .configureOutput({ writeErr: text => complained.push(text) })
    registerReport(program)
    for (const one of program.commands[0]!.commands) one.copyInheritedSettings(program)
    await program.parseAsync(['report', ...args], { from: 'user' })
    return { out: written.join(''), error: '', code: Number(process.exitCode) }
  } catch (error) {
    return { out: written.join(''), error: complained.join('') || (error as Error).message, code: 2 }
  } finally {
    spy.mockRestore()
    process.exitCode = before
  }
}

function put(name: string, evidence: object): string {
  const file = join(dir, name)
  writeFileSync(file, JSON.stringify(sealed(evidence)))
  return file
}

describe('evidence that was cut', () => {
  const results = Array.from({ length: 40 }, (_, at) => resultOf({ id: `case.${at}`, clause: { id: `clause.${at}` } }))
  const whole = evidenceOf(results)

  it('is certified whole, and not when results were taken out before it was written', async () => {
    const shard = (at: number, part: readonly (typeof results)[number][]): string =>
      put(`${at}.json`, { ...whole, narrowed: [`--shard ${at}/2`], results: part })
    const out = join(dir, 'joined')
    const complete = await run('merge', shard(1, results.slice(0, 20)), shard(2, results.slice(20)), '--out', out)
    expect(complete).toMatchObject({ code: 0, error: '' })
    expect(loadEvidence(out).profiles).toMatchObject([{ certified: true }])
    const cut = await run('merge', shard(1, results.slice(0, 20)), shard(2, results.slice(20, 22)), '--out', out)
    expect(cut).toMatchObject({ code: 1, error: '' })
    expect(loadEvidence(out).profiles).toMatchObject([
      { certified: false, reason: '18 of 40 MUST cases are missing from the evidence.' },
    ])
    expect((await run('render', put('cut.json', { ...whole, results: results.slice(0, 2) }))).out).toMatch(
      /NOT CERTIFIED/,
    )
  })

  it.each(['render', 'merge', 'compare'])(
    'or edited is refused by %s in one message with exit code 2',
    async command => {
      const file = join(dir, 'edited.json')
      writeFileSync(file, JSON.stringify({ ...sealed(whole), results: results.slice(0, 1) }))
      expect(await run(command, file, ...(command === 'merge' ? ['--out', join(dir, 'out')] : []))).toEqual({
        out: '',
        error: `${file}: it is not what the run wrote: its digest does not fit its contents. Use the file as the run left it`,
        code: 2,
      })
    },
  )
})

describe('report render', () => {
  it.each([
    ['terminal', /NOT CERTIFIED/],
    ['html', /^<!doctype html>/],
    ['junit', /^<\?xml version="1\.0"/],
    ['sarif', /"version": "2\.1\.0"/],
    ['markdown', /^## ❌ Not certified/],
    ['json', /"schemaVersion": 1/],
    ['github', /^::error file=src\/worker\.ts/],
    ['badge', /^<svg/],
    ['shield', /^\{"schemaVersion":1/],
  ])('%s', async (format, beginning) => {
    const file = put('e.json', sampleEvidence())
    const printed = await run('render', file, '--format', format)
    expect(printed).toMatchObject({ out: expect.stringMatching(beginning), code: 0 })
    const out = join(dir, 'deep', 'report')
    expect(await run('render', file, '--format', format, '--out', out)).toEqual({ out: '', error: '', code: 0 })
    if (format !== 'terminal') expect(readFileSync(out, 'utf8')).toBe(printed.out)
  })

  it('reads what a killed run left', async () => {
    const { tool, startedAt, spec, endpoint, options } = sampleEvidence()
    const writer = openEvidenceWriter(dir, { tool, startedAt, spec, endpoint: endpoint!, options })
    writer.append({ result: resultOf({ verdict: 'fail', reason: 'seen before the end' }) })
    expect((await run('render', dir)).out).toContain('seen before the end')
  })

  it.each([
    ['no such file', ['render', '/nowhere/e.json'], /^cannot read \/nowhere\/e\.json: there is no such file$/],
    ['a format that is not there', ['render', 'x', '--format', 'pdf'], /Formats are terminal, html, junit/],
    ['no file at all', ['render'], /missing required argument 'evidence'/],
  ])('says so: %s', async (_, args, message) => {
    const { error, code } = await run(...args)
    expect(error.trim()).toMatch(message)
    expect(code).toBe(2)
  })

  it('says which member is wrong', async () => {
    const file = put('e.json', { ...evidenceOf([resultOf()]), requests: 'many' })
    expect((await run('render', file)).error).toBe(`${file}: requests: must be integer`)
  })
})

describe('report merge', () => {
  it('joins shards, writes all reports and ends as the joined run would', async () => {
    const whole = sampleEvidence({ clean: true, findings: false })
    const shard = (at: number): string =>
      put(`${at}.json`, {
        ...whole,
        narrowed: [`--shard ${at}/2`],
        results: whole.results.filter((_, index) => index % 2 === at - 1),
      })
    const out = join(dir, 'joined')
    const { out: text, code } = await run('merge', shard(1), shard(2), '--out', out)
    expect(text).toContain('All 11 profiles are certified.')
    expect(code).toBe(0)
    expect(readdirSync(out).sort()).toEqual([
      'badge.svg',
      'evidence.json',
      'junit.xml',
      'report.html',
      'results.sarif',
      'summary.md',
    ])
    expect(loadEvidence(out).profiles).toEqual(whole.profiles)
    expect((await run('merge', put('bad.json', sampleEvidence()), '--out', out)).code).toBe(1)
  })

  it('refuses what does not belong together, and writes nothing', async () => {
    const other = put('b.json', evidenceOf([], { spec: { edition: '2021-11', digest: 'x', clauses: 1 } }))
    const out = join(dir, 'joined')
    const { error, code } = await run('merge', put('a.json', evidenceOf([])), other, '--out', out)
    expect(error).toMatch(/were made with different pages/)
    expect(code).toBe(2)
    expect(readdirSync(dir)).not.toContain('joined')
  })

  it('says in one line that the folder cannot be written', async () => {
    mkdirSync(join(dir, 'out', 'report.html'), { recursive: true })
    const { error } = await run('merge', put('a.json', evidenceOf([resultOf()])), '--out', join(dir, 'out'))
    expect(error).toMatch(/^cannot write .*report\.html: there is a folder of that name where a file is needed$/)
  })
})

describe('report compare', () => {
  it('ends with 1 only when a later run of the same endpoint is worse', async () => {
    const good = put('good.json', evidenceOf([resultOf()]))
    const bad = put('bad.json', evidenceOf([resultOf({ verdict: 'fail' })]))
    expect(await run('compare', good, bad)).toMatchObject({
      code: 1,
      out: expect.stringContaining('Worse than before: 1 case newly fails.'),
    })
    expect(await run('compare', bad, good)).toMatchObject({
      code: 0,
      out: expect.stringContaining('No worse than before: 1 case is fixed.'),
    })
    expect(await run('compare', good, bad, good, '--format', 'markdown')).toMatchObject({
      code: 0,
      out: expect.stringContaining('| Profile |'),
    })
  })
})

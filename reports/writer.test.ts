import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Evidence } from './evidence.ts'
import { anyEvidence, evidenceOf, resultOf, SECRETS } from './fixtures/evidence.ts'
import { type EvidenceStart, journalHead } from './journal.ts'
import { loadEvidence } from './load-evidence.ts'
import { worstResults } from './merge.ts'
import { readEvidence } from './read-evidence.ts'
import { renderJson } from './json.ts'
import { renderAll } from './render/render.ts'
import { sealed } from './seal.ts'
import { EVIDENCE_FILE, JOURNAL_FILE, makeFolder, openEvidenceWriter, writeReport } from './writer.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lambdacheck-writer-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

/** An empty file in the folder. */
function fileIn(folder: string): string {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  return file
}

function startOf({ tool, startedAt, narrowed, spec, endpoint, options }: Evidence): EvidenceStart {
  return {
    tool,
    startedAt,
    ...(narrowed === undefined ? {} : { narrowed }),
    spec,
    ...(endpoint === undefined ? {} : { endpoint }),
    options,
  }
}

const START = startOf(evidenceOf([]))

describe('the journal of a run', () => {
  it('tells what was known when the run was killed', () => {
    const writer = openEvidenceWriter(join(dir, 'a', 'b'), START)
    writer.append({ result: resultOf({ id: 'one' }) })
    writer.append({ result: resultOf({ id: 'two', verdict: 'fail' }) })
    writer.append({ requests: 17 })
    writer.append({ note: 'something could not be deleted' })
    // No close: this is what a killed process leaves.
    const evidence = loadEvidence(join(dir, 'a', 'b'))
    expect(evidence).toMatchObject({
      partial: true,
      requests: 17,
      endpoint: START.endpoint,
      results: [{ id: 'one' }, { id: 'two', verdict: 'fail' }],
    })
    expect(evidence.profiles).toMatchObject([
      { profile: 'functions', certified: false, mustCounts: { pass: 1, fail: 1 } },
    ])
    expect(evidence.notes).toEqual([
      'something could not be deleted',
      'The run did not come to its end: this is what its journal holds.',
    ])
    expect(Date.parse(evidence.finishedAt)).toBeGreaterThan(Date.parse(evidence.startedAt))
  })

  it('loses nothing of what was appended, and of a case that ran twice keeps the worse', () => {
    fc.assert(
      fc.property(anyEvidence(), evidence => {
        const writer = openEvidenceWriter(dir, startOf(evidence))
        for (const result of evidence.results) writer.append({ result })
        for (const finding of evidence.findings) writer.append({ finding })
        const recovered = loadEvidence(dir)
        expect(recovered.results.map(result => [result.id, result.verdict])).toEqual(
          worstResults([readEvidence(renderJson(evidence)).results]).map(result => [result.id, result.verdict]),
        )
        expect(recovered.findings).toHaveLength(evidence.findings.length)
        writer.close()
      }),
      { numRuns: 30 },
    )
  })

  it('is readable wherever it breaks off', () => {
    const writer = openEvidenceWriter(dir, START)
    writer.append({ result: resultOf({ id: 'one' }) })
    writer.append({ result: resultOf({ id: 'two' }) })
    writer.close()
    const journal = readFileSync(join(dir, JOURNAL_FILE), 'utf8')
    const head = journal.indexOf('\n') + 1
    for (let end = head; end < journal.length; end += 7) {
      const evidence = readEvidence(journal.slice(0, end))
      expect(evidence.partial).toBe(true)
      expect(evidence.results.length).toBe(
        journal
          .slice(head, end)
          .split('\n')
          .filter(line => line.endsWith('}}')).length,
      )
    }
  })

  it('passes over a line in the middle that was torn', () => {
    const writer = openEvidenceWriter(dir, START)
    writer.append({ result: resultOf({ id: 'one' }) })
    writer.append({ result: resultOf({ id: 'two' }) })
    const torn = readFileSync(join(dir, JOURNAL_FILE), 'utf8').replace('"result":{"id":"one"', '"result":{"id"')
    const evidence = readEvidence(torn)
    expect(evidence.results.map(result => result.id)).toEqual(['two'])
    expect(evidence.notes[0]).toContain('1 of its lines could not be read')
  })

  it('holds no credentials', () => {
    const writer = openEvidenceWriter(dir, START)
    const [evidence] = fc.sample(anyEvidence(), { numRuns: 1, seed: 7 })
    for (const result of fc.sample(anyEvidence(), { numRuns: 20, seed: 1 }).flatMap(one => one.results))
      writer.append({ result })
    writer.finish({
      ...evidence!,
      results: fc.sample(anyEvidence(), { numRuns: 20, seed: 1 }).flatMap(one => one.results),
    })
    const written = readFileSync(join(dir, EVIDENCE_FILE), 'utf8')
    expect(written).toContain('REDACTED')
    for (const secret of SECRETS) expect(written).not.toContain(secret)
  })
})

describe('finishing', () => {
  it('writes the evidence and takes the journal away', () => {
    const writer = openEvidenceWriter(dir, START)
    writer.append({ result: resultOf() })
    writer.finish(evidenceOf([resultOf()]))
    expect(readdirSync(dir)).toEqual([EVIDENCE_FILE])
    expect(loadEvidence(dir)).toEqual(sealed(evidenceOf([resultOf()])))
    writer.append({ note: 'after the end' })
    expect(readdirSync(dir)).toEqual([EVIDENCE_FILE])
  })

  it('is gone when a later run begins, with all reports: what is there is of one run', () => {
    const first = openEvidenceWriter(dir, START)
    expect(() => openEvidenceWriter(dir, START)).toThrow(/another run .* is writing there/)
    first.finish(evidenceOf([resultOf({ id: 'earlier' })]))
    renderAll(evidenceOf([resultOf({ id: 'earlier' })]), dir)
    writeFileSync(join(dir, 'mine.txt'), '')
    const later = openEvidenceWriter(dir, START)
    later.append({ result: resultOf({ id: 'later' }) })
    later.close()
    expect(readdirSync(dir).sort()).toEqual([JOURNAL_FILE, 'mine.txt'])
    expect(loadEvidence(dir).results[0]?.id).toBe('later')
  })

  it('is what is read when it is newer than a journal that lies beside it', () => {
    writeReport(dir, EVIDENCE_FILE, renderJson(evidenceOf([resultOf({ id: 'whole' })])))
    writeFileSync(join(dir, JOURNAL_FILE), journalHead(START))
    utimesSync(join(dir, EVIDENCE_FILE), 1, 1)
    expect(loadEvidence(dir).results).toEqual([])
    utimesSync(join(dir, JOURNAL_FILE), 0, 0)
    expect(loadEvidence(dir).results[0]?.id).toBe('whole')
  })
})

describe('a disk that refuses', () => {
  it('is said once, in words', () => {
    // /dev/full answers every write with "no space left on device".
    if (!existsSync('/dev/full')) return
    const folder = join(dir, 'full')
    mkdirSync(folder)
    spawnSync('ln', ['-s', '/dev/full', join(folder, JOURNAL_FILE)])
    expect(() => openEvidenceWriter(folder, START)).toThrow(
      /^cannot write .*evidence\.jsonl: no space is left on the disk; make room or choose another folder$/,
    )
  })

  it('is said the first time alone', () => {
    const writer = openEvidenceWriter(dir, START)
    writer.close()
    expect(() => writer.append({ note: 'x' })).not.toThrow()
  })

  it.each<[string, (dir: string) => string, RegExp]>([
    ['a file where a folder is needed', one => fileIn(one), /: there is a file of that name where a folder is needed$/],
    [
      'a file above',
      one => join(fileIn(one), 'below'),
      /file: there is a file of that name where a folder is needed$|: a part of the path is a file, not a folder$/,
    ],
    ['a folder that takes no folders', () => '/proc/lambdacheck/report', /^cannot write \/proc\/lambdacheck/],
    ['a name that is too long', one => join(one, 'x'.repeat(300)), /: the path is too long$/],
  ])('%s', (_, path, message) => {
    const folder = path(dir)
    if (folder.startsWith('/proc') && !existsSync('/proc')) return
    expect(() => makeFolder(folder)).toThrow(message)
    expect(() => openEvidenceWriter(folder, START)).toThrow(message)
  })

  it('leaves no half of a report', () => {
    mkdirSync(join(dir, 'report.html'))
    expect(() => writeReport(dir, 'report.html', 'text')).toThrow(
      /report\.html: there is a folder of that name where a file is needed$/,
    )
    expect(readdirSync(dir)).toEqual(['report.html'])
  })
})

describe('loading', () => {
  it('says what is wrong with a path', () => {
    expect(() => loadEvidence(join(dir, 'none'))).toThrow(/^cannot read .*none: there is no such file$/)
    expect(() => loadEvidence(dir)).toThrow(/: there is no evidence\.json in this folder$/)
    writeFileSync(join(dir, EVIDENCE_FILE), '{')
    expect(() => loadEvidence(dir)).toThrow(/evidence\.json: not JSON: /)
  })
})

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { strFromU8, strToU8, unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import { writeZip } from './write-zip.ts'

test('what is packed is unpacked again, whatever it is', () => {
  const files = fc.uniqueArray(
    fc.record({
      // What unpacks gives an object, which cannot have a member of its own with the name of its prototype.
      name: fc.string({ minLength: 1, maxLength: 20 }).filter(name => !name.endsWith('/') && name !== '__proto__'),
      content: fc.uint8Array({ maxLength: 3000 }),
    }),
    { selector: ({ name }) => name, maxLength: 5 },
  )
  fc.assert(
    fc.property(files, given => {
      const found = unzipSync(writeZip(given))
      expect(Object.keys(found).sort()).toEqual(given.map(({ name }) => name).sort())
      for (const { name, content } of given)
        expect(Buffer.from(found[name] ?? []).equals(Buffer.from(content))).toBe(true)
    }),
    { numRuns: 50 },
  )
})

test('the same files give the same bytes, and a program stays one', () => {
  const files = [
    { name: 'a/index.js', content: strToU8('1'.repeat(100_000)) },
    { name: 'run', content: strToU8('#!/bin/sh\n'), executable: true },
    { name: 'empty/', content: new Uint8Array() },
  ]
  const zip = writeZip(files)
  expect(writeZip(files).equals(zip)).toBe(true)
  expect(zip.length).toBeLessThan(1000)
  expect(strFromU8(unzipSync(zip)['run'] ?? new Uint8Array())).toBe('#!/bin/sh\n')
  const folder = mkdtempSync(join(tmpdir(), 'lambdacheck-zip-'))
  try {
    writeFileSync(join(folder, 'a.zip'), zip)
    const said = execFileSync('python3', ['-c', READ, join(folder, 'a.zip')], { encoding: 'utf8' })
    expect(said.trim().split('\n')).toEqual([
      'None',
      'a/index.js 0o100644 1980',
      'run 0o100755 1980',
      'empty/ 0o40755 1980',
    ])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

/** Another reader checks the sums, and says the modes. */
const READ = `
import sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
print(archive.testzip())
for info in archive.infolist(): print(info.filename, oct(info.external_attr >> 16), info.date_time[0])
`

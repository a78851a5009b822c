import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { projectFiles } from '../application/files.ts'
import { unzippedSize } from './package-size.ts'

const folder = mkdtempSync(join(tmpdir(), 'package-size-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const sizeOf = (bytes: Uint8Array): number | undefined => {
  writeFileSync(join(folder, 'code.zip'), bytes)
  return unzippedSize(projectFiles(folder), 'code.zip')
}

it('is the sum of what is in the archive, however well it is packed', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,12}$/), fc.nat(20_000), { maxKeys: 12 }), sizes => {
      const files = Object.fromEntries(
        Object.entries(sizes).map(([name, size]) => [`dir/${name}.js`, new Uint8Array(size).fill(97)]),
      )
      expect(sizeOf(zipSync(files))).toBe(Object.values(sizes).reduce((sum, size) => sum + size, 0))
    }),
    { numRuns: 40 },
  )
})

it('is not known of what is no archive, or is cut off', () => {
  const zip = zipSync({ 'a.js': new Uint8Array(1000) })
  expect(sizeOf(new Uint8Array(300))).toBeUndefined()
  expect(sizeOf(zip.subarray(0, zip.length - 30))).toBeUndefined()
  expect(sizeOf(zip.subarray(40))).toBeUndefined()
  expect(unzippedSize(projectFiles(folder), 'nothing.zip')).toBeUndefined()
})

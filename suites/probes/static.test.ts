import { readFileSync } from 'node:fs'
import { unzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import {
  ARCHITECTURES,
  digestFile,
  extensionsZip,
  runtimeZip,
  sourceDigest,
  staticBinary,
  type Architecture,
} from './static.ts'

const architectures = Object.keys(ARCHITECTURES) as Architecture[]
const unzip = (base64: string): { readonly [name: string]: Uint8Array } => unzipSync(Buffer.from(base64, 'base64'))

test('the binaries were built from the sources that are there: else run `npm run static-probe`', () => {
  expect(readFileSync(digestFile(), 'utf8').trim()).toBe(sourceDigest())
})

describe.each(architectures)('%s', architecture => {
  test('is a program of Linux for that machine, linked statically', () => {
    const binary = Buffer.from(staticBinary(architecture))
    expect(binary.subarray(0, 4).toString('latin1')).toBe('\x7fELF')
    // The machine of an ELF file: 62 is x86-64, 183 is AArch64.
    expect(binary.readUInt16LE(18)).toBe(architecture === 'x86_64' ? 62 : 183)
    expect(binary.includes('/lib64/ld-linux')).toBe(false)
  })

  test('packages are the same each time, and small', () => {
    const zip = runtimeZip(architecture)
    expect(Object.keys(unzip(zip))).toEqual(['bootstrap'])
    expect(zip.length).toBeLessThan(2_500_000)
    const layer = unzip(extensionsZip(architecture, ['one', 'two.sh']))
    expect(Object.keys(layer).sort()).toEqual(['bin/lambdacheck-probe', 'extensions/one', 'extensions/two.sh'])
    expect(extensionsZip(architecture, ['one', 'two.sh'])).toBe(extensionsZip(architecture, ['one', 'two.sh']))
  })
})

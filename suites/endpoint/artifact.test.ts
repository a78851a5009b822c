import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readArtifact } from './artifact.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'lambdacheck-artifact-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a file has the digest of its content, an image the one that is told', () => {
  writeFileSync(path.join(folder, 'emulator.tgz'), 'abc')
  expect(readArtifact('emulator.tgz', folder)).toEqual({
    name: 'emulator.tgz',
    sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  })
  const hex = 'a'.repeat(64)
  expect(readArtifact(`localstack/localstack@sha256:${hex}`, folder)).toEqual({
    name: 'localstack/localstack',
    sha256: hex,
  })
  expect(readArtifact(`sha256:${hex}`, folder)).toEqual({ name: 'image', sha256: hex })
  expect(() => readArtifact('nowhere.tgz', folder)).toThrow(/artifact nowhere\.tgz/)
})

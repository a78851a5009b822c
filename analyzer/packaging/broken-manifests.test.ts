import { expect, test } from 'vitest'
import { brokenManifests } from './broken-manifests.ts'

const settings = (...paths: readonly string[]) => ({
  settings: paths.map(path => ({ path, absolute: `/p/${path}`, size: 1, mtimeMs: 1 }) as never),
})

test.each([
  ['{\n  "name": "x",\n', '3:1: not valid JSON: '],
  ['{"a": 1,}', '1:1: not valid JSON: '],
  ['', '1:1: not valid JSON: '],
  ['{"a": nope}', '1:7: not valid JSON: '],
])('%j is told with its place', (text, place) => {
  const [note, ...rest] = brokenManifests(settings('package.json'), () => text)
  expect(note).toContain(`package.json:${place}`)
  expect(rest).toEqual([])
})

test('what can be read, is no package.json, or is not there, is passed over', () => {
  const files: { readonly [path: string]: string } = {
    'package.json': '\uFEFF{"name": "x"}',
    'tsconfig.json': '{ // broken',
    'my-package.json': '{',
  }
  expect(brokenManifests(settings(...Object.keys(files), 'gone/package.json'), path => files[path])).toEqual([])
})

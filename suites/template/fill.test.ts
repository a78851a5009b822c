import { createHash } from 'node:crypto'
import { unzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import type { Value } from '../../spec/model.ts'
import { testEndpoint } from '../testing/endpoint.ts'
import { SOURCE } from '../testing/spec.ts'
import { fillTemplate, fillValue, standingScope, UnknownVariable } from './index.ts'

const tools = { unique: (stem: string): string => `lc-${stem}-1` }
const scope = {
  fn: { Name: 'f', Size: 7, Items: [{ Id: 'a' }], $headers: { 'x-id': 'h' } },
  'layer-version': { Version: 3 },
  n: 5,
}
const tag = (name: string, value: Value = null): Value => ({ $tag: name, value, source: SOURCE })
const fill = (value: Value): unknown => fillValue(value, scope, tools)

describe('references', () => {
  test.each([
    ['$fn.Size', 7],
    ['$fn.Items.0.Id', 'a'],
    ['$layer-version.Version', 3],
    ['$fn.$headers.x-id', 'h'],
    ['$n', 5],
    ['$fn.Nothing.There', undefined],
    ['name ${fn.Name}-${n}', 'name f-5'],
    ['${layer-version.Version}', '3'],
    ['$$fn.Size', '$fn.Size'],
    ['$LATEST', '$LATEST'],
    ['costs $5', 'costs $5'],
  ])('%s', (text, value) => expect(fill(text)).toEqual(value))

  test('an unknown variable is an error that names the known ones', () => {
    expect(() => fill('$other.Name')).toThrow(UnknownVariable)
    expect(() => fill('${other.Name}')).toThrow('there is no variable $other; known are $fn, $layer-version, $n')
  })
  test('properties of the language are none of a variable', () => {
    expect(fill('$fn.constructor')).toBeUndefined()
    expect(() => fill('$toString')).toThrow(UnknownVariable)
  })
  test('keys of maps may be references', () => {
    expect(fill({ '$fn.Name': 1, $LATEST: 2, plain: ['$n'] })).toEqual({ f: 1, $LATEST: 2, plain: [5] })
  })
})

describe('tags', () => {
  test('stand for one value', () => {
    expect(fill(tag('unique', 'alias'))).toBe('lc-alias-1')
    expect(fill(tag('unknown', 'uuid'))).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(fill(tag('unknown', 'version'))).toBe('987654')
    expect(fill(tag('repeat', { text: 'ab', times: 3 }))).toBe('ababab')
    expect(Buffer.from(String(fill(tag('bytes', 5))), 'base64')).toHaveLength(5)
    expect(fill(tag('base64json', { a: '$n' }))).toBe(Buffer.from('{"a":5}').toString('base64'))
  })
  test('!sha256 and !size speak of the bytes behind a text, and of an archive by its files', () => {
    const files = { 'index.js': 'exports.n = ${n}' }
    const bytes = Buffer.from(String(fill(tag('zip', files))), 'base64')
    const digest = createHash('sha256').update(bytes).digest('base64')
    expect(fill(tag('sha256', files))).toBe(digest)
    expect(fill(tag('sha256', bytes.toString('base64')))).toBe(digest)
    expect(fill(tag('size', files))).toBe(bytes.byteLength)
    expect(fill(tag('size', 'AAEC'))).toBe(3)
  })
  test('!absent takes a member out, wherever it is', () => {
    expect(
      fillTemplate({ A: tag('absent'), B: { C: tag('absent'), D: 1 }, E: [tag('absent'), 2] }, scope, tools),
    ).toEqual({ B: { D: 1 }, E: [2] })
  })
  test('!zip makes the same archive every time', () => {
    const zip = (): string => String(fill(tag('zip', { 'a/index.js': 'x = ${n}' })))
    expect(zip()).toBe(zip())
    expect(Buffer.from(unzipSync(Buffer.from(zip(), 'base64'))['a/index.js'] ?? []).toString()).toBe('x = 5')
  })
  test('a script of !zip may be executed, unless the page has it plain', () => {
    const zip = (run: string | { readonly plain: string }): Buffer =>
      Buffer.from(String(fill(tag('zip', { run }))), 'base64')
    const directory = (bytes: Buffer): number => bytes.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]))
    const mode = (bytes: Buffer): number => bytes.readUInt32LE(directory(bytes) + 38) >>> 16
    expect(mode(zip('#!/bin/sh\n')) & 0o111).toBe(0o111)
    expect(mode(zip({ plain: '#!/bin/sh\n' })) & 0o111).toBe(0)
    expect(Buffer.from(unzipSync(zip({ plain: '#!/bin/sh\n' }))['run'] ?? []).toString()).toBe('#!/bin/sh\n')
  })
  test('generators and matchers are no values', () => {
    expect(() => fill(tag('matches', 'x'))).toThrow('!matches stands for no single value here (test.md:1)')
  })
})

test('every template knows the endpoint and the probe', () => {
  const standing = standingScope(testEndpoint('http://x'))
  expect(fillValue({ Role: '$endpoint.role', Runtime: '$probe.Runtime' }, standing, tools)).toEqual({
    Role: 'arn:aws:iam::000000000000:role/lambda',
    Runtime: 'nodejs20.x',
  })
})

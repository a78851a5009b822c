import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadSpec } from '../../spec/compiler/compile.ts'
import type { Value } from '../../spec/model.ts'
import { variablesOf } from './generate.ts'

const spec = loadSpec()
const source = { file: 'page.md', line: 3, column: 1 }
const tag = ($tag: string, value: Value = null): Value => ({ $tag, value, source })
const holds = (value: Value, check: (value: unknown) => boolean): void => {
  fc.assert(
    fc.property(variablesOf(spec, { x: value }), ({ x }) => check(x)),
    { numRuns: 60 },
  )
}

describe('generators', () => {
  test('stay within what they are given', () => {
    holds(tag('integer', '3..9'), x => Number.isInteger(x) && (x as number) >= 3 && (x as number) <= 9)
    holds(tag('integer', '-9..-3'), x => (x as number) >= -9 && (x as number) <= -3)
    holds(tag('text', '2..4'), x => [...(x as string)].length >= 2 && [...(x as string)].length <= 4)
    holds(
      tag('bytes', '1..5'),
      x => Buffer.from(x as string, 'base64').length >= 1 && Buffer.from(x as string, 'base64').length <= 5,
    )
    holds(tag('oneOf', ['a', tag('integer', '1..2')]), x => x === 'a' || x === 1 || x === 2)
    holds(
      tag('list', { of: tag('boolean'), length: '1..3' }),
      x => Array.isArray(x) && x.length >= 1 && x.length <= 3 && x.every(one => typeof one === 'boolean'),
    )
    holds(tag('member', 'UpdateFunctionConfiguration.MemorySize'), x => (x as number) >= 128 && (x as number) <= 10240)
    holds({ fixed: 1, drawn: tag('integer', '5..5') }, x => JSON.stringify(x) === '{"fixed":1,"drawn":5}')
  })

  test('JSON comes back as it was written', () => {
    holds(
      tag('json'),
      x => Object.is(JSON.stringify(JSON.parse(JSON.stringify(x))), JSON.stringify(x)) && !Object.is(x, -0),
    )
  })

  test.each<[string, Value, string]>([
    ['an unknown action', tag('member', 'CreateNothing.Name'), 'there is no action CreateNothing'],
    ['an unknown member', tag('member', 'CreateFunction.Nothing'), 'CreateFunction has no request member Nothing'],
    ['an unknown type', tag('type', 'Nothing'), 'there is no type Nothing'],
    ['a matcher', tag('matches', 'x'), '!matches generates nothing'],
    ['no range', tag('integer', 'some'), 'some is no range'],
    ['no choices', tag('oneOf', []), '!oneOf wants a list of choices'],
  ])('%s is an error that names its place', (_, value, message) => {
    expect(() => variablesOf(spec, { x: value })).toThrow(`page.md:3: ${message}`)
  })
})

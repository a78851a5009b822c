import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TypeRef } from '../model.ts'
import { parseType, printType } from './type-ref.ts'

const { type } = fc.letrec<{ type: TypeRef }>(tie => ({
  type: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<TypeRef>(
      { kind: 'string' },
      { kind: 'integer' },
      { kind: 'long' },
      { kind: 'double' },
      { kind: 'boolean' },
      { kind: 'timestamp' },
      { kind: 'blob' },
      { kind: 'json' },
    ),
    fc.constantFrom('Layer', 'VpcConfig').map((name): TypeRef => ({ kind: 'ref', type: name })),
    tie('type').map((of): TypeRef => ({ kind: 'list', of })),
    fc.record({ key: tie('type'), value: tie('type') }).map(({ key, value }): TypeRef => ({ kind: 'map', key, value })),
  ),
}))

test('what is printed reads as what it was, once its types are links', () => {
  fc.assert(
    fc.property(type, one => {
      const text = printType(one).replace(/\b[A-Z]\w+/g, name => `[${name}](../types/${name}.md)`)
      const parsed = parseType(text)
      expect(parsed).toMatchObject({ type: one })
      for (const link of 'links' in parsed ? parsed.links : [])
        expect(text.slice(link.offset)).toMatch(`[${link.type}](${link.href})`)
    }),
  )
})

test.each([
  ['strnig', 0, 'unknown type `strnig`; did you mean string?'],
  ['list of intger', 8, 'unknown type `intger`; did you mean integer?'],
  ['list of', 7, 'a type is missing here'],
  ['', 0, 'a type is missing here'],
  ['map of string', 13, 'a map is written `map of string to TYPE`'],
  ['map of string to', 16, 'a type is missing here'],
  ['string or null', 7, '`or null` follows a type that is complete'],
  [
    'VpcConfig',
    0,
    'unknown type `VpcConfig`; a type of ours is written as a link, `[VpcConfig](../types/VpcConfig.md)`',
  ],
])('%j is refused at %i', (text, offset, problem) => {
  expect(parseType(text)).toEqual({ problem, offset })
})

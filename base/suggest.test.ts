import fc from 'fast-check'
import { expect, test } from 'vitest'
import { didYouMean, nearest, typingDistance } from './suggest.ts'

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), maxLength: 8 })

test('the distance of words is a distance: zero for the same word only, and the same in both directions', () => {
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(typingDistance(a, b)).toBe(typingDistance(b, a))
      expect(typingDistance(a, b) === 0).toBe(a === b)
      expect(typingDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length))
      expect(typingDistance(a, b)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length))
    }),
  )
})

test('a letter inserted, left out, mistaken or swapped is one mistake', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 2, maxLength: 8 }),
      fc.nat(),
      (text, at) => {
        const i = at % (text.length - 1)
        for (const mistaken of [
          `${text.slice(0, i)}x${text.slice(i)}`,
          text.slice(0, i) + text.slice(i + 1),
          `${text.slice(0, i)}x${text.slice(i + 1)}`,
        ]) {
          expect(typingDistance(text, mistaken)).toBe(1)
        }
        const swapped = text.slice(0, i) + text[i + 1] + text[i] + text.slice(i + 2)
        expect(typingDistance(text, swapped)).toBe(text[i] === text[i + 1] ? 0 : 1)
      },
    ),
  )
})

test('proposes the nearest word, never the word itself, and nothing when all are far', () => {
  expect(nearest('lenght', ['range', 'length', 'lengths'])).toBe('length')
  expect(nearest('getalias', ['GetAlias', 'GetAliases'])).toBe('GetAlias')
  expect(nearest('items', ['items'])).toBeUndefined()
  expect(nearest('elephant', ['range', 'length'])).toBeUndefined()
  expect(nearest('ab', ['xy', 'cd'])).toBeUndefined()
  expect(didYouMean('lenght', ['length'])).toBe('; did you mean length?')
  expect(didYouMean('elephant', ['length'])).toBe('')
})

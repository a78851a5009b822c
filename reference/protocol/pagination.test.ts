import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ServiceError } from './errors.ts'
import { ascending, cutPage, descending } from './pagination.ts'

function readAll(
  items: readonly string[],
  size: number,
  between: (page: readonly string[], left: string[]) => void = () => {},
): string[] {
  const left = [...items]
  const seen: string[] = []
  let marker: string | undefined
  do {
    const page = cutPage('list', left, item => item, marker, size, 50)
    expect(page.items.length).toBeLessThanOrEqual(size)
    seen.push(...page.items)
    marker = page.next
    between(page.items, left)
  } while (marker !== undefined)
  return seen
}

test('the pages of any size together are the list, in order and without repeats', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string()), fc.integer({ min: 1, max: 60 }), (items, size) => {
      expect(readAll(items, size)).toEqual([...items].sort((a, b) => (a < b ? -1 : 1)))
    }),
  )
})

test('there is a marker exactly when there is more', () => {
  expect(cutPage('list', ['a', 'b'], item => item, undefined, 2, 50).next).toBeUndefined()
  expect(cutPage('list', ['a', 'b'], item => item, undefined, 1, 50).next).toBeDefined()
})

test('items that are there throughout are seen exactly once, whatever is deleted between the pages', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1 }),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(),
      (items, size, seed) => {
        const doomed = new Set(items.filter((_, i) => (i + seed) % 3 === 0))
        const seen = readAll(items, size, (page, left) => {
          for (const item of [...page, ...left.slice(0, 2)])
            if (doomed.has(item) && left.includes(item)) left.splice(left.indexOf(item), 1)
        })
        const stable = items.filter(item => !doomed.has(item))
        expect(seen.filter(item => stable.includes(item)).sort()).toEqual([...stable].sort())
      },
    ),
  )
})

test('a page is never longer than the service allows', () => {
  expect(
    cutPage(
      'list',
      Array.from({ length: 80 }, (_, i) => ascending(i)),
      item => item,
      undefined,
      10_000,
      50,
    ).items,
  ).toHaveLength(50)
})

test('keys of numbers sort as the numbers do', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (a, b) => {
      expect(Math.sign(a - b)).toBe(ascending(a) < ascending(b) ? -1 : ascending(a) > ascending(b) ? 1 : 0)
      expect(Math.sign(a - b)).toBe(descending(a) > descending(b) ? -1 : descending(a) < descending(b) ? 1 : 0)
    }),
  )
})

test.each(['nonsense', '{}', Buffer.from('["other","a"]').toString('base64url')])(
  'a marker that the list has not given is refused: %s',
  marker => {
    expect(() => cutPage('list', ['a'], item => item, marker, 1, 50)).toThrow(ServiceError)
  },
)

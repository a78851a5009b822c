import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { eachAtOnce } from './each-at-once.ts'

it('does every item once, in order, and never more at a time than it may', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.option(fc.nat(), { nil: undefined })),
      fc.integer({ min: 1, max: 9 }),
      async (items, most) => {
        const begun: [unknown, number][] = []
        let underWay = 0
        let peak = 0
        await eachAtOnce(items, most, async (item, index) => {
          begun.push([item, index])
          peak = Math.max(peak, ++underWay)
          await setImmediate()
          underWay--
        })
        expect(begun).toEqual(items.map((item, index) => [item, index]))
        expect(peak).toBe(Math.min(most, items.length))
        expect(underWay).toBe(0)
      },
    ),
  )
})

it('rejects when an item does, and the others are done all the same', async () => {
  const done: number[] = []
  const work = async (item: number): Promise<void> => {
    await setImmediate()
    if (item === 1) throw new Error('one')
    done.push(item)
  }
  await expect(eachAtOnce([1, 2, 3, 4], 2, work)).rejects.toThrow('one')
  await expect.poll(() => done).toEqual([2, 3, 4])
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Action, Pagination } from '../../spec/model.ts'
import type { Answer } from '../case.ts'
import { readWholeList } from './pages.ts'

const pagination: Pagination = { marker: 'Marker', size: 'MaxItems', next: 'NextMarker', items: 'Things' }
const action = { name: 'ListThings', pagination } as unknown as Action & { readonly pagination: Pagination }
const ok = (members: { readonly [member: string]: unknown }): Answer => ({
  status: 200,
  members,
  headers: {},
  body: new Uint8Array(),
  exchange: {} as never,
})

test('the pages of any server that pages rightly are the whole list', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat()), fc.integer({ min: 1, max: 7 }), async (things, size) => {
      const list = await readWholeList(action, {}, size, async ({ Marker, MaxItems }) => {
        const from = Marker === undefined ? 0 : Number(Marker)
        const to = from + Number(MaxItems)
        return ok({ Things: things.slice(from, to), ...(to < things.length ? { NextMarker: String(to) } : {}) })
      })
      expect(list.items).toEqual(things)
      expect(list.sizes.every(one => one <= size)).toBe(true)
    }),
  )
})

test('pages that go in a circle, and a page without its list, are trouble and no endless loop', async () => {
  const circle = await readWholeList(action, {}, undefined, async () => ok({ Things: [1], NextMarker: 'again' }))
  expect(circle).toMatchObject({ trouble: expect.stringContaining('circle') as string })
  expect(circle.items).toBeUndefined()
  expect(await readWholeList(action, {}, 1, async () => ok({}))).toMatchObject({
    trouble: 'ListThings answered without a list of Things',
  })
})

test('a circle that comes of a deletion between two pages is read anew', async () => {
  let calls = 0
  const list = await readWholeList(action, {}, 1, async ({ Marker }) => {
    calls++
    // The marker has gone with its thing once: the server begins from the first.
    return ok(Marker === 'a' && calls > 2 ? { Things: ['b'] } : { Things: ['a'], NextMarker: 'a' })
  })
  expect(list.items).toEqual(['a', 'b'])
  expect(calls).toBe(4)
})

test('a server that hands out markers for ever is left in the end', async () => {
  let number = 0
  expect(
    await readWholeList(action, {}, 1, async () => ok({ Things: [1], NextMarker: String(++number) })),
  ).toMatchObject({ trouble: 'there was no end after 2000 pages' })
})

import { expect, test } from 'vitest'
import { loadSpec } from '../../spec/compiler/compile.ts'
import type { Action } from '../../spec/model.ts'
import type { Answer, CaseContext } from '../case.ts'
import { ownItems } from './own-items.ts'

const spec = loadSpec()
const action = (name: string): Action => {
  const found = spec.actions[name]
  if (found === undefined) throw new Error(`no ${name}`)
  return found
}
const answerOf = (members: { readonly [member: string]: unknown }): Answer => ({
  status: 200,
  headers: {},
  members,
  body: new Uint8Array(),
  exchange: {} as never,
})

/** Two functions, `own-1` and `own-2`, on an endpoint that lists what `pages` say. */
function contextOf(pages: readonly Answer[], create = true): CaseContext {
  let made = 0
  let page = 0
  return {
    spec,
    endpoint: { capabilities: { create } },
    fixtures: {
      fresh: async () => ({}),
      make: async () => ({ FunctionName: `own-${++made}` }),
    },
    client: { call: async () => pages[page++] ?? answerOf({}) },
    signal: new AbortController().signal,
  } as unknown as CaseContext
}

test('what others left in the list of an account does not count, what is missing there is looked for on later pages', async () => {
  const first = answerOf({ Functions: [{ FunctionName: 'broken', Runtime: 7 }], NextMarker: 'm' })
  const second = answerOf({ Functions: [{ FunctionName: 'own-2' }] })
  const own = await ownItems(contextOf([first, second]), action('ListFunctions'))
  expect((await own?.only({}, first))?.members?.['Functions']).toEqual([{ FunctionName: 'own-2' }])
})

test('a page that was asked for, or is filtered, may be without them', async () => {
  const page = answerOf({ Functions: [{ FunctionName: 'broken' }, { FunctionName: 'own-1' }] })
  const own = await ownItems(contextOf([]), action('ListFunctions'))
  expect((await own?.only({ FunctionVersion: 'ALL' }, page))?.members?.['Functions']).toEqual([
    { FunctionName: 'own-1' },
  ])
  const none = answerOf({ Functions: [] })
  expect((await own?.only({ FunctionVersion: 'ALL' }, none))?.members?.['Functions']).toEqual([])
})

test('lists of something are judged whole, and so are those of endpoints that create nothing', async () => {
  expect(await ownItems(contextOf([]), action('ListAliases'))).toBeUndefined()
  expect(await ownItems(contextOf([]), action('GetFunction'))).toBeUndefined()
  expect(await ownItems(contextOf([], false), action('ListFunctions'))).toBeUndefined()
})

import { expect, test } from 'vitest'
import type { Action } from '../../spec/model.ts'
import type { Answer } from '../case.ts'
import { createAnswersSeen } from './answers-seen.ts'

const get = { name: 'GetThing' } as Action
const answer = (
  status: number,
  headers: { readonly [name: string]: string } = {},
  more: Partial<Answer> = {},
): Answer => ({
  status,
  headers,
  body: new Uint8Array(),
  exchange: {} as never,
  ...more,
})

test('one answer of each face is kept: an id is as good as another, none is not', () => {
  const seen = createAnswersSeen()
  seen.observe(get, null)
  seen.observe(get, answer(200, { 'x-amzn-requestid': '1a' }))
  seen.observe(get, answer(200, { 'x-amzn-requestid': '2b' }))
  seen.observe(get, answer(200))
  seen.observe(get, answer(404, {}, { error: { name: 'ResourceNotFoundException' } }))
  expect(seen.list().map(one => [one.answer.status, one.answer.headers['x-amzn-requestid']])).toEqual([
    [200, '1a'],
    [200, undefined],
    [404, undefined],
  ])
})

test('crashes, throttling and paths that lead nowhere are no answers of the action', () => {
  const seen = createAnswersSeen()
  for (const status of [500, 503, 429]) seen.observe(get, answer(status))
  seen.observe(get, answer(404, {}, { noRoute: true }))
  seen.observe(get, answer(404, {}, { error: { name: 'UnknownOperationException' } }))
  expect(seen.list()).toEqual([])
})

import { expect, test } from 'vitest'
import type { Behaviour, Forward, Passing } from './fault.ts'
import { together } from './together.ts'

const request: Passing = {
  method: 'GET',
  target: '/x',
  headers: {},
  body: Buffer.from('asked'),
  action: undefined,
  params: {},
}
const echo: Forward = async ({ target = '', body = Buffer.alloc(0) } = {}) => ({
  status: 200,
  headers: { target },
  body,
})
const appends =
  (letter: string): Behaviour =>
  async (given, forward) => {
    const answer = await forward({ target: `${given.target}${letter}` })
    return { ...answer, body: Buffer.from(`${String(answer.body)}${letter}`) }
  }

test('each changes what the ones behind it get, and what they answer', async () => {
  expect(await together([appends('a'), appends('b')])(request, echo)).toEqual({
    status: 200,
    headers: { target: '/xab' },
    body: Buffer.from('askedba'),
  })
  expect(await together([])(request, echo)).toMatchObject({ headers: { target: '/x' } })
})

test('an answer that does not come does not come through the others', async () => {
  expect(await together([appends('a'), async () => 'hang'])(request, echo)).toBe('hang')
  expect(await together([async () => 'reset', appends('a')])(request, echo)).toBe('reset')
})

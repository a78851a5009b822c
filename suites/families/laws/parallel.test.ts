import { expect, test } from 'vitest'
import { isExplained, type Event } from './parallel.ts'

const event = (over: Partial<Event>): Event => ({
  role: 'update',
  change: {},
  answered: 'done',
  shows: () => true,
  ...over,
})
const ends = (wanted: unknown) => (state: unknown) => JSON.stringify(state) === JSON.stringify(wanted)
const refuses = { again: 'refused' } as const
const a = event({ change: { a: 1 } })
const b = event({ change: { b: 2 } })
const gone = event({ role: 'delete' })

test('updates of different members are both there in the end, of one member either', () => {
  expect(isExplained([a, b], refuses, {}, ends({ a: 1, b: 2 }))).toBe(true)
  expect(isExplained([a, b], refuses, {}, ends({ b: 2 }))).toBe(false)
  const other = event({ change: { a: 3 } })
  for (const value of [1, 3]) expect(isExplained([a, other], refuses, {}, ends({ a: value }))).toBe(true)
  expect(isExplained([a, other], refuses, {}, ends({ a: 2 }))).toBe(false)
})

test('an update that was done came before the deletion, one of what is not there came after it', () => {
  expect(isExplained([a, gone], refuses, {}, ends(null))).toBe(true)
  expect(isExplained([a, gone], refuses, {}, ends({ a: 1 }))).toBe(false)
  expect(isExplained([event({ answered: 'absent' }), gone], refuses, {}, ends(null))).toBe(true)
  expect(isExplained([event({ answered: 'absent' }), a], refuses, {}, ends({ a: 1 }))).toBe(false)
})

test('what was read is a state on the way', () => {
  const seen = (state: unknown): Event => event({ role: 'read', shows: ends(state) })
  expect(isExplained([a, seen({}), b], refuses, {}, ends({ a: 1, b: 2 }))).toBe(true)
  expect(isExplained([a, seen({ b: 2 }), b], refuses, {}, ends({ b: 2, a: 1 }))).toBe(true)
  expect(isExplained([a, seen({ c: 3 }), b], refuses, {}, ends({ a: 1, b: 2 }))).toBe(false)
})

test('what is throttled was not done, of what broke nobody knows', () => {
  expect(isExplained([event({ change: { a: 1 }, answered: 'undone' })], refuses, {}, ends({ a: 1 }))).toBe(false)
  const lost = event({ change: { a: 1 }, answered: 'lost' })
  for (const state of [{}, { a: 1 }]) expect(isExplained([lost], refuses, {}, ends(state))).toBe(true)
})

test('a second creation takes the place of the first only where the page says so', () => {
  const made = event({ role: 'create', change: { a: 1 } })
  expect(isExplained([made], refuses, { b: 2 }, ends({ a: 1 }))).toBe(false)
  expect(isExplained([made], { again: 'replaces' }, { b: 2 }, ends({ a: 1 }))).toBe(true)
  expect(isExplained([gone, made], refuses, { b: 2 }, ends({ a: 1 }))).toBe(true)
})

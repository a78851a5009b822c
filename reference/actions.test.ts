import { expect, test } from 'vitest'
import { loadSpec } from '../spec/compiler/compile.ts'
import { actions } from './actions.ts'

test('every action of the pages is served, and nothing else is', () => {
  expect([...actions.keys()].sort()).toEqual(Object.keys(loadSpec().actions).sort())
})

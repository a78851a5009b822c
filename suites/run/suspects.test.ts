import { expect, test } from 'vitest'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { deriveCases } from './derive.ts'
import { NO_ENDINGS, type Endings } from './endings.ts'
import { createSuspects } from './suspects.ts'

const [a, b, c] = deriveCases(loadSpec())

/** Suspects of an endpoint that ends when the test says so. */
function observed() {
  let endings: Endings = NO_ENDINGS
  let noticed = 0
  const suspects = createSuspects(
    () => endings,
    () => noticed++,
  )
  return {
    suspects,
    noticed: () => noticed,
    end: () => (endings = { count: endings.count + 1, underWay: true, at: Date.now(), how: 'ended with exit code 1' }),
  }
}

test('what was over just before, and what ran then, is known of an ending in company', () => {
  const { suspects, end, noticed } = observed()
  suspects.ran(a!, 0, true)
  suspects.ran(b!, 0, true)
  end()
  suspects.ran(c!, 0, true)
  expect(noticed()).toBe(1)
  expect(suspects.inCompany()).toEqual([
    { number: 1, how: 'ended with exit code 1', isExplained: false, justOver: [b, a], beside: [c] },
  ])
})

test('an ending at a case alone explains all that it had to do with, and no other', () => {
  const { suspects, end, noticed } = observed()
  end()
  suspects.ran(a!, 0, true)
  end()
  end()
  expect(suspects.endings().count).toBe(3)
  expect(noticed()).toBe(2)
  suspects.convict(2, 3)
  expect(suspects.inCompany().map(one => [one.number, one.isExplained])).toEqual([
    [1, false],
    [2, true],
  ])
})

test('where nobody tells of endings there are none', () => {
  const suspects = createSuspects()
  suspects.ran(a!, 0, true)
  expect(suspects.endings()).toEqual(NO_ENDINGS)
  expect(suspects.inCompany()).toEqual([])
})

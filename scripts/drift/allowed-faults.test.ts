import { expect, test } from 'vitest'
import { clause, thingSpec } from '../../suites/testing/spec.ts'
import { allowedFaults } from './allowed-faults.ts'
import type { ModelShape, ServiceModel } from './service-model.ts'

const spec = thingSpec({
  clauses: [
    clause('CreateThing.request.Size.range', 'range', { action: 'CreateThing', path: ['Size'] }),
    clause('CreateThing.request.Name.pattern', 'pattern', { action: 'CreateThing', path: ['Name'] }),
  ],
})
const modelOf = (shapes: { readonly [name: string]: ModelShape }): ServiceModel => ({
  operations: { CreateThing: { http: { method: 'POST', requestUri: '/' }, input: { shape: 'Request' } } },
  shapes: { Request: { type: 'structure', members: { Size: { shape: 'Size' }, Name: { shape: 'Name' } } }, ...shapes },
})
const SIZE = { type: 'integer', min: 1, max: 100 }
const NAME = { type: 'string', pattern: '[A-Za-z0-9_-]+' }

test('a pattern that is spelt otherwise allows nothing more', () => {
  expect(allowedFaults(spec, modelOf({ Size: SIZE, Name: NAME }))).toEqual([])
})

test('what the model has widened is told with a value that it takes', () => {
  const found = allowedFaults(
    spec,
    modelOf({ Size: { ...SIZE, max: 200 }, Name: { type: 'string', pattern: '[ -~]+' } }),
  )
  expect(found.map(one => one.where)).toEqual([
    'CreateThing.request.Size.range above-max',
    'CreateThing.request.Name.pattern bad-pattern',
  ])
  expect(found[0]?.value).toBe(101)
})

import { expect, test } from 'vitest'
import type { Spec } from '../../spec/model.ts'
import { action, constraint, error, member, SOURCE, thingSpec } from '../../suites/testing/spec.ts'
import { compareWithModel } from './compare-with-model.ts'
import type { ModelShape, ServiceModel } from './service-model.ts'

const spec: Spec = thingSpec({
  actions: {
    CreateThing: action('CreateThing', 'POST', '/2020-01-01/things/', {
      request: [
        member('Size', 'integer', { required: true, constraints: [constraint({ kind: 'range', min: 1, max: 100 })] }),
        member('Color', 'string', { constraints: [constraint({ kind: 'enum', values: ['red'] })] }),
        member(
          'Labels',
          { kind: 'list', of: { kind: 'string' } },
          {
            constraints: [
              constraint({ kind: 'items', max: 5 }),
              { ...constraint({ kind: 'length', max: 9 }), on: 'each' },
            ],
          },
        ),
      ],
      responses: [{ status: 201, members: [member('Name', 'string')], source: SOURCE }],
      errors: [error('ConflictException', 409)],
    }),
  },
})

const SAME: { readonly [name: string]: ModelShape } = {
  Request: {
    type: 'structure',
    required: ['Size'],
    members: { Size: { shape: 'Size' }, Color: { shape: 'Color' }, Labels: { shape: 'Labels' } },
  },
  Answer: { type: 'structure', members: { Name: { shape: 'Name' } } },
  Size: { type: 'integer', min: 1, max: 100 },
  Color: { type: 'string', enum: ['red'] },
  Labels: { type: 'list', member: { shape: 'Label' }, min: 0, max: 5 },
  Label: { type: 'string', max: 9 },
  Name: { type: 'string' },
}

function model(shapes: { readonly [name: string]: ModelShape } = {}, errors: readonly string[] = []): ServiceModel {
  return {
    operations: {
      CreateThing: {
        http: { method: 'POST', requestUri: '/2020-01-01/things' },
        input: { shape: 'Request' },
        output: { shape: 'Answer' },
        errors: errors.map(shape => ({ shape })),
      },
    },
    shapes: { ...SAME, ...shapes },
  }
}

const drift = (shapes?: { readonly [name: string]: ModelShape }, errors?: readonly string[]): readonly string[] =>
  compareWithModel(spec, model(shapes, errors)).map(one => `${one.kind} ${one.where}: ${one.page} | ${one.model}`)

test('nothing has drifted where both say the same', () => {
  expect(drift({}, ['ConflictException', 'ValidationException'])).toEqual([])
})

test.each([
  [{ Size: { type: 'integer', min: 1, max: 200 } }, 'widened CreateThing.request.Size: range 1..100 | range 1..200'],
  [{ Size: { type: 'integer', min: 0, max: 100 } }, 'widened CreateThing.request.Size: range 1..100 | range 0..100'],
  [{ Size: { type: 'integer', min: 1, max: 50 } }, 'narrowed CreateThing.request.Size: range 1..100 | range 1..50'],
  [{ Color: { type: 'string', enum: ['red', 'blue'] } }, 'enum CreateThing.request.Color: 1 values | blue'],
  [{ Label: { type: 'string', max: 20 } }, 'widened CreateThing.request.Labels.[]: length ..9 | length ..20'],
  [
    { Answer: { type: 'structure', members: { Name: { shape: 'Name' }, Age: { shape: 'Size' } } } },
    'member CreateThing.response.Age: none | integer',
  ],
  [
    { Request: { ...SAME['Request'], type: 'structure', required: ['Size', 'Color'] } },
    'required CreateThing.request.Color: false | true',
  ],
] as const)('%j', (shapes, line) => {
  expect(drift(shapes)).toEqual([line])
})

test('an end that the model leaves open is bounded by the guide alone', () => {
  expect(drift({ Size: { type: 'integer' } })).toEqual([])
})

test('errors and actions that no page has', () => {
  expect(drift({}, ['TeapotException'])).toEqual(['error CreateThing: none | TeapotException'])
  const more = model()
  const operations = { ...more.operations, Brew: { http: { method: 'PUT', requestUri: '/brew' } } }
  expect(compareWithModel(spec, { ...more, operations })).toEqual([
    { kind: 'action', where: 'Brew', page: 'none', model: 'PUT /brew' },
  ])
})

test('a pattern is the same with anchors and without', () => {
  const named = thingSpec({
    actions: {
      CreateThing: action('CreateThing', 'POST', '/2020-01-01/things', {
        request: [member('Name', 'string', { constraints: [constraint({ kind: 'pattern', pattern: '[a-z]+' })] })],
        responses: [{ status: 201, members: [member('Name', 'string')], source: SOURCE }],
      }),
    },
  })
  const request = { Request: { type: 'structure', members: { Name: { shape: 'Name' } } } }
  const kinds = (pattern: string): readonly string[] =>
    compareWithModel(named, model({ ...request, Name: { type: 'string', pattern } })).map(one => one.kind)
  expect(kinds('^[a-z]+$')).toEqual([])
  expect(kinds('^[a-z0-9]+$')).toEqual(['pattern'])
})

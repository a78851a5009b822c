import { expect, test } from 'vitest'
import { parseRequestCondition } from '../../spec/compiler/request-condition.ts'
import { brokenCondition, type Asked } from './request-condition.ts'

const holds = (text: string, asked: Asked): boolean => {
  const condition = parseRequestCondition(text)
  if (typeof condition === 'string') throw new Error(condition)
  return brokenCondition([condition], asked) === undefined
}

const layer = 'arn:aws:lambda:eu-west-1:123456789012:layer'

/** A condition, requests of which it holds, and others of which it does not. */
const CONDITIONS: readonly (readonly [string, readonly object[], readonly object[]])[] = [
  ['Name', [{ Name: 'a' }, { Name: 0 }, { Name: {} }], [{}, { Name: null }, { Name: '' }]],
  ['not Name', [{}, { Name: null }], [{ Name: 'a' }]],
  ['Code.S3Key', [{ Code: { S3Key: 'k' } }], [{ Code: {} }, { Code: 'S3Key' }, {}]],
  ['only A B', [{}, { A: 1 }, { A: 1, B: 2, C: null }], [{ C: 1 }]],
  ['qualifier=$LATEST', [{ Qualifier: '$LATEST' }, { FunctionName: 'f:$LATEST' }], [{ FunctionName: 'f' }, {}]],
  ['qualifier of FunctionName', [{ FunctionName: 'f:1' }], [{ FunctionName: 'f', Qualifier: '1' }, {}]],
  ['Name matches ^.{3}', [{ Name: 'abc' }], [{ Name: 'ab' }, { Name: ['abc'] }, {}]],
  ['not Name matches ^.{3}', [{ Name: 'ab' }, {}], [{ Name: 'abc' }]],
  ['Size over 5', [{ Size: 6 }, { Size: '6' }], [{ Size: 5 }, {}, { Size: 'many' }]],
  ['Size at most 5', [{ Size: 5 }], [{ Size: 6 }, {}, { Size: 'few' }]],
  ['count of Tags at most 0', [{ Tags: {} }, { Tags: [] }], [{ Tags: { a: 'b' } }, {}]],
  ['bytes of Text over 4', [{ Text: 'äb' }], [{ Text: 'ab' }, {}]],
  ['service of Arn=lambda', [{ Arn: `${layer}:a` }], [{ Arn: 'arn:aws:sqs:eu-west-1:1:q' }, { Arn: 'lambda' }]],
  ['Payload is json', [{ Payload: '{}' }, { Payload: {} }], [{ Payload: '{' }, {}]],
  [
    'Qualifier other than qualifier of FunctionName',
    [{ Qualifier: '1', FunctionName: 'f:2' }],
    [{ Qualifier: '1', FunctionName: 'f:1' }, { Qualifier: '1', FunctionName: 'f' }, { FunctionName: 'f:2' }],
  ],
  [
    'Layers repeats ^.*?(?=:\\d+$|$)',
    [{ Layers: [`${layer}:a:1`, `${layer}:a:2`] }],
    [{ Layers: [`${layer}:a:1`, `${layer}:b:1`] }, { Layers: [] }, {}],
  ],
]

test.each(CONDITIONS)('%s', (text, right, wrong) => {
  expect(right.filter(params => !holds(text, { params: params as Asked['params'] }))).toEqual([])
  expect(wrong.filter(params => holds(text, { params: params as Asked['params'] }))).toEqual([])
})

test('a bound may be what a group of the text has found', () => {
  expect(holds('Size at most <most>', { params: { Size: 5 }, groups: { most: '7' } })).toBe(true)
  expect(holds('Size at most <most>', { params: { Size: 9 }, groups: { most: '7' } })).toBe(false)
  expect(holds('text matches no', { params: {}, text: 'a no' })).toBe(true)
})

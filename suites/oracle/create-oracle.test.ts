import { expect, test } from 'vitest'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { createOracle } from './create-oracle.ts'

const oracle = createOracle(loadSpec())
const json = (status: number, body: unknown, headers: { readonly [name: string]: string } = {}) => ({
  status,
  headers: { 'Content-Type': 'application/json', ...headers },
  body: JSON.stringify(body),
})
const alias = {
  AliasArn: 'arn:aws:lambda:eu-west-1:123456789012:function:f:live',
  Name: 'live',
  FunctionVersion: '1',
  Description: '',
  RevisionId: '2e5f9d1c-6f0e-4a7e-9d53-0d7f2f7d9a11',
}

test('a request is held against its page', () => {
  expect(oracle.request('GetAlias', { FunctionName: 'f', Name: 'live' })).toEqual([])
  expect(oracle.request('GetAlias', { FunctionName: 'f' })).toMatchObject([
    { kind: 'required', path: ['Name'], certain: true },
  ])
  expect(oracle.request('GetAlias', { FunctionName: 'f', Name: 'live', Unknown: 1 })).toEqual([])
})

test('an answer is held against its page and its request', () => {
  const asked = { FunctionName: 'f', Name: 'live' }
  expect(oracle.answer('GetAlias', json(200, alias), asked)).toEqual([])
  expect(oracle.answer('GetAlias', json(201, alias), asked)).toMatchObject([{ clause: 'GetAlias.answer' }])
  expect(
    oracle.answer('GetAlias', json(200, { ...alias, Name: 'other' }), asked).map(problem => problem.path.join('.')),
  ).toContain('Name')
  expect(oracle.answer('GetAlias', json(200, { ...alias, RevisionId: 7 }))).not.toEqual([])
})

test('a refusal is held against the errors of the page', () => {
  const body = { Type: 'User', Message: 'Cannot find alias arn: arn:aws:lambda:eu-west-1:123456789012:function:f:live' }
  const refusal = (status: number) => json(status, body, { 'x-amzn-ErrorType': 'ResourceNotFoundException' })
  expect(oracle.answer('GetAlias', refusal(404))).toEqual([])
  expect(oracle.answer('GetAlias', refusal(400))).not.toEqual([])
})

test('an action that is not there is told', () => {
  expect(() => oracle.request('GetNothing', {})).toThrow('The specification has no action "GetNothing".')
  expect(() => oracle.answer('constructor', json(200, {}))).toThrow('no action')
})

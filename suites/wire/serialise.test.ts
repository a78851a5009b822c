import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { legalMembers } from '../arbitraries/legal.ts'
import { action, constraint, member } from '../testing/spec.ts'
import { matchAction, readRequest } from './read-request.ts'
import { serialise } from './serialise.ts'

const spec = loadSpec()

describe('serialise', () => {
  test('writes the address of every action as its page does, slash at the end and all', () => {
    for (const one of Object.values(spec.actions)) {
      const names = one.request.filter(each => each.in === 'uri').map(each => each.name)
      const { path, method } = serialise(one, Object.fromEntries(names.map(name => [name, 'x'])))
      expect([method, path], one.name).toEqual([one.method, one.path.split('?')[0]?.replace(/\{[^}]+\}/g, 'x')])
    }
    const late = spec.actions['InvokeAsync']
    expect(late === undefined ? '' : serialise(late, { FunctionName: 'f' }).path).toMatch(/\/invoke-async\/$/)
  })

  test('puts every member where it travels', () => {
    const put = action('PutThing', 'PUT', '/2020-01-01/things/{Name}/?find=It', {
      request: [
        member('Name', 'string', { in: 'uri' }),
        member('Keys', { kind: 'list', of: { kind: 'string' } }, { in: 'query', wireName: 'keys' }),
        member('Kind', 'string', { in: 'header', wireName: 'X-Amz-Kind' }),
        member('Size', 'integer'),
        member('Data', 'blob'),
      ],
    })
    expect(
      serialise(put, {
        Name: "arn:aws:x:y/z (it's)*",
        Keys: ['a b', 'c&d'],
        Kind: 'Tail',
        Size: 7,
        Data: new Uint8Array([1, 2, 3]),
      }),
    ).toEqual({
      method: 'PUT',
      path: '/2020-01-01/things/arn%3Aaws%3Ax%3Ay%2Fz%20%28it%27s%29%2A/',
      query: [
        ['find', 'It'],
        ['keys', 'a b'],
        ['keys', 'c&d'],
      ],
      headers: { 'x-amz-kind': 'Tail', 'content-type': 'application/json' },
      body: '{"Size":7,"Data":"AQID"}',
    })
  })

  test('leaves out what is undefined, keeps null and wrong types, and sends {} where a body belongs', () => {
    const post = action('PostThing', 'POST', '/2020-01-01/things', {
      request: [member('Size', 'integer'), member('Name', 'string')],
    })
    expect(serialise(post, { Size: { a: [1] }, Name: null, Other: undefined }).body).toBe(
      '{"Size":{"a":[1]},"Name":null}',
    )
    expect(serialise(post, {}).body).toBe('{}')
    expect(serialise(action('Get', 'GET', '/x'), {})).toMatchObject({ body: null, headers: {} })
  })

  test('a payload is the body as it is', () => {
    const invoke = action('Invoke', 'POST', '/invoke', { request: [member('Payload', 'blob', { in: 'payload' })] })
    expect(serialise(invoke, { Payload: '{"a":' }).body).toBe('{"a":')
    expect(serialise(invoke, { Payload: { a: 1 } }).body).toBe('{"a":1}')
    expect(serialise(invoke, {}).body).toBeNull()
  })

  test('a lone surrogate does not break it', () => {
    expect(
      serialise(action('Get', 'GET', '/x/{Name}', { request: [member('Name', 'string', { in: 'uri' })] }), {
        Name: '\ud800',
      }).path,
    ).toBe('/x/%EF%BF%BD')
  })
})

test('what is sent can be read again: every action of the pages, with any legal members', () => {
  for (const one of Object.values(spec.actions)) {
    const legal = legalMembers(spec, one.request, () => true).filter(params =>
      one.request.every(each => each.in !== 'uri' || params[each.name] !== ''),
    )
    fc.assert(
      fc.property(legal, params => {
        const request = serialise(one, params)
        expect(matchAction(spec, request.method, request.path, request.query)?.name).toBe(one.name)
        const read = readRequest(one, request)
        const payload = one.request.find(each => each.in === 'payload')?.name
        for (const [name, value] of Object.entries(params)) {
          // Empty lists in a query leave no trace, and payloads come back as the bytes that they are.
          if (name !== payload && !(Array.isArray(value) && value.length === 0))
            expect(read?.[name], `${one.name}.${name}`).toEqual(value)
        }
      }),
      { numRuns: 15, seed: 3 },
    )
  }
})

test('a path that is no action is none, and a slash at the end does not matter', () => {
  expect(matchAction(spec, 'GET', '/2015-03-31/nothing', [])).toBeNull()
  expect(matchAction(spec, 'GET', '/2015-03-31/functions/', [])?.name).toBe('ListFunctions')
  expect(matchAction(spec, 'GET', '/2018-10-31/layers', [])?.name).toBe('ListLayers')
  expect(matchAction(spec, 'GET', '/2018-10-31/layers', [['find', 'LayerVersion']])?.name).toBe('GetLayerVersionByArn')
})

test('a body that is no object is read as nothing', () => {
  const post = action('PostThing', 'POST', '/x', {
    request: [member('Size', 'integer', { constraints: [constraint({ kind: 'range', min: 1 })] })],
  })
  for (const body of ['{', '[]', '7', 'null'])
    expect(readRequest(post, { path: '/x', query: [], headers: {}, body })).toBeNull()
})

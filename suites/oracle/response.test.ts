import { describe, expect, test } from 'vitest'
import { action, clause, constraint, error, member, SOURCE, thingSpec } from '../testing/spec.ts'
import { parseAnswer } from '../wire/parse.ts'
import { compareEcho } from './echo.ts'
import { refusalsOfForm } from './errors.ts'
import { checkAnswer } from './response.ts'
import { isUnsupported } from './support.ts'

const base = thingSpec()
const types = {
  Item: {
    name: 'Item',
    guide: null,
    edition: '2021-11',
    summary: '',
    covers: [],
    source: SOURCE,
    members: [member('FunctionName', 'string')],
  },
}
const list = action('ListThings', 'GET', '/2020-01-01/things', {
  responses: [
    {
      status: 200,
      members: [
        member('Things', { kind: 'list', of: { kind: 'ref', type: 'Item' } }, { required: true }),
        member('When', { kind: 'timestamp' }),
      ],
      source: SOURCE,
    },
  ],
})
const spec = {
  ...base,
  types,
  clauses: [...base.clauses, clause('CreateThing.error.ResourceNotFoundException', 'error')],
}
const create = spec.actions['CreateThing'] ?? list

const answer = (
  of: typeof list,
  status: number,
  body: unknown,
  params: object | null = null,
  headers = {},
): ReturnType<typeof checkAnswer> => {
  const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(JSON.stringify(body))
  const call = params === null ? null : { action: of.name, params: { ...params } }
  return checkAnswer(spec, of, call, parseAnswer(of, params as never, status, headers, bytes))
}
const messages = (...args: Parameters<typeof answer>): readonly string[] => answer(...args).map(one => one.message)

describe('a success', () => {
  test('as documented has no violation', () => {
    expect(answer(create, 201, { Name: 'x', Size: 7, Unknown: 1 }, { Name: 'x', Size: 7 })).toEqual([])
    expect(answer(list, 200, { Things: [], When: 1.5e9 })).toEqual([])
  })
  test.each([
    ['another status', create, 200, { Name: 'x', Size: 7 }, 'CreateThing answers with status 201'],
    ['no body', create, 201, '', 'CreateThing answers with a JSON object'],
    ['no JSON', create, 201, '<html>', 'CreateThing answers with a JSON object'],
    ['a list', create, 201, [1], 'CreateThing answers with a JSON object'],
    ['a missing member', create, 201, { Size: 7 }, 'Name always comes'],
    ['null where something always comes', create, 201, { Name: null, Size: 7 }, 'Name always comes'],
    ['a wrong type', create, 201, { Name: 'x', Size: '7' }, 'Size is an integer'],
    ['a broken constraint', create, 201, { Name: 'x', Size: 700 }, 'Size keeps to range 1..100'],
    [
      'text where a time belongs',
      list,
      200,
      { Things: [], When: '2024-01-01T00:00:00Z' },
      'When is seconds since 1970',
    ],
    ['a misspelt member', list, 200, { Things: [{ functionName: 'x' }] }, 'the member is called FunctionName'],
    ['a wrong type inside', list, 200, { Things: [{ FunctionName: 7 }] }, 'Things.[].FunctionName is a string'],
  ])('with %s', (_, of, status, body, message) => {
    expect(messages(of, status, body)).toContain(message)
  })
  test('that does not give back what was sent', () => {
    expect(answer(create, 201, { Name: 'x', Size: 8 }, { Name: 'x', Size: 7 })).toMatchObject([
      { clause: 'CreateThing.answer', path: ['Size'], expected: '7', actual: '8' },
    ])
  })
  test('that does not keep to a default, where it is a creation', () => {
    const size = member('Size', 'integer', { constraints: [constraint({ kind: 'default', value: 3 })] })
    const made = { ...create, request: [size], responses: [{ status: 201, members: [size], source: SOURCE }] }
    expect(messages(made, 201, { Size: 4 }, {})).toEqual(['Size is 3 when the request does not give it'])
    expect(messages(made, 201, { Size: 3 }, {})).toEqual([])
    expect(messages(made, 201, { Size: 4 }, { Size: 4 })).toEqual([])
    expect(messages({ ...made, name: 'UpdateThing' }, 201, { Size: 4 }, {})).toEqual([])
  })
  test('that does not keep to the default of what was asked', () => {
    const service = { of: ['request', 'Source'], part: 'service', value: 'sqs' }
    const size = member('Size', 'integer', {
      constraints: [
        constraint({ kind: 'default', value: 10, when: service }),
        constraint({ kind: 'default', value: 100, unless: service }),
      ],
    })
    const request = [size, member('Source', 'string')]
    const made = { ...create, request, responses: [{ status: 201, members: [size], source: SOURCE }] }
    const source = (of: string): object => ({ Source: `arn:aws:${of}:us-east-1:123456789012:x` })
    expect(messages(made, 201, { Size: 10 }, source('sqs'))).toEqual([])
    expect(messages(made, 201, { Size: 100 }, source('sqs'))).toEqual(['Size is 10 when the request does not give it'])
    expect(messages(made, 201, { Size: 10 }, source('kinesis'))).toEqual([
      'Size is 100 when the request does not give it',
    ])
    expect(messages(made, 201, { Size: 100 }, {})).toEqual([])
    const call = { action: made.name, params: source('sqs') as never, unsure: new Set(['Size']) }
    expect(checkAnswer(spec, made, call, parseAnswer(made, null, 201, {}, Buffer.from('{"Size":7}')))).toEqual([])
  })
})

describe('a refusal', () => {
  const named = (name: string): object => ({ 'x-amzn-errortype': name })
  test('as documented has no violation, with message or Message', () => {
    expect(answer(create, 404, { Message: 'no' }, null, named('ResourceNotFoundException'))).toEqual([])
    expect(answer(create, 400, { message: 'no' }, null, named('ValidationException'))).toEqual([])
    expect(answer(create, 400, { __type: 'ValidationException', message: 'no' })).toEqual([])
  })
  test.each([
    [
      'no name',
      400,
      { message: 'no' },
      {},
      'a refusal names its error in the header x-amzn-ErrorType or in the body',
      'CreateThing.answer',
    ],
    [
      'an undocumented name',
      400,
      { message: 'no' },
      named('FooException'),
      'CreateThing gives documented errors only',
      'CreateThing.answer',
    ],
    [
      'a wrong status',
      400,
      { message: 'no' },
      named('ResourceNotFoundException'),
      'ResourceNotFoundException has status 404',
      'CreateThing.error.ResourceNotFoundException',
    ],
    [
      'no text',
      404,
      { Type: 'User' },
      named('ResourceNotFoundException'),
      'a refusal says why',
      'CreateThing.error.ResourceNotFoundException',
    ],
    [
      'HTML',
      404,
      '<html>',
      named('ResourceNotFoundException'),
      'the body of a refusal is a JSON object',
      'CreateThing.error.ResourceNotFoundException',
    ],
  ])('with %s', (_, status, body, headers, message, id) => {
    expect(answer(create, status, body, null, headers)).toContainEqual(expect.objectContaining({ message, clause: id }))
  })
  test('"not found" is an answer to a wrong name only', () => {
    const withRows = {
      ...create,
      errors: [
        ...create.errors,
        error('TooManyRequestsException', 429),
        error('ResourceConflictException', 409),
        error('ServiceException', 500),
        error('AccessDeniedException', 403),
      ],
    }
    const errorNames = Object.fromEntries(
      ['TooManyRequestsException', 'ResourceConflictException', 'AccessDeniedException'].map(name => [
        name,
        { name, form: false, source: SOURCE },
      ]),
    )
    const names = (namesResource: boolean): readonly string[] =>
      refusalsOfForm({ ...spec, errorNames }, withRows, { namesResource }).map(row => row.name)
    expect(names(false)).toEqual(['InvalidParameterValueException', 'ValidationException', 'SerializationException'])
    expect(names(true)).toContain('ResourceNotFoundException')
  })
})

describe('is it there at all', () => {
  const seen = (status: number, body: string, headers = {}): boolean => {
    const parsed = parseAnswer(create, {}, status, headers, Buffer.from(body))
    return isUnsupported({
      ...parsed,
      exchange: { request: { method: '', url: '', headers: {}, body: '', bodyBytes: 0 }, startedAt: '', durationMs: 0 },
    })
  }
  test.each([
    [501, '', {}, true],
    [405, 'Method Not Allowed', {}, true],
    [404, '<html>not found</html>', {}, true],
    [404, '{"statusCode":404,"error":"Not Found"}', {}, true],
    [404, '{"message":"x"}', { 'x-amzn-errortype': 'UnknownOperationException' }, true],
    [500, '{"message":"The action is not yet implemented"}', { 'x-amzn-errortype': 'InternalFailure' }, false],
    [500, 'NotImplementedError: this is not supported', {}, false],
    [400, 'This is not yet implemented', {}, true],
    [404, '{"Message":"Function not found"}', { 'x-amzn-errortype': 'ResourceNotFoundException' }, false],
    [500, '{"Message":"oops"}', { 'x-amzn-errortype': 'ServiceException' }, false],
    [
      400,
      '{"message":"Layers are not supported for images"}',
      { 'x-amzn-errortype': 'InvalidParameterValueException' },
      false,
    ],
    [200, '{}', {}, false],
  ])('%i %s', (status, body, headers, expected) => {
    expect(seen(status, body, headers)).toBe(expected)
  })
})

describe('compareEcho', () => {
  test('structures may come back richer, empty ones may be left out', () => {
    expect(compareEcho('V', { A: 1 }, { A: 1, B: 2 })).toBeNull()
    expect(compareEcho('V', { Variables: {} }, undefined)).toBeNull()
    expect(compareEcho('V', { A: { B: [1] } }, { A: { B: [2] } })).toEqual({ path: ['A', 'B', '[]'], sent: 1, came: 2 })
    expect(compareEcho('V', [1, 2], [1])).not.toBeNull()
  })
  test('a name and the ARN that ends in it are the same, but not two ARNs of anything', () => {
    expect(compareEcho('FunctionName', 'arn:aws:lambda:us-east-1:000000000000:function:f:1', 'f')).toBeNull()
    expect(compareEcho('FunctionName', 'f', 'g')).not.toBeNull()
    expect(compareEcho('Role', 'arn:aws:iam::000000000000:role/a', 'arn:aws:iam::000000000000:role/b')).not.toBeNull()
    expect(compareEcho('Handler', 'a.B::c', 'a.B::d')).not.toBeNull()
  })
})

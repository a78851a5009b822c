import { describe, expect, test } from 'vitest'
import { loadSpec } from '../../spec/compiler/compile.ts'
import type { Constraint } from '../../spec/model.ts'
import { constraint, member, SOURCE } from '../testing/spec.ts'
import { examine, examineMembers, isSurelyLegal, type Shape } from './legal.ts'

const string = (...constraints: Constraint[]): Shape => ({ type: { kind: 'string' }, constraints })
const types = {
  types: {
    Box: {
      name: 'Box',
      guide: null,
      edition: '2021-11',
      summary: '',
      covers: [],
      source: SOURCE,
      members: [
        member('Size', 'integer', { required: true, constraints: [constraint({ kind: 'range', min: 1 })] }),
        member('Later', 'integer', { required: true, since: '2024-01' }),
      ],
    },
  },
}
const verdict = (
  shape: Shape,
  value: unknown,
  direction: 'request' | 'response' | 'aws-response' = 'request',
): 'legal' | 'illegal' | 'doubtful' => {
  const breaches = examine(types, shape, value, direction)
  return breaches.length === 0 ? 'legal' : breaches.some(breach => breach.sure) ? 'illegal' : 'doubtful'
}

describe('alternatives', () => {
  const lengths = string(
    constraint({ kind: 'length', min: 1, max: 4 }),
    constraint({ kind: 'length', min: 1, max: 8 }, { origin: 'recorded' }),
  )

  test('what all allow is legal, what none allows illegal, in between nothing is claimed', () => {
    expect(['abc', 'abcdef', 'abcdefghi'].map(value => verdict(lengths, value))).toEqual([
      'legal',
      'doubtful',
      'illegal',
    ])
  })
  test('what only a recording or a later model knows demands no refusal', () => {
    const model = string(constraint({ kind: 'enum', values: ['a'] }, { origin: 'model' }))
    expect(verdict(model, 'b')).toBe('doubtful')
    expect(verdict(string(constraint({ kind: 'enum', values: ['a'] }, { since: '2024-01' })), 'b')).toBe('doubtful')
    // But AWS itself keeps to it.
    const length = string(constraint({ kind: 'length', max: 2 }, { origin: 'model' }))
    expect([verdict(length, 'abc', 'response'), verdict(length, 'abc', 'aws-response')]).toEqual([
      'doubtful',
      'illegal',
    ])
    // Lists of values that came later still grow.
    expect(verdict(model, 'b', 'aws-response')).toBe('doubtful')
  })
  test('two constraints of one origin must both hold', () => {
    expect(
      verdict(
        string(constraint({ kind: 'pattern', pattern: 'a+' }), constraint({ kind: 'pattern', pattern: '..' })),
        'aaa',
      ),
    ).toBe('illegal')
  })
  test('a pattern speaks of the whole value, top-level alternatives and anchors included', () => {
    const pattern = string(constraint({ kind: 'pattern', pattern: '^(arn:x)|()$' }))
    expect(['arn:x', '', 'arn:xy', 'yarn:x'].map(value => verdict(pattern, value))).toEqual([
      'legal',
      'legal',
      'illegal',
      'illegal',
    ])
  })
})

describe('open lists of values', () => {
  const states = string(constraint({ kind: 'enum', values: ['Pending', 'Active'] }), constraint({ kind: 'open' }))
  test('an endpoint may answer with a new one', () => expect(verdict(states, 'Sleeping', 'response')).toBe('doubtful'))
  test('but not with one in other letters than the rest', () =>
    expect(['active', 'ACTIVE', 'ready', 'not ready'].map(value => verdict(states, value, 'response'))).toEqual([
      'illegal',
      'illegal',
      'illegal',
      'illegal',
    ]))
  test('AWS hardly ever has added to a small list, and what it has added stands on the page', () => {
    expect(['Sleeping', 'active'].map(value => verdict(states, value, 'aws-response'))).toEqual(['illegal', 'illegal'])
    const { constraints } = loadSpec().types.FunctionConfiguration?.members.find(one => one.name === 'State') ?? {
      constraints: [],
    }
    expect(verdict(string(...constraints), 'Deactivating', 'aws-response')).not.toBe('illegal')
  })
  test('to a long one it adds of the same family', () => {
    const runtimes = string(
      constraint({
        kind: 'enum',
        values: ['nodejs18.x', 'nodejs20.x', 'python3.9', 'python3.12', 'java21', 'provided.al2'],
      }),
      constraint({ kind: 'open' }),
    )
    expect(
      ['nodejs30.x', 'provided.al2029', 'cobol1', 'Python3.9'].map(value => verdict(runtimes, value, 'aws-response')),
    ).toEqual(['doubtful', 'doubtful', 'illegal', 'illegal'])
  })
})

describe('types', () => {
  const of = (kind: 'integer' | 'boolean' | 'timestamp' | 'string' | 'double' | 'blob'): Shape => ({
    type: { kind },
    constraints: [],
  })
  test('what a service may still read is only doubtful in a request, and wrong in an answer', () => {
    const cases: [Shape, unknown][] = [
      [of('integer'), '7'],
      [of('integer'), 7.5],
      [of('string'), 7],
      [of('boolean'), 'true'],
      [of('timestamp'), '2024-01-01'],
    ]
    expect(cases.map(([shape, value]) => [verdict(shape, value), verdict(shape, value, 'response')])).toEqual(
      cases.map(() => ['doubtful', 'illegal']),
    )
  })
  test('what no service can read is illegal everywhere', () => {
    for (const [kind, value] of [
      ['integer', 'abc'],
      ['integer', {}],
      ['string', []],
      ['timestamp', {}],
      ['blob', 7],
      ['double', 'x'],
    ] as const) {
      expect(verdict(of(kind), value), `${kind} ${JSON.stringify(value)}`).toBe('illegal')
    }
  })
})

describe('parts', () => {
  test('each and key speak of elements, values and keys; breaches know where they are', () => {
    const map: Shape = {
      type: { kind: 'map', key: { kind: 'string' }, value: { kind: 'list', of: { kind: 'string' } } },
      constraints: [
        constraint({ kind: 'pattern', pattern: '[a-z]+' }, { on: 'key' }),
        constraint({ kind: 'items', max: 1 }, { on: 'each' }),
        constraint({ kind: 'length', max: 2 }, { on: 'each' }),
      ],
    }
    expect(examine(types, map, { ok: ['ab'] }, 'request')).toEqual([])
    expect(
      examine(types, map, { A: ['ab'], ok: ['abc', 'x'] }, 'request').map(breach => [
        breach.kind,
        breach.path.join('.'),
      ]),
    ).toEqual([
      ['pattern', '{key}'],
      ['items', '{}'],
      ['length', '{}.[]'],
    ])
  })
  test('structures: required members, and those of a later edition not', () => {
    const box: Shape = { type: { kind: 'ref', type: 'Box' }, constraints: [] }
    expect(examine(types, box, {}, 'request').map(breach => [breach.kind, breach.path.join('.'), breach.sure])).toEqual(
      [
        ['required', 'Size', true],
        ['required', 'Later', false],
      ],
    )
    expect(isSurelyLegal(types, box, { Size: 1, Later: 1, Unknown: {} })).toBe(true)
    expect(
      examineMembers(
        types,
        [member('B', { kind: 'list', of: { kind: 'ref', type: 'Box' } })],
        { B: [{ Size: 0, Later: 1 }] },
        'response',
      ).map(breach => breach.path.join('.')),
    ).toEqual(['B.[].Size'])
  })
  test('names of the language are no members', () => {
    expect(examineMembers(types, [member('constructor', 'string', { required: true })], {}, 'request')).toHaveLength(1)
  })
  test('an answer that is deeper than any type does not end the run', () => {
    let deep: unknown = []
    for (let at = 0; at < 10_000; at++) deep = [deep]
    const list = { kind: 'list' as const, of: { kind: 'json' as const } }
    expect(examine(types, { type: list, constraints: [] }, deep, 'response')).toEqual([])
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Action, Constraint, Member, Spec, TypeRef } from '../../spec/model.ts'
import { ServiceError } from './errors.ts'
import { compileValidator } from './validate.ts'
import type { Input } from './wire.ts'

const source = { file: 'test.md', line: 1, column: 1 }
const string: TypeRef = { kind: 'string' }

type Bare = Constraint extends infer C
  ? C extends Constraint
    ? Omit<C, 'source' | 'on' | 'origin'> & Partial<Pick<C, 'on' | 'origin'>>
    : never
  : never

function member(name: string, type: TypeRef, constraints: readonly Bare[] = [], required = false): Member {
  return {
    name,
    wireName: name,
    in: 'body',
    type,
    required,
    constraints: constraints.map(constraint => ({ on: 'self', origin: 'guide', ...constraint, source }) as Constraint),
    origin: 'guide',
    source,
  }
}

function refusal(
  members: readonly Member[],
  input: Input,
  types: { readonly [name: string]: readonly Member[] } = {},
): string | undefined {
  const spec = {
    types: Object.fromEntries(Object.entries(types).map(([name, list]) => [name, { members: list }])),
  } as unknown as Spec
  try {
    compileValidator(spec, { request: members } as unknown as Action)(input)
    return undefined
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    expect(error.errorName).toBe('ValidationException')
    return error.message
  }
}

describe('the text of a refusal', () => {
  test('one fault is singular and ends without a full stop', () => {
    expect(
      refusal([member('MemorySize', { kind: 'integer' }, [{ kind: 'range', min: 128, max: 10240 }])], {
        MemorySize: 0,
      }),
    ).toBe(
      "1 validation error detected: Value '0' at 'memorySize' failed to satisfy constraint: Member must have value greater than or equal to 128",
    )
  })

  test('several faults are counted and joined, also of one member', () => {
    expect(
      refusal(
        [
          member('Name', string, [
            { kind: 'length', max: 3 },
            { kind: 'pattern', pattern: '[a-z]+' },
          ]),
        ],
        { Name: 'ABCD' },
      ),
    ).toBe(
      "2 validation errors detected: Value 'ABCD' at 'name' failed to satisfy constraint: Member must have length less than or equal to 3; " +
        "Value 'ABCD' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]+",
    )
  })

  test('a missing member is null', () => {
    expect(refusal([member('Role', string, [], true)], {})).toBe(
      "1 validation error detected: Value null at 'role' failed to satisfy constraint: Member must not be null",
    )
  })

  test('a list with a bad element is shown whole, with all that its elements must satisfy', () => {
    const members = [
      member('Architectures', { kind: 'list', of: string }, [
        { kind: 'enum', values: ['x86_64', 'arm64'], on: 'each' },
      ]),
    ]
    expect(refusal(members, { Architectures: ['vax', 'x86_64'] })).toBe(
      "1 validation error detected: Value '[vax, x86_64]' at 'architectures' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]",
    )
    expect(refusal(members, { Architectures: [null] })).toContain("Value '[null]' at 'architectures'")
  })

  test('the path leads through structures and lists of them', () => {
    const types = { Config: [member('Mode', string, [{ kind: 'enum', values: ['On'] }], true)] }
    const ref: TypeRef = { kind: 'ref', type: 'Config' }
    expect(refusal([member('Tracing', ref)], { Tracing: {} }, types)).toContain("Value null at 'tracing.mode'")
    expect(
      refusal([member('Configs', { kind: 'list', of: ref })], { Configs: [{ Mode: 'On' }, { Mode: 'Off' }] }, types),
    ).toContain("Value 'Off' at 'configs.2.member.mode'")
  })

  test('keys and values of a map', () => {
    const members = [
      member('Weights', { kind: 'map', key: string, value: { kind: 'double' } }, [
        { kind: 'pattern', pattern: '[0-9]+', on: 'key' },
        { kind: 'range', min: 0, max: 1, on: 'each' },
      ]),
    ]
    expect(refusal(members, { Weights: { a: 0.5 } })).toContain(
      "Value '{a=0.5}' at 'weights' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [0-9]+, Member must not be null]",
    )
    expect(refusal(members, { Weights: { 1: 1.5 } })).toContain('Map value must satisfy constraint')
    expect(refusal(members, { Weights: { 1: 1 } })).toBeUndefined()
  })

  test('lists in a map: their size and their items', () => {
    const members = [
      member('Endpoints', { kind: 'map', key: string, value: { kind: 'list', of: string } }, [
        { kind: 'items', min: 1, max: 2, on: 'each' },
        { kind: 'length', max: 3, on: 'each' },
      ]),
    ]
    expect(refusal(members, { Endpoints: { k: ['abc'] } })).toBeUndefined()
    expect(refusal(members, { Endpoints: { k: [] } })).toBeDefined()
    expect(refusal(members, { Endpoints: { k: ['a', 'b', 'c'] } })).toBeDefined()
    expect(refusal(members, { Endpoints: { k: ['abcd'] } })).toBeDefined()
  })

  test('a huge value is not repeated without end', () => {
    const text = refusal([member('Description', string, [{ kind: 'length', max: 1 }])], {
      Description: 'x'.repeat(1_000_000),
    })
    expect(text?.length).toBeLessThan(10_000)
  })
})

describe('alternatives of different origins', () => {
  const members = [
    member('Kind', string, [
      { kind: 'enum', values: ['old', 'both'] },
      { kind: 'enum', values: ['new', 'both'], origin: 'recorded' },
    ]),
  ]

  test.each(['old', 'both', 'new'])('%s is legal, as one of them allows it', value => {
    expect(refusal(members, { Kind: value })).toBeUndefined()
  })

  test('what none allows is refused in the words of the one nearest to the service', () => {
    expect(refusal(members, { Kind: 'none' })).toContain('enum value set: [new, both]')
  })

  test('of two bounds the wider one is told', () => {
    const bounded = [
      member('Name', string, [
        { kind: 'length', max: 140 },
        { kind: 'length', max: 64, origin: 'recorded' },
      ]),
    ]
    expect(refusal(bounded, { Name: 'x'.repeat(100) })).toBeUndefined()
    expect(refusal(bounded, { Name: 'x'.repeat(141) })).toContain('less than or equal to 140')
  })

  test('an alternative without an end leaves that end open', () => {
    const ranged = [
      member('Age', { kind: 'integer' }, [
        { kind: 'range', min: 1 },
        { kind: 'range', min: 1, max: 9, origin: 'recorded' },
      ]),
    ]
    expect(refusal(ranged, { Age: 100 })).toBeUndefined()
    expect(refusal(ranged, { Age: 0 })).toBeDefined()
  })
})

describe('laws', () => {
  test('a length is counted in characters: exactly those within the bounds pass', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.nat(6), fc.nat(6), (text, min, extra) => {
        const length = [...text].length
        const legal = length >= min && length <= min + extra
        expect(
          refusal([member('Text', string, [{ kind: 'length', min, max: min + extra }])], { Text: text }) === undefined,
        ).toBe(legal)
      }),
    )
  })

  test('a pattern holds for the whole value', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,5}$/), fc.constantFrom('\n', ' ', '0', '-'), (text, extra) => {
        const members = [member('Text', string, [{ kind: 'pattern', pattern: '[a-z]+|none' }])]
        expect(refusal(members, { Text: text })).toBeUndefined()
        expect(refusal(members, { Text: text + extra })).toBeDefined()
        expect(refusal(members, { Text: extra + text })).toBeDefined()
      }),
    )
  })

  test('the size of a blob is that of its bytes', () => {
    const members = [member('Blob', { kind: 'blob' }, [{ kind: 'length', max: 3 }])]
    expect(refusal(members, { Blob: Buffer.alloc(3) })).toBeUndefined()
    expect(refusal(members, { Blob: Buffer.alloc(4) })).toBeDefined()
  })
})

/** A small specification for tests that want to see every detail of it: one resource, five actions. */
import { NO_ANSWERS } from '../../spec/compiler/answer-tables.ts'
import { NO_REFUSALS } from '../../spec/compiler/refusal-tables.ts'
import type {
  Action,
  Clause,
  Constraint,
  ConstraintBody,
  ErrorRow,
  Member,
  Source,
  Spec,
  TypeRef,
} from '../../spec/model.ts'

export const SOURCE: Source = { file: 'test.md', line: 1, column: 1 }

export function constraint(
  body: ConstraintBody,
  more: Partial<Pick<Constraint, 'on' | 'origin' | 'since'>> = {},
): Constraint {
  return { on: 'self', origin: 'guide', source: SOURCE, ...body, ...more } as Constraint
}

export function member(
  name: string,
  type: TypeRef | 'string' | 'integer' | 'boolean' | 'blob',
  more: Partial<Member> = {},
): Member {
  const ref: TypeRef = typeof type === 'string' ? { kind: type } : type
  return {
    name,
    wireName: name,
    in: 'body',
    type: ref,
    required: false,
    constraints: [],
    origin: 'guide',
    source: SOURCE,
    ...more,
  }
}

export function action(name: string, method: Action['method'], path: string, more: Partial<Action> = {}): Action {
  return {
    name,
    method,
    path,
    profile: 'things',
    guide: `API_${name}`,
    edition: '2021-11',
    summary: '',
    needs: [],
    capabilities: [],
    covers: [],
    request: [],
    example: {},
    responses: [{ status: 200, members: [], source: SOURCE }],
    errors: [error('InvalidParameterValueException', 400), error('ResourceNotFoundException', 404)],
    provocations: [],
    source: SOURCE,
    ...more,
  }
}

export function error(name: string, status: number): ErrorRow {
  return { name, status, when: 'it is due', origin: 'guide', source: SOURCE }
}

export function clause(id: string, kind: Clause['kind'], more: Partial<Clause> = {}): Clause {
  return {
    id,
    kind,
    level: 'must',
    page: 'test.md',
    line: 1,
    text: id,
    profile: 'things',
    origin: 'guide',
    covers: [],
    needs: [],
    ...more,
  }
}

const THING: readonly Member[] = [
  member('Name', 'string', { required: true, constraints: [constraint({ kind: 'echo' })] }),
  member('Size', 'integer', {
    required: true,
    constraints: [constraint({ kind: 'echo' }), constraint({ kind: 'range', min: 1, max: 100 })],
  }),
  member('Tags', { kind: 'map', key: { kind: 'string' }, value: { kind: 'string' } }),
]
const NAME = member('Name', 'string', {
  in: 'uri',
  required: true,
  constraints: [
    constraint({ kind: 'length', min: 1, max: 64 }),
    constraint({ kind: 'pattern', pattern: '[a-zA-Z0-9-_]+' }),
  ],
})
const SIZE = member('Size', 'integer', {
  required: true,
  constraints: [constraint({ kind: 'range', min: 1, max: 100 })],
})
const COLOR = member('Color', 'string', { constraints: [constraint({ kind: 'enum', values: ['red', 'green'] })] })

/** Things have a name, a size of 1 to 100 and perhaps a colour. */
export function thingSpec(more: Partial<Spec> = {}): Spec {
  const actions: { [name: string]: Action } = {
    CreateThing: action('CreateThing', 'POST', '/2020-01-01/things', {
      request: [{ ...NAME, in: 'body' }, SIZE, COLOR],
      example: { Name: { $tag: 'unique', value: 'thing', source: SOURCE }, Size: 5 },
      responses: [{ status: 201, members: THING, source: SOURCE }],
    }),
    GetThing: action('GetThing', 'GET', '/2020-01-01/things/{Name}', {
      needs: ['thing'],
      request: [NAME],
      example: { Name: '$thing.Name' },
      responses: [{ status: 200, members: THING, source: SOURCE }],
    }),
    UpdateThing: action('UpdateThing', 'PUT', '/2020-01-01/things/{Name}', {
      needs: ['thing'],
      request: [NAME, { ...SIZE, required: false }, COLOR],
      example: { Name: '$thing.Name' },
      responses: [{ status: 200, members: THING, source: SOURCE }],
    }),
    DeleteThing: action('DeleteThing', 'DELETE', '/2020-01-01/things/{Name}', {
      needs: ['thing'],
      request: [NAME],
      example: { Name: '$thing.Name' },
      responses: [{ status: 204, members: [], source: SOURCE }],
    }),
  }
  return {
    schemaVersion: 1,
    edition: '2021-11',
    digest: 'test',
    actions,
    types: {},
    resources: {
      thing: {
        name: 'thing',
        profile: 'things',
        guide: null,
        edition: '2021-11',
        needs: [],
        capabilities: [],
        covers: [],
        lifecycle: {
          resource: 'thing',
          key: ['Name'],
          create: 'CreateThing',
          read: 'GetThing',
          update: 'UpdateThing',
          delete: 'DeleteThing',
          source: SOURCE,
        },
        laws: [],
        create: { Name: { $tag: 'unique', value: 'thing', source: SOURCE }, Size: 5 },
        source: SOURCE,
      },
    },
    commonErrors: [error('ValidationException', 400), error('SerializationException', 400)],
    errorNames: {},
    refusals: NO_REFUSALS,
    answers: NO_ANSWERS,
    properties: [],
    quotas: [],
    figures: {},
    rules: {},
    ledger: [],
    clauses: [
      ...Object.keys(actions).map(name => clause(`${name}.answer`, 'answer', { action: name })),
      clause('CreateThing.request.Size.required', 'required', { action: 'CreateThing', path: ['Size'] }),
      clause('CreateThing.request.Size.type', 'type', { action: 'CreateThing', path: ['Size'] }),
      clause('CreateThing.request.Size.range', 'range', { action: 'CreateThing', path: ['Size'] }),
      clause('CreateThing.request.Color.enum', 'enum', { action: 'CreateThing', path: ['Color'] }),
      clause('CreateThing.request.syntax', 'syntax', { action: 'CreateThing' }),
      clause('UpdateThing.request.Size.range', 'range', { action: 'UpdateThing', path: ['Size'] }),
      clause('UpdateThing.request.Color.enum', 'enum', { action: 'UpdateThing', path: ['Color'] }),
    ],
    ...more,
  }
}

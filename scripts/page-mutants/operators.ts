/**
 * Pages that say something slightly different: one bound, status, error or value at a time, in the compiled
 * specification.
 */
import type { Action, Constraint, Member, Spec } from '../../spec/model.ts'

/** One changed specification. */
export interface PageMutant {
  /** Under `spec/`, with the line that is meant. */
  readonly place: string
  readonly action: string
  /** `a bound`, `a status`, … */
  readonly kind: string
  /** `MemorySize range 128..10240, the greatest less by one`. */
  readonly change: string
  readonly spec: Spec
}

/**
 * Every mutant of every action that has a page in the guide. Members of types are changed for all actions that use the
 * type at once; the mutant then bears the name of the type.
 */
export function* pageMutants(spec: Spec): Generator<PageMutant> {
  for (const action of Object.values(spec.actions)) yield* actionMutants(spec, action)
  for (const type of Object.values(spec.types)) {
    const put = (members: readonly Member[]): Spec => ({
      ...spec,
      types: { ...spec.types, [type.name]: { ...type, members } },
    })
    yield* memberMutants(type.members, 'type', put, type.name)
  }
}

function* actionMutants(spec: Spec, action: Action): Generator<PageMutant> {
  const { name } = action
  const put = (changed: Partial<Action>): Spec => ({
    ...spec,
    actions: { ...spec.actions, [name]: { ...action, ...changed } },
  })
  yield* memberMutants(action.request, 'request', request => put({ request }), name)
  for (const [at, response] of action.responses.entries()) {
    const answer = (changed: Partial<typeof response>): Spec =>
      put({ responses: action.responses.with(at, { ...response, ...changed }) })
    const status = response.status === 200 ? 201 : 200
    yield {
      place: `${response.source.file}:${response.source.line}`,
      action: name,
      kind: 'a status of success',
      change: `${response.status} → ${status}`,
      spec: answer({ status }),
    }
    yield* memberMutants(response.members, 'response', members => answer({ members }), name)
  }
  for (const [at, error] of action.errors.entries()) {
    const other = { ...error, status: error.status === 400 ? 409 : 400 }
    const about = { place: `${error.source.file}:${error.source.line}`, action: name }
    yield {
      ...about,
      kind: 'a status of an error',
      change: `${error.name} ${error.status} → ${other.status}`,
      spec: put({ errors: action.errors.with(at, other) }),
    }
    yield {
      ...about,
      kind: 'an error left out',
      change: error.name,
      spec: put({ errors: action.errors.toSpliced(at, 1) }),
    }
  }
}

function* memberMutants(
  members: readonly Member[],
  where: 'request' | 'response' | 'type',
  put: (members: readonly Member[]) => Spec,
  action: string,
): Generator<PageMutant> {
  for (const [at, member] of members.entries()) {
    const about = { place: `${member.source.file}:${member.source.line}`, action }
    const changed = (one: Partial<Member>): Spec => put(members.with(at, { ...member, ...one }))
    if (member.origin === 'guide')
      yield {
        ...about,
        kind: member.required ? `a ${where} member made optional` : `a ${where} member made required`,
        change: member.name,
        spec: changed({ required: !member.required }),
      }
    for (const [which, constraint] of member.constraints.entries())
      for (const [kind, change, other] of otherConstraints(constraint))
        yield {
          ...about,
          place: `${constraint.source.file}:${constraint.source.line}`,
          kind: `${kind} (${where})`,
          change: `${member.name}: ${change}`,
          spec: changed({ constraints: member.constraints.with(which, other) }),
        }
  }
}

/** The same constraint, a little wrong: too narrow, too wide, one value less. */
function* otherConstraints(one: Constraint): Generator<readonly [kind: string, change: string, other: Constraint]> {
  if (one.kind === 'length' || one.kind === 'range' || one.kind === 'items' || one.kind === 'entries') {
    const { min, max } = one
    if (max !== undefined) {
      yield ['a greatest too low', `${one.kind} ..${max} → ..${lower(max)}`, { ...one, max: lower(max) }]
      yield ['a greatest too high', `${one.kind} ..${max} → ..${max * 2 + 1}`, { ...one, max: max * 2 + 1 }]
    }
    if (min !== undefined) {
      yield ['a least too high', `${one.kind} ${min}.. → ${min + 1}..`, { ...one, min: min + 1 }]
      if (min > 0) yield ['a least too low', `${one.kind} ${min}.. → 0..`, { ...one, min: 0 }]
    }
  }
  if (one.kind === 'enum')
    for (const value of one.values)
      yield ['a value left out', value, { ...one, values: one.values.filter(other => other !== value) }]
  if (one.kind === 'default') yield ['another default', JSON.stringify(one.value), { ...one, value: 'another' }]
}

/** Far enough below to meet what is usual, near enough to be a mistake that people make. */
const lower = (max: number): number => Math.floor(max / 2)

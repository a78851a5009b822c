/** One small legal value of a shape, always the same: what stands around the member that a case is about. */
import fc from 'fast-check'
import type { Member, Spec, Value } from '../../spec/model.ts'
import { elementShape, isSurelyLegal, keyShape, type Shape } from '../oracle/legal.ts'
import { bounds, commonEnum, legalValues } from './legal.ts'
import { perTypes } from './per-types.ts'
import { isList, isMapping, isTagged } from '../../spec/value-kinds.ts'

type Types = Pick<Spec, 'types'>

/** The same names and ARNs stand on every page. */
const examplesOf = perTypes<unknown>()

/** The example of the type's page where that is plain data, else the least that the constraints demand. */
export function exampleOf(spec: Types, shape: Shape): unknown {
  const { type, constraints } = shape
  switch (type.kind) {
    case 'ref': {
      const struct = spec.types[type.type]
      if (struct?.example !== undefined && isPlain(struct.example)) return structuredClone(struct.example)
      return exampleMembers(spec, struct?.members ?? [])
    }
    case 'list':
      return repeated(bounds(constraints, 'items').min ?? 0, () => exampleOf(spec, elementShape(shape)))
    case 'map':
      return Object.fromEntries(
        repeated(bounds(constraints, 'entries').min ?? 0, at => [
          `${String(exampleOf(spec, keyShape(shape)))}${at || ''}`,
          exampleOf(spec, elementShape(shape)),
        ]),
      )
    case 'string': {
      const first = commonEnum(constraints)?.[0]
      if (first !== undefined) return first
      if (isSurelyLegal(spec, shape, 'example')) return 'example'
      break
    }
    default:
  }
  const examples = examplesOf(spec.types)
  const key = shapeKey(shape)
  if (!examples.has(key)) examples.set(key, fc.sample(legalValues(spec, shape), { numRuns: 1, seed: 1 })[0])
  return structuredClone(examples.get(key))
}

/** Tells shapes apart by what they allow, not by where they stand. */
export function shapeKey({ type, constraints }: Shape): string {
  return JSON.stringify([type, constraints.map(({ source: _, ...said }) => said)])
}

/** The required members alone. */
export function exampleMembers(spec: Types, members: readonly Member[]): { [member: string]: unknown } {
  return Object.fromEntries(
    members.filter(member => member.required).map(member => [member.name, exampleOf(spec, member)]),
  )
}

function repeated<T>(times: number, make: (at: number) => T): T[] {
  return Array.from({ length: times }, (_, at) => make(at))
}

/** No references and no tags: it can be sent as it is. */
function isPlain(value: Value): boolean {
  if (typeof value === 'string') return !value.startsWith('$') && !value.includes('${')
  if (isList(value)) return value.every(isPlain)
  return !isTagged(value) && (!isMapping(value) || Object.values(value).every(isPlain))
}

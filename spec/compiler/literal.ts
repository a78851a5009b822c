/** Literal values of fences against the constraints of their members. */
import type { Constraint, Member, Value } from '../model.ts'
import { printConstraint } from './constraint.ts'
import { isList, isMapping } from '../value-kinds.ts'

/**
 * The constraint that a value of an example surely breaks: of constraints of one kind, none is met. What a reference or
 * a tag will stand for is not known, and breaks nothing.
 */
export function brokenConstraint(value: Value, { constraints, type }: Member): string | undefined {
  // A blob is counted in bytes, and stands here as base64.
  const own = constraints.filter(
    constraint => constraint.on === 'self' && !(constraint.kind === 'length' && type.kind === 'blob'),
  )
  const broken = own.find(constraint =>
    own.filter(one => one.kind === constraint.kind).every(one => breaks(value, one)),
  )
  return broken === undefined ? undefined : printConstraint(broken)
}

function breaks(value: Value, constraint: Constraint): boolean {
  switch (constraint.kind) {
    case 'range':
      return typeof value === 'number' && outside(value, constraint)
    case 'length':
      return isLiteral(value) && outside([...value].length, constraint)
    case 'items':
      return isList(value) && outside(value.length, constraint)
    case 'entries':
      return isMapping(value) && outside(Object.keys(value).length, constraint)
    case 'pattern':
      return isLiteral(value) && !new RegExp(`^(?:${constraint.pattern})$`).test(value)
    case 'enum':
      return isLiteral(value) && !constraint.values.includes(value)
    default:
      return false
  }
}

const isLiteral = (value: Value): value is string => typeof value === 'string' && !value.includes('$')

const outside = (count: number, { min, max }: { readonly min?: number; readonly max?: number }): boolean =>
  (min !== undefined && count < min) || (max !== undefined && count > max)

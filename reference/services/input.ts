import { refuseService } from './service-error.ts'

/** The members of a request to another service, unchecked. */
export type Members = { readonly [member: string]: unknown }

/** A text, or nothing. */
export function textOf(input: Members, member: string): string | undefined {
  const value = input[member]
  if (value === undefined || value === null) return undefined
  return typeof value === 'string' ? value : mistyped(member, 'a string')
}

/** A text that must be there. */
export function requiredText(input: Members, member: string): string {
  return textOf(input, member) ?? missing(member)
}

/** A whole number within bounds, or nothing. */
export function numberOf(input: Members, member: string, least: number, most: number): number | undefined {
  const value = input[member]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number' || !Number.isInteger(value)) return mistyped(member, 'a whole number')
  if (value < least || value > most)
    refuseService(
      'InvalidParameterValue',
      `Value ${value} for parameter ${member} is invalid. Reason: Must be between ${least} and ${most}.`,
    )
  return value
}

/** A list of structures; empty when absent. */
export function structuresOf(input: Members, member: string): readonly Members[] {
  const value = input[member]
  if (value === undefined || value === null) return []
  return Array.isArray(value) && value.every(isStructure) ? value : mistyped(member, 'a list of structures')
}

/** A list of texts; empty when absent. */
export function textsOf(input: Members, member: string): readonly string[] {
  const value = input[member]
  if (value === undefined || value === null) return []
  return Array.isArray(value) && value.every(item => typeof item === 'string')
    ? value
    : mistyped(member, 'a list of strings')
}

/** A structure or map; empty when absent. */
export function structureOf(input: Members, member: string): Members {
  const value = input[member]
  if (value === undefined || value === null) return {}
  return isStructure(value) ? value : mistyped(member, 'a structure')
}

/** Refuses a request that lacks a member. */
export function missing(member: string): never {
  return refuseService('MissingParameter', `The request must contain the parameter ${member}.`)
}

function mistyped(member: string, kind: string): never {
  return refuseService('SerializationException', `${member} must be ${kind}.`)
}

function isStructure(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

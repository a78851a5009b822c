/** Roles and resources as messages name them. */
import type { LambdaFunction } from '../application/model.ts'
import type { Value } from '../application/value.ts'
import { grantsAction, grantsOf } from './grants.ts'
import type { Grant } from './grants.ts'

/** The role of a function: its name, or whose it is. */
export function roleOf(fn: LambdaFunction): string {
  if (fn.permissions.role) return fn.permissions.role.id
  return fn.template.format === 'serverless' &&
    fn.permissions.policies.every(
      policy => !policy.loc.source.text.slice(policy.loc.start, policy.loc.end).includes('iamRoleStatements'),
    )
    ? 'provider.iam.role'
    : fn.id
}

/** Where a function may do an action, for people: `Users, arn:aws:sqs:*:*:jobs`. */
export function grantedOn(
  fn: LambdaFunction,
  action: string,
): { readonly text: string; readonly grants: readonly Grant[] } {
  const grants = grantsOf(fn).list.filter(grant => grant.effect === 'Allow' && grantsAction(grant, action) !== 'no')
  const names = new Set(
    grants.flatMap(grant => {
      const { from } = grant
      if (from.kind === 'statement') return from.statement.resources.map(resourceName)
      if (from.kind === 'template') return from.value.entries().map(entry => resourceName(entry.value))
      return from.kind === 'managed' ? [from.name] : []
    }),
  )
  return { text: [...names].join(', '), grants }
}

/** A resource of a statement by its logical id with what comes behind it, or as it is written. */
export function resourceName(value: Value): string {
  if (value.resource) return value.resource.id
  const partName = (part: Value): string => {
    if (part.resource) return part.resource.id
    return part.reference ? `\${${part.reference.id}}` : '…'
  }
  return value.text(partName) ?? '…'
}

/** Functions by name, no more than three of them. */
export function namesOf(functions: readonly LambdaFunction[]): string {
  const names = functions.map(fn => fn.id)
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more functions` : listOf(names)
}

/** `a, b and c`. */
export const listOf = (texts: readonly string[]): string =>
  texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`

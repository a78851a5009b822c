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
      if (grant.from.kind === 'statement') return grant.from.statement.resources.map(resourceName)
      return grant.from.kind === 'template'
        ? grant.from.value.entries().map(entry => resourceName(entry.value))
        : grant.from.kind === 'managed'
          ? [grant.from.name]
          : []
    }),
  )
  return { text: [...names].join(', '), grants }
}

/** A resource of a statement by its logical id with what comes behind it, or as it is written. */
export function resourceName(value: Value): string {
  if (value.resource) return value.resource.id
  return (
    value.text(part => (part.resource ? part.resource.id : part.reference ? `\${${part.reference.id}}` : '…')) ?? '…'
  )
}

/** Functions by name, no more than three of them. */
export function namesOf(functions: readonly LambdaFunction[]): string {
  const names = functions.map(fn => fn.id)
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more functions` : listOf(names)
}

/** `a, b and c`. */
export const listOf = (texts: readonly string[]): string =>
  texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`

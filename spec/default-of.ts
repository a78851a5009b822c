import type { Spec, Value } from './model.ts'

/**
 * What a member of an action's answer is when the request does not give it, as the page of the action says.
 * @throws Error when the page states no default
 * @example
 * defaultOf(spec, 'CreateFunction', 'Timeout') // 3
 */
export function defaultOf(spec: Pick<Spec, 'actions'>, action: string, member: string): Value {
  const members = spec.actions[action]?.responses.flatMap(response => response.members) ?? []
  const stated = members
    .filter(({ name }) => name === member)
    .flatMap(({ constraints }) => constraints)
    .flatMap(one => (one.kind === 'default' && one.on === 'self' ? [one.value] : []))
  const [value] = stated
  if (value === undefined) throw new Error(`spec/api/${action}.md states no default of ${member}`)
  return value
}

/** The same of a member that is a number. */
export function defaultNumber(spec: Pick<Spec, 'actions'>, action: string, member: string): number {
  const value = defaultOf(spec, action, member)
  if (typeof value !== 'number') throw new Error(`spec/api/${action}.md: the default of ${member} is no number`)
  return value
}

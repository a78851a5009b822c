import type { Condition, Spec, Value } from './model.ts'
import { isObject } from '../base/is-object.ts'
import { own } from '../base/own.ts'

/**
 * What a member of an action's answer is when the request does not give it, as the page of the action says. Defaults
 * that hold under a condition alone do not count.
 * @throws Error when the page states no default
 * @example
 * defaultOf(spec, 'CreateFunction', 'Timeout') // 3
 */
export function defaultOf(spec: Pick<Spec, 'actions'>, action: string, member: string): Value {
  const value = statedDefaults(spec, action).find(one => one.name === member && !one.when && !one.unless)?.value
  if (value === undefined) throw new Error(`spec/api/${action}.md states no default of ${member}`)
  return value
}

/**
 * The same of a member of a structure.
 * @example
 * defaultIn(spec, 'CreateFunction', 'TracingConfig', 'Mode') // 'PassThrough'
 */
export function defaultIn(spec: Pick<Spec, 'actions'>, action: string, member: string, inner: string): Value {
  const value = defaultOf(spec, action, member)
  const found = isObject(value) ? own(value, inner) : undefined
  if (found === undefined) throw new Error(`spec/api/${action}.md: the default of ${member} has no ${inner}`)
  return found
}

/** The same of a member that is a number. */
export function defaultNumber(spec: Pick<Spec, 'actions'>, action: string, member: string): number {
  const value = defaultOf(spec, action, member)
  if (typeof value !== 'number') throw new Error(`spec/api/${action}.md: the default of ${member} is no number`)
  return value
}

/**
 * What the members of an action's answer are when the request does not give them, those that hold for this request
 * alone among them. A condition on anything but the request does not hold.
 * @example
 * defaultsFor(spec, 'CreateEventSourceMapping', { EventSourceArn: 'arn:aws:sqs:eu-west-1:1:q' }) // { BatchSize: 10, … }
 */
export function defaultsFor(
  spec: Pick<Spec, 'actions'>,
  action: string,
  request: { readonly [member: string]: unknown },
): { readonly [member: string]: Value } {
  return Object.fromEntries(
    statedDefaults(spec, action)
      .filter(one => one.when === undefined || holdsFor(one.when, request))
      .filter(one => one.unless === undefined || !holdsFor(one.unless, request))
      .map(({ name, value }) => [name, value]),
  )
}

/** The defaults that an action's page states for whole members of its answers, and when they hold. */
function statedDefaults(spec: Pick<Spec, 'actions'>, action: string) {
  const members = spec.actions[action]?.responses.flatMap(response => response.members) ?? []
  return members.flatMap(({ name, constraints }) =>
    constraints.flatMap(one => (one.kind === 'default' && one.on === 'self' ? [{ ...one, name }] : [])),
  )
}

function holdsFor({ of, part, value }: Condition, request: { readonly [member: string]: unknown }): boolean {
  const [root, member = '', ...rest] = of
  const given = root === 'request' && rest.length === 0 ? own(request, member) : undefined
  if (typeof given !== 'string' || (part !== undefined && part !== 'service')) return false
  const found = part === 'service' ? given.split(':')[2] : given
  return found !== undefined && (value === undefined || found === value)
}

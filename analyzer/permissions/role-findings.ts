/** Findings about roles that lack what the setting of a function asks for. */
import type { Application, LambdaFunction } from '../application/model.ts'
import type { Report } from '../engine/rule.ts'
import { lacking } from './configuration-needs.ts'
import type { ConfigurationNeed } from './configuration-needs.ts'
import { addManagedPolicy, addStatements, statementText } from './policy-text.ts'
import type { Draft, DraftResource } from './policy-text.ts'
import { mayBeLetInByResource } from './resource-side.ts'
import { arnOfResource } from '../application/resource-arns.ts'
import { roleOf } from './role-text.ts'

/** What the role lacks for a need, as a finding; undefined when it lacks nothing, or when that cannot be told. */
export function roleLacks(
  fn: LambdaFunction,
  need: ConfigurationNeed,
  consequence: string,
  app: Application,
): Report | undefined {
  const missing = lacking(fn, need)
  if (!missing.length || missing.some(action => mayBeLetInByResource(app, fn, action, need.named?.resource)))
    return undefined
  const draft: Draft = { actions: missing, resources: [resourceOf(need)] }
  const managed = need.managed === undefined ? [] : addManagedPolicy(fn, need.managed)
  return {
    at: need.at,
    message: `${fn.id} ${need.because}, and its role does not allow ${missing.join(', ')}`,
    help:
      `${consequence}. Add ${statementText(draft, fn.template)} to the statements of ` +
      `${roleOf(fn)}${need.managed === undefined ? '' : `, or attach ${need.managed}`}`,
    related: [{ at: fn.permissions.loc, message: `what ${fn.id} may do is said here` }],
    fixes: [...managed, ...addStatements(fn, [draft])],
  }
}

function resourceOf(need: ConfigurationNeed): DraftResource {
  const { named } = need
  const resource = named?.resource
  if (need.on === undefined || !named) return { text: '*' }
  if (resource && named.reference?.attribute === 'StreamArn') return { resource, attribute: 'StreamArn', below: '' }
  if (resource && arnOfResource(resource))
    return {
      resource,
      below: need.actions.some(any => any.includes('s3:PutObject')) && need.actions[0]?.length === 1 ? '/*' : '',
    }
  const text = named.string()
  return { text: text?.startsWith('arn:') ? text : '*' }
}

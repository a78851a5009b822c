import { defineRule } from '../engine/rule.ts'
import { isGrantPolicy } from '../application/made-by-cdk.ts'
import type { Policy, Statement } from '../application/model.ts'
import { actionsWithoutResource, type Unscoped } from '../permissions/action-scope.ts'
import { isForFunctions } from '../permissions/role-holders.ts'
import { listOf } from '../permissions/role-text.ts'

/**
 * Actions on a resource that they do not have: the statement allows or denies nothing with them. All of a statement
 * are one finding.
 */
export const rule = defineRule({
  id: 'policy-resource-mismatch',
  statement(statement, policy, { app, report }) {
    if (policy.kind === 'trust') return
    const all = actionsWithoutResource(statement)
    const [first] = all
    if (!first || isWrittenByGrant(statement, policy, all)) return
    report({
      at: statement.actions.find(value => value.string() === first.action) ?? statement,
      message: byResources(all)
        .map(group => textOf(group, statement))
        .join('; '),
      help:
        `The statement ${statement.effect === 'Deny' ? 'denies' : 'allows'} nothing with ` +
        `${all.length === 1 ? 'it' : 'them'}. Put ${all.length === 1 ? 'the action' : 'the actions'} into a ` +
        'statement with the right resource',
      // A right that does not count: what runs elsewhere is not what this is about, and nobody who reads a stream lists all.
      isMinor:
        (policy.kind === 'identity' && !isForFunctions(app, policy)) ||
        all.every(one => /:ListStreams$/.test(one.action)),
      related: statement.resources.slice(0, 3).map(resource => ({ at: resource, message: 'the resource' })),
    })
  },
})

/**
 * `grantRead(…)` of the CDK gives a resource's actions together, those that it does not have among them, and so does
 * the Serverless Framework for streams: nobody can write it otherwise, and nothing is missed.
 */
const isWrittenByGrant = (statement: Statement, { resource }: Policy, all: readonly Unscoped[]): boolean =>
  resource !== undefined &&
  ((isGrantPolicy(resource) && all.length < statement.actions.length) ||
    ((isGrantPolicy(resource) || resource.id === 'IamRoleLambdaExecution') && all.every(one => isListing(one))))

/** `dynamodb:ListStreams`, which is given for the stream of a table. */
const isListing = ({ action, has }: Unscoped): boolean => has.length === 0 && /:List[A-Z]\w*$/.test(action)

/** Actions that have the same resources, in the order of the statement. */
function byResources(all: readonly Unscoped[]): readonly (readonly Unscoped[])[] {
  const groups = new Map<string, Unscoped[]>()
  for (const one of all) {
    const key = one.has.join('\n')
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()]
}

function textOf(group: readonly Unscoped[], { effect, resources }: Statement): string {
  const names = listOf(group.map(one => one.action))
  const has = group[0]?.has ?? []
  if (has.length === 0)
    return `${names} can be ${effect === 'Deny' ? 'denied' : 'allowed'} on * alone, and the statement names resources`
  const these = resources.length === 1 ? 'this resource' : 'any of these resources'
  return `${names} ${group.length === 1 ? 'is' : 'are'} not for ${these}, but for ${listOf(has.slice(0, 2))}`
}

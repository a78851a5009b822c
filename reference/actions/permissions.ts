import type { Input } from '../protocol/inputs.ts'
import { randomUUID } from 'node:crypto'
import { functionArn, readFunctionReference } from '../protocol/arn.ts'
import { handler } from './call.ts'
import { refuse } from '../protocol/errors.ts'
import { findTarget, resolveQualifier } from '../store/find.ts'
import type { Target } from '../store/find.ts'
import { refuseOtherRevision } from '../store/guards.ts'
import { nextRevision, revisionId } from '../store/revision.ts'
import { addStatement, policyText, principalElement, removeStatement } from '../store/statements.ts'
import type { Statement, World } from '../store/world.ts'

/** https://docs.aws.amazon.com/lambda/latest/dg/API_AddPermission.html */
export const addPermission = handler((call, input: Input<'AddPermission'>) => {
  const { world, now } = call
  const target = findPolicyOwner(world, input)
  if (input.FunctionUrlAuthType !== undefined && input.Action !== 'lambda:InvokeFunctionUrl')
    refuse(
      'InvalidParameterValueException',
      'FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action',
    )
  const equals = {
    ...(input.SourceAccount !== undefined && { 'AWS:SourceAccount': input.SourceAccount }),
    ...(input.EventSourceToken !== undefined && { 'lambda:EventSourceToken': input.EventSourceToken }),
    ...(input.PrincipalOrgID !== undefined && { 'aws:PrincipalOrgID': input.PrincipalOrgID }),
    ...(input.FunctionUrlAuthType !== undefined && { 'lambda:FunctionUrlAuthType': input.FunctionUrlAuthType }),
  }
  const condition = {
    ...(Object.keys(equals).length > 0 && { StringEquals: equals }),
    ...(input.SourceArn !== undefined && { ArnLike: { 'AWS:SourceArn': input.SourceArn } }),
  }
  const statement: Statement = {
    Sid: input.StatementId,
    Effect: 'Allow',
    Principal: principalElement(input.Principal),
    Action: input.Action,
    Resource: functionArn(world, target.fn.name, target.qualifier),
    ...(Object.keys(condition).length > 0 && { Condition: condition }),
  }
  refuseOtherRevision(input.RevisionId, policyRevision(target, now), 'GetPolicy')
  const statements = addStatement(statementsOf(target), statement, world.limits.resourcePolicy)
  replaceStatements(target, statements, now)
  return { body: { Statement: JSON.stringify(statement) } }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_RemovePermission.html */
export const removePermission = handler((call, input: Input<'RemovePermission'>) => {
  const target = findPolicyOwner(call.world, input, 'No policy found for')
  if (statementsOf(target).length === 0)
    refuse('ResourceNotFoundException', 'No policy is associated with the given resource.')
  const statements = removeStatement(statementsOf(target), input.StatementId)
  refuseOtherRevision(input.RevisionId, policyRevision(target, call.now), 'GetPolicy')
  replaceStatements(target, statements, call.now)
  return { status: 204 }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_GetPolicy.html */
export const getPolicy = handler((call, input: Input<'GetPolicy'>) => {
  const target = findTarget(call.world, readFunctionReference(call.world, input.FunctionName, input.Qualifier))
  const statements = statementsOf(target)
  if (statements.length === 0) refuse('ResourceNotFoundException', 'The resource you requested does not exist.')
  return { body: { Policy: policyText(statements), RevisionId: policyRevision(target, call.now) } }
})

/**
 * What a statement is about. An unknown function is told as `missing` has it, an unknown alias and an unknown version
 * each in its own words.
 */
function findPolicyOwner(world: World, input: Input<'GetPolicy'>, missing = 'Function not found'): Target {
  const { name, qualifier } = readFunctionReference(world, input.FunctionName, input.Qualifier)
  if (qualifier === '$LATEST')
    refuse('InvalidParameterValueException', 'We currently do not support adding policies for $LATEST.')
  const fn = world.functions.get(name) ?? refuse('ResourceNotFoundException', `${missing}: ${functionArn(world, name)}`)
  const isAlias = qualifier !== undefined && /^(?!\d+$)[a-zA-Z0-9-_]+$/.test(qualifier)
  return (
    resolveQualifier(fn, qualifier) ??
    refuse(
      'ResourceNotFoundException',
      `${isAlias ? 'Cannot find alias arn' : 'Function not found'}: ${functionArn(world, name, qualifier)}`,
    )
  )
}

/** The function itself, each version and each alias has a policy of its own. */
function statementsOf({ fn, qualifier }: Target): readonly Statement[] {
  return fn.policies.get(qualifier ?? '$LATEST')?.statements ?? []
}

/** A policy has no revision of its own: it shares that of its function, version or alias. */
function policyRevision({ alias, version }: Target, now: number): string {
  return alias?.revisionId ?? revisionId(version.revision, now)
}

function replaceStatements(
  { fn, alias, version, qualifier }: Target,
  statements: readonly Statement[],
  now: number,
): void {
  if (statements.length > 0) fn.policies.set(qualifier ?? '$LATEST', { statements })
  else fn.policies.delete(qualifier ?? '$LATEST')
  if (alias) fn.aliases.set(alias.name, { ...alias, revisionId: randomUUID() })
  else version.revision = nextRevision(version.revision, now)
}

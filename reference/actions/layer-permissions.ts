import type { Input } from '../protocol/inputs.ts'
import { randomUUID } from 'node:crypto'
import { layerArn } from '../protocol/arn.ts'
import { handler } from './call.ts'
import { refuse } from '../protocol/errors.ts'
import { refuseOtherRevision } from '../store/guards.ts'
import { addStatement, policyText, principalElement, removeStatement } from '../store/statements.ts'
import type { Statement, World } from '../store/world.ts'
import { findLayerVersion } from './layers.ts'

/** https://docs.aws.amazon.com/lambda/latest/dg/API_AddLayerVersionPermission.html */
export const addLayerVersionPermission = handler((call, input: Input<'AddLayerVersionPermission'>) => {
  const { world } = call
  const { layer, version } = findPolicyOwner(world, input)
  if (input.OrganizationId !== undefined && input.Principal !== '*')
    refuse('InvalidParameterValueException', 'An organization can only be given with the principal *.')
  const statement: Statement = {
    Sid: input.StatementId,
    Effect: 'Allow',
    Principal: principalElement(input.Principal),
    Action: input.Action,
    Resource: layerArn(world, layer.name, version.number),
    ...(input.OrganizationId !== undefined && {
      Condition: { StringEquals: { 'aws:PrincipalOrgID': input.OrganizationId } },
    }),
  }
  refuseOtherRevision(input.RevisionId, version.policy?.revisionId ?? '', 'GetLayerPolicy')
  const statements = addStatement(version.policy?.statements ?? [], statement, world.limits.resourcePolicy)
  version.policy = { statements, revisionId: randomUUID() }
  return { body: { Statement: JSON.stringify(statement), RevisionId: version.policy.revisionId } }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_RemoveLayerVersionPermission.html */
export const removeLayerVersionPermission = handler((call, input: Input<'RemoveLayerVersionPermission'>) => {
  const { version } = findPolicyOwner(call.world, input)
  const statements = removeStatement(version.policy?.statements ?? [], input.StatementId)
  refuseOtherRevision(input.RevisionId, version.policy?.revisionId ?? '', 'GetLayerPolicy')
  version.policy = { statements, revisionId: randomUUID() }
  return { status: 204 }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_GetLayerVersionPolicy.html */
export const getLayerVersionPolicy = handler((call, input: Input<'GetLayerVersionPolicy'>) => {
  const { version } = findPolicyOwner(call.world, input)
  const { policy } = version
  if (!policy || policy.statements.length === 0)
    return refuse('ResourceNotFoundException', 'No policy is associated with the given resource.')
  return { body: { Policy: policyText(policy.statements), RevisionId: policy.revisionId } }
})

function findPolicyOwner(world: World, input: Input<'GetLayerVersionPolicy'>): ReturnType<typeof findLayerVersion> {
  return findLayerVersion(
    world,
    input,
    name => `Layer version ${layerArn(world, name, input.VersionNumber)} does not exist.`,
  )
}

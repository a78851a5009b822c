import type { Input } from '../protocol/inputs.ts'
import { randomUUID } from 'node:crypto'
import { functionArn, readFunctionReference } from '../protocol/arn.ts'
import type { Place } from '../protocol/arn.ts'
import { handler } from './call.ts'
import { provision } from './provisioned-concurrency.ts'
import { refuse } from '../protocol/errors.ts'
import { answerPage } from '../protocol/pagination.ts'
import { findFunction, findVersion, resolveQualifier } from '../store/find.ts'
import { refuseOtherRevision } from '../store/guards.ts'
import type { Alias, LambdaFunction, World } from '../store/world.ts'

/** https://docs.aws.amazon.com/lambda/latest/dg/API_CreateAlias.html */
export const createAlias = handler((call, input: Input<'CreateAlias'>) => {
  const { world } = call
  const fn = findFunction(world, input.FunctionName, `:${input.FunctionVersion}`)
  const version = existingVersion(world, fn, input.FunctionVersion)
  if (fn.aliases.has(input.Name))
    refuse('ResourceConflictException', `Alias already exists: ${functionArn(world, fn.name, input.Name)}`)
  const alias: Alias = {
    name: input.Name,
    version,
    description: input.Description ?? '',
    routing: input.RoutingConfig && readRouting(world, fn, version, input.RoutingConfig),
    revisionId: randomUUID(),
  }
  fn.aliases.set(alias.name, alias)
  return { body: aliasConfiguration(world, fn, alias) }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_GetAlias.html */
export const getAlias = handler((call, input: Input<'GetAlias'>) => {
  const fn = findFunction(call.world, input.FunctionName)
  const alias =
    fn.aliases.get(input.Name) ??
    refuse('ResourceNotFoundException', `Cannot find alias arn: ${functionArn(call.world, fn.name, input.Name)}`)
  return { body: aliasConfiguration(call.world, fn, alias) }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_UpdateAlias.html */
export const updateAlias = handler((call, input: Input<'UpdateAlias'>) => {
  const { world } = call
  const fn = findFunction(world, input.FunctionName)
  const before =
    fn.aliases.get(input.Name) ??
    refuse('ResourceNotFoundException', `Alias not found: ${functionArn(world, fn.name, input.Name)}`)
  refuseOtherRevision(input.RevisionId, before.revisionId)
  const version =
    input.FunctionVersion === undefined ? before.version : existingVersion(world, fn, input.FunctionVersion)
  const alias: Alias = {
    name: before.name,
    version,
    description: input.Description ?? before.description,
    routing: input.RoutingConfig ? readRouting(world, fn, version, input.RoutingConfig) : before.routing,
    revisionId: randomUUID(),
  }
  fn.aliases.set(alias.name, alias)
  const provisioned = fn.provisioned.get(alias.name)
  const target = resolveQualifier(fn, alias.name)
  if (provisioned && target && version !== before.version) provision(call, target, alias.name, provisioned)
  return { body: aliasConfiguration(world, fn, alias) }
})

/**
 * https://docs.aws.amazon.com/lambda/latest/dg/API_DeleteAlias.html; a missing alias is no error, and a URL outlives
 * its alias.
 */
export const deleteAlias = handler((call, input: Input<'DeleteAlias'>) => {
  const { name } = readFunctionReference(call.world, input.FunctionName)
  const fn = call.world.functions.get(name)
  fn?.aliases.delete(input.Name)
  fn?.policies.delete(input.Name)
  fn?.eventInvokeConfigs.delete(input.Name)
  fn?.provisioned.delete(input.Name)
  return { status: 204 }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_ListAliases.html */
export const listAliases = handler((call, input: Input<'ListAliases'>) => {
  const { world } = call
  const fn = findFunction(world, input.FunctionName)
  const aliases = [...fn.aliases.values()].filter(
    alias => input.FunctionVersion === undefined || alias.version === input.FunctionVersion,
  )
  return answerPage(world.pages['ListAliases'], input, {
    list: `aliases of ${fn.incarnation}`,
    all: aliases,
    keyOf: alias => alias.name,
    show: alias => aliasConfiguration(world, fn, alias),
  })
})

function existingVersion(world: World, fn: LambdaFunction, number: string): string {
  if (!findVersion(fn, number))
    refuse('ResourceNotFoundException', `Function not found: ${functionArn(world, fn.name, number)}`)
  return number
}

function readRouting(
  world: World,
  fn: LambdaFunction,
  version: string,
  input: NonNullable<Input<'CreateAlias'>['RoutingConfig']>,
): Alias['routing'] {
  const weights = Object.entries(input.AdditionalVersionWeights ?? {})
  const [first] = weights
  if (!first) return undefined
  if (weights.length > 1)
    refuse('InvalidParameterValueException', 'Number of items in AdditionalVersionWeights cannot be greater than 1')
  const [other, weight] = first
  if (other === version)
    refuse(
      'InvalidParameterValueException',
      `Invalid function version ${other}. Function version ${other} is already included in routing configuration.`,
    )
  if (version === '$LATEST')
    refuse('InvalidParameterValueException', '$LATEST is not supported for an alias pointing to more than 1 version')
  existingVersion(world, fn, other)
  const [one, two] = [version, other].map(number => fn.versions.get(number)?.settings)
  for (const setting of ['role', 'deadLetterTarget'] as const)
    if (one?.[setting] !== two?.[setting])
      refuse('InvalidParameterValueException', `The versions ${version} and ${other} differ in their ${setting}.`)
  return { version: other, weight }
}

function aliasConfiguration(place: Place, fn: LambdaFunction, alias: Alias): object {
  return {
    AliasArn: functionArn(place, fn.name, alias.name),
    Name: alias.name,
    FunctionVersion: alias.version,
    Description: alias.description,
    RevisionId: alias.revisionId,
    ...(alias.routing && {
      RoutingConfig: { AdditionalVersionWeights: { [alias.routing.version]: alias.routing.weight } },
    }),
  }
}

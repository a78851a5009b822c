import type { Input } from '../protocol/inputs.ts'
import { randomBytes } from 'node:crypto'
import { functionArn } from '../protocol/arn.ts'
import { handler } from './call.ts'
import { refuse } from '../protocol/errors.ts'
import { answerPage } from '../protocol/pagination.ts'
import { findWholeFunction } from '../store/find.ts'
import { isoTime } from '../store/time.ts'
import type { CodeSigningConfig, World } from '../store/world.ts'
import { readTags } from './tags.ts'

/** https://docs.aws.amazon.com/lambda/latest/dg/API_CreateCodeSigningConfig.html */
export const createCodeSigningConfig = handler((call, input: Input<'CreateCodeSigningConfig'>) => {
  const { world, now } = call
  const id = `csc-${randomBytes(9).toString('hex').slice(0, 17)}`
  const config: CodeSigningConfig = {
    id,
    arn: `arn:aws:lambda:${world.region}:${world.accountId}:code-signing-config:${id}`,
    description: input.Description,
    signingProfiles: input.AllowedPublishers?.SigningProfileVersionArns ?? [],
    policy: input.CodeSigningPolicies?.UntrustedArtifactOnDeployment ?? 'Warn',
    lastModified: now,
    tags: readTags(world, input.Tags),
  }
  world.codeSigningConfigs.set(config.arn, config)
  return { body: { CodeSigningConfig: answer(config) } }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_GetCodeSigningConfig.html */
export const getCodeSigningConfig = handler((call, input: Input<'GetCodeSigningConfig'>) => ({
  body: { CodeSigningConfig: answer(findConfig(call.world, input.CodeSigningConfigArn)) },
}))

/** https://docs.aws.amazon.com/lambda/latest/dg/API_UpdateCodeSigningConfig.html */
export const updateCodeSigningConfig = handler((call, input: Input<'UpdateCodeSigningConfig'>) => {
  const before = findConfig(call.world, input.CodeSigningConfigArn)
  const config: CodeSigningConfig = {
    ...before,
    description: input.Description ?? before.description,
    signingProfiles: input.AllowedPublishers?.SigningProfileVersionArns ?? before.signingProfiles,
    policy: input.CodeSigningPolicies?.UntrustedArtifactOnDeployment ?? before.policy,
    lastModified: call.now,
  }
  call.world.codeSigningConfigs.set(config.arn, config)
  return { body: { CodeSigningConfig: answer(config) } }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_DeleteCodeSigningConfig.html */
export const deleteCodeSigningConfig = handler((call, input: Input<'DeleteCodeSigningConfig'>) => {
  const config = findConfig(call.world, input.CodeSigningConfigArn)
  if (usersOf(call.world, config).length > 0)
    refuse(
      'ResourceConflictException',
      `The code signing configuration is in use by functions and cannot be deleted: ${config.arn}`,
    )
  call.world.codeSigningConfigs.delete(config.arn)
  return { status: 204 }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_ListCodeSigningConfigs.html */
export const listCodeSigningConfigs = handler((call, input: Input<'ListCodeSigningConfigs'>) => {
  return answerPage(call.world.pages['ListCodeSigningConfigs'], input, {
    list: 'code signing configs',
    all: call.world.codeSigningConfigs.values(),
    keyOf: config => config.arn,
    show: answer,
  })
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_ListFunctionsByCodeSigningConfig.html */
export const listFunctionsByCodeSigningConfig = handler((call, input: Input<'ListFunctionsByCodeSigningConfig'>) => {
  const config = findConfig(call.world, input.CodeSigningConfigArn)
  return answerPage(call.world.pages['ListFunctionsByCodeSigningConfig'], input, {
    list: `functions of ${config.arn}`,
    all: usersOf(call.world, config),
    keyOf: arn => arn,
    show: arn => arn,
  })
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_PutFunctionCodeSigningConfig.html */
export const putFunctionCodeSigningConfig = handler((call, input: Input<'PutFunctionCodeSigningConfig'>) => {
  const config = findCodeSigningConfig(call.world, input.CodeSigningConfigArn)
  const fn = findWholeFunction(call.world, input.FunctionName)
  if (fn.latest.settings.packageType === 'Image')
    refuse(
      'InvalidParameterValueException',
      'Code signing is not supported for functions created with container images.',
    )
  fn.codeSigningConfigArn = config.arn
  return { body: { FunctionName: fn.name, CodeSigningConfigArn: config.arn } }
})

/**
 * https://docs.aws.amazon.com/lambda/latest/dg/API_GetFunctionCodeSigningConfig.html; without a configuration there is
 * nothing to tell.
 */
export const getFunctionCodeSigningConfig = handler((call, input: Input<'GetFunctionCodeSigningConfig'>) => {
  const fn = findWholeFunction(call.world, input.FunctionName)
  return {
    body:
      fn.codeSigningConfigArn === undefined
        ? {}
        : { FunctionName: fn.name, CodeSigningConfigArn: fn.codeSigningConfigArn },
  }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_DeleteFunctionCodeSigningConfig.html */
export const deleteFunctionCodeSigningConfig = handler((call, input: Input<'DeleteFunctionCodeSigningConfig'>) => {
  findWholeFunction(call.world, input.FunctionName).codeSigningConfigArn = undefined
  return { status: 204 }
})

/** The configuration that an action on functions names; it has an error of its own for one that does not exist. */
export function findCodeSigningConfig(world: World, arn: string): CodeSigningConfig {
  return (
    world.codeSigningConfigs.get(arn) ??
    refuse(
      'CodeSigningConfigNotFoundException',
      'The code signing configuration cannot be found. Check that the provided code signing configuration is ' +
        `not deleted: ${arn}.`,
    )
  )
}

/**
 * Refuses code under a configuration that enforces signatures: the endpoint knows no signer, so no code here is signed.
 */
export function checkSignature(config: CodeSigningConfig): void {
  if (config.policy === 'Enforce')
    refuse(
      'CodeVerificationFailedException',
      'Lambda cannot deploy the function. The function or layer might be signed using a signature that the ' +
        'client is not configured to accept. Check the provided signature for unsigned.',
    )
}

function findConfig(world: World, arn: string): CodeSigningConfig {
  return (
    world.codeSigningConfigs.get(arn) ??
    refuse('ResourceNotFoundException', `The Lambda code signing configuration ${arn} can not be found.`)
  )
}

function usersOf(world: World, config: CodeSigningConfig): string[] {
  return [...world.functions.values()]
    .filter(fn => fn.codeSigningConfigArn === config.arn)
    .map(fn => functionArn(world, fn.name))
}

function answer(config: CodeSigningConfig): object {
  return {
    CodeSigningConfigId: config.id,
    CodeSigningConfigArn: config.arn,
    ...(config.description !== undefined && { Description: config.description }),
    AllowedPublishers: { SigningProfileVersionArns: config.signingProfiles },
    CodeSigningPolicies: { UntrustedArtifactOnDeployment: config.policy },
    LastModified: isoTime(config.lastModified),
  }
}

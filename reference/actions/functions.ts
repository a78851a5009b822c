import type { Input } from '../protocol/inputs.ts'
import { randomUUID } from 'node:crypto'
import { functionArn, isVersionNumber, readFunctionReference } from '../protocol/arn.ts'
import { handler } from './call.ts'
import { refuse } from '../protocol/errors.ts'
import { answerPage } from '../protocol/pagination.ts'
import { findTarget, findVersion } from '../store/find.ts'
import { refuseOtherRevision, refuseWhileInTransition } from '../store/guards.ts'
import { revisionId, startTransition } from '../store/revision.ts'
import type { Settings } from '../store/settings.ts'
import type { LambdaFunction, Version, World } from '../store/world.ts'
import { checkSignature, findCodeSigningConfig } from './code-signing-configs.ts'
import { functionConfiguration, listedConfiguration } from './function-configuration.ts'
import { readFunctionCode, refuseBeyondStorage } from './function-code.ts'
import { applySettings } from './function-settings.ts'
import { readTags } from './tags.ts'
import { versionKey } from './version-key.ts'
import { publish } from './versions.ts'

/** https://docs.aws.amazon.com/lambda/latest/dg/API_CreateFunction.html */
export const createFunction = handler((call, input: Input<'CreateFunction'>) => {
  const { world, now } = call
  const { name, qualifier } = readFunctionReference(world, input.FunctionName)
  if (name.length > world.limits.functionName)
    refuse(
      'InvalidParameterValueException',
      `1 validation error detected: Value '${name}' at 'functionName' failed to satisfy constraint: ` +
        `Member must have length less than or equal to ${world.limits.functionName}`,
    )
  if (qualifier !== undefined)
    refuse('InvalidParameterValueException', 'The function name must not have a version or alias.')
  const packageType = input.PackageType ?? 'Zip'
  if (packageType === 'Zip' && (input.Runtime === undefined || input.Handler === undefined))
    refuse(
      'InvalidParameterValueException',
      'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
    )
  const tags = readTags(world, input.Tags)
  const code = readFunctionCode(world, packageType, input.Code)
  const settings = applySettings(
    world,
    defaults(world, packageType, name, input),
    input,
    code.kind === 'zip' ? code.unzippedSize : 0,
  )
  if (input.CodeSigningConfigArn !== undefined) {
    if (packageType === 'Image')
      refuse(
        'InvalidParameterValueException',
        'Code signing is not supported for functions created with container images.',
      )
    checkSignature(findCodeSigningConfig(world, input.CodeSigningConfigArn))
  }
  if (world.functions.has(name)) refuse('ResourceConflictException', `Function already exist: ${name}`)
  refuseBeyondStorage(world, code)
  const fn: LambdaFunction = {
    name,
    incarnation: randomUUID(),
    latest: {
      number: '$LATEST',
      settings,
      code,
      lastModified: now,
      revision: startTransition('creating', now, world.transitionMs),
    },
    versions: new Map(),
    nextVersion: 1,
    aliases: new Map(),
    tags,
    codeSigningConfigArn: input.CodeSigningConfigArn,
    recursiveLoop: 'Terminate',
    runtimeManagement: { updateOn: 'Auto' },
    eventInvokeConfigs: new Map(),
    provisioned: new Map(),
    policies: new Map(),
    urls: new Map(),
  }
  world.functions.set(name, fn)
  // The answer to a creation that publishes shows the version's number, but the ARN of the function.
  const shown = input.Publish ? publish(fn, now, undefined, fn.latest.revision) : fn.latest
  return { body: functionConfiguration(world, fn, shown, now) }
})

function defaults(
  world: World,
  packageType: 'Zip' | 'Image',
  name: string,
  input: { readonly Architectures?: readonly string[] },
): Settings {
  return {
    packageType,
    architecture: input.Architectures?.[0] ?? 'x86_64',
    role: '',
    description: '',
    ...world.functionDefaults,
    layers: [],
    snapStart: 'None',
    logging: { format: 'Text', group: `/aws/lambda/${name}` },
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/API_GetFunction.html */
export const getFunction = handler((call, input: Input<'GetFunction'>) => {
  const { world, now } = call
  const { fn, version, qualifier } = findTarget(
    world,
    readFunctionReference(world, input.FunctionName, input.Qualifier),
  )
  const { code } = version
  return {
    body: {
      Configuration: functionConfiguration(world, fn, version, now, qualifier),
      Code:
        code.kind === 'zip'
          ? { RepositoryType: 'S3', Location: call.downloads.link(call.baseUrl, code, now) }
          : {
              RepositoryType: 'ECR',
              ImageUri: code.uri,
              ResolvedImageUri: `${code.uri.replace(/(@.*|:[^/:]*)$/, '')}@${code.digest}`,
            },
      ...(fn.tags.size > 0 && { Tags: Object.fromEntries(fn.tags) }),
      ...(fn.reservedConcurrency !== undefined && {
        Concurrency: { ReservedConcurrentExecutions: fn.reservedConcurrency },
      }),
    },
  }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_GetFunctionConfiguration.html */
export const getFunctionConfiguration = handler((call, input: Input<'GetFunctionConfiguration'>) => {
  const { world, now } = call
  const { fn, version, qualifier } = findTarget(
    world,
    readFunctionReference(world, input.FunctionName, input.Qualifier),
  )
  return { body: functionConfiguration(world, fn, version, now, qualifier) }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_UpdateFunctionConfiguration.html */
export const updateFunctionConfiguration = handler((call, input: Input<'UpdateFunctionConfiguration'>) => {
  const { world, now } = call
  const fn = findUpdatable(world, input.FunctionName)
  refuseWhileInTransition(world, fn, now)
  refuseOtherRevision(input.RevisionId, revisionId(fn.latest.revision, now))
  const { code, settings: before } = fn.latest
  const settings = applySettings(world, before, input, code.kind === 'zip' ? code.unzippedSize : 0)
  call.invoker.retire(fn, fn.latest)
  fn.latest = {
    number: '$LATEST',
    settings,
    code,
    lastModified: now,
    revision: startTransition('updating', now, world.transitionMs),
  }
  return { body: functionConfiguration(world, fn, fn.latest, now) }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_UpdateFunctionCode.html */
export const updateFunctionCode = handler((call, input: Input<'UpdateFunctionCode'>) => {
  const { world, now } = call
  const fn = findUpdatable(world, input.FunctionName)
  const code = readFunctionCode(world, fn.latest.settings.packageType, input)
  refuseWhileInTransition(world, fn, now)
  refuseOtherRevision(input.RevisionId, revisionId(fn.latest.revision, now))
  if (fn.codeSigningConfigArn !== undefined) checkSignature(findCodeSigningConfig(world, fn.codeSigningConfigArn))
  refuseBeyondStorage(world, code)
  const settings = {
    ...fn.latest.settings,
    architecture: input.Architectures?.[0] ?? fn.latest.settings.architecture,
  }
  const updated: Version = {
    number: '$LATEST',
    settings,
    code,
    lastModified: now,
    revision: startTransition('updating', now, world.transitionMs),
  }
  if (input.DryRun)
    return {
      body: functionConfiguration(
        world,
        fn,
        { ...updated, revision: fn.latest.revision, lastModified: fn.latest.lastModified },
        now,
      ),
    }
  call.invoker.retire(fn, fn.latest)
  fn.latest = updated
  if (!input.Publish) return { body: functionConfiguration(world, fn, fn.latest, now) }
  const version = publish(fn, now, undefined, startTransition('creating', now, world.transitionMs))
  return { body: functionConfiguration(world, fn, version, now, version.number) }
})

/** Only the unpublished version can be changed. */
function findUpdatable(world: World, name: string): LambdaFunction {
  const reference = readFunctionReference(world, name)
  if (reference.qualifier !== undefined && reference.qualifier !== '$LATEST')
    refuse(
      'InvalidParameterValueException',
      'The operation is not supported for function versions and aliases. Only $LATEST can be updated.',
    )
  return (
    world.functions.get(reference.name) ??
    refuse('ResourceNotFoundException', `Function not found: ${functionArn(world, reference.name)}`)
  )
}

/** https://docs.aws.amazon.com/lambda/latest/dg/API_DeleteFunction.html */
export const deleteFunction = handler((call, input: Input<'DeleteFunction'>) => {
  const { world } = call
  const { name, qualifier } = readFunctionReference(world, input.FunctionName, input.Qualifier)
  if (qualifier === '$LATEST')
    refuse('InvalidParameterValueException', '$LATEST version cannot be deleted without deleting the function.')
  if (qualifier !== undefined && !isVersionNumber(qualifier) && !qualifier.startsWith('$'))
    refuse('InvalidParameterValueException', 'Deletion of aliases is not currently supported.')
  const fn =
    world.functions.get(name) ?? refuse('ResourceNotFoundException', `Function not found: ${functionArn(world, name)}`)
  if (qualifier === undefined) {
    world.functions.delete(name)
    call.invoker.retire(fn)
    return { status: 204 }
  }
  // Of a function that is there, deleting a version that is not succeeds (recorded).
  const version = findVersion(fn, qualifier)
  if (version === undefined) return { status: 204 }
  const users = [...fn.aliases.values()].filter(
    alias => alias.version === qualifier || alias.routing?.version === qualifier,
  )
  if (users.length > 0)
    refuse(
      'ResourceConflictException',
      'An alias or event source mapping is still pointing to this version: ' +
        `${users.map(alias => alias.name).join(', ')}`,
    )
  fn.versions.delete(qualifier)
  fn.policies.delete(qualifier)
  fn.eventInvokeConfigs.delete(qualifier)
  fn.provisioned.delete(qualifier)
  call.invoker.retire(fn, version)
  return { status: 204 }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_ListFunctions.html */
export const listFunctions = handler((call, input: Input<'ListFunctions'>) => {
  const { world, now } = call
  if (input.MasterRegion !== undefined && input.FunctionVersion !== 'ALL')
    refuse('InvalidParameterValueException', 'FunctionVersion must be set to ALL when MasterRegion is given.')
  // There are no Lambda@Edge functions here, so no Region is the master of any.
  const functions =
    input.MasterRegion === undefined || input.MasterRegion === 'ALL' ? [...world.functions.values()] : []
  const listed = functions.flatMap(fn =>
    (input.FunctionVersion === 'ALL' ? [fn.latest, ...fn.versions.values()] : [fn.latest]).map(version => ({
      fn,
      version,
    })),
  )
  return answerPage(world.pages['ListFunctions'], input, {
    list: 'functions',
    all: listed,
    keyOf: ({ fn, version }) => `${fn.name}:${versionKey(version)}`,
    show: ({ fn, version }) =>
      listedConfiguration(world, fn, version, now, input.FunctionVersion === 'ALL' ? version.number : undefined),
  })
})

import type { Input } from '../protocol/inputs.ts'
import { readLayerVersionArn } from '../protocol/arn.ts'
import { refuse } from '../protocol/errors.ts'
import type { AttachedLayer, Logging, Settings, Vpc } from '../store/settings.ts'
import type { World } from '../store/world.ts'

/** What both creating and updating a function may set. */
type SettingsInput = Omit<Input<'UpdateFunctionConfiguration'>, 'FunctionName' | 'RevisionId'>

/**
 * Lays the settings of a request over those before it, and refuses what no function may have. Members left out keep
 * their value.
 */
export function applySettings(world: World, before: Settings, input: SettingsInput, unzippedSize: number): Settings {
  refuseZipSettings(before.packageType, input)
  if (input.Runtime !== undefined) checkRuntime(world, input.Runtime)
  const environment = input.Environment
    ? checkEnvironment(world, input.Environment.Variables ?? {})
    : before.environment
  const layers = input.Layers ? attachLayers(world, input.Layers, unzippedSize) : before.layers
  const vpc = input.VpcConfig ? readVpc(input.VpcConfig, before.vpc) : before.vpc
  const fileSystems = input.FileSystemConfigs ?? before.fileSystems
  if (fileSystems && fileSystems.length > 0 && !(vpc && vpc.subnetIds.length > 0))
    refuse(
      'InvalidParameterValueException',
      'Function must be configured to execute in a VPC to reference access points.',
    )
  if (input.DeadLetterConfig?.TargetArn) checkDeadLetterTarget(input.DeadLetterConfig.TargetArn)
  return {
    ...before,
    description: input.Description ?? before.description,
    role: input.Role ?? before.role,
    memorySize: input.MemorySize ?? before.memorySize,
    timeout: input.Timeout ?? before.timeout,
    ephemeralStorage: input.EphemeralStorage?.Size ?? before.ephemeralStorage,
    tracingMode: input.TracingConfig?.Mode ?? before.tracingMode,
    runtime: input.Runtime ?? before.runtime,
    handler: input.Handler ?? before.handler,
    environment,
    // An empty text takes the key or the target away, a structure without it leaves it (recorded).
    kmsKeyArn: (input.KMSKeyArn ?? before.kmsKeyArn) || undefined,
    deadLetterTarget: (input.DeadLetterConfig?.TargetArn ?? before.deadLetterTarget) || undefined,
    vpc,
    fileSystems,
    image: input.ImageConfig ?? before.image,
    layers,
    snapStart: readSnapStart(input.SnapStart?.ApplyOn ?? before.snapStart, input.Runtime ?? before.runtime),
    logging: input.LoggingConfig ? readLogging(before.logging, input.LoggingConfig) : before.logging,
  }
}

/** An image brings its handler, its runtime and what layers would bring. */
function refuseZipSettings(packageType: 'Zip' | 'Image', { Handler, Runtime, Layers }: SettingsInput): void {
  if (packageType !== 'Image' || (Handler === undefined && Runtime === undefined && !Layers?.length)) return
  refuse(
    'InvalidParameterValueException',
    "Please don't provide Handler or Runtime or Layer when the intended function PackageType is Image.",
  )
}

function checkRuntime(world: World, runtime: string): void {
  if (!world.runtimeNames.current.has(runtime) && !world.runtimeNames.retired.has(runtime))
    refuse(
      'InvalidParameterValueException',
      `Value ${runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: ` +
        `[${[...world.runtimeNames.current].join(', ')}] or be a valid ARN`,
    )
  if (world.runtimeNames.retired.has(runtime))
    refuse(
      'InvalidParameterValueException',
      `The runtime parameter of ${runtime} is no longer supported for creating or updating AWS Lambda ` +
        'functions. We recommend you use a supported runtime while creating or updating functions.',
    )
}

/** Variables that the execution environment sets itself. */
const reservedVariables = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
])

function checkEnvironment(
  world: World,
  variables: { readonly [name: string]: string },
): { readonly [name: string]: string } {
  const reserved = Object.keys(variables).filter(name => reservedVariables.has(name))
  if (reserved.length > 0)
    refuse(
      'InvalidParameterValueException',
      'Lambda was unable to configure your environment variables because the environment variables you have ' +
        'provided contains reserved keys that are currently not supported for modification. ' +
        `Reserved keys used in this request: ${reserved.join(', ')}`,
    )
  const measured = JSON.stringify(variables)
  if (Buffer.byteLength(measured) > world.limits.environment)
    refuse(
      'InvalidParameterValueException',
      'Lambda was unable to configure your environment variables because the environment variables you have ' +
        `provided exceeded the 4KB limit. String measured: ${measured}`,
    )
  return variables
}

function checkDeadLetterTarget(arn: string): void {
  if (!/^arn:[^:]*:(sqs|sns):/.test(arn))
    refuse(
      'InvalidParameterValueException',
      `The dead-letter target must be the ARN of an SQS queue or an SNS topic: ${arn}`,
    )
}

/** Runtimes whose initialized environments can be kept: Java from 11, Python from 3.12, .NET from 8. */
const snapStartRuntime = /^(java(1[1-9]|[2-9]\d)|python3\.(1[2-9]|[2-9]\d)|dotnet([89]|\d\d))$/

function readSnapStart(applyOn: string, runtime: string | undefined): string {
  if (applyOn === 'PublishedVersions' && !snapStartRuntime.test(runtime ?? ''))
    refuse('InvalidParameterValueException', `${runtime} is not supported for SnapStart enabled functions.`)
  return applyOn
}

/**
 * Ids as the network's service gives them today. There is none behind the endpoint: what looks like one of its ids
 * exists.
 */
const subnetId = /^subnet-[0-9a-f]{17}$/
const groupId = /^sg-[0-9a-f]{17}$/

/** Refuses malformed ids, and then groups and subnets that do not exist, in this order. */
function checkNetwork(subnets: readonly string[], groups: readonly string[]): void {
  const malformed = [
    ...malformedIds('vpcConfig.subnetIds', subnets, '^subnet-[0-9a-z]*$'),
    ...malformedIds('vpcConfig.securityGroupIds', groups, '^sg-[0-9a-zA-Z]*$'),
  ]
  if (malformed.length > 0)
    refuse(
      'ValidationException',
      `${malformed.length} validation error${malformed.length === 1 ? '' : 's'} detected: ${malformed.join('; ')}`,
    )
  const group = groups.find(id => !groupId.test(id))
  if (group !== undefined)
    refuseMissing('DescribeSecurityGroups', 'InvalidGroup.NotFound', `The security group '${group}' does not exist`)
  const subnet = subnets.find(id => !subnetId.test(id))
  if (subnet !== undefined)
    refuseMissing('DescribeSubnets', 'InvalidSubnetID.NotFound', `The subnet ID '${subnet}' does not exist`)
}

/** Tells what the network's service has said when it was asked. */
function refuseMissing(action: string, code: string, message: string): never {
  return refuse(
    'InvalidParameterValueException',
    `Error occurred while ${action}. EC2 Error Code: ${code}. EC2 Error Message: ${message}`,
  )
}

function malformedIds(path: string, ids: readonly string[], pattern: string): readonly string[] {
  if (ids.every(id => new RegExp(pattern).test(id))) return []
  return [
    `Value '[${ids.join(', ')}]' at '${path}' failed to satisfy constraint: Member must satisfy constraint: ` +
      '[Member must have length less than or equal to 1024, Member must have length greater than or equal to 0, ' +
      `Member must satisfy regular expression pattern: ${pattern}, Member must not be null]`,
  ]
}

function readVpc(input: NonNullable<SettingsInput['VpcConfig']>, before: Vpc | undefined): Vpc {
  const vpc = {
    subnetIds: input.SubnetIds ?? before?.subnetIds ?? [],
    securityGroupIds: input.SecurityGroupIds ?? before?.securityGroupIds ?? [],
    ipv6: input.Ipv6AllowedForDualStack ?? before?.ipv6 ?? false,
  }
  checkNetwork(input.SubnetIds ?? [], input.SecurityGroupIds ?? [])
  if ((vpc.subnetIds.length === 0) !== (vpc.securityGroupIds.length === 0))
    refuse('InvalidParameterValueException', 'The SubnetIds and SecurityIds must coexist or be both empty list.')
  return vpc
}

function readLogging(before: Logging, input: NonNullable<SettingsInput['LoggingConfig']>): Logging {
  const format = input.LogFormat ?? before.format
  const group = input.LogGroup ?? before.group
  if (format === 'JSON')
    return {
      format,
      group,
      applicationLevel: input.ApplicationLogLevel ?? before.applicationLevel ?? 'INFO',
      systemLevel: input.SystemLogLevel ?? before.systemLevel ?? 'INFO',
    }
  if (input.ApplicationLogLevel !== undefined || input.SystemLogLevel !== undefined)
    refuse('InvalidParameterValueException', 'Log levels can only be set for the log format JSON.')
  return { format, group }
}

function attachLayers(world: World, arns: readonly string[], unzippedSize: number): readonly AttachedLayer[] {
  if (arns.length > world.limits.layers)
    refuse('InvalidParameterValueException', `Cannot reference more than ${world.limits.layers} layers.`)
  const seen = new Map<string, string>()
  let total = unzippedSize
  const layers = arns.map(arn => {
    const { region, accountId, name, version } = readLayerVersionArn(arn)
    if (region !== world.region)
      refuse(
        'InvalidParameterValueException',
        `Layers are not in the same region as the function. Layers are expected to be in region ${world.region}.`,
      )
    if (accountId !== world.accountId)
      refuse(
        'AccessDeniedException',
        `User: arn:aws:iam::${world.accountId}:root is not authorized to perform: ` +
          `lambda:GetLayerVersion on resource: ${arn} because no resource-based policy allows the ` +
          'lambda:GetLayerVersion action',
      )
    const layer = world.layers.get(name)?.versions.get(version)
    if (!layer) return refuse('InvalidParameterValueException', `Layer version ${arn} does not exist.`)
    const same = seen.get(name)
    if (same !== undefined)
      refuse(
        'InvalidParameterValueException',
        'Two different versions of the same layer are not allowed to be referenced in the same function. ' +
          `${same} and ${arn} are versions of the same layer.`,
      )
    seen.set(name, arn)
    total += layer.content.unzippedSize
    return { arn, content: layer.content }
  })
  if (layers.length > 0 && total > world.limits.packageUnzipped)
    refuse(
      'InvalidParameterValueException',
      `Function code combined with layers exceeds the maximum allowed size of ${world.limits.packageUnzipped} ` +
        `bytes. The actual size is ${total} bytes.`,
    )
  return layers
}

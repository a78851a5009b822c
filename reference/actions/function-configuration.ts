import { createHash } from 'node:crypto'
import { functionArn } from '../protocol/arn.ts'
import { packageHash, packageSize } from '../store/package.ts'
import { isSettled, revisionId } from '../store/revision.ts'
import { isoTime } from '../store/time.ts'
import type { LambdaFunction, Version, World } from '../store/world.ts'

type Show = (world: World, fn: LambdaFunction, version: Version, now: number, qualifier?: string) => object

/** The configuration of a version as all answers show it. `qualifier` is put at the end of the ARN. */
export const functionConfiguration: Show = (world, fn, version, now, qualifier) => {
  const { settings } = version
  return {
    ...listedConfiguration(world, fn, version, now, qualifier),
    ...(settings.packageType === 'Zip' &&
      settings.runtime !== undefined && {
        RuntimeVersionConfig: { RuntimeVersionArn: runtimeVersionArn(world.region, settings.runtime) },
      }),
    ...stateMembers(version, now),
  }
}

/** The configuration as lists show it: without states, without the runtime's version. */
export const listedConfiguration: Show = (world, fn, version, now, qualifier) => {
  const { settings, code } = version
  return {
    FunctionName: fn.name,
    FunctionArn: functionArn(world, fn.name, qualifier),
    Version: version.number,
    RevisionId: revisionId(version.revision, now),
    LastModified: isoTime(version.lastModified),
    CodeSha256: packageHash(code),
    CodeSize: packageSize(code),
    PackageType: settings.packageType,
    Architectures: [settings.architecture],
    Description: settings.description,
    Role: settings.role,
    MemorySize: settings.memorySize,
    Timeout: settings.timeout,
    EphemeralStorage: { Size: settings.ephemeralStorage },
    TracingConfig: { Mode: settings.tracingMode },
    SnapStart: {
      ApplyOn: settings.snapStart,
      OptimizationStatus: settings.snapStart === 'PublishedVersions' && version.number !== '$LATEST' ? 'On' : 'Off',
    },
    LoggingConfig: {
      LogFormat: settings.logging.format,
      LogGroup: settings.logging.group,
      ...(settings.logging.applicationLevel && { ApplicationLogLevel: settings.logging.applicationLevel }),
      ...(settings.logging.systemLevel && { SystemLogLevel: settings.logging.systemLevel }),
    },
    ...(settings.runtime !== undefined && { Runtime: settings.runtime }),
    ...(settings.handler !== undefined && { Handler: settings.handler }),
    ...(settings.environment && { Environment: { Variables: settings.environment } }),
    ...(settings.kmsKeyArn && { KMSKeyArn: settings.kmsKeyArn }),
    ...(settings.deadLetterTarget && { DeadLetterConfig: { TargetArn: settings.deadLetterTarget } }),
    ...(settings.vpc && {
      VpcConfig: {
        SubnetIds: settings.vpc.subnetIds,
        SecurityGroupIds: settings.vpc.securityGroupIds,
        VpcId: vpcId(settings.vpc.subnetIds),
        Ipv6AllowedForDualStack: settings.vpc.ipv6,
      },
    }),
    ...(settings.fileSystems && settings.fileSystems.length > 0 && { FileSystemConfigs: settings.fileSystems }),
    ...(settings.image &&
      Object.keys(settings.image).length > 0 && { ImageConfigResponse: { ImageConfig: settings.image } }),
    ...(settings.layers.length > 0 && {
      Layers: settings.layers.map(layer => ({ Arn: layer.arn, CodeSize: layer.content.zip.length })),
    }),
  }
}

function stateMembers(version: Version, now: number): object {
  const { revision } = version
  const settled = isSettled(revision, now)
  if (!settled && revision.transition === 'creating')
    return { State: 'Pending', StateReason: 'The function is being created.', StateReasonCode: 'Creating' }
  if (!settled && revision.transition === 'updating')
    return {
      State: 'Active',
      LastUpdateStatus: 'InProgress',
      LastUpdateStatusReason: 'The function is being created.',
      LastUpdateStatusReasonCode: 'Creating',
    }
  return { State: 'Active', LastUpdateStatus: 'Successful' }
}

/** There is no VPC behind the endpoint: equal subnets are taken to be in the same one. None are left after removal. */
function vpcId(subnetIds: readonly string[]): string {
  return subnetIds.length === 0 ? '' : `vpc-${createHash('sha256').update(subnetIds.join()).digest('hex').slice(0, 17)}`
}

function runtimeVersionArn(region: string, runtime: string): string {
  return `arn:aws:lambda:${region}::runtime:${createHash('sha256').update(runtime).digest('hex')}`
}

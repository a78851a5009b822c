import { randomBytes } from 'node:crypto'
import { delimiter, dirname } from 'node:path'
import type { LambdaFunction, Version, World } from '../store/world.ts'
import { foldersSeen } from './runtimes.ts'
import type { Place, RuntimeCommand } from './runtimes.ts'

/** What the variables of an execution environment tell its function. */
export interface VariablesOf extends Place {
  readonly world: World
  readonly fn: LambdaFunction
  readonly version: Version
  readonly initializationType: 'on-demand' | 'provisioned-concurrency'
  readonly command: RuntimeCommand
  /** `host:port` of the Runtime API. */
  readonly runtimeApi: string
  readonly tempFolder: string
  readonly logStream: string
}

/**
 * All variables of an execution environment; nothing of the endpoint's own gets in. The function's own may replace
 * those that are not reserved.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function environmentVariables(of: VariablesOf): NodeJS.ProcessEnv {
  const { world, fn, version, command, runtimeApi, tempFolder, logStream } = of
  const folders = foldersSeen(of)
  const { settings } = version
  const { runtimeDir } = command
  const accessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`
  world.roleKeys.add(accessKeyId)
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    PATH: ['/usr/local/bin', '/usr/bin/', '/bin', `${folders.opt}/bin`, ...programFolder(of)].join(delimiter),
    LD_LIBRARY_PATH: [
      '/lib64',
      '/usr/lib64',
      runtimeDir,
      `${runtimeDir}/lib`,
      folders.taskRoot,
      `${folders.taskRoot}/lib`,
      `${folders.opt}/lib`,
    ].join(delimiter),
    TMPDIR: of.fileSystems ? '/tmp' : tempFolder,
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    AWS_XRAY_DAEMON_ADDRESS: '169.254.79.129:2000',
    ...command.env,
    ...settings.environment,
    AWS_REGION: world.region,
    AWS_DEFAULT_REGION: world.region,
    // A runtime that the function brings itself has to say this for itself.
    ...(settings.runtime?.startsWith('provided') !== true && { AWS_EXECUTION_ENV: `AWS_Lambda_${settings.runtime}` }),
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: version.number,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memorySize),
    AWS_LAMBDA_INITIALIZATION_TYPE: of.initializationType,
    AWS_LAMBDA_LOG_GROUP_NAME: settings.logging.group,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    // Credentials of the execution role: with them the function may ask this endpoint, and no other.
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: randomBytes(20).toString('hex'),
    AWS_SESSION_TOKEN: randomBytes(32).toString('base64'),
    LAMBDA_TASK_ROOT: folders.taskRoot,
    LAMBDA_RUNTIME_DIR: runtimeDir,
    _HANDLER: settings.handler ?? '',
  }
}

/** The folder of Node.js, for functions that start it. */
function programFolder({ fileSystems }: Place): readonly string[] {
  const node = fileSystems ? fileSystems.program(process.execPath) : process.execPath
  return node === undefined ? [] : [dirname(node)]
}

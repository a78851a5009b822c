import type { Input } from '../protocol/inputs.ts'
import { randomBytes } from 'node:crypto'
import { functionArn, readFunctionReference } from '../protocol/arn.ts'
import { handler } from './call.ts'
import type { Call } from './call.ts'
import { refuse } from '../protocol/errors.ts'
import { answerPage } from '../protocol/pagination.ts'
import type { LambdaFunction, UrlConfig, World } from '../store/world.ts'

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunctionUrlConfig.html */
export const createFunctionUrlConfig = handler((call, input: Input<'CreateFunctionUrlConfig'>) => {
  const { world, now } = call
  checkAliasName(input.Qualifier)
  const { name, qualifier } = readFunctionReference(world, input.FunctionName, input.Qualifier)
  const fn = world.functions.get(name)
  // A URL belongs to the unpublished version or to an alias: a published version counts as one that does not exist.
  if (!fn || (qualifier !== undefined && !fn.aliases.has(qualifier)))
    return refuse('ResourceNotFoundException', 'Function does not exist')
  const key = qualifier ?? '$LATEST'
  if (fn.urls.has(key))
    refuse(
      'ResourceConflictException',
      `Failed to create function url config for [functionArn = ${functionArn(world, name, qualifier)}]. ` +
        'Error message:  FunctionUrlConfig exists for this Lambda function',
    )
  const config: UrlConfig = {
    id: randomBytes(16).toString('hex'),
    authType: input.AuthType,
    cors: input.Cors,
    invokeMode: input.InvokeMode,
    created: now,
    lastModified: now,
  }
  fn.urls.set(key, config)
  return { body: describe(call, fn, key, config) }
})

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionUrlConfig.html */
export const getFunctionUrlConfig = handler((call, input: Input<'GetFunctionUrlConfig'>) => {
  const { fn, key, config } = findConfig(call.world, input)
  return {
    body: {
      ...describe(call, fn, key, config),
      InvokeMode: config.invokeMode ?? 'BUFFERED',
      LastModifiedTime: urlTime(config.lastModified),
    },
  }
})

/** https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionUrlConfig.html */
export const updateFunctionUrlConfig = handler((call, input: Input<'UpdateFunctionUrlConfig'>) => {
  const { fn, key, config: before } = findConfig(call.world, input)
  const config: UrlConfig = {
    ...before,
    authType: input.AuthType ?? before.authType,
    cors: input.Cors ?? before.cors,
    invokeMode: input.InvokeMode ?? before.invokeMode,
    lastModified: call.now,
  }
  fn.urls.set(key, config)
  return { body: { ...describe(call, fn, key, config), LastModifiedTime: urlTime(config.lastModified) } }
})

/** https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionUrlConfig.html */
export const deleteFunctionUrlConfig = handler((call, input: Input<'DeleteFunctionUrlConfig'>) => {
  const { fn, key } = findConfig(call.world, input)
  fn.urls.delete(key)
  return { status: 204 }
})

/** https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctionUrlConfigs.html */
export const listFunctionUrlConfigs = handler((call, input: Input<'ListFunctionUrlConfigs'>) => {
  const { world } = call
  const { name } = readFunctionReference(world, input.FunctionName)
  const fn = world.functions.get(name) ?? refuse('ResourceNotFoundException', 'Function does not exist')
  return answerPage(world.pages['ListFunctionUrlConfigs'], input, {
    list: `urls of ${fn.incarnation}`,
    all: fn.urls,
    keyOf: ([key]) => key,
    show: ([key, config]) => ({
      ...describe(call, fn, key, config),
      InvokeMode: config.invokeMode ?? 'BUFFERED',
      LastModifiedTime: urlTime(config.lastModified),
    }),
  })
})

/**
 * The actions of URLs take the name of an alias, neither a number nor `$LATEST`: what is enforced is narrower than what
 * is documented (recorded).
 */
function checkAliasName(qualifier: string | undefined): void {
  if (qualifier !== undefined && !/^(?!\d+$)[0-9a-zA-Z-_]+$/.test(qualifier))
    refuse(
      'ValidationException',
      `1 validation error detected: Value '${qualifier}' at 'qualifier' failed to satisfy constraint: ` +
        `Member must satisfy regular expression pattern: ((?!^\\d+$)^[0-9a-zA-Z-_]+$)`,
    )
}

function findConfig(
  world: World,
  input: Input<'GetFunctionUrlConfig'>,
): { fn: LambdaFunction; key: string; config: UrlConfig } {
  checkAliasName(input.Qualifier)
  const { name, qualifier = '$LATEST' } = readFunctionReference(world, input.FunctionName, input.Qualifier)
  const fn = world.functions.get(name)
  const config = fn?.urls.get(qualifier)
  if (!fn || !config) return refuse('ResourceNotFoundException', 'The resource you requested does not exist.')
  return { fn, key: qualifier, config }
}

/** The URL is that of this endpoint: a name below `localhost`, with its own port. */
function describe({ world, baseUrl }: Call, fn: LambdaFunction, key: string, config: UrlConfig): object {
  const { port } = new URL(baseUrl)
  return {
    FunctionUrl: `http://${config.id}.lambda-url.${world.region}.localhost${port === '' ? '' : `:${port}`}/`,
    FunctionArn: functionArn(world, fn.name, key === '$LATEST' ? undefined : key),
    AuthType: config.authType,
    ...(config.cors && { Cors: config.cors }),
    CreationTime: urlTime(config.created),
    ...(config.invokeMode !== undefined && { InvokeMode: config.invokeMode }),
  }
}

/** These actions tell times to the microsecond. */
function urlTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z')
}

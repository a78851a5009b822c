/**
 * What each profile stands or falls with: clauses whose cases must have passed, whatever the endpoint file says is not
 * there. A profile of which only the rest was seen is not certified: "invoke without running functions" has seen calls
 * answered, "code-signing without code signing" has seen nothing.
 */
export const CORE_CLAUSES: { readonly [profile: string]: readonly string[] } = {
  account: ['GetAccountSettings.answer'],
  aliases: ['CreateAlias.answer', 'GetAlias.answer', 'UpdateAlias.answer', 'alias.points-to-version'],
  async: ['PutFunctionEventInvokeConfig.answer', 'GetFunctionEventInvokeConfig.answer', 'async.accepted'],
  'cloudwatch-logs': ['cloudwatch-logs.events', 'cloudwatch-logs.group'],
  'code-signing': [
    'CreateCodeSigningConfig.answer',
    'GetCodeSigningConfig.answer',
    'PutFunctionCodeSigningConfig.answer',
  ],
  concurrency: ['PutFunctionConcurrency.answer', 'GetFunctionConcurrency.answer', 'reserved-concurrency.reads'],
  'event-sources': ['CreateEventSourceMapping.answer', 'GetEventSourceMapping.answer', 'event-source-mapping.create'],
  extensions: ['extensions.started', 'extensions.register', 'extensions.invoke-event'],
  functions: ['CreateFunction.answer', 'GetFunction.answer', 'UpdateFunctionConfiguration.answer', 'function.defaults'],
  invoke: ['Invoke.answer', 'Invoke.error.ResourceNotFoundException.unknown-function'],
  layers: ['PublishLayerVersion.answer', 'GetLayerVersion.answer', 'layer.each-publication'],
  logs: ['logs.subscribe', 'logs.types', 'logs.http'],
  permissions: ['AddPermission.answer', 'GetPolicy.answer', 'function-permission.statement'],
  'runtime-api': ['runtime-api.payload', 'runtime-api.answer-accepted', 'runtime-api.next-blocks'],
  tags: ['TagResource.answer', 'ListTags.answer', 'function-tags.merge'],
  urls: ['CreateFunctionUrlConfig.answer', 'GetFunctionUrlConfig.answer'],
  versions: ['PublishVersion.answer', 'ListVersionsByFunction.answer', 'version.immutable'],
}

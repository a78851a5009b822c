import * as aliases from './actions/aliases.ts'
import * as codeSigningConfigs from './actions/codeSigningConfigs.ts'
import * as functions from './actions/functions.ts'
import * as invocations from './actions/invoke.ts'
import * as tags from './actions/tags.ts'
import * as versions from './actions/versions.ts'
import type { Handler } from './call.ts'

/** What the endpoint can do: the handler of each action by the action's name. */
export const actions: ReadonlyMap<string, Handler> = new Map(Object.entries({
  CreateAlias: aliases.createAlias,
  DeleteAlias: aliases.deleteAlias,
  GetAlias: aliases.getAlias,
  ListAliases: aliases.listAliases,
  UpdateAlias: aliases.updateAlias,
  CreateCodeSigningConfig: codeSigningConfigs.createCodeSigningConfig,
  DeleteCodeSigningConfig: codeSigningConfigs.deleteCodeSigningConfig,
  DeleteFunctionCodeSigningConfig: codeSigningConfigs.deleteFunctionCodeSigningConfig,
  GetCodeSigningConfig: codeSigningConfigs.getCodeSigningConfig,
  GetFunctionCodeSigningConfig: codeSigningConfigs.getFunctionCodeSigningConfig,
  ListCodeSigningConfigs: codeSigningConfigs.listCodeSigningConfigs,
  ListFunctionsByCodeSigningConfig: codeSigningConfigs.listFunctionsByCodeSigningConfig,
  PutFunctionCodeSigningConfig: codeSigningConfigs.putFunctionCodeSigningConfig,
  UpdateCodeSigningConfig: codeSigningConfigs.updateCodeSigningConfig,
  CreateFunction: functions.createFunction,
  DeleteFunction: functions.deleteFunction,
  GetFunction: functions.getFunction,
  GetFunctionConfiguration: functions.getFunctionConfiguration,
  ListFunctions: functions.listFunctions,
  UpdateFunctionCode: functions.updateFunctionCode,
  UpdateFunctionConfiguration: functions.updateFunctionConfiguration,
  Invoke: invocations.invoke,
  InvokeAsync: invocations.invokeAsync,
  ListTags: tags.listTags,
  TagResource: tags.tagResource,
  UntagResource: tags.untagResource,
  ListVersionsByFunction: versions.listVersionsByFunction,
  PublishVersion: versions.publishVersion,
}))

import * as account from './actions/account-settings.ts'
import * as aliases from './actions/aliases.ts'
import * as codeSigningConfigs from './actions/code-signing-configs.ts'
import * as concurrency from './actions/concurrency.ts'
import * as eventInvokeConfigs from './actions/event-invoke-configs.ts'
import * as mappings from './actions/event-source-mappings.ts'
import * as urls from './actions/function-urls.ts'
import * as functions from './actions/functions.ts'
import * as invocations from './actions/invoke.ts'
import * as layerPermissions from './actions/layer-permissions.ts'
import * as layers from './actions/layers.ts'
import * as permissions from './actions/permissions.ts'
import * as provisioned from './actions/provisioned-concurrency.ts'
import * as recursion from './actions/recursion.ts'
import * as runtimeManagement from './actions/runtime-management.ts'
import * as tags from './actions/tags.ts'
import * as versions from './actions/versions.ts'
import type { Handler } from './actions/call.ts'

/** What the endpoint can do: the handler of each action by the action's name. */
export const actions: ReadonlyMap<string, Handler> = new Map(
  Object.entries({
    GetAccountSettings: account.getAccountSettings,
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
    DeleteFunctionConcurrency: concurrency.deleteFunctionConcurrency,
    GetFunctionConcurrency: concurrency.getFunctionConcurrency,
    PutFunctionConcurrency: concurrency.putFunctionConcurrency,
    DeleteFunctionEventInvokeConfig: eventInvokeConfigs.deleteFunctionEventInvokeConfig,
    GetFunctionEventInvokeConfig: eventInvokeConfigs.getFunctionEventInvokeConfig,
    ListFunctionEventInvokeConfigs: eventInvokeConfigs.listFunctionEventInvokeConfigs,
    PutFunctionEventInvokeConfig: eventInvokeConfigs.putFunctionEventInvokeConfig,
    UpdateFunctionEventInvokeConfig: eventInvokeConfigs.updateFunctionEventInvokeConfig,
    CreateEventSourceMapping: mappings.createEventSourceMapping,
    DeleteEventSourceMapping: mappings.deleteEventSourceMapping,
    GetEventSourceMapping: mappings.getEventSourceMapping,
    ListEventSourceMappings: mappings.listEventSourceMappings,
    UpdateEventSourceMapping: mappings.updateEventSourceMapping,
    CreateFunctionUrlConfig: urls.createFunctionUrlConfig,
    DeleteFunctionUrlConfig: urls.deleteFunctionUrlConfig,
    GetFunctionUrlConfig: urls.getFunctionUrlConfig,
    ListFunctionUrlConfigs: urls.listFunctionUrlConfigs,
    UpdateFunctionUrlConfig: urls.updateFunctionUrlConfig,
    CreateFunction: functions.createFunction,
    DeleteFunction: functions.deleteFunction,
    GetFunction: functions.getFunction,
    GetFunctionConfiguration: functions.getFunctionConfiguration,
    ListFunctions: functions.listFunctions,
    UpdateFunctionCode: functions.updateFunctionCode,
    UpdateFunctionConfiguration: functions.updateFunctionConfiguration,
    Invoke: invocations.invoke,
    InvokeAsync: invocations.invokeAsync,
    AddLayerVersionPermission: layerPermissions.addLayerVersionPermission,
    GetLayerVersionPolicy: layerPermissions.getLayerVersionPolicy,
    RemoveLayerVersionPermission: layerPermissions.removeLayerVersionPermission,
    DeleteLayerVersion: layers.deleteLayerVersion,
    GetLayerVersion: layers.getLayerVersion,
    GetLayerVersionByArn: layers.getLayerVersionByArn,
    ListLayers: layers.listLayers,
    ListLayerVersions: layers.listLayerVersions,
    PublishLayerVersion: layers.publishLayerVersion,
    AddPermission: permissions.addPermission,
    GetPolicy: permissions.getPolicy,
    RemovePermission: permissions.removePermission,
    DeleteProvisionedConcurrencyConfig: provisioned.deleteProvisionedConcurrencyConfig,
    GetProvisionedConcurrencyConfig: provisioned.getProvisionedConcurrencyConfig,
    ListProvisionedConcurrencyConfigs: provisioned.listProvisionedConcurrencyConfigs,
    PutProvisionedConcurrencyConfig: provisioned.putProvisionedConcurrencyConfig,
    GetFunctionRecursionConfig: recursion.getFunctionRecursionConfig,
    PutFunctionRecursionConfig: recursion.putFunctionRecursionConfig,
    GetRuntimeManagementConfig: runtimeManagement.getRuntimeManagementConfig,
    PutRuntimeManagementConfig: runtimeManagement.putRuntimeManagementConfig,
    ListTags: tags.listTags,
    TagResource: tags.tagResource,
    UntagResource: tags.untagResource,
    ListVersionsByFunction: versions.listVersionsByFunction,
    PublishVersion: versions.publishVersion,
  }),
)

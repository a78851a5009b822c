import * as account from './actions/account-settings.ts'
import * as aliases from './actions/aliases.ts'
import * as codeSigningConfigs from './actions/code-signing-configs.ts'
import * as concurrency from './actions/concurrency.ts'
import * as eventInvokeConfigs from './actions/event-invoke-configs.ts'
import * as mappings from './actions/event-source-mappings.ts'
import * as urls from './actions/function-urls.ts'
import * as functions from './actions/functions.ts'
import * as invocations from './actions/invoke.ts'
import * as streamed from './actions/invoke-with-response-stream.ts'
import * as layerPermissions from './actions/layer-permissions.ts'
import * as layers from './actions/layers.ts'
import * as permissions from './actions/permissions.ts'
import * as provisioned from './actions/provisioned-concurrency.ts'
import * as recursion from './actions/recursion.ts'
import * as runtimeManagement from './actions/runtime-management.ts'
import * as tags from './actions/tags.ts'
import * as versions from './actions/versions.ts'
import { isHandler } from './actions/call.ts'
import type { Handler } from './actions/call.ts'

/** The files of handlers: which action each export answers, its name says. */
const files: readonly object[] = [
  account,
  aliases,
  codeSigningConfigs,
  concurrency,
  eventInvokeConfigs,
  mappings,
  urls,
  functions,
  invocations,
  layerPermissions,
  layers,
  permissions,
  provisioned,
  recursion,
  runtimeManagement,
  streamed,
  tags,
  versions,
]

/**
 * What the endpoint can do: the handler of each action by the action's name. It is served when there is a page for it.
 */
export const actions: ReadonlyMap<string, Handler> = new Map(
  files
    .flatMap(file => Object.entries(file))
    .flatMap(([name, exported]) =>
      isHandler(exported) ? [[name.charAt(0).toUpperCase() + name.slice(1), exported] as const] : [],
    ),
)

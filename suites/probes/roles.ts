/**
 * Probes that somebody deployed for us, where functions cannot be created: roles are configurations that properties ask
 * for.
 */
import type { Endpoint } from '../case.ts'
import { sameValue } from '../oracle/match.ts'
import { present } from '../../base/present.ts'

/** What a probe that somebody deploys is for, and how it must be configured. */
export interface ProbeRole {
  readonly role: string
  /** Why it is there, for the files that are exported. */
  readonly purpose: string
  /** Beside code, handler and runtime. */
  readonly configuration: {
    readonly MemorySize: number
    readonly Timeout: number
    readonly Environment?: { readonly Variables: { readonly [name: string]: string } }
  }
}

/** Every role that a deployed probe can have. */
export const PROBE_ROLES: readonly ProbeRole[] = [
  { role: 'default', purpose: 'what most properties invoke', configuration: { MemorySize: 128, Timeout: 10 } },
  { role: 'impatient', purpose: 'runs into its timeout', configuration: { MemorySize: 128, Timeout: 1 } },
  { role: 'patient', purpose: 'has time for large payloads', configuration: { MemorySize: 128, Timeout: 30 } },
  {
    role: 'environment',
    purpose: 'has a memory size and a variable of its own',
    configuration: { MemorySize: 192, Timeout: 10, Environment: { Variables: { PROBE_WORD: 'hello' } } },
  },
]

/**
 * What `$function` is on an endpoint that cannot create functions: the deployed probe whose role has what is laid over
 * the default, or undefined when there is none.
 */
export function deployedProbe(
  endpoint: Pick<Endpoint, 'probes' | 'region' | 'accountId' | 'role'>,
  overlay: { readonly [member: string]: unknown },
): { readonly [member: string]: unknown } | undefined {
  const fitting = PROBE_ROLES.find(
    ({ role, configuration }) =>
      endpoint.probes[role] !== undefined &&
      Object.entries(overlay).every(([member, value]) =>
        sameValue((configuration as { readonly [member: string]: unknown })[member], value),
      ),
  )
  if (fitting === undefined) return undefined
  const FunctionName = present(endpoint.probes[fitting.role], 'an element of endpoint.probes')
  const FunctionArn = `arn:aws:lambda:${endpoint.region}:${endpoint.accountId}:function:${FunctionName}`
  return { FunctionName, FunctionArn, Role: endpoint.role, Version: '$LATEST', ...fitting.configuration }
}

/** Roles of the probe that is a runtime itself: what `runtime` in `given` asks for. */
export const RUNTIME_ROLES: readonly {
  readonly role: string
  readonly purpose: string
  readonly extensions: { readonly [name: string]: object }
}[] = [
  { role: 'runtime', purpose: 'speaks the Runtime API as its events say', extensions: {} },
  { role: 'extended', purpose: 'has an extension beside it', extensions: { watcher: {} } },
]

/** Whether a role is that of the probe without an interpreter. */
export function isRuntimeRole(role: string): boolean {
  return RUNTIME_ROLES.some(one => one.role === role)
}

/** What a `runtime` is on an endpoint that cannot create functions; undefined when nobody deployed one like it. */
export function deployedRuntime(
  endpoint: Pick<Endpoint, 'probes' | 'region' | 'accountId' | 'role'>,
  overlay: { readonly [member: string]: unknown },
): { readonly [member: string]: unknown } | undefined {
  const { extensions = {}, ...rest } = overlay
  const fitting = RUNTIME_ROLES.find(
    one => endpoint.probes[one.role] !== undefined && sameValue(one.extensions, extensions),
  )
  if (fitting === undefined || Object.keys(rest).length > 0) return undefined
  const FunctionName = present(endpoint.probes[fitting.role], 'an element of endpoint.probes')
  const FunctionArn = `arn:aws:lambda:${endpoint.region}:${endpoint.accountId}:function:${FunctionName}`
  return { FunctionName, FunctionArn, Role: endpoint.role, Version: '$LATEST' }
}

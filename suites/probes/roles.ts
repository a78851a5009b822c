/** Probes that somebody deployed for us, where functions cannot be created: roles are configurations that properties ask for. */
import type { Endpoint } from '../case.ts'
import { sameValue } from '../oracle/match.ts'

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
 * What `$function` is on an endpoint that cannot create functions: the deployed probe whose role has what is laid over the default, or
 * undefined when there is none.
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
  const FunctionName = endpoint.probes[fitting.role] as string
  const FunctionArn = `arn:aws:lambda:${endpoint.region}:${endpoint.accountId}:function:${FunctionName}`
  return { FunctionName, FunctionArn, Role: endpoint.role, Version: '$LATEST', ...fitting.configuration }
}

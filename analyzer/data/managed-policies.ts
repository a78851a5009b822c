/** AWS's own managed policies that functions have: what each of them allows. Written by `scripts/condense-managed-policies.ts`. */
import { readFileSync } from 'node:fs'

export interface ManagedPolicyStatement {
  /** Action patterns; absent when it is everything but `except`. */
  readonly actions?: readonly string[]
  readonly except?: readonly string[]
  /** Resource patterns. */
  readonly resources: readonly string[]
  /** It holds under a condition only. */
  readonly conditional?: true
}

let policies: { readonly [name: string]: readonly ManagedPolicyStatement[] } | undefined

/** The statements of a policy by its name (`AWSLambdaBasicExecutionRole`), without its path; undefined when it is not one of those that are known. */
export function managedPolicy(name: string): readonly ManagedPolicyStatement[] | undefined {
  policies ??= JSON.parse(readFileSync(dataFile(), 'utf8')) as { [name: string]: ManagedPolicyStatement[] }
  return Object.hasOwn(policies, name) ? policies[name] : undefined
}

/** Beside the sources, and in the package's root for what runs from `dist/`. */
function dataFile(): URL {
  const url = import.meta.url
  return url.includes('/dist/analyzer/') ? new URL('../../../analyzer/data/managed-policies.json', url) : new URL('managed-policies.json', url)
}

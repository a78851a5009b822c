/** AWS's own managed policies that functions have: what each of them allows. Written by `scripts/condense-managed-policies.ts`. */
import { readFileSync } from 'node:fs'
import { dataFile } from './data-file.ts'

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
  policies ??= JSON.parse(readFileSync(dataFile('managed-policies.json'), 'utf8')) as { [name: string]: ManagedPolicyStatement[] }
  return Object.hasOwn(policies, name) ? policies[name] : undefined
}

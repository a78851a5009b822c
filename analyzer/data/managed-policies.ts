/**
 * AWS's own managed policies that functions have: what each of them allows. Written by
 * `scripts/condense-managed-policies.ts`.
 */
import { own } from '../../base/own.ts'
import { readData } from './read-data.ts'

/** A statement of a managed policy of AWS, as far as it allows something. */
export interface ManagedPolicyStatement {
  /** Action patterns; absent when it is everything but `except`. */
  readonly actions?: readonly string[]
  readonly except?: readonly string[]
  /** Resource patterns. */
  readonly resources: readonly string[]
  /** It holds under a condition only. */
  readonly conditional?: true
}

const policies = readData<{ readonly [name: string]: readonly ManagedPolicyStatement[] }>('managed-policies.json')

/**
 * The statements of a policy by its name (`AWSLambdaBasicExecutionRole`), without its path; undefined when it is not
 * one of those that are known.
 */
export function managedPolicy(name: string): readonly ManagedPolicyStatement[] | undefined {
  return own(policies(), name)
}

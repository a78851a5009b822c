/** What constructs of the CDK bring along by themselves, and nobody writes. */
import type { Resource } from './model.ts'
import { rawGet, rawScalar } from './raw.ts'
import type { Raw } from './raw.ts'

/**
 * Constructs of the CDK bring functions, roles and policies of their own along (log retention, bucket notifications,
 * custom resources).
 * Nobody can change these, so they are not part of the application: what refers to them refers to something imported.
 */
export function isMadeByCdk(id: string, resource: Raw): boolean {
  if (
    /^(?:LogRetention|BucketNotificationsHandler|SingletonLambda|AWS)[0-9a-f]{32}|CustomResourceProvider(?:Handler|Role)[0-9A-F]{8}$/.test(
      id,
    )
  )
    return true
  // Where the CDK writes no paths: nested stacks of its providers, and projects that turn paths off.
  const description = rawScalar(rawGet(resource, 'Properties', 'Description'))
  if (typeof description === 'string' && DESCRIBED_BY_CDK.test(description)) return true
  const path = rawScalar(rawGet(resource, 'Metadata', 'aws:cdk:path'))
  return typeof path === 'string' && path.split('/').some(part => MADE_BY_CDK.test(part))
}

const MADE_BY_CDK =
  /^(?:Custom::.+|@aws-cdk--[\w.-]+Provider|(?:LogRetention|BucketNotificationsHandler|AWS|SingletonLambda|Custom)[0-9a-f]{32}|framework-(?:onEvent|isComplete|onTimeout)|waiter-state-machine)$/i

const DESCRIBED_BY_CDK =
  /^(?:AWS CDK resource provider framework - |(?:onEvent|isComplete) handler for EKS (?:cluster|kubectl) resource provider$)/

/**
 * The policy of a role in which the CDK collects what `grant…` and `addToRolePolicy` give:
 * `RoleDefaultPolicy5FFB7DAB`.
 */
export const isGrantPolicy = ({ id }: Resource): boolean => /DefaultPolicy[0-9A-F]{8}$/.test(id)

import { refuse } from './errors.ts'

/** Where an endpoint's resources live, as their ARNs say. */
export interface Place {
  readonly region: string
  readonly accountId: string
}

/** A function as a request names it. */
export interface FunctionReference {
  readonly name: string
  /** Version or alias, from the ARN or the qualifier member. */
  readonly qualifier?: string
}

const functionName =
  /^(?:arn:(?:aws[a-zA-Z-]*)?:lambda:)?(?:((?:eusc-)?[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\d):)?(?:(\d{12}):)?(?:function:)?([a-zA-Z0-9-_.]+)(?::(\$LATEST(?:\.PUBLISHED)?|[a-zA-Z0-9-_]+))?$/

/**
 * Reads a function's name, partial ARN or ARN, each with or without a qualifier, and the separate qualifier of the
 * request. Refuses a qualifier that differs from the one in the ARN, another Region and another account, all before the
 * function is looked for.
 */
export function readFunctionReference(place: Place, name: string, qualifier?: string): FunctionReference {
  const [, region, accountId, bare = name, inName] = functionName.exec(name) ?? []
  if (inName !== undefined && qualifier !== undefined && qualifier !== '' && inName !== qualifier)
    refuse(
      'InvalidParameterValueException',
      'The derived qualifier from the function name does not match the specified qualifier.',
    )
  if (region !== undefined && region !== place.region)
    refuse(
      'ResourceNotFoundException',
      `Functions from '${region}' are not reachable in this region ('${place.region}')`,
    )
  if (accountId !== undefined && accountId !== place.accountId)
    // The service tells no reason here (recorded).
    refuse('AccessDeniedException', '')
  const chosen = inName ?? (qualifier === '' ? undefined : qualifier)
  return chosen === undefined ? { name: bare } : { name: bare, qualifier: chosen }
}

/** `arn:aws:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER]` */
export function functionArn(place: Place, name: string, qualifier?: string): string {
  return `arn:aws:lambda:${place.region}:${place.accountId}:function:${name}${qualifier === undefined ? '' : `:${qualifier}`}`
}

/** `arn:aws:lambda:REGION:ACCOUNT:layer:NAME[:VERSION]` */
export function layerArn(place: Place, name: string, version?: number): string {
  return `arn:aws:lambda:${place.region}:${place.accountId}:layer:${name}${version === undefined ? '' : `:${version}`}`
}

/** The name in a layer's name or ARN, when the ARN is of this place; undefined when it is of another. */
export function readLayerName(place: Place, nameOrArn: string): string | undefined {
  if (!nameOrArn.startsWith('arn:')) return nameOrArn
  const [, , , region, accountId, , name] = nameOrArn.split(':')
  return region === place.region && accountId === place.accountId ? name : undefined
}

/** Whether a qualifier names a version and not an alias. */
export function isVersionNumber(qualifier: string): boolean {
  return /^\d+$/.test(qualifier)
}

/** The parts of `arn:aws:lambda:REGION:ACCOUNT:layer:NAME:VERSION`. */
export function readLayerVersionArn(arn: string): Place & { readonly name: string; readonly version: number } {
  const [, , , region = '', accountId = '', , name = '', version = ''] = arn.split(':')
  return { region, accountId, name, version: Number(version) }
}

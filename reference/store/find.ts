import { functionArn, isVersionNumber, readFunctionReference } from '../protocol/arn.ts'
import type { FunctionReference } from '../protocol/arn.ts'
import { refuse } from '../protocol/errors.ts'
import type { Alias, LambdaFunction, Version, World } from './world.ts'

/** What a qualifier leads to. */
export interface Target {
  readonly fn: LambdaFunction
  readonly version: Version
  readonly alias?: Alias
  /** As the caller named it. */
  readonly qualifier?: string
}

/** The function that a request names, any qualifier left aside. Refuses an unknown one with the ARN, `suffix` added. */
export function findFunction(world: World, name: string, suffix = ''): LambdaFunction {
  const reference = readFunctionReference(world, name)
  return (
    world.functions.get(reference.name) ??
    refuse('ResourceNotFoundException', `Function not found: ${functionArn(world, reference.name)}${suffix}`)
  )
}

/** The function that a request names, for actions on functions as a whole: a version or alias is refused. */
export function findWholeFunction(world: World, name: string, suffix = ''): LambdaFunction {
  if (readFunctionReference(world, name).qualifier !== undefined)
    refuse(
      'InvalidParameterValueException',
      'This operation is permitted on Lambda functions only. Aliases and versions do not support this ' +
        'operation. Please specify either a function name or an unqualified function ARN.',
    )
  return findFunction(world, name, suffix)
}

/**
 * The version or alias that a request names, `$LATEST` when it names none.
 * Whether the function or only the qualifier is unknown makes no difference to the text of the refusal.
 */
export function findTarget(world: World, reference: FunctionReference): Target {
  const fn = world.functions.get(reference.name)
  const target = fn && resolveQualifier(fn, reference.qualifier)
  return (
    target ??
    refuse(
      'ResourceNotFoundException',
      `Function not found: ${functionArn(world, reference.name, reference.qualifier)}`,
    )
  )
}

/** The version behind a qualifier of a function. */
export function resolveQualifier(fn: LambdaFunction, qualifier: string | undefined): Target | undefined {
  if (qualifier === undefined) return { fn, version: fn.latest }
  if (qualifier === '$LATEST') return { fn, version: fn.latest, qualifier }
  if (isVersionNumber(qualifier)) {
    const version = fn.versions.get(qualifier)
    return version && { fn, version, qualifier }
  }
  const alias = fn.aliases.get(qualifier)
  const version = alias && findVersion(fn, alias.version)
  return version && { fn, version, alias, qualifier }
}

/** A version by its number or `$LATEST`. */
export function findVersion(fn: LambdaFunction, number: string): Version | undefined {
  return number === '$LATEST' ? fn.latest : fn.versions.get(number)
}

import { refuse } from '../protocol/errors.ts'
import type { LambdaFunction, Version, World } from '../store/world.ts'

/** Counts what runs, and refuses what would be too much at one time. */
export interface Concurrency {
  /** Takes a place for one event of a version; the result gives it back. Refuses with `TooManyRequestsException`. */
  readonly enter: (world: World, fn: LambdaFunction, version: Version) => () => void
}

/** Counts from zero: no function has an event. */
export function createConcurrency(): Concurrency {
  /** Running events by version; versions without any are not in it. */
  const running = new Map<Version, { readonly world: World; readonly fn: LambdaFunction; count: number }>()
  /** Events that run outside of provisioned environments, in functions of this kind. */
  const onDemand = (counts: (entry: { readonly world: World; readonly fn: LambdaFunction }) => boolean): number =>
    sum(
      [...running].map(([version, entry]) =>
        counts(entry) ? Math.max(0, entry.count - provisionedFor(entry.fn, version)) : 0,
      ),
    )

  return {
    enter(world, fn, version) {
      const entry = running.get(version) ?? { world, fn, count: 0 }
      // Events that provisioned environments take do not count against what is left.
      if (entry.count >= provisionedFor(fn, version)) {
        if (fn.reservedConcurrency !== undefined) {
          if (onDemand(other => other.fn === fn) >= fn.reservedConcurrency - totalProvisioned(fn))
            throttle('ReservedFunctionConcurrentInvocationLimitExceeded')
        } else if (
          onDemand(other => other.world === world && other.fn.reservedConcurrency === undefined) >=
          sharedConcurrency(world)
        ) {
          throttle('ConcurrentInvocationLimitExceeded')
        }
      }
      entry.count++
      running.set(version, entry)
      return () => {
        entry.count--
        if (entry.count === 0) running.delete(version)
      }
    },
  }
}

function throttle(reason: string): never {
  return refuse('TooManyRequestsException', 'Rate Exceeded.', { Reason: reason }, { 'Retry-After': '1' })
}

/** What functions without a reserve share, beside what is provisioned for some of them. */
function sharedConcurrency(world: World): number {
  const sharing = [...world.functions.values()].filter(fn => fn.reservedConcurrency === undefined)
  return unreservedConcurrency(world) - sum(sharing.map(totalProvisioned))
}

/** Provisioned environments of a version: its own and those of the aliases that point to it. */
function provisionedFor(fn: LambdaFunction, version: Version): number {
  let total = 0
  for (const [qualifier, config] of fn.provisioned) {
    if ((fn.aliases.get(qualifier)?.version ?? qualifier) === version.number) total += config.requested
  }
  return total
}

/** What all versions and aliases of a function have provisioned together. */
export function totalProvisioned(fn: LambdaFunction): number {
  return sum([...fn.provisioned.values()].map(config => config.requested))
}

/** What the account has left for functions without a reserve of their own. */
export function unreservedConcurrency(world: World): number {
  return world.limits.concurrency - sum([...world.functions.values()].map(fn => fn.reservedConcurrency ?? 0))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0)
}

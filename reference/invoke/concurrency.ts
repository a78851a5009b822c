import { refuse } from '../errors.ts'
import type { LambdaFunction, Version, World } from '../store/world.ts'

/** Counts what runs, and refuses what would be too much at one time. */
export interface Concurrency {
  /** Takes a place for one event of a version; the result gives it back. Refuses with `TooManyRequestsException`. */
  readonly enter: (world: World, fn: LambdaFunction, version: Version) => () => void
}

export function createConcurrency(): Concurrency {
  /** Running events by version. */
  const running = new Map<Version, number>()
  const runningIn = (fn: LambdaFunction): number => sum([fn.latest, ...fn.versions.values()].map(version => onDemand(fn, version, running.get(version) ?? 0)))

  return {
    enter(world, fn, version) {
      const now = running.get(version) ?? 0
      // Events that provisioned environments take do not count against what is left.
      if (now >= provisionedFor(fn, version)) {
        if (fn.reservedConcurrency !== undefined) {
          if (runningIn(fn) >= fn.reservedConcurrency - totalProvisioned(fn)) throttle('ReservedFunctionConcurrentInvocationLimitExceeded')
        } else {
          const others = [...world.functions.values()].filter(other => other.reservedConcurrency === undefined)
          if (sum(others.map(runningIn)) >= unreservedConcurrency(world) - sum(others.map(totalProvisioned))) throttle('ConcurrentInvocationLimitExceeded')
        }
      }
      running.set(version, now + 1)
      return () => {
        const left = (running.get(version) ?? 1) - 1
        if (left > 0) running.set(version, left)
        else running.delete(version)
      }
    },
  }
}

function throttle(reason: string): never {
  return refuse('TooManyRequestsException', 'Rate Exceeded.', { Reason: reason }, { 'Retry-After': '1' })
}

function onDemand(fn: LambdaFunction, version: Version, count: number): number {
  return Math.max(0, count - provisionedFor(fn, version))
}

/** Provisioned environments of a version: its own and those of the aliases that point to it. */
function provisionedFor(fn: LambdaFunction, version: Version): number {
  let total = 0
  for (const [qualifier, config] of fn.provisioned) {
    if ((fn.aliases.get(qualifier)?.version ?? qualifier) === version.number) total += config.requested
  }
  return total
}

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

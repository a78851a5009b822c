/** The endpoint that the flags of a command name, with what a person should know of it told before anything is sent. */
import { findTarget, type Target, type TargetOptions } from '../suites/endpoint/target.ts'

/** Flags that certify, reproduce and clean have in common. */
export interface TargetFlags {
  readonly endpoint?: string
  readonly config?: string
  readonly allowAws?: boolean
}

/**
 * `more`: what stands in where nothing names an endpoint, and what else only some commands say. Throws a `UsageError`.
 */
export function targetOf(
  flags: TargetFlags,
  more: Pick<TargetOptions, 'embedded' | 'concurrency'> = {},
): Promise<Target> {
  return findTarget({
    endpoint: flags.endpoint,
    configFile: flags.config,
    cwd: process.cwd(),
    env: process.env,
    allowAws: flags.allowAws === true,
    warn: text => process.stderr.write(`warning: ${text}\n`),
    ...more,
  })
}

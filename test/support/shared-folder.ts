import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder that all environments of functions see, sandboxed or not: their `/tmp` is their own, `/dev/shm` is that of the machine. */
export function sharedFolder(): string {
  return mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'lambdacheck-test-'))
}

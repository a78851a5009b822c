import { spawnSync } from 'node:child_process'
import { present } from '../../base/present.ts'

let cached: readonly string[] | undefined

/**
 * Words to put before a command so that the process dies with this one, even when this one is killed outright.
 * Only Linux has a means for it; elsewhere runtimes notice by themselves that the Runtime API is gone.
 */
export function orphanGuard(): readonly string[] {
  if (cached === undefined) {
    const guard = ['setpriv', '--pdeathsig', 'KILL', '--']
    const works =
      process.platform === 'linux' &&
      spawnSync(present(guard[0], 'an element of guard'), [...guard.slice(1), 'true'], { stdio: 'ignore' }).status === 0
    cached = works ? guard : []
  }
  return cached
}

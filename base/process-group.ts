/** Programs that are ended together with everything that they have started. */
import { spawn, type ChildProcess } from 'node:child_process'

/** Where a command runs, and what its shell finds as `$2`, `$3` and so on. */
export interface GroupOptions {
  readonly cwd: string
  readonly env: { readonly [name: string]: string | undefined }
  readonly args?: readonly string[]
}

const GRACE_MS = 5000

/**
 * The shell's second job waits for the far end of descriptor 3 to close, as it does even when we are killed, and takes
 * the whole group down.
 */
const GUARDED = '(cat <&3; kill -KILL 0) >/dev/null 2>&1 & exec 3<&-; eval "$1"'

/** Runs a shell command in a process group of its own. Whoever sees it exit calls `closeGuard`. */
export function spawnGroup(command: string, { cwd, env, args = [] }: GroupOptions): ChildProcess {
  return process.platform === 'win32'
    ? spawn(command, { shell: true, cwd, env, stdio: ['ignore', 'pipe', 'pipe', 'pipe'], windowsHide: true })
    : spawn('/bin/sh', ['-c', GUARDED, 'lambdacheck', command, ...args], {
        cwd,
        env,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      })
}

/** Lets go of what would take the group down with us. */
export function closeGuard(child: ChildProcess): void {
  const guard = child.stdio[3]
  if (guard && 'destroy' in guard) guard.destroy()
}

/** Sends a signal to all of the group; nothing happens where it is gone. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill(signal)
    else process.kill(-child.pid, signal)
  } catch {
    // It is gone.
  }
}

/** Ends all of the group: politely, and after five seconds for certain. `ended` says whether its first process has. */
export async function endGroup(child: ChildProcess, ended: () => boolean): Promise<void> {
  if (child.pid === undefined) return
  // What the command left running behind it is taken down as well, so the group is told even when its first process has
  // gone.
  signalGroup(child, 'SIGTERM')
  const end = Date.now() + GRACE_MS
  while (!ended() && Date.now() < end) await new Promise(resolve => setTimeout(resolve, 20))
  signalGroup(child, 'SIGKILL')
  closeGuard(child)
  child.stdout?.destroy()
  child.stderr?.destroy()
}

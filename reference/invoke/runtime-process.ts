import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { orphanGuard } from './orphan-guard.ts'
import type { Folders, RuntimeCommand } from './runtimes.ts'

/** Starts the process of a runtime, in a process group of its own, so that whatever the function starts can be killed with it. */
export function startProcess(command: RuntimeCommand, folders: Folders, env: NodeJS.ProcessEnv): ChildProcess {
  const [head, ...args] = [...orphanGuard(), command.command, ...command.args]
  return spawn(head as string, args, { cwd: folders.taskRoot, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
}

/** Kills the process and its group. */
export function kill(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It is gone already.
  }
}

/** The most memory that a process has had so far, in MB, where the system tells. */
export function readPeakMemory(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? undefined : Math.ceil(Number(kilobytes) / 1024)
  } catch {
    return undefined
  }
}

/** Why a process has ended, in the service's words. */
export function exitReason(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal) return `Runtime exited with error: signal: ${signalText(signal)}`
  return code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: exit status ${code}`
}

function signalText(signal: NodeJS.Signals): string {
  return (
    {
      SIGKILL: 'killed',
      SIGSEGV: 'segmentation fault',
      SIGABRT: 'aborted',
      SIGTERM: 'terminated',
      SIGINT: 'interrupt',
    }[signal as string] ?? signal
  )
}

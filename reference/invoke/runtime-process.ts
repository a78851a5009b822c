import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { signalGroup } from '../../base/process-group.ts'
import type { FileSystem } from './file-systems.ts'
import { orphanGuard } from './orphan-guard.ts'

/**
 * A process of an execution environment, in a process group of its own, so that whatever it starts can be killed with
 * it.
 */
export interface SandboxProcess {
  readonly pid: number | undefined
  /** Resolves to the reason when it has ended and its output was read. */
  readonly ended: Promise<string>
  readonly hasEnded: () => boolean
  /** Asks it to end. */
  readonly terminate: () => void
  /** Kills it with its group. */
  readonly kill: () => void
}

interface Command {
  readonly command: string
  readonly args: readonly string[]
  /** Working directory. */
  readonly cwd: string
  /** Where it runs in folders of its own; its working directory is `/var/task` then. */
  readonly fileSystem: FileSystem | undefined
}

/** Starts a process. `onOutput` gets what it writes, to either stream. */
export function startProcess(
  { command, args, cwd, fileSystem }: Command,
  env: NodeJS.ProcessEnv,
  onOutput: (chunk: Buffer) => void,
): SandboxProcess {
  const words = [command, ...args]
  const [head, ...rest] = fileSystem?.enter(words) ?? [...orphanGuard(), ...words]
  const child = spawn(head as string, rest, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  child.stdout.on('data', onOutput)
  child.stderr.on('data', onOutput)
  let over = false
  const ended = new Promise<string>(resolve => {
    const end = (reason: string): void => {
      over = true
      resolve(reason)
    }
    child.once('error', error => end(`error: ${error.message}`))
    // `close` comes after the last output, `exit` may come before it. A grandchild that keeps the output open must not
    // hold us up.
    child.once('exit', (code, signal) => {
      // What the process has started must not outlive it. Later its number may belong to another process.
      signalGroup(child, 'SIGKILL')
      const reason = exitReason(code, signal)
      const timer = setTimeout(() => end(reason), 50)
      child.once('close', () => {
        clearTimeout(timer)
        end(reason)
      })
    })
  })
  return {
    pid: child.pid,
    ended,
    hasEnded: () => over,
    terminate() {
      if (!over) child.kill('SIGTERM')
    },
    kill() {
      if (!over) signalGroup(child, 'SIGKILL')
    },
  }
}

/** The most memory that a process has had so far, in MB, where the system tells. */
export function readPeakMemory(pid: number | undefined): number | undefined {
  return readMemory(pid, 'VmHWM')
}

/** What a process has now that is no part of a file, in MB, where the system tells. */
export function readOwnMemory(pid: number | undefined): number | undefined {
  return readMemory(pid, 'RssAnon')
}

function readMemory(pid: number | undefined, name: string): number | undefined {
  try {
    const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? undefined : Math.ceil(Number(kilobytes) / 1024)
  } catch {
    return undefined
  }
}

/** Why a process has ended: empty when it said nothing by it. */
function exitReason(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal) return `signal: ${signalText(signal)}`
  return code === 0 ? '' : `exit status ${code}`
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

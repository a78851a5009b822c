import { readFileSync } from 'node:fs'
import { errorCode } from './error-code.ts'

/**
 * Whether a process with this id runs; also true for one of another user, which may not be told anything. One that has
 * ended, and that nobody has waited for yet, runs no more.
 */
export function isRunning(pid: number): boolean {
  if (!(pid > 0)) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
  return !hasEnded(pid)
}

/** Linux alone tells; elsewhere an ended process counts as running until somebody has waited for it. */
function hasEnded(pid: number): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

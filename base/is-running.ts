import { errorCode } from './error-code.ts'

/** Whether a process with this id is there; also true for one of another user, which may not be told anything. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}

/** `lint --watch`: again whenever a file that lint reads has changed. */
import { discover } from '../analyzer/application/discover.ts'

/** Between two looks; looking takes some milliseconds, and works on every file system. */
const LOOK_MS = 500

/** What is watched, and what is done when it changes. */
export interface LintWatch {
  readonly root: string
  /** Relative to the root. */
  readonly paths: readonly string[]
  /** Lints, and gives the exit code. */
  again(): Promise<number>
  readonly signal: AbortSignal
}

/** Lints at once and after every change, until the signal comes; gives the exit code of the last round. */
export async function watchLint({ root, paths, again, signal }: LintWatch): Promise<number> {
  const look = (): string => stateOf(root, paths)
  let seen = look()
  let code = await again()
  while (!signal.aborted) {
    await pause(signal)
    const now = look()
    if (signal.aborted || now === seen) continue
    seen = now
    code = await again()
  }
  return code
}

function stateOf(root: string, paths: readonly string[]): string {
  const { code, python, templates, settings } = discover(root, paths)
  return [code, python, templates, settings]
    .flat()
    .map(({ path, size, modifiedMs }) => `${path} ${size} ${modifiedMs}`)
    .join('\n')
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, LOOK_MS)
    signal.addEventListener('abort', done, { once: true })
  })
}

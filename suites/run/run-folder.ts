/** The folder that holds the suites of a run while they run. */
import { isRunning } from '../../base/is-running.ts'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** In the project's `.lambdacheck`, or with the other temporary files where the project cannot be written. */
export function createRunFolder(project: string): string {
  try {
    return createFolder(path.join(project, '.lambdacheck'), 'run-')
  } catch {
    return createTemporaryRunFolder()
  }
}

/** For runs that belong to no project. */
export function createTemporaryRunFolder(): string {
  return createFolder(tmpdir(), 'lambdacheck-run-')
}

/** Removes those as well whose runs are over: killed, they could not do it themselves. */
function createFolder(parent: string, stem: string): string {
  mkdirSync(parent, { recursive: true })
  for (const name of readdirSync(parent)) if (isLeft(name, stem)) tryToRemove(path.join(parent, name))
  const folder = mkdtempSync(path.join(parent, `${stem}${process.pid}-`))
  // The nearest one: that of the project, which may be broken or worse, is not read.
  writeFileSync(path.join(folder, 'package.json'), '{"private": true, "type": "module"}\n')
  return folder
}

/** Names without the number of a process come from versions that kept credentials there. */
function isLeft(name: string, stem: string): boolean {
  const [, pid] = /^(?:(\d+)-)?\w{6}$/.exec(name.startsWith(stem) ? name.slice(stem.length) : '') ?? [null, null]
  return pid === undefined || (pid !== null && !isRunning(Number(pid)))
}

function tryToRemove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    // It is somebody else's.
  }
}

/** One run at a time writes into a folder: two at once would mix their journals, and nobody could tell. */
import { errorCode } from '../base/error-code.ts'
import { isRunning } from '../base/is-running.ts'
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { EvidenceError } from './evidence-error.ts'

const CLAIM_FILE = '.lambdacheck-run'

/**
 * Takes the folder for this process, also from a run that died, and gives the function that leaves it again.
 *
 * @throws EvidenceError when a run that lives has it, and whatever the file system throws
 */
export function claimFolder(dir: string): () => void {
  const path = join(dir, CLAIM_FILE)
  try {
    writeClaim(path)
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
    refuseClaimed(dir)
    rmSync(path, { force: true })
    writeClaim(path)
  }
  return () => rmSync(path, { force: true })
}

/** Throws an EvidenceError when a run that lives is writing into the folder. */
export function refuseClaimed(dir: string): void {
  const path = join(dir, CLAIM_FILE)
  const owner = ownerOf(path)
  if (owner === undefined || owner.host !== hostname() || !isRunning(owner.pid)) return
  throw new EvidenceError(
    `cannot write ${dir}: another run (process ${owner.pid}) is writing there. ` +
      `Choose another folder with --out, or delete ${path} when no such run is under way`,
  )
}

function writeClaim(path: string): void {
  const file = openSync(path, 'wx')
  try {
    writeSync(file, JSON.stringify({ pid: process.pid, host: hostname() }))
  } finally {
    closeSync(file)
  }
}

function ownerOf(path: string): { readonly pid: number; readonly host: string } | undefined {
  try {
    const owner = JSON.parse(readFileSync(path, 'utf8')) as { pid?: unknown; host?: unknown } | null
    return typeof owner?.pid === 'number' && owner.pid > 0 && typeof owner.host === 'string'
      ? { pid: owner.pid, host: owner.host }
      : undefined
  } catch {
    return undefined
  }
}

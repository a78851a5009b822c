/** The folder that a run writes to: made and tried before the run, so that no work is lost for want of it. */
import { rmSync } from 'node:fs'
import path from 'node:path'
import { refuseClaimed } from '../reports/claim-folder.ts'
import { makeFolder, writeReport } from '../reports/writer.ts'

/** About what the evidence of a run with many failures takes. */
const TRIED_BYTES = 4 * 1024 * 1024
const TRIAL = '.lambdacheck-writes'

/**
 * Gives the absolute path. Throws an `EvidenceError` when the folder cannot be made, has no room, or is written by
 * another run.
 */
export function prepareOutFolder(folder: string): string {
  const absolute = path.resolve(folder)
  makeFolder(absolute)
  refuseClaimed(absolute)
  writeReport(absolute, TRIAL, '\n'.repeat(TRIED_BYTES))
  rmSync(path.join(absolute, TRIAL), { force: true })
  return absolute
}

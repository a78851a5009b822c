/** Evidence from disk. */
import { errorCode } from '../base/error-code.ts'
import { messageOf } from '../base/message-of.ts'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Evidence } from './evidence.ts'
import { EvidenceError } from './evidence-error.ts'
import { readEvidence } from './read-evidence.ts'
import { EVIDENCE_FILE, JOURNAL_FILE } from './writer.ts'

/**
 * Reads a file, or the evidence in a folder that a run wrote: `evidence.json`, or the journal of a later run that did
 * not end.
 *
 * @throws EvidenceError that names the file and what is wrong
 */
export function loadEvidence(path: string): Evidence {
  const file = isFolder(path) ? evidenceIn(path) : path
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw cannotRead(file, error)
  }
  return readEvidence(text, file)
}

function evidenceIn(folder: string): string {
  const whole = join(folder, EVIDENCE_FILE)
  const journal = join(folder, JOURNAL_FILE)
  const [finished, running] = [modified(whole), modified(journal)]
  if (finished === undefined && running === undefined)
    throw new EvidenceError(`${folder}: there is no ${EVIDENCE_FILE} in this folder`)
  return running !== undefined && (finished === undefined || running > finished) ? journal : whole
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch (error) {
    throw cannotRead(path, error)
  }
}

/** Milliseconds since 1970; undefined when there is no such file. */
function modified(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs
}

function cannotRead(path: string, error: unknown): EvidenceError {
  const cause = {
    ENOENT: 'there is no such file',
    EACCES: 'permission denied',
    ENOTDIR: 'there is no such file',
    ERR_STRING_TOO_LONG: 'the file is too large to read',
    ERR_FS_FILE_TOO_LARGE: 'the file is too large to read',
  }[errorCode(error) ?? '']
  return new EvidenceError(`cannot read ${path}: ${cause ?? messageOf(error)}`)
}

/** Evidence on disk, written as it goes. */
import { errorCode } from '../base/error-code.ts'
import { messageOf } from '../base/message-of.ts'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { claimFolder } from './claim-folder.ts'
import type { Evidence } from './evidence.ts'
import { EvidenceError } from './evidence-error.ts'
import { journalHead, journalLine, type EvidenceStart, type JournalEntry } from './journal.ts'
import { renderJson } from './json.ts'

/** The name of the evidence in the folder of a run. */
export const EVIDENCE_FILE = 'evidence.json'
/** What a run writes as it goes, and takes away at its end. */
export const JOURNAL_FILE = 'evidence.jsonl'
/** What a run leaves in its folder beside them. */
export const REPORT_FILES = ['report.html', 'junit.xml', 'summary.md', 'badge.svg', 'results.sarif'] as const

/** Holds a script for each failure. */
export const SCRIPTS_FOLDER = 'reproduce'

/** Takes down a run as it goes. */
export interface EvidenceWriter {
  /**
   * Writes one line, at once. Throws EvidenceError the first time that the disk refuses, and then takes no more: the
   * run goes on or ends as its owner likes, and nobody reads the same message a thousand times.
   */
  append(entry: JournalEntry): void
  /** Writes `evidence.json` in one step and takes the journal away. Throws EvidenceError; the journal then stays. */
  finish(evidence: Evidence): void
  /** Leaves the journal as it is: the run was given up. */
  close(): void
}

/**
 * Makes `dir` where it is not there, takes away what an earlier run left there, and begins the journal in it: what
 * stands in the folder is of one run.
 *
 * @throws EvidenceError when the folder cannot be made or written, or another run is writing there
 */
export function openEvidenceWriter(dir: string, start: EvidenceStart): EvidenceWriter {
  const journal = join(dir, JOURNAL_FILE)
  let file: number | undefined
  let leave: (() => void) | undefined
  const write = (text: string): void => {
    if (file === undefined) return
    try {
      writeWhole(file, text)
    } catch (error) {
      close()
      throw cannotWrite(journal, error)
    }
  }
  const close = (): void => {
    if (file === undefined) return
    const open = file
    file = undefined
    try {
      leave?.()
      closeSync(open)
    } catch {
      // A disk that is full may say so only here; what was written stays readable.
    }
  }

  makeFolder(dir)
  try {
    leave = claimFolder(dir)
    file = openSync(journal, 'w')
    for (const name of [EVIDENCE_FILE, ...REPORT_FILES]) rmSync(join(dir, name), { force: true })
    for (const name of scriptsIn(join(dir, SCRIPTS_FOLDER))) rmSync(name, { force: true })
  } catch (error) {
    leave?.()
    throw error instanceof EvidenceError ? error : cannotWrite(journal, error)
  }
  write(journalHead(start))
  return {
    append: entry => write(journalLine(entry, new Date().toISOString())),
    finish(evidence) {
      writeReport(dir, EVIDENCE_FILE, renderJson(evidence))
      close()
      rmSync(journal, { force: true })
    },
    close,
  }
}

/** Those that a run has written, and nothing else that somebody keeps there. */
function scriptsIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter(name => name.endsWith('.mjs'))
    .map(name => join(folder, name))
    .filter(path => readFileSync(path, 'utf8').slice(0, 500).includes('written by lambdacheck'))
}

/** Makes a folder and those above it. Throws EvidenceError. */
export function makeFolder(dir: string): void {
  const missing: string[] = []
  // Not `recursive`: under a folder such as /proc that refuses with ENOENT, Node.js would try for ever.
  for (let folder = resolve(dir); !existsSync(folder) && dirname(folder) !== folder; folder = dirname(folder))
    missing.unshift(folder)
  try {
    for (const folder of missing) makeOne(folder)
    if (!statSync(dir).isDirectory()) throw Object.assign(new Error(`${dir} is no folder`), { code: 'EEXIST' })
  } catch (error) {
    throw cannotWrite(dir, error)
  }
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder)
  } catch (error) {
    // Somebody else may have been faster.
    if (errorCode(error) !== 'EEXIST') throw error
  }
}

/** Writes `dir/name` whole or not at all: a reader never sees half of it. Throws EvidenceError. */
export function writeReport(dir: string, name: string, text: string): void {
  const path = join(dir, name)
  const half = `${path}.${process.pid}.part`
  try {
    writeFileSync(half, text)
    renameSync(half, path)
  } catch (error) {
    rmSync(half, { force: true })
    throw cannotWrite(path, error)
  }
}

/** A short write is how a disk says that it is nearly full. */
function writeWhole(file: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
}

const CAUSES: { readonly [code: string]: string } = {
  ENOSPC: 'no space is left on the disk; make room or choose another folder',
  EDQUOT: 'the disk quota is used up; make room or choose another folder',
  EACCES: 'permission denied; choose a folder that you may write to',
  EPERM: 'permission denied; choose a folder that you may write to',
  EROFS: 'the file system is read-only; choose another folder',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'there is a file of that name where a folder is needed',
  EISDIR: 'there is a folder of that name where a file is needed',
  ENOENT: 'the folder is not there',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the path is too long',
  EFBIG: 'the file would grow larger than the file system allows',
  EIO: 'the disk reported an error',
}

function cannotWrite(path: string, error: unknown): EvidenceError {
  return new EvidenceError(`cannot write ${path}: ${CAUSES[errorCode(error) ?? ''] ?? messageOf(error)}`)
}

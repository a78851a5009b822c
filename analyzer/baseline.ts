/** A baseline lets an old project start clean: what is in it is known, and only what is new counts. */
import { readFileSync, writeFileSync } from 'node:fs'
import { errorCode } from '../base/error-code.ts'
import { messageOf } from '../base/message-of.ts'
import { UsageError } from '../base/usage-error.ts'
import type { Finding } from '../reports/evidence.ts'

interface BaselineFile {
  readonly schemaVersion: 1
  readonly findings: readonly {
    readonly fingerprint: string
    readonly rule: string
    readonly file: string
    readonly message: string
  }[]
}

/** The fingerprints of a baseline file. Throws a `UsageError` when it cannot be read. */
export function readBaseline(path: string): ReadonlySet<string> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const missing = errorCode(error) === 'ENOENT'
    throw new UsageError(`cannot read the baseline ${path}: ${missing ? 'there is no such file' : messageOf(error)}`, {
      ...(missing && { hint: 'write it with --write-baseline' }),
    })
  }
  try {
    const file = JSON.parse(text) as BaselineFile
    return new Set(file.findings.map(finding => finding.fingerprint))
  } catch {
    throw new UsageError(`${path} is no baseline`, { hint: 'write it anew with --write-baseline' })
  }
}

/** Writes the findings that are not suppressed as a baseline, sorted so that a change of it reads well. */
export function writeBaseline(path: string, findings: readonly Finding[]): number {
  const known = findings
    .filter(finding => !finding.suppressed)
    .map(finding => ({
      fingerprint: finding.fingerprint,
      rule: finding.rule,
      file: finding.location.file,
      message: finding.message,
    }))
  known.sort((one, other) =>
    one.file + one.rule + one.fingerprint < other.file + other.rule + other.fingerprint ? -1 : 1,
  )
  const file: BaselineFile = { schemaVersion: 1, findings: known }
  writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`)
  return known.length
}

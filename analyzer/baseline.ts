/** A baseline lets an old project start clean: what is in it is known, and only what is new counts. */
import { readFileSync, writeFileSync } from 'node:fs'
import type { Finding } from '../reports/evidence.ts'

/** A baseline that cannot be used: one sentence for a person. */
class BaselineError extends Error {
  override readonly name = 'UsageError'
}

interface BaselineFile {
  readonly schemaVersion: 1
  readonly findings: readonly {
    readonly fingerprint: string
    readonly rule: string
    readonly file: string
    readonly message: string
  }[]
}

/** The fingerprints of a baseline file. Throws a `BaselineError` with one sentence when it cannot be read. */
export function readBaseline(path: string): ReadonlySet<string> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new BaselineError(
      `cannot read the baseline ${path}: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file; write it with --write-baseline' : (error as Error).message}`,
    )
  }
  try {
    const file = JSON.parse(text) as BaselineFile
    return new Set(file.findings.map(finding => finding.fingerprint))
  } catch {
    throw new BaselineError(`${path} is no baseline: write it anew with --write-baseline`)
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

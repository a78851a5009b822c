/** `--format html --format sarif:lint.sarif`: what is written, and where to. */
import { basename, dirname, resolve } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { didYouMean } from '../base/suggest.ts'
import { UsageError } from '../base/usage-error.ts'
import { makeFolder, writeReport } from '../reports/writer.ts'

/** A format and the file that takes it. */
export interface FormatTarget<Format extends string> {
  readonly format: Format
  /** Absent: it is printed. */
  readonly file?: string
}

/** Reads one `--format` after others; for commander. */
export function readFormat<Format extends string>(formats: readonly Format[]) {
  return (text: string, before: readonly FormatTarget<Format>[] | undefined): readonly FormatTarget<Format>[] => {
    const at = text.indexOf(':')
    const name = at === -1 ? text : text.slice(0, at)
    const file = at === -1 ? undefined : text.slice(at + 1)
    const format = formats.find(one => one === name)
    if (format === undefined || file === '')
      throw new InvalidArgumentError(
        format === undefined
          ? `There is no format ${JSON.stringify(name)}${didYouMean(name, formats)}. Formats are ${formats.join(', ')}.`
          : `Name the file after the colon, as in ${name}:FILE.`,
      )
    return [...(before ?? []), { format, ...(file !== undefined && { file }) }]
  }
}

/**
 * What a command writes: the formats asked for, or the usual one. `--out` is the file of the one format that names
 * none.
 *
 * @throws UsageError when two would be printed one after the other
 */
export function targetsOf<Format extends string>(
  asked: readonly FormatTarget<Format>[] | undefined,
  usual: Format,
  out: string | undefined,
): readonly FormatTarget<Format>[] {
  const targets = asked?.length ? asked : [{ format: usual }]
  const printed = targets.filter(one => one.file === undefined)
  if (printed.length > 1)
    throw new UsageError(
      `${printed.map(one => `--format ${one.format}`).join(' and ')} cannot both be printed: ` +
        `name a file, as in --format ${printed[1]?.format}:FILE`,
    )
  if (out !== undefined && !printed.length) throw new UsageError('--out names a file, and every --format names its own')
  return targets.map(one => (one.file === undefined && out !== undefined ? { ...one, file: out } : one))
}

/**
 * Prints a text or writes it whole into its file, whose folder is made where it is not there.
 *
 * @throws EvidenceError when it cannot be written
 */
export function putText(text: string, file: string | undefined): void {
  if (file === undefined) {
    process.stdout.write(text)
    return
  }
  const path = resolve(file)
  makeFolder(dirname(path))
  writeReport(dirname(path), basename(path), text)
}

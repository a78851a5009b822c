/**
 * The package of the probe without an interpreter has megabytes, and is sent a thousand times: a request has a name for
 * it until its bytes leave, and evidence keeps the name.
 */
import type { ProbeFlavour } from '../case.ts'

/** What stands in requests where the package belongs. No character of it is escaped in JSON. */
export const PROBE_PACKAGE = '(the package of the probe without an interpreter)'

/** Characters. Shorter packages are sent, and kept, as they are. */
const LONG = 64 * 1024

/** The package of a probe, where it is one of megabytes. */
export function longPackage(probe: Pick<ProbeFlavour, 'zipFile'> | undefined): string | undefined {
  return probe !== undefined && probe.zipFile.length > LONG ? probe.zipFile : undefined
}

/** Of the package that was sent last: a run has one, and several clients. */
let encoded: { readonly text: string; readonly bytes: Buffer } | undefined

/** The bytes of a body, with the package in every place that has its name. */
export function withPackage(body: string, text: string): Uint8Array {
  if (encoded?.text !== text) encoded = { text, bytes: Buffer.from(text) }
  const { bytes } = encoded
  const [first = '', ...others] = body.split(PROBE_PACKAGE)
  return Buffer.concat([Buffer.from(first), ...others.flatMap(part => [bytes, Buffer.from(part)])])
}

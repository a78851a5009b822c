/** The package of the probe without an interpreter has megabytes: evidence names it, and has everything else. */
import type { Endpoint } from '../case.ts'

/** What stands in recorded requests where the package was. */
export const PROBE_PACKAGE = '(the package of the probe without an interpreter)'

/** Shorter packages are kept as they are. */
const LONG = 64 * 1024

/** A body as it is to be recorded. Only a request that makes a function of the probe has its package, or one that changes its code. */
export function withoutProbePackage(
  body: string | Uint8Array | null,
  probe: Pick<NonNullable<Endpoint['probe']>, 'zipFile' | 'handler'> | undefined,
): string | Uint8Array | null {
  if (typeof body !== 'string' || probe === undefined || probe.zipFile.length < LONG) return body
  if (body.length < probe.zipFile.length || !body.includes(probe.zipFile)) return body
  const rest = body.replace(probe.zipFile, PROBE_PACKAGE)
  // A runtime of the pages is the same program under another handler, and what it does nothing else can do.
  return !rest.includes('"Handler":') || rest.includes(`"Handler":${JSON.stringify(probe.handler)}`) ? rest : body
}

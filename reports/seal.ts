/**
 * Evidence's digest of itself: tells a file that was cut or edited from the one that a run wrote. No signature: whoever
 * edits can seal again.
 */
import { createHash } from 'node:crypto'
import { redactingReplacer } from '../base/redact.ts'
import { compareText } from '../base/compare-text.ts'

/** SHA-256, hex, over all members but `digest`, whatever the order and the layout in which they are written. */
export function sealOf(evidence: object): string {
  const { digest: _, ...rest } = evidence as { readonly digest?: unknown }
  return createHash('sha256').update(JSON.stringify(rest, sorted)).digest('hex')
}

/** The evidence with its digest, as it is written: without credentials. */
export function sealed<T extends object>(evidence: T): T & { readonly digest: string } {
  const written = JSON.parse(JSON.stringify(evidence, redactingReplacer)) as T
  return { ...written, digest: sealOf(written) }
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => compareText(one, other)))
}

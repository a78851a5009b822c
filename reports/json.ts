import type { Evidence } from './evidence.ts'
import { redactingReplacer } from './redact.ts'

/** The evidence itself, as `evidence.json` holds it; credentials that slipped through are redacted. */
export function renderJson(evidence: Evidence): string {
  return `${JSON.stringify(evidence, redactingReplacer, 1)}\n`
}

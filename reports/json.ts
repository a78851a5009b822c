import type { Evidence } from './evidence.ts'
import { EvidenceError } from './evidence-error.ts'
import { sealed } from './seal.ts'

/**
 * The evidence itself, as `evidence.json` holds it, with its digest; credentials that slipped through are redacted.
 *
 * @throws EvidenceError when a value in it is nested deeper, or all of it is longer, than can be written
 */
export function renderJson(evidence: Evidence): string {
  try {
    return `${JSON.stringify(sealed(evidence), null, 1)}\n`
  } catch (error) {
    // Node.js has no code for either.
    if (!(error instanceof RangeError)) throw error
    throw new EvidenceError(
      'the evidence cannot be written as JSON: it is too long, or a value in it is nested too deeply',
    )
  }
}

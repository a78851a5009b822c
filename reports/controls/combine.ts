/** Lint and certification of the same version as one piece of evidence, each with what only it knows. */
import type { Evidence } from '../evidence.ts'
import { EvidenceError } from '../evidence-error.ts'
import { mergeEvidence, type Named } from '../merge.ts'

/**
 * One evidence of several. Runs of an endpoint are joined as `report merge` joins them; what lint found is taken as it
 * is.
 *
 * @throws EvidenceError when two of them are of lint, or runs cannot be joined
 */
export function combineEvidence(parts: readonly Named[]): Evidence {
  const ofLint = parts.filter(part => part.evidence.lint !== undefined)
  const ofRuns = parts.filter(part => part.evidence.results.length > 0 || part.evidence.endpoint !== undefined)
  if (ofLint.length > 1)
    throw new EvidenceError(
      `${ofLint.map(one => one.name).join(' and ')} are both of lint: one report is of one project. ` +
        'Lint what belongs together in one run',
    )
  if (!ofLint.length && !ofRuns.length)
    throw new EvidenceError(
      `${parts.map(part => part.name).join(' and ')}: neither what lint looked at nor results of an endpoint are ` +
        `in it; write it with \`lambdacheck lint --format json --out lint.json\` or by \`lambdacheck certify\``,
    )
  const [lint] = ofLint
  const runs = ofRuns.filter(run => run !== lint || run.evidence.results.length > 0)
  if (!runs.length) return lint?.evidence as Evidence
  const joined = runs.length === 1 ? (runs[0] as Named).evidence : mergeEvidence(runs)
  if (!lint || runs.includes(lint)) return joined
  const { digest: _digest, ...run } = joined
  return {
    ...run,
    findings: lint.evidence.findings,
    ...(lint.evidence.lint && { lint: lint.evidence.lint }),
    notes: [...joined.notes, ...lint.evidence.notes],
  }
}

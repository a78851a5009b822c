/** What a run says of the statements of the guide. */
import type { CaseResult } from '../../reports/evidence.ts'
import { joinStatements, type StatementVerdicts } from '../../reports/statement-verdicts.ts'
import { coverageOf } from '../../spec/compiler/coverage.ts'
import type { Spec } from '../../spec/model.ts'

/** A verdict for each statement of the ledger that a case is about. */
export function statementVerdicts(
  spec: Pick<Spec, 'ledger' | 'clauses'>,
  results: readonly Pick<CaseResult, 'clause' | 'verdict'>[],
): StatementVerdicts {
  const entries = coverageOf(spec).flatMap(page => page.entries)
  const statementsOf = new Map<string, string[]>()
  for (const { entry, clauses } of entries)
    for (const { id } of clauses) statementsOf.set(id, [...(statementsOf.get(id) ?? []), entry.id])
  return joinStatements(
    results.flatMap(({ clause, verdict }) => (statementsOf.get(clause.id) ?? []).map(id => [id, verdict] as const)),
  )
}

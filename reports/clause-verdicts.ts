/** What a run says of the clauses, and so of the statements of the guide that they cover. */
import type { Evidence } from './evidence.ts'

/** The clauses that a run tried, and those of them that did not hold. */
export interface ClauseVerdicts {
  /** Ids of the clauses that were tried: a case of theirs passed or failed, or lint ran their rule. */
  readonly ran: ReadonlySet<string>
  /** Ids of those of which a case failed, each with the first such case. */
  readonly broken: ReadonlyMap<string, string>
}

/** A case that came to no verdict, or for which something was missing, has tried nothing. */
export function clauseVerdicts({ results, lint }: Pick<Evidence, 'results' | 'lint'>): ClauseVerdicts {
  const tried = results.filter(result => result.verdict === 'pass' || result.verdict === 'fail')
  const failed = tried.filter(one => one.verdict === 'fail').reverse()
  const rules = lint?.rules.map(rule => `rule.${rule.rule}`) ?? []
  return {
    ran: new Set([...tried.map(one => one.clause.id), ...rules]),
    broken: new Map(failed.map(one => [one.clause.id, one.id])),
  }
}

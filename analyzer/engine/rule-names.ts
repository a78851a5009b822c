/** The ids of rules: a rule that was renamed is still found by what it was called before. */
import type { RulePage } from '../../spec/model.ts'

/** Ids of rules, with those that they bore before. */
export interface RuleNames {
  /** The present id of a rule that is called by any of its ids; any other text as it stands. */
  readonly present: (written: string) => string
  /** The id that a rule was born with: fingerprints hang on it, so that a baseline outlives a new name. */
  readonly first: (id: string) => string
  /** Every id that is understood. */
  readonly known: ReadonlySet<string>
}

/**
 * The names of the rules of a specification.
 * @example
 * ruleNames(spec.rules).present('no-keepalive') // 'keepalive-missing'
 */
export function ruleNames(pages: { readonly [id: string]: Pick<RulePage, 'id' | 'aliases'> }): RuleNames {
  const rules = Object.values(pages)
  const presentIds = new Map(rules.flatMap(({ id, aliases }) => [id, ...aliases].map(name => [name, id] as const)))
  const firstIds = new Map(rules.map(({ id, aliases }) => [id, aliases[0] ?? id]))
  return {
    present: written => presentIds.get(written) ?? written,
    first: id => firstIds.get(id) ?? id,
    known: new Set(presentIds.keys()),
  }
}

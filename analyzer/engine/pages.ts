/** What the pages say that the analyzer needs: rules and quotas. */
import { compilePages } from '../../spec/compiler/compile-pages.ts'
import { loadSpec, ownPagesFolder, readPageTexts } from '../../spec/compiler/compile.ts'
import type { Quota, RulePage } from '../../spec/model.ts'

export interface Knowledge {
  readonly rules: { readonly [id: string]: RulePage }
  /** The figure of a row of `spec/quotas.md`. Throws for an id that is not there. */
  quota(id: string): number
  /** What is wrong with these pages, as `file:line:column: message`. */
  readonly errors: readonly { readonly file: string; readonly line: number; readonly message: string }[]
}

let loaded: Knowledge | undefined

/** The package's own rules and quotas; once for a process. */
export function loadKnowledge(): Knowledge {
  if (loaded) return loaded
  const { rules, quotas: rows, errors } = readPages()
  const quotas = new Map(rows.map(quota => [quota.id, quota.value]))
  loaded = {
    rules,
    quota(id) {
      const value = quotas.get(id)
      if (value === undefined) throw new Error(`spec/quotas.md has no row ${id}`)
      return value
    },
    errors,
  }
  return loaded
}

/** The compiled specification, which is kept; while a page of it is broken, rules and quotas compiled from their own pages alone. */
function readPages(): { rules: Knowledge['rules']; quotas: readonly Quota[]; errors: Knowledge['errors'] } {
  try {
    const { rules, quotas } = loadSpec()
    return { rules, quotas, errors: [] }
  } catch {
    const pages = readPageTexts(ownPagesFolder()).filter(
      ({ file }) => file.startsWith('rules/') || file === 'quotas.md',
    )
    const { spec, errors } = compilePages(pages)
    return { rules: spec.rules, quotas: spec.quotas, errors }
  }
}

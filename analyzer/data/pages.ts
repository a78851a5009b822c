/** What the pages say that the analyzer needs: rules, quotas and defaults. */
import { defaultNumber } from '../../spec/default-of.ts'
import { compilePages } from '../../spec/compiler/compile-pages.ts'
import { loadSpec, ownPagesFolder, readPageTexts } from '../../spec/compiler/compile.ts'
import { SpecError } from '../../spec/compiler/spec-error.ts'
import type { RulePage, Spec } from '../../spec/model.ts'

/** What rules know from the pages. */
export interface Knowledge {
  readonly rules: { readonly [id: string]: RulePage }
  /** The figure of a row of `spec/quotas.md`. Throws for an id that is not there. */
  quota(id: string): number
  /**
   * What a member is when nobody gives it, as the page of the action that takes it says. Throws when it says nothing.
   */
  defaultOf(action: string, member: string): number
  /** What is wrong with these pages, as `file:line:column: message`. */
  readonly errors: readonly { readonly file: string; readonly line: number; readonly message: string }[]
}

let loaded: Knowledge | undefined

/** The package's own rules and quotas; once for a process. */
export function loadKnowledge(): Knowledge {
  if (loaded) return loaded
  const { spec, errors } = readPages()
  const quotas = new Map(spec.quotas.map(quota => [quota.id, quota.value]))
  loaded = {
    rules: spec.rules,
    quota(id) {
      const value = quotas.get(id)
      if (value === undefined) throw new Error(`spec/quotas.md has no row ${id}`)
      return value
    },
    defaultOf: (action, member) => defaultNumber(spec, action, member),
    errors,
  }
  return loaded
}

/** The compiled specification, which is kept; while a page of it is broken, what the others give. */
function readPages(): { spec: Spec; errors: Knowledge['errors'] } {
  try {
    return { spec: loadSpec(), errors: [] }
  } catch (error) {
    if (!(error instanceof SpecError)) throw error
    const { spec, errors } = compilePages(readPageTexts(ownPagesFolder()))
    return { spec, errors: errors.filter(({ file }) => file.startsWith('rules/') || file === 'quotas.md') }
  }
}

/** What the pages say that the analyzer needs: rules and quotas, compiled from these pages alone. */
import { compilePages } from '../../spec/compiler/compile-pages.ts'
import { ownPagesFolder, readPageTexts } from '../../spec/compiler/compile.ts'
import type { RulePage } from '../../spec/model.ts'

export interface Knowledge {
  readonly rules: { readonly [id: string]: RulePage }
  /** The figure of a row of `spec/quotas.md`. Throws for an id that is not there. */
  quota(id: string): number
  /** What is wrong with these pages, as `file:line:column: message`; references to other pages are not looked at. */
  readonly errors: readonly { readonly file: string; readonly line: number; readonly message: string }[]
}

let loaded: Knowledge | undefined

/** The package's own rules and quotas; once for a process. */
export function loadKnowledge(): Knowledge {
  if (loaded) return loaded
  const pages = readPageTexts(ownPagesFolder()).filter(({ file }) => file.startsWith('rules/') || file === 'quotas.md')
  const { spec, errors } = compilePages(pages)
  const quotas = new Map(spec.quotas.map((quota) => [quota.id, quota.value]))
  loaded = {
    rules: spec.rules,
    quota(id) {
      const value = quotas.get(id)
      if (value === undefined) throw new Error(`spec/quotas.md has no row ${id}`)
      return value
    },
    errors,
  }
  return loaded
}

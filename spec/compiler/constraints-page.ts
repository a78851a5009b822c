/** `spec/constraints.md`: constraints that many members have, each under a heading that names them. */
import { readCodeSpans } from './code-spans.ts'
import { parseConstraint, type UnplacedConstraint } from './constraint.ts'
import { SHARED_MEMBERS } from './member-tables.ts'
import type { Page, Reading } from './page.ts'
import { slugOf } from './slug.ts'

/** Constraints under a heading of their own, which links of cells name. */
export interface NamedConstraints {
  readonly name: string
  readonly constraints: readonly UnplacedConstraint[]
}

/**
 * By the anchor of the heading. Under a heading each paragraph or list entry of code spans alone is read; everything
 * else is prose.
 */
export function readNamedConstraints(page: Page, { report }: Reading): ReadonlyMap<string, NamedConstraints> {
  const named = new Map<string, { name: string; constraints: UnplacedConstraint[] }>()
  let current: { name: string; constraints: UnplacedConstraint[] } | undefined
  for (const block of page.blocks) {
    if (block.kind === 'heading') {
      current = block.level === 2 && block.text !== SHARED_MEMBERS ? { name: block.text, constraints: [] } : undefined
      if (current === undefined) continue
      const slug = slugOf(block.text)
      if (named.has(slug)) report.error(block.source, `constraints named \`${block.text}\` are there already`)
      named.set(slug, current)
    } else if (block.kind === 'paragraph' && current !== undefined && block.text.startsWith('`')) {
      const { spans, strays } = readCodeSpans({ text: block.text, raw: block.text, source: block.source })
      for (const stray of strays)
        report.error(stray.source, `\`${stray.text}\` stands among constraints; prose has a paragraph of its own`)
      for (const span of spans) {
        const parsed = parseConstraint(span.text)
        if ('constraint' in parsed) current.constraints.push(parsed.constraint)
        else if ('problem' in parsed)
          report.error({ ...span.source, column: span.source.column + parsed.offset }, parsed.problem)
        else report.error(span.source, `\`${span.text}\` speaks of a member; write it beside the link in the cell`)
      }
    }
  }
  for (const [slug, { name, constraints }] of named) {
    if (constraints.length === 0) report.error(page.source, `under \`## ${name}\` there is no constraint`)
    if (constraints.length === 0) named.delete(slug)
  }
  return named
}

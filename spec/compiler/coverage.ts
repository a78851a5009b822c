/** How much of the guide the pages make executable, by the ledger. */
import type { Clause, LedgerEntry, Spec } from '../model.ts'
import { compareText } from '../../base/compare-text.ts'
import { ENDPOINT_CLASSES, LEVELS, STATEMENT_CLASSES } from './vocabulary.ts'

/**
 * `part`: the entry says what of it is not tested, or a run asks for it with less force than the guide says it with.
 */
export type Standing = 'whole' | 'part' | 'open' | 'not testable'

/** A statement of the guide and what tests it. */
export interface CoveredEntry {
  readonly entry: LedgerEntry
  readonly standing: Standing
  /** Clauses that cover it, or another entry that says the same. */
  readonly clauses: readonly Clause[]
}

/** How much of a page of the guide, or of another group of statements, is covered. */
export interface PageCoverage {
  /** Page of the guide, or what the group is called. */
  readonly page: string
  readonly entries: readonly CoveredEntry[]
}

type Covering = Pick<Spec, 'ledger' | 'clauses'>

/**
 * Every page of the guide that the ledger knows, in the order of the alphabet. `ran`: ids of the clauses that a run has
 * tried; then nothing else covers anything.
 */
export function coverageOf(spec: Covering, ran?: ReadonlySet<string>): readonly PageCoverage[] {
  const covering = clausesByEntry(
    ran === undefined ? spec : { ...spec, clauses: spec.clauses.filter(clause => ran.has(clause.id)) },
  )
  const pages = new Map<string, CoveredEntry[]>()
  for (const entry of spec.ledger) {
    const clauses = covering(entry.id)
    // What a clause covers is executable, whoever thought that it could not be tested.
    const standing = standingOf(entry, clauses)
    const entries = pages.get(entry.page) ?? []
    pages.set(entry.page, entries)
    entries.push({ entry, standing, clauses })
  }
  return [...pages].map(([page, entries]) => ({ page, entries })).sort((a, b) => compareText(a.page, b.page))
}

/**
 * The same statements by what a test of them takes, in the order of the list of classes; those of no class last. After
 * the classes that any endpoint can be held against a group of all of these.
 */
export function byClass(pages: readonly PageCoverage[]): readonly PageCoverage[] {
  const entries = pages.flatMap(page => page.entries)
  const groupOf = (name: string | undefined): PageCoverage => ({
    page: name ?? 'covered from the first',
    entries: entries.filter(entry => entry.entry.class === name),
  })
  const known = ENDPOINT_CLASSES.map(groupOf)
  const together = { page: '(these together)', entries: known.flatMap(one => one.entries) }
  const others = [...STATEMENT_CLASSES.slice(ENDPOINT_CLASSES.length), undefined].map(groupOf)
  return [...known, together, ...others].filter(one => one.entries.length > 0)
}

function standingOf(entry: LedgerEntry, clauses: readonly Clause[]): Standing {
  if (clauses.length > 0) return entry.part === undefined && !isAskedWeakly(entry, clauses) ? 'whole' : 'part'
  return entry.how === 'not-testable' ? 'not testable' : 'open'
}

/** A must that only SHOULD and MAY clauses ask for: no certificate hangs on it. Rules have severities of their own. */
export function isAskedWeakly({ level, how }: LedgerEntry, clauses: readonly Clause[]): boolean {
  return how === 'dynamic' && clauses.every(clause => LEVELS.indexOf(clause.level) > LEVELS.indexOf(level))
}

/** What entries say of themselves and is not so: a part of what nothing covers, a reason for what is not open. */
export function contradictions(spec: Covering): readonly { readonly entry: LedgerEntry; readonly problem: string }[] {
  return coverageOf(spec)
    .flatMap(page => page.entries)
    .flatMap(({ entry, standing }) => {
      if (entry.part !== undefined && standing !== 'part')
        return [{ entry, problem: `\`${entry.id}\` names a \`part\` that is not tested, but nothing covers it` }]
      if (entry.why !== undefined && entry.how !== 'not-testable' && (standing === 'whole' || standing === 'part'))
        return [
          {
            entry,
            problem: `\`${entry.id}\` is covered: take out its \`why\`, or say with \`part\` what is not tested of it`,
          },
        ]
      return []
    })
}

/** Entries that say the same are covered together. */
function clausesByEntry({ ledger, clauses }: Covering): (id: string) => readonly Clause[] {
  const same = new Map(ledger.flatMap(entry => (entry.sameAs === undefined ? [] : [[entry.id, entry.sameAs] as const])))
  const first = (id: string): string => {
    const seen = new Set<string>()
    let at = id
    for (let next = same.get(at); next !== undefined && !seen.has(next); next = same.get(at)) {
      seen.add(at)
      at = next
    }
    return at
  }
  const found = new Map<string, Set<Clause>>()
  for (const clause of clauses) {
    for (const id of clause.covers) {
      const root = first(id)
      const of = found.get(root) ?? new Set()
      found.set(root, of)
      of.add(clause)
    }
  }
  return id => [...(found.get(first(id)) ?? [])]
}

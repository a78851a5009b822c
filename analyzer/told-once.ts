/**
 * Findings as a reader wants them: what copies of a file show is told at the first of them, and a fault that one line
 * of thought mends at the first place. To be asked when it is known what is accepted, so that nothing new hides behind
 * what is not.
 */
import type { Finding, Fix } from '../reports/evidence.ts'

/** Rules whose findings of one file, where they say the same, ask for one decision. */
const ONE_DECISION: ReadonlySet<string> = new Set(['deprecated-runtime'])

/** Findings of which each asks for a decision of its own. */
export interface ToldOnce {
  readonly findings: readonly Finding[]
  /** The fingerprint of what is told in place of each other finding, by the fingerprint of that. */
  readonly instead: ReadonlyMap<string, string>
}

/**
 * Puts findings together that say the same; suppressed ones stay as they are.
 * @param findings in the order in which they are told.
 * @param textOf the text of a file; undefined where it cannot be read.
 */
export function toldOnce(findings: readonly Finding[], textOf: (file: string) => string | undefined): ToldOnce {
  const texts = new Map<string, string>()
  const textAt = (file: string): string => {
    const known = texts.get(file)
    if (known !== undefined) return known
    const text = textOf(file) ?? `\0${file}`
    texts.set(file, text)
    return text
  }
  const groups = new Map<string, Map<string, Finding[]>>()
  const groupOf = (finding: Finding): Finding[] => {
    const { rule, severity, message, location } = finding
    const place = ONE_DECISION.has(rule) ? [] : [location.line, location.column, location.endLine, location.endColumn]
    const what = JSON.stringify([rule, severity, message, ...place])
    const byText = groups.get(what) ?? new Map<string, Finding[]>()
    groups.set(what, byText)
    const text = textAt(location.file)
    const group = byText.get(text) ?? []
    byText.set(text, group)
    return group
  }
  const groupsInOrder = findings.map(finding => (finding.suppressed ? [] : groupOf(finding)))
  for (const [index, finding] of findings.entries()) groupsInOrder[index]?.push(finding)
  const instead = new Map<string, string>()
  const told = findings.flatMap((finding, index) => {
    const [first = finding, ...others] = groupsInOrder[index] ?? []
    if (first === finding) return [others.length ? together(first, others) : first]
    instead.set(finding.fingerprint, first.fingerprint)
    return []
  })
  return { findings: told, instead }
}

function together(first: Finding, others: readonly Finding[]): Finding {
  return {
    ...first,
    related: [...first.related, ...others.map(one => ({ ...one.location, message: 'The same here' }))],
    fixes: first.fixes.map((fix): Fix => {
      const same = others.map(one => one.fixes.find(other => other.description === fix.description))
      // Half of it mended is mended nowhere.
      return same.every(one => one !== undefined) ? { ...fix, edits: [fix, ...same].flatMap(one => one.edits) } : fix
    }),
  }
}

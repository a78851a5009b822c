/**
 * Suppressions: `lambdacheck-ignore rule-id: reason` in a comment of code or YAML, on the line itself or on the one
 * above; the same with `lambdacheck-ignore-file` for a whole file; and
 * `Metadata: {lambdacheck: {ignore: [{rule, reason}]}}` of a template or resource.
 * Each may end on a day and say who decided: `reason (until 2027-01-31, by Jane)`, `{rule, reason, until, by}`.
 */
import { lineCount, lineText, positionAt, lineOffset, toLocation } from '../application/source.ts'
import type { Loc, SourceText } from '../application/source.ts'
import type { Application } from '../application/model.ts'
import type { Value } from '../application/value.ts'
import type { Finding } from '../../reports/evidence.ts'
import type { RuleNames } from './rule-names.ts'
import type { Report } from './rule.ts'

interface Suppression {
  readonly rule: string
  readonly reason: string
  readonly by?: string
  /** Last day on which it counts, `YYYY-MM-DD`. */
  readonly until?: string
  readonly loc: Loc
  /** Lines of the file that it speaks of, 1-based, both inclusive. */
  readonly from: number
  readonly to: number
}

/** Findings after the comments that accept some of them. */
export interface Suppressed {
  /** All findings; those that are suppressed say so. */
  readonly findings: readonly Finding[]
  /** What is wrong with the suppressions themselves: `suppression-without-reason` and `suppression-unused`. */
  readonly complaints: readonly (Report & { readonly rule: string })[]
}

const COMMENT = /(?:\/\/|\/\*+|#|<!--|^\s*\*)\s*lambdacheck-ignore(-file)?\b[ \t]*([^\n]*)/
const TERMS = /\s*\((?:until (\d{4}-\d{2}-\d{2}))?(?:, |,|)(?:by ([^()]{1,100}))?\)$/
const RULES = /^([a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*)\s*(?::\s*([\s\S]*))?$/

/**
 * Marks the findings that somebody has decided to live with.
 * @param ran ids of the rules that ran: a suppression of a rule that did not run is not called unused.
 * @param today `YYYY-MM-DD`: a suppression that ended before it counts no more.
 */
export function applySuppressions(
  app: Application,
  findings: readonly Finding[],
  ran: ReadonlySet<string>,
  names: RuleNames,
  today: string,
): Suppressed {
  const complaints: (Report & { rule: string })[] = []
  const byFile = new Map<string, Suppression[]>()
  const add = (written: Suppression): void => {
    const suppression = { ...written, rule: names.present(written.rule) }
    const same = byFile.get(suppression.loc.source.path)
    if (same) same.push(suppression)
    else byFile.set(suppression.loc.source.path, [suppression])
  }
  const withoutReason = (loc: Loc, rule: string): void => {
    complaints.push({
      rule: 'suppression-without-reason',
      at: loc,
      message: `${rule || 'A rule'} is ignored here without a reason`,
      help: 'Say why, so that the next reader can judge: `lambdacheck-ignore rule-id: reason`',
    })
  }
  for (const source of sourcesOf(app)) {
    if (source.text.includes('lambdacheck-ignore')) for (const one of commentsOf(source, withoutReason)) add(one)
  }
  for (const template of app.templates) {
    readMetadata(
      template.root.at('Metadata', 'lambdacheck', 'ignore'),
      { from: 1, to: Number.MAX_SAFE_INTEGER },
      add,
      withoutReason,
    )
    for (const resource of template.resources.values()) {
      if (resource.metadata.at('lambdacheck').isAbsent) continue
      const from = positionAt(resource.loc.source, resource.loc.start).line
      const to = positionAt(resource.value.loc.source, resource.value.loc.end).line
      readMetadata(resource.metadata.at('lambdacheck', 'ignore'), { from, to }, add, withoutReason)
    }
  }

  const used = new Set<Suppression>()
  const marked = findings.map((finding): Finding => {
    const found = byFile
      .get(finding.location.file)
      ?.filter(
        one =>
          one.rule === finding.rule &&
          one.from <= finding.location.line &&
          finding.location.line <= one.to &&
          !hasEnded(one, today),
      )
    const [first] = found ?? []
    if (!found || !first) return finding
    for (const one of found) used.add(one)
    const { reason, by, until } = first
    return {
      ...finding,
      suppressed: { reason, location: toLocation(first.loc), ...(by && { by }), ...(until && { until }) },
    }
  })
  for (const suppression of [...byFile.values()].flat()) {
    if (used.has(suppression) || !ran.has(suppression.rule)) continue
    complaints.push({
      rule: 'suppression-unused',
      at: suppression.loc,
      ...(hasEnded(suppression, today)
        ? {
            message: `The suppression of ${suppression.rule} ended on ${suppression.until}`,
            help: 'Mend what it speaks of, or decide anew and say until when',
          }
        : {
            message: `${suppression.rule} finds nothing here: the suppression is no longer needed`,
            help: 'Take it out',
          }),
    })
  }
  return { findings: marked, complaints }
}

function sourcesOf(app: Application): ReadonlySet<SourceText> {
  return new Set([
    ...app.code.map(file => file.source),
    ...app.python.handlers().flatMap(handler => handler.files.map(file => file.source)),
    ...app.templates.flatMap(template => template.sources ?? [template.source]),
  ])
}

/** Days are texts that sort as they follow each other. */
const hasEnded = ({ until }: Suppression, today: string): boolean => until !== undefined && until < today

/** A reason, and the terms that stand in brackets behind it. */
function withTerms(written: string): Pick<Suppression, 'reason' | 'by' | 'until'> {
  const [all, until, by] = TERMS.exec(written) ?? []
  if (all === undefined || (until === undefined && by === undefined)) return { reason: written }
  const reason = written.slice(0, -all.length).trim()
  return { reason: reason || written, ...(until && { until }), ...(by && { by: by.trim() }) }
}

/** The text of a comment without its end. */
function withoutEnd(text: string): string {
  const written = text.trim()
  const end = ['*/', '-->'].find(one => written.endsWith(one))
  return end === undefined ? written : written.slice(0, -end.length).trim()
}

function* commentsOf(source: SourceText, withoutReason: (loc: Loc, rule: string) => void): Generator<Suppression> {
  const lines = lineCount(source)
  for (let line = 1; line <= lines; line++) {
    const text = lineText(source, line)
    const match = text.includes('lambdacheck-ignore') ? COMMENT.exec(text) : null
    if (!match) continue
    const start = lineOffset(source, line) + match.index
    const loc: Loc = { source, start, end: start + match[0].trimEnd().length }
    const written = withoutEnd(match[2] ?? '')
    const parsed = RULES.exec(written)
    const reason = parsed?.[2]?.trim()
    if (!parsed || !reason) {
      withoutReason(loc, parsed?.[1] ?? '')
      continue
    }
    const lone = text.slice(0, match.index).trim() === ''
    const here = lone ? nextLine(source, line, lines) : line
    const target = match[1] ? undefined : here
    for (const rule of (parsed[1] ?? '').split(',')) {
      yield { rule: rule.trim(), ...withTerms(reason), loc, from: target ?? 1, to: target ?? Number.MAX_SAFE_INTEGER }
    }
  }
}

/** The next line that is neither blank nor a comment. */
function nextLine(source: SourceText, line: number, lines: number): number {
  for (let next = line + 1; next <= lines; next++)
    if (!/^\s*($|\/\/|#|\*|\/\*)/.test(lineText(source, next))) return next
  return line
}

function readMetadata(
  list: Value,
  range: { readonly from: number; readonly to: number },
  add: (suppression: Suppression) => void,
  withoutReason: (loc: Loc, rule: string) => void,
): void {
  for (const item of list.items('single')) {
    if (item.isUnknown) continue
    const rule = item.kind === 'map' ? item.at('rule').string() : item.string()
    const reason = item.at('reason').string()?.trim()
    if (rule === undefined || !reason) withoutReason(item.loc, rule ?? '')
    else {
      const until = item.at('until').string()
      const by = item.at('by').string()
      add({ rule, reason, loc: item.loc, ...(until && { until: until.slice(0, 10) }), ...(by && { by }), ...range })
    }
  }
}

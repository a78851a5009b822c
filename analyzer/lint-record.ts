/** The record of a run: which rules ran on what, with digests that say of which files it speaks. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { checkedOutCommit } from './checked-out-commit.ts'
import type { Application } from './application/model.ts'
import type { SourceText } from './application/source.ts'
import type { RunResult, Severity } from './engine/run.ts'
import type { Finding, LintRecord } from '../reports/evidence.ts'
import type { RulePage } from '../spec/model.ts'
import { compareText } from '../base/compare-text.ts'

const UNREADABLE = ['template-unreadable', 'code-unparsable']

/**
 * @param of `lost`: what the loader could not look at; `level`: which rules were silent everywhere is said by their
 * absence.
 */
export function lintRecord(
  app: Application,
  { resources, rules }: RunResult['verdicts'],
  of: {
    readonly pages: { readonly [rule: string]: RulePage }
    readonly level: (rule: string, file: string) => Severity | 'off'
    readonly findings: readonly Finding[]
    readonly lost: readonly string[]
  },
): LintRecord {
  const files = [...sourcesOf(app)]
    .map(source => ({ file: source.path, sha256: sha256(contentOf(source)) }))
    .sort((one, other) => compareText(one.file, other.file))
  const commit = checkedOutCommit(app.root)
  return {
    resources,
    rules: rules.flatMap(verdicts => {
      const page = of.pages[verdicts.rule]
      const level = of.level(verdicts.rule, '')
      return page === undefined
        ? []
        : [
            {
              ...verdicts,
              title: page.title,
              severity: level === 'off' ? page.severity : level,
              category: page.category,
              page: page.source.file,
            },
          ]
    }),
    files,
    digest: sha256(files.map(({ file, sha256: digest }) => `${digest}  ${file}\n`).join('')),
    unread: [
      ...of.lost,
      ...of.findings.filter(one => UNREADABLE.includes(one.rule)).map(one => `${one.location.file}: ${one.message}`),
    ],
    ...(commit && { commit }),
  }
}

/** Everything that the application was made of. */
function sourcesOf(app: Application): Iterable<SourceText> {
  const sources = [
    ...app.templates.flatMap(template => template.sources ?? [template.source]),
    ...app.policies.map(policy => policy.loc.source),
    ...app.code.map(file => file.source),
    ...app.python.handlers().flatMap(handler => handler.files.map(file => file.source)),
  ]
  return new Map(sources.map(source => [source.path, source])).values()
}

/** As it lies on disk; code inside a template has no file of its own. */
function contentOf(source: SourceText): Buffer | string {
  try {
    return readFileSync(source.absolute)
  } catch {
    return source.text
  }
}

const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex')

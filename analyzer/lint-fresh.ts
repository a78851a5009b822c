/** The part of a run that needs the compiler, the rules and the pages. */
import { setFlagsFromString } from 'node:v8'
import { loadSpec } from '../spec/compiler/compile.ts'
import { UsageError } from '../base/usage-error.ts'
import type { RulePage } from '../spec/model.ts'
import type { Found } from './application/discover.ts'
import { projectPath } from './application/discover.ts'
import { noteOfOtherLanguages } from './application/other-languages.ts'
import { noteOfSetAside } from './application/set-aside.ts'
import { noteOfUnsynthesized } from './application/unsynthesized.ts'
import { unreadCode } from './application/unread-code.ts'
import { loadApplication } from './load-application.ts'
import { ENGINE_RULES, runRules } from './engine/run.ts'
import type { LintOptions, LintResult } from './lint.ts'
import { lintRecord } from './lint-record.ts'
import { brokenManifests } from './packaging/broken-manifests.ts'
import { ruleNames } from './engine/rule-names.ts'
import { readOwnRules } from './own-rules.ts'
import { rules } from './rules/index.ts'
import { isThorough, levelResolver, mayReport } from './settings.ts'

/**
 * Files from which on memory counts for more than the last tenth of speed: V8 is told to let its heap grow in smaller
 * steps.
 */
const MANY_FILES = 2000

/** Loads the application and runs the rules that may report. `seen` is what the result hangs on beside the listing. */
export function lintFresh(
  options: LintOptions,
  found: Found,
): { readonly result: LintResult; readonly seen: ReadonlyMap<string, string> } {
  if (found.code.length > MANY_FILES) setFlagsFromString('--heap-growing-percent=20')
  const spec = loadSpec()
  const quotas = new Map(spec.quotas.map(quota => [quota.id, quota.value]))
  const own = readOwnRules(options.config.ownRules, ruleNames(spec.rules).known)
  if (own.problems.length) throw new UsageError(own.problems.join('\n'))
  const pages = { ...spec.rules, ...own.pages }
  const level = levelResolver(pages, options.preset, options.config, options.levels)
  const chosen = [...rules, ...own.rules].filter(rule => mayReport(rule.id, level, options.config))
  const templates = options.templates.length ? options.templates : options.config.templates
  const app = loadApplication(options.root, {
    found,
    ...(options.assemblies && { assemblies: options.assemblies }),
    ...(templates?.length ? { templates } : {}),
  })
  const { findings, crashes, notes, typed, verdicts } = runRules(app, chosen, {
    severity: level,
    isThorough: rule => isThorough(rule, options.preset, options.config, options.levels),
    confidence: rule => pages[rule]?.confidence ?? 'certain',
    quota(id) {
      const value = quotas.get(id)
      if (value === undefined) throw new Error(`spec/quotas.md has no row ${id}`)
      return value
    },
    options(rule) {
      const configured = options.config.rules?.[rule]
      return Array.isArray(configured) ? configured[1] : undefined
    },
    names: ruleNames(pages),
    page: rule => spec.rules[rule]?.source.file,
  })
  const read = (path: string): string | undefined => app.files.read(path)
  const isEmpty = app.functions.length + app.handlers.length + app.templates.length === 0
  const unread = isEmpty ? unreadCode(found, read) : []
  const others = noteOfOtherLanguages(app.functions)
  const notRead = [others, noteOfUnsynthesized(found, app.templates), noteOfSetAside(options.root, found)].filter(
    note => note !== undefined,
  )
  const cut = found.truncated ? [`not everything was looked at: ${found.truncated}`] : []
  return {
    seen: app.files.seen,
    result: {
      findings,
      counts: {
        files: app.code.length + new Set(app.python.handlers().flatMap(handler => handler.files)).size,
        templates: app.templates.length,
        functions: app.functions.length,
        handlers: app.handlers.length + app.python.handlers().length,
        rules: chosen.length + ENGINE_RULES.length,
      },
      lint: lintRecord(app, verdicts, {
        pages: shownPages(pages, own.pages, options.root),
        level,
        findings,
        lost: [...cut, ...app.lost, ...notRead],
      }),
      notes: [...cut, ...unread, ...app.lost, ...notRead, ...notes, ...brokenManifests(found, read), ...crashes],
      spec: { edition: spec.edition, digest: spec.digest, clauses: spec.clauses.length },
      cached: false,
      typed,
    },
  }
}

type Pages = { readonly [id: string]: RulePage }

/** No report tells where on a machine the pages of a project's own rules lie. */
const shownPages = (all: Pages, own: Pages, root: string): Pages => ({
  ...all,
  ...Object.fromEntries(
    Object.entries(own).map(([id, page]) => [
      id,
      { ...page, source: { ...page.source, file: projectPath(root, page.source.file) } },
    ]),
  ),
})

/**
 * Runs rules over an application: each syntax tree once, each resource, function and statement once, whatever the
 * number of rules.
 */
import { isUnrendered } from '../application/unrendered.ts'
import type { PyNode } from '../application/python.ts'
import { createHash } from 'node:crypto'
import { syntaxError } from '../application/code.ts'
import type { CodeFile } from '../application/code.ts'
import { guarded, reasonOf } from '../application/guard.ts'
import type { Application, LambdaFunction, Template } from '../application/model.ts'
import { toLocation } from '../application/source.ts'
import type { Loc, SourceText } from '../application/source.ts'
import { ts } from '../application/typescript.ts'
import type { Finding, Fix, LintedResource, RuleVerdicts } from '../../reports/evidence.ts'
import { inStyleOf } from './file-style.ts'
import { anchorOf, locOfPlace } from './place.ts'
import { ruleNames, type RuleNames } from './rule-names.ts'
import { isInvoked, isReached } from '../dataflow/reach.ts'
import { applySuppressions } from './suppress.ts'
import type { CodeContext, Confidence, Place, Report, Rule, RuleContext } from './rule.ts'
import { typeCheckerFor } from './types.ts'
import {
  openBooks,
  settleCode,
  subjectOfFunction,
  subjectOfPolicy,
  subjectOfResource,
  subjectOfTemplate,
  subjectsOfHandler,
  type Books,
  type Outcome,
  type Subject,
} from './verdicts.ts'
import { compareText } from '../../base/compare-text.ts'
import { each } from '../application/walk.ts'

/** How loud a finding is. */
export type Severity = 'error' | 'warning' | 'info'

/** What the configuration says of the rules. */
export interface RunSettings {
  /** The severity of a rule in a file; `off` keeps it silent. */
  readonly severity: (rule: string, file: string) => Severity | 'off'
  /** How sure a rule is, as its page says; absent: every one is certain. */
  readonly confidence?: (rule: string) => Confidence
  /** Whether findings of use to few are wanted of a rule; absent: they are. */
  readonly isThorough?: (rule: string) => boolean
  /** `spec/quotas.md`, by id. */
  readonly quota: (id: string) => number
  readonly options?: (rule: string) => unknown
  /** `YYYY-MM-DD`; today when absent. */
  readonly today?: string
  /** The rules by every name that they ever had; absent: each has the one that it has. */
  readonly names?: RuleNames
  /** Page of the rule, relative to `spec/`. */
  readonly page?: (rule: string) => string | undefined
}

/** Findings, and what held. */
export interface RunResult {
  /** Sorted by file and position; suppressed ones are among them, and say so. */
  readonly findings: readonly Finding[]
  /** Rules that broke, with where and why: a fault of ours, never of the project. */
  readonly crashes: readonly string[]
  /** What a reader should know: where types were needed and are not there. */
  readonly notes: readonly string[]
  /** Whether a type checker was made. */
  readonly typed: boolean
  /** What was looked at, and how every rule stood with it. */
  readonly verdicts: {
    readonly resources: readonly LintedResource[]
    readonly rules: readonly Omit<RuleVerdicts, 'title' | 'severity' | 'category' | 'page'>[]
  }
}

/** What the engine itself finds; these have pages like any rule, and no file. */
export const ENGINE_RULES = [
  'template-unreadable',
  'template-duplicate-key',
  'code-unparsable',
  'suppression-without-reason',
  'suppression-unused',
] as const

/** A run stops telling when nobody could read it any more. */
const MAX_FINDINGS_PER_RULE = 5_000
const MAX_CRASHES = 100

interface Pending {
  readonly key: string
  readonly finding: Omit<Finding, 'fingerprint'>
  readonly loc: Loc
  readonly anchor: string
}

/** A run under way: what was found, what broke, and the books of what every rule looked at. */
type Run = ReturnType<typeof beginRun>

function beginRun(app: Application, rules: readonly Rule[], settings: RunSettings) {
  const running = new Set(rules.map(rule => rule.id))
  const pending: Pending[] = []
  const seen = new Set<string>()
  const perRule = new Map<string, number>()
  const crashes: string[] = []
  const books = openBooks(app, (rule, file) => settings.severity(rule, file) === 'off')
  const constructOf = constructNames(app)

  const accept = (rule: string, report: Report): void => {
    const loc = locOfPlace(report.at)
    const configured = settings.severity(rule, loc.source.path)
    if (configured === 'off' || (report.isMinor && settings.isThorough?.(rule) === false)) return
    const key = `${rule}\n${loc.source.path}\n${loc.start}\n${loc.end}\n${report.message}`
    books.report(rule, key, loc)
    if (seen.has(key)) return
    seen.add(key)
    const count = (perRule.get(rule) ?? 0) + 1
    perRule.set(rule, count)
    if (count > MAX_FINDINGS_PER_RULE) return
    const page = settings.page?.(rule)
    // Whoever configures a level decides how loud a rule is; only a doubt of its own makes it quieter.
    const doubt = report.confidence ?? (report.severity || isReplaceable(report.at) ? 'likely' : undefined)
    const confidence = doubt ?? settings.confidence?.(rule) ?? 'certain'
    const severity = lesser(configured, report.severity ?? (doubt === 'likely' ? 'warning' : undefined))
    const judged = { rule, severity, confidence, ...(page !== undefined && { page }) }
    pending.push({
      key,
      loc,
      anchor: anchorOf(report.at, loc),
      finding: { ...judged, ...told(report, loc, constructOf) },
    })
  }

  const broke = (rule: string, where: string, error: unknown): void => {
    books.fail(rule, 'the rule broke here')
    if (crashes.length < MAX_CRASHES) crashes.push(`rule ${rule} broke on ${where}: ${reasonOf(error)}`)
  }
  const attempt = (rule: string, where: string, run: () => void): void => {
    try {
      run()
    } catch (error) {
      broke(rule, where, error)
    }
  }
  /** The same, with the books kept of what it looks at. */
  const attemptOn = (rule: string, subject: Subject, run: () => void): void =>
    books.during(rule, subject, () => attempt(rule, `${subject.loc.source.path}: ${subject.id}`, run))

  const contexts = new Map<Rule, RuleContext>()
  const contextOf = (rule: Rule): RuleContext => {
    const known = contexts.get(rule)
    if (known) return known
    const context: RuleContext = {
      app,
      quota: settings.quota,
      options: settings.options?.(rule.id),
      report: report => accept(rule.id, report),
      turnTo: subject =>
        books.turn(rule.id, 'resource' in subject ? subjectOfFunction(subject) : subjectOfResource(subject)),
      leaveTo: (other, at) => {
        const isOn = running.has(other) && settings.severity(other, locOfPlace(at).source.path) !== 'off'
        if (isOn) books.fail(rule.id, `${other} tells of it`)
        return isOn
      },
    }
    contexts.set(rule, context)
    return context
  }

  return { pending, crashes, books, accept, broke, attempt, attemptOn, contextOf }
}

/** What a report says, for people. */
function told(report: Report, loc: Loc, constructOf: (loc: Loc) => string) {
  return {
    message: report.message + constructOf(loc),
    location: toLocation(loc),
    related: (report.related ?? []).map(one => {
      const place = locOfPlace(one.at)
      return { ...toLocation(place), message: one.message + constructOf(place) }
    }),
    ...(report.help !== undefined && { help: report.help }),
    fixes: (report.fixes ?? []).map(fixOf),
  }
}

/** In what the CDK wrote nobody knows a resource by its id: the construct is named that it came from. */
function constructNames(app: Application): (loc: Loc) => string {
  const constructs = new Map<SourceText, readonly Construct[]>()
  for (const template of app.templates)
    if (template.format === 'cdk') constructs.set(template.source, constructsIn(template))
  return loc => {
    const found = constructs.get(loc.source)?.find(one => one.start <= loc.start && loc.start < one.end)
    return found ? ` (construct ${found.path})` : ''
  }
}

const fixOf = ({ description, kind, edits }: NonNullable<Report['fixes']>[number]): Fix => ({
  description,
  kind,
  edits: edits.map(({ loc, text }) => ({
    file: loc.source.path,
    start: loc.start,
    end: loc.end,
    text: inStyleOf(text, loc.source),
  })),
})

/** Runs every rule over the application. A rule that throws is reported among the `crashes`, and the others go on. */
export function runRules(app: Application, rules: readonly Rule[], settings: RunSettings): RunResult {
  const run = beginRun(app, rules, settings)
  const { pending, crashes, books, accept, attempt, contextOf } = run
  const untyped = new Set<string>()
  const checker = typeCheckerFor(app)
  const names = settings.names ?? ruleNames({})
  for (const problem of app.problems) accept(problem.rule, { at: problem.loc, message: problem.message })

  const onFile = fileRunner(rules, run, checker, untyped)
  // Everything about one file is done while its tree is at hand.
  for (const file of app.codeInOrder()) {
    books.about(file.handlers.flatMap(subjectsOfHandler))
    if (!file.generated) guarded(file.path, crashes, () => onFile(file))
  }
  runPython(app, rules, contextOf, accept, attempt, books)
  books.about([])
  settleCode(app, rules, books)
  for (const rule of rules) runOnTemplates(app, rule, run)

  const ran = new Set([...rules.map(rule => rule.id), ...ENGINE_RULES])
  const found = finish(pending, names)
  const keys = pending.map(one => one.key)
  const suppressed = guarded('suppressions', crashes, () =>
    applySuppressions(app, found, ran, names, settings.today ?? new Date().toISOString().slice(0, 10)),
  )
  const { findings, complaints } = suppressed ?? { findings: found, complaints: [] }
  pending.length = 0
  books.about([])
  for (const complaint of complaints) accept(complaint.rule, complaint)
  const all = [...findings, ...finish(pending, names)]
  keys.push(...pending.map(one => one.key))
  return {
    findings: [...all].sort(byPlace),
    crashes,
    notes: noteOf(untyped),
    typed: checker.made(),
    verdicts: books.close([...ran], outcomesOf(keys, all)),
  }
}

/** Runs rules over a file of code: the file, its tree, its handlers. */
function fileRunner(
  rules: readonly Rule[],
  { accept, broke, contextOf }: Run,
  checker: ReturnType<typeof typeCheckerFor>,
  untyped: Set<string>,
): (file: CodeFile) => void {
  const byKind = visitorsByKind(rules)
  const handlerRules = rules.filter(rule => rule.handler)
  const fileRules = rules.filter(rule => rule.file)
  return file => {
    const fault = syntaxError(file.ast)
    if (fault)
      accept('code-unparsable', {
        at: { source: file.source, start: fault.start, end: fault.start + fault.length },
        message: fault.message,
      })
    const make = codeContextMaker(file, contextOf, checker.get, module => untyped.add(module))
    for (const rule of fileRules)
      try {
        rule.file?.(file, make(rule))
      } catch (error) {
        broke(rule.id, file.path, error)
      }
    visitTree(file, byKind, make, broke)
    for (const handler of file.handlers) {
      if (handler.home !== file) continue
      for (const rule of handlerRules)
        try {
          rule.handler?.(handler, make(rule))
        } catch (error) {
          broke(rule.id, file.path, error)
        }
    }
  }
}

/** Runs a rule over the application, its templates, resources, functions and policies. */
function runOnTemplates(app: Application, rule: Rule, { attempt, attemptOn, books, contextOf }: Run): void {
  const context = contextOf(rule)
  if (rule.application)
    books.during(rule.id, undefined, () => attempt(rule.id, 'the application', () => rule.application?.(app, context)))
  if (rule.template)
    for (const template of app.templates)
      attemptOn(rule.id, subjectOfTemplate(template), () => rule.template?.(template, context))
  for (const [type, visit] of Object.entries(rule.resource ?? {})) {
    for (const resource of app.ofType(type))
      attemptOn(rule.id, subjectOfResource(resource), () => visit(resource, context))
  }
  if (rule.fn) for (const fn of app.functions) attemptOn(rule.id, subjectOfFunction(fn), () => rule.fn?.(fn, context))
  if (rule.policy || rule.statement) {
    for (const policy of app.policies) {
      const subject = subjectOfPolicy(policy)
      if (rule.policy) attemptOn(rule.id, subject, () => rule.policy?.(policy, context))
      if (rule.statement)
        for (const statement of policy.statements)
          attemptOn(rule.id, subject, () => rule.statement?.(statement, policy, context))
      if (policy.open) books.settle(rule.id, subject, 'not all statements of the policy are known')
    }
  }
}

/** A value that is the default of a parameter: the deployment may well give another. */
const isReplaceable = (at: Place): boolean =>
  'via' in at && Array.isArray(at.via) && at.via.some(one => one.kind === 'parameter')

/** What became of each report. `findings` are in the order of `keys`. */
function outcomesOf(keys: readonly string[], findings: readonly Finding[]): (key: string) => Outcome | undefined {
  const byKey = new Map(keys.map((key, at) => [key, findings[at]]))
  return key => {
    const finding = byKey.get(key)
    if (!finding) return undefined
    const { suppressed } = finding
    return {
      fingerprint: finding.fingerprint,
      accepted: suppressed && {
        reason: suppressed.reason,
        ...(suppressed.by === undefined ? {} : { by: suppressed.by }),
        ...(suppressed.until === undefined ? {} : { until: suppressed.until }),
      },
    }
  }
}

interface Construct {
  readonly start: number
  readonly end: number
  readonly path: string
}

/** `aws:cdk:path` of each resource: `Stack/Orders/Resource`, without the last step, which says nothing. */
const constructsIn = (template: Template): readonly Construct[] =>
  [...template.resources.values()].flatMap(resource => {
    const path = resource.metadata
      .at('aws:cdk:path')
      .string()
      ?.replace(/\/Resource$/, '')
    return path === undefined ? [] : [{ start: resource.loc.start, end: resource.value.loc.end, path }]
  })

/** Nothing is concluded of calls without types; whoever reads no findings should know it. */
function noteOf(untyped: ReadonlySet<string>): readonly string[] {
  if (!untyped.size) return []
  const names = [...untyped].sort()
  const some = names.slice(0, 8).join(', ')
  return [
    `the types of ${some}${names.length > 8 ? ` and ${names.length - 8} more packages` : ''} are not installed: ` +
      'whether promises of theirs are waited for could not be told',
  ]
}

/** The Python files that handlers reach. */
function runPython(
  app: Application,
  rules: readonly Rule[],
  contextOf: (rule: Rule) => RuleContext,
  accept: (rule: string, report: Report) => void,
  attempt: (rule: string, where: string, run: () => void) => void,
  books: Books,
): void {
  const handlers = app.python.handlers()
  for (const file of new Set(handlers.flatMap(handler => handler.files))) {
    const own = handlers.filter(handler => handler.files.includes(file))
    books.about(own.flatMap(subjectsOfHandler))
    if (file.fault && !isUnrendered(file.source.text))
      accept('code-unparsable', { at: file.fault, message: 'This is not Python' })
    const shared = {
      file,
      handlers: own,
      functions: [...new Set(own.flatMap(handler => handler.functions))],
      isInvoked: (node: PyNode) => own.some(handler => handler.isInvoked(node)),
    }
    for (const rule of rules)
      if (rule.python) attempt(rule.id, file.path, () => rule.python?.({ ...contextOf(rule), ...shared }))
  }
}

const byPlace = (one: Finding, other: Finding): number =>
  compareText(one.location.file, other.location.file) ||
  one.location.line - other.location.line ||
  one.location.column - other.location.column ||
  compareText(one.rule, other.rule)

interface Visitor {
  readonly rule: Rule
  /** Place of the rule's context among those of a file: an array is quicker than a map where every node comes by. */
  readonly slot: number
  readonly visit: (node: never, code: CodeContext) => void
}

/** Subscriptions by syntax kind. */
function visitorsByKind(rules: readonly Rule[]): readonly (readonly Visitor[] | undefined)[] {
  const table: Visitor[][] = []
  for (const [slot, rule] of rules.entries()) {
    for (const [name, visit] of Object.entries(rule.visit ?? {})) {
      const kind = ts.SyntaxKind[name as keyof typeof ts.SyntaxKind]
      ;(table[kind] ??= []).push({ rule, slot, visit })
    }
  }
  return table
}

/** The hot loop: every node of every file comes through here. */
function visitTree(
  file: CodeFile,
  byKind: readonly (readonly Visitor[] | undefined)[],
  make: (rule: Rule) => CodeContext,
  broke: (rule: string, where: string, error: unknown) => void,
): void {
  const contexts: (CodeContext | undefined)[] = []
  each(file.ast, node => {
    const visitors = byKind[node.kind]
    if (!visitors) return
    for (const { rule, slot, visit } of visitors) {
      try {
        visit(node as never, (contexts[slot] ??= make(rule)))
      } catch (error) {
        broke(rule.id, file.path, error)
      }
    }
  })
}

function codeContextMaker(
  file: CodeFile,
  contextOf: (rule: Rule) => RuleContext,
  types: () => ts.TypeChecker,
  missTypes: (module: string) => void,
): (rule: Rule) => CodeContext {
  const made = new Map<Rule, CodeContext>()
  const inHandler = (node: ts.Node): boolean => file.handlers.some(handler => isInvoked(node, handler))
  const functionsReaching = (node: ts.Node): readonly LambdaFunction[] => [
    ...new Set(file.handlers.flatMap(handler => (isReached(node, handler) ? handler.functions : []))),
  ]
  // Written out once: contexts are made for every rule and file, and accessors are slow to make.
  const ofFile = {
    file,
    handlers: file.handlers,
    functions: [...new Set(file.handlers.flatMap(handler => handler.functions))],
    inHandler,
    functionsReaching,
    types,
    missTypes,
  }
  return rule => {
    const known = made.get(rule)
    if (known) return known
    const { app, quota, options, report, turnTo, leaveTo } = contextOf(rule)
    const context: CodeContext = { app, quota, options, report, turnTo, leaveTo, ...ofFile }
    made.set(rule, context)
    return context
  }
}

const ORDER: { readonly [severity in Severity]: number } = { error: 2, warning: 1, info: 0 }
const lesser = (one: Severity, other: Severity | undefined): Severity =>
  other !== undefined && ORDER[other] < ORDER[one] ? other : one

/**
 * Sorts, and gives each finding its fingerprint: first id of the rule, file and anchor, numbered where these are the
 * same.
 */
function finish(pending: Pending[], names: RuleNames): Finding[] {
  pending.sort(
    (one, other) =>
      compareText(one.loc.source.path, other.loc.source.path) ||
      one.loc.start - other.loc.start ||
      one.loc.end - other.loc.end ||
      compareText(one.finding.rule, other.finding.rule),
  )
  const counts = new Map<string, number>()
  return pending.map(({ finding, anchor }) => {
    const identity = `${names.first(finding.rule)}\n${finding.location.file}\n${anchor}`
    const ordinal = counts.get(identity) ?? 0
    counts.set(identity, ordinal + 1)
    return {
      ...finding,
      fingerprint: createHash('sha256').update(`${identity}\n${ordinal}`).digest('hex').slice(0, 32),
    }
  })
}

/** JUnit XML, as GitLab, Jenkins, Azure DevOps and the GitHub reporters read it: Jenkins' junit-10 schema. */
import type { Excused } from '../baseline.ts'
import type { CaseResult, Evidence, Finding } from '../evidence.ts'
import { groupBy } from '../../base/group-by.ts'
import { markup, type Markup } from '../../base/markup.ts'
import { plain, plainLine, plainValue } from '../plain.ts'
import { placeOf, runTime, summarize } from '../summary.ts'

/**
 * One suite for each profile and one for lint. A failure of any level is a `failure` whose type is the level; what
 * could not be decided is an `error`; what was not tested, expected, known from the baseline or suppressed is
 * `skipped`, with the reason. What passed in the baseline and could not be tested now is a `failure` of the type
 * `lost`. Nothing is written that the schema of Jenkins (junit-10) does not have: where a result comes from stands in
 * its name and its text, since that schema knows no `file` and no `line` of a test case.
 */
export function renderJunit(evidence: Evidence): string {
  const { findings, suppressed, excused } = summarize(evidence)
  const suites = [...groupBy(evidence.results, one => one.clause.profile)].map(([profile, results]) =>
    profileSuite(profile, results, evidence, excused),
  )
  if (evidence.findings.length > 0 || suites.length === 0)
    suites.push(lintSuite([...findings, ...suppressed], evidence))
  const total = suites.reduce((sum, one) => add(sum, one.tally), NOTHING)
  return `${
    markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="lambdacheck" ${counts(total)} time="${seconds(runTime(evidence))}">
${suites.map(suite => suite.markup)}</testsuites>
`.markup
  }`
}

interface Tally {
  readonly tests: number
  readonly failures: number
  readonly errors: number
  readonly skipped: number
}

interface Suite {
  readonly markup: Markup
  readonly tally: Tally
}

const NOTHING: Tally = { tests: 0, failures: 0, errors: 0, skipped: 0 }

function add(a: Tally, b: Tally): Tally {
  return {
    tests: a.tests + b.tests,
    failures: a.failures + b.failures,
    errors: a.errors + b.errors,
    skipped: a.skipped + b.skipped,
  }
}

const counts = (tally: Tally): Markup =>
  markup`tests="${tally.tests}" failures="${tally.failures}" errors="${tally.errors}"`

function profileSuite(profile: string, results: readonly CaseResult[], evidence: Evidence, excused: Excused): Suite {
  return suite(
    plainLine(profile),
    results.map(result => caseElement(result, excused)),
    evidence,
    results.reduce((sum, one) => sum + one.durationMs, 0),
  )
}

function lintSuite(findings: readonly Finding[], evidence: Evidence): Suite {
  if (findings.length > 0) return suite('lint', findings.map(findingElement), evidence, 0)
  return suite(
    'lint',
    [{ markup: markup`<testcase classname="lambdacheck.lint" name="no findings" time="0"/>`, outcome: 'passed' }],
    evidence,
    0,
  )
}

interface Element {
  readonly markup: Markup
  readonly outcome: 'passed' | keyof Omit<Tally, 'tests'>
}

function suite(name: string, elements: readonly Element[], evidence: Evidence, ms: number): Suite {
  const count = (wanted: Element['outcome']): number => elements.filter(({ outcome }) => outcome === wanted).length
  const tally: Tally = {
    tests: elements.length,
    failures: count('failures'),
    errors: count('errors'),
    skipped: count('skipped'),
  }
  const started = Number.isNaN(Date.parse(evidence.startedAt))
    ? undefined
    : markup` timestamp="${new Date(evidence.startedAt).toISOString().slice(0, 19)}"`
  return {
    tally,
    markup: markup`  <testsuite name="${name}" ${counts(tally)} skipped="${tally.skipped}" time="${seconds(ms)}"${started} hostname="${plainLine(evidence.endpoint?.name ?? 'local')}">
${elements.map(element => markup`    ${element.markup}\n`)}  </testsuite>
`,
  }
}

function caseElement(result: CaseResult, excused: Excused): Element {
  const open = markup`<testcase classname="${plainLine(`lambdacheck.${result.clause.profile}`)}" name="${plainLine(`${result.title} [${result.id}]`, 500)}" time="${seconds(result.durationMs)}"`
  const reason = plainLine(result.reason ?? result.verdict, 500)
  if (result.verdict === 'pass') return { markup: markup`${open}/>`, outcome: 'passed' }
  if (result.verdict !== 'fail' && excused.isNew(result)) {
    return {
      markup: markup`${open}><failure type="lost" message="${`passed in the baseline, ${result.verdict} now: ${reason}`}">${account(result)}</failure></testcase>`,
      outcome: 'failures',
    }
  }
  if (result.verdict === 'unsupported' || result.verdict === 'skipped') {
    return {
      markup: markup`${open}><skipped message="${`${result.verdict}: ${reason}`}"/></testcase>`,
      outcome: 'skipped',
    }
  }
  if (result.expectedFailure === true || excused.has(result)) {
    const why = result.expectedFailure === true ? 'expected failure' : 'known from the baseline'
    return {
      markup: markup`${open}><skipped message="${`${why}: ${reason}`}"/><system-out>${account(result)}</system-out></testcase>`,
      outcome: 'skipped',
    }
  }
  if (result.verdict === 'inconclusive')
    return {
      markup: markup`${open}><error type="inconclusive" message="${reason}">${account(result)}</error></testcase>`,
      outcome: 'errors',
    }
  return {
    markup: markup`${open}><failure type="${result.clause.level}" message="${reason}">${account(result)}</failure></testcase>`,
    outcome: 'failures',
  }
}

/** The whole story of a result as text. */
function account(result: CaseResult): string {
  const { clause, reproduce } = result
  const lines = [
    `${plain(clause.text, 1000)}`,
    `  ${clause.level.toUpperCase()}, spec/${plainLine(clause.page)}:${clause.line}`,
    ...(result.expected === undefined ? [] : [`Expected: ${plain(result.expected, 2000)}`]),
    ...(result.actual === undefined ? [] : [`Actual:   ${plain(result.actual, 2000)}`]),
    ...(result.counterexample === undefined ? [] : ['Smallest counterexample:', plainValue(result.counterexample)]),
    ...(reproduce === undefined ? [] : [`Replay: ${plain(reproduce.replay, 1000)}`]),
    ...(reproduce?.curl === undefined ? [] : [`curl:   ${plain(reproduce.curl)}`]),
    ...(reproduce?.aws === undefined ? [] : [`aws:    ${plain(reproduce.aws)}`]),
  ]
  return lines.join('\n')
}

function findingElement(finding: Finding): Element {
  const place = plainLine(placeOf(finding.location))
  const open = markup`<testcase classname="lambdacheck.lint" name="${`${plainLine(finding.rule)} ${place}`}" time="0"`
  const message = plainLine(finding.message, 500)
  if (finding.suppressed !== undefined) {
    return {
      markup: markup`${open}><skipped message="${`suppressed: ${plainLine(finding.suppressed.reason)}`}"/></testcase>`,
      outcome: 'skipped',
    }
  }
  const text = [
    `${place}: ${message}`,
    ...(finding.location.snippet === undefined ? [] : [plain(finding.location.snippet)]),
    ...finding.related.map(one => `${plainLine(placeOf(one))}: ${plainLine(one.message, 500)}`),
    ...(finding.help === undefined ? [] : [`Help: ${plain(finding.help)}`]),
  ].join('\n')
  if (finding.severity === 'info')
    return { markup: markup`${open}><system-out>${text}</system-out></testcase>`, outcome: 'passed' }
  return {
    markup: markup`${open}><failure type="${finding.severity}" message="${message}">${text}</failure></testcase>`,
    outcome: 'failures',
  }
}

/** Milliseconds as seconds with three decimals. */
function seconds(ms: number): string {
  return (Number.isFinite(ms) ? Math.max(0, ms / 1000) : 0).toFixed(3)
}

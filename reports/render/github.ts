/** Workflow commands of GitHub Actions: every line becomes an annotation of the job, and of the changed file where there is one. */
import type { CaseResult, Evidence, Finding } from '../evidence.ts'
import { plain, plainLine } from '../plain.ts'
import { isExpected, placeOf, summarize, type ClauseGroup } from '../summary.ts'

/** GitHub shows ten of each kind for a step; a log of a million lines helps nobody. */
const MOST = 1000

/** One command a line; empty when there is nothing to say. */
export function renderGithub(evidence: Evidence): string {
  const { failures, findings } = summarize(evidence)
  const lines = [...findings.map(findingCommand), ...failures.filter(one => !isExpected(one)).map(clauseCommand)]
  const left = lines.length - MOST
  return [
    ...lines.slice(0, MOST),
    ...(left > 0 ? [command('notice', { title: 'lambdacheck' }, `${left} more are in the report`)] : []),
  ]
    .map(line => `${line}\n`)
    .join('')
}

const KINDS = { error: 'error', warning: 'warning', info: 'notice' } as const
const LEVELS = { must: 'error', should: 'warning', may: 'notice' } as const

function findingCommand(finding: Finding): string {
  const { location } = finding
  const message = [
    plain(finding.message, 1000),
    ...finding.related
      .slice(0, 5)
      .map(one => `${placeOf(one)}: ${one.message}`)
      .map(one => plain(one, 500)),
    ...(finding.help === undefined ? [] : [plain(finding.help, 1000)]),
  ]
  return command(
    KINDS[finding.severity],
    {
      file: location.file,
      line: location.line,
      endLine: location.endLine ?? location.line,
      // GitHub wants columns only for a place within one line.
      ...((location.endLine ?? location.line) === location.line
        ? { col: location.column, ...(location.endColumn === undefined ? {} : { endColumn: location.endColumn }) }
        : {}),
      title: `lambdacheck ${finding.rule}`,
    },
    message.join('\n'),
  )
}

/** The pages are no files of the project, so these annotations have a title and no place. */
function clauseCommand(group: ClauseGroup): string {
  const { clause, results } = group
  const [first] = results.filter(one => one.expectedFailure !== true) as [CaseResult]
  const message = [
    plain(clause.text, 600),
    ...(first.expected === undefined ? [] : [`Expected: ${plainLine(first.expected, 400)}`]),
    ...(first.actual === undefined ? [] : [`Actual: ${plainLine(first.actual, 400)}`]),
    ...(first.reproduce === undefined ? [] : [`Replay: ${plainLine(first.reproduce.replay, 400)}`]),
    ...(results.length > 1 ? [`${results.length} cases of this clause fail`] : []),
  ]
  return command(LEVELS[clause.level], { title: `lambdacheck ${clause.id}` }, message.join('\n'))
}

function command(name: string, properties: { readonly [name: string]: string | number }, message: string): string {
  const list = Object.entries(properties).map(
    ([key, value]) => `${key}=${typeof value === 'number' ? value : escapeProperty(plainLine(value, 400))}`,
  )
  return `::${name} ${list.join(',')}::${escapeData(message)}`
}

const escapeData = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

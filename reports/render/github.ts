/**
 * Workflow commands of GitHub Actions: every line becomes an annotation of the job, and of the changed file where there
 * is one.
 */
import type { Cause } from '../causes.ts'
import type { Evidence, Finding } from '../evidence.ts'
import { plain, plainLine } from '../plain.ts'
import { amount, heldBack, placeOf, summarize } from '../summary.ts'

/**
 * GitHub shows ten of each kind for a step. What is to be mended at the endpoint is told by its causes, the gravest
 * first.
 */
const MOST_CAUSES = 10
/** A log of a million lines helps nobody. */
const MOST = 1000

/**
 * One command a line; empty when there is nothing to say. Beside a baseline, only what it does not excuse is
 * annotated.
 */
export function renderGithub(evidence: Evidence): string {
  const { causes: all, findings, excused, headline, lead } = summarize(evidence)
  const causes = evidence.baseline === undefined ? all : all.filter(one => one.results.some(excused.isNew))
  const lines = [...findings.map(findingCommand), ...causes.slice(0, MOST_CAUSES).map(causeCommand)]
  const left = Math.max(lines.length - MOST, 0)
  const more = Math.max(causes.length - MOST_CAUSES, 0)
  return [
    ...(evidence.baseline === undefined
      ? []
      : [
          command(
            evidence.baseline.worse ? 'error' : 'notice',
            { title: `lambdacheck: ${headline.text}` },
            plain(lead),
          ),
        ]),
    ...lines.slice(0, MOST),
    ...(left > 0 ? [command('notice', { title: 'lambdacheck' }, `${left} more are in the report`)] : []),
    ...(more > 0
      ? [
          command(
            'notice',
            { title: 'lambdacheck' },
            `${amount(more, 'more cause')} of failures: all are in the report`,
          ),
        ]
      : []),
  ]
    .map(line => `${line}\n`)
    .join('')
}

const KINDS = { error: 'error', warning: 'warning', info: 'notice' } as const

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

/** The endpoint is no file of the project, so these annotations have a title and no place. */
function causeCommand(cause: Cause): string {
  const { title, results, counts, actions } = cause
  const [first] = results
  const hard = results.some(result => result.verdict === 'fail' && result.clause.level === 'must')
  const message = [
    `${amount(results.length, 'case')}${cause.holds.length > 0 ? `; holds back ${plain(heldBack(cause, 4), 400)}` : ''}`,
    ...(actions.length > 0 ? [`At ${plainLine(actions.join(', '), 400)}`] : []),
    ...(first?.expected === undefined ? [] : [`Expected: ${plainLine(first.expected, 400)}`]),
    ...(first?.actual === undefined ? [] : [`Actual: ${plainLine(first.actual, 400)}`]),
    ...(first?.reproduce === undefined ? [] : [`Replay: ${plainLine(first.reproduce.replay, 400)}`]),
  ]
  const soft = counts.fail > 0 ? 'warning' : 'notice'
  return command(hard ? 'error' : soft, { title: `lambdacheck: ${plainLine(title, 200)}` }, message.join('\n'))
}

function command(name: string, properties: { readonly [name: string]: string | number }, message: string): string {
  const list = Object.entries(properties).map(
    ([key, value]) => `${key}=${typeof value === 'number' ? value : escapeProperty(plainLine(value, 400))}`,
  )
  return `::${name} ${list.join(',')}::${escapeData(message)}`
}

const escapeData = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

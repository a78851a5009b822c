/** Controls on a terminal: one line each, what fails below it. */
import picocolors from 'picocolors'
import { type ControlReport, type ControlStatus, STATUS_WORDS } from '../../controls/assess.ts'
import { plainLine } from '../../plain.ts'

const MOST_FAILURES = 5

/** The assessment for a terminal: a line a control, and below it what failed. */
export function renderControlsTerminal(
  reports: readonly ControlReport[],
  { color }: { readonly color: boolean },
): string {
  const paint = picocolors.createColors(color)
  const tone: { readonly [status in ControlStatus]: (text: string) => string } = {
    satisfied: paint.green,
    'not-satisfied': paint.red,
    'in-part': paint.yellow,
    'not-assessed': paint.dim,
    'not-applicable': paint.dim,
    manual: paint.dim,
  }
  return reports
    .map(({ framework, controls, statuses, accepted }) => {
      const width = Math.max(...controls.map(control => control.control.id.length))
      const rows = controls.flatMap(({ control, status, why, observations }) => [
        `${control.id.padEnd(width)}  ${tone[status](STATUS_WORDS[status].padEnd(14))}  ` +
          `${plainLine(control.title, 100)}`,
        ...(status === 'satisfied' || status === 'not-applicable'
          ? []
          : [paint.dim(`${' '.repeat(width + 2)}${plainLine(why, 200)}`)]),
        ...observations
          .filter(observation => observation.verdict === 'fail')
          .slice(0, MOST_FAILURES)
          .map(
            observation =>
              `${' '.repeat(width + 2)}${paint.red('✘')} ` +
              `${plainLine(observation.why ?? observation.check, 160)}${observation.place ? paint.dim(` ${plainLine(observation.place.file, 100)}:${observation.place.line}`) : ''} ${paint.dim(observation.check)}`,
          ),
      ])
      const sum = Object.entries(statuses)
        .filter(([, count]) => count > 0)
        .map(([status, count]) => `${count} ${STATUS_WORDS[status as ControlStatus]}`)
      return [
        paint.bold(`${plainLine(framework.title, 160)} (${plainLine(framework.version, 40)})`),
        '',
        ...rows,
        '',
        `${sum.join(', ')}${accepted.length ? `; ${accepted.length} accepted risks` : ''}`,
        '',
      ].join('\n')
    })
    .join('\n')
}

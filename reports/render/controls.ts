/** A control report in every format. */
import type { ControlReport } from '../controls/assess.ts'
import { renderSarif } from './sarif.ts'
import { renderControlsCsv } from './controls/csv.ts'
import type { ControlFormat } from './controls/formats.ts'
import { renderControlsHtml } from './controls/html.ts'
import { renderInToto } from './controls/in-toto.ts'
import { renderControlsJson } from './controls/json.ts'
import { renderOscal } from './controls/oscal.ts'
import { renderControlsTerminal } from './controls/terminal.ts'

/** All reports are of the same evidence. */
export function renderControls(
  reports: readonly ControlReport[],
  format: ControlFormat,
  options: { readonly color: boolean },
): string {
  switch (format) {
    case 'terminal':
      return renderControlsTerminal(reports, options)
    case 'html':
      return renderControlsHtml(reports)
    case 'csv':
      return renderControlsCsv(reports)
    case 'json':
      return renderControlsJson(reports)
    case 'oscal':
      return renderOscal(reports)
    case 'in-toto':
      return renderInToto(reports)
    case 'sarif': {
      const [first] = reports
      return first === undefined
        ? ''
        : renderSarif(
            first.evidence,
            reports.map(one => one.framework),
          )
    }
  }
}

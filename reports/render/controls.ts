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

type Render = (reports: readonly ControlReport[], options: { readonly color: boolean }) => string

const RENDERERS: { readonly [format in ControlFormat]: Render } = {
  terminal: renderControlsTerminal,
  html: renderControlsHtml,
  csv: renderControlsCsv,
  json: renderControlsJson,
  oscal: renderOscal,
  'in-toto': renderInToto,
  sarif: reports =>
    reports[0] === undefined
      ? ''
      : renderSarif(
          reports[0].evidence,
          reports.map(report => report.framework),
        ),
}

/** All reports are of the same evidence. */
export function renderControls(
  reports: readonly ControlReport[],
  format: ControlFormat,
  options: { readonly color: boolean },
): string {
  return RENDERERS[format](reports, options)
}

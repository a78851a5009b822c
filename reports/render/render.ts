/** All renderers by name, and the folder of reports that a run leaves. */
import { join } from 'node:path'
import { renderBadge, renderShield } from './badge.ts'
import type { Evidence } from '../evidence.ts'
import { scriptName, scriptOf } from '../script.ts'
import { renderGithub } from './github.ts'
import { renderHtml } from './html/page.ts'
import { renderJson } from '../json.ts'
import { renderJunit } from './junit.ts'
import { renderMarkdown } from './markdown.ts'
import { renderSarif } from './sarif.ts'
import { renderTerminal, type TerminalOptions } from './terminal.ts'
import { EVIDENCE_FILE, makeFolder, type REPORT_FILES, SCRIPTS_FOLDER, writeReport } from '../writer.ts'

/** Every form in which a run can be reported. */
export const REPORT_FORMATS = [
  'terminal',
  'html',
  'junit',
  'sarif',
  'markdown',
  'json',
  'github',
  'badge',
  'shield',
] as const
/** A form in which a run can be reported. */
export type ReportFormat = (typeof REPORT_FORMATS)[number]

/** What renders each of them. `terminal` is looked at by the terminal report alone. */
const RENDERERS: {
  readonly [format in ReportFormat]: (evidence: Evidence, terminal: TerminalOptions) => string
} = {
  terminal: renderTerminal,
  html: evidence => renderHtml(evidence),
  junit: evidence => renderJunit(evidence),
  sarif: evidence => renderSarif(evidence),
  markdown: evidence => renderMarkdown(evidence),
  json: evidence => renderJson(evidence),
  github: evidence => renderGithub(evidence),
  badge: evidence => renderBadge(evidence),
  shield: evidence => renderShield(evidence),
}

/** The evidence in one format. */
export function renderReport(evidence: Evidence, format: ReportFormat, terminal: TerminalOptions): string {
  return RENDERERS[format](evidence, terminal)
}

/** File names of the reports that `renderAll` writes. */
const FILES: readonly (readonly [
  name: typeof EVIDENCE_FILE | (typeof REPORT_FILES)[number],
  render: (evidence: Evidence) => string,
])[] = [
  [EVIDENCE_FILE, renderJson],
  ['report.html', renderHtml],
  ['junit.xml', renderJunit],
  ['summary.md', renderMarkdown],
  ['badge.svg', renderBadge],
  ['results.sarif', renderSarif],
]

/**
 * Writes `evidence.json`, `report.html`, `junit.xml`, `summary.md`, `badge.svg` and `results.sarif` into `outDir`,
 * which is made where it is not there. Each file is written whole or not at all, the evidence first.
 *
 * @returns the names of the files
 * @throws EvidenceError when one cannot be written
 */
export function renderAll(evidence: Evidence, outDir: string): readonly string[] {
  makeFolder(outDir)
  for (const [name, render] of FILES) writeReport(outDir, name, render(evidence))
  const scripts = writeScripts(evidence, outDir)
  return [...FILES.map(([name]) => name), ...(scripts === 0 ? [] : [`${SCRIPTS_FOLDER}/`])]
}

const SCRIPTS_SHOWN = 1000

/** A script for each failure that shows it by itself. */
function writeScripts(evidence: Evidence, outDir: string): number {
  const scripts = evidence.results
    .filter(result => result.verdict === 'fail')
    .slice(0, SCRIPTS_SHOWN)
    .flatMap(result => {
      const text = scriptOf(result, evidence)
      return text === undefined ? [] : [{ name: scriptName(result.id), text }]
    })
  if (scripts.length > 0) makeFolder(join(outDir, SCRIPTS_FOLDER))
  for (const { name, text } of scripts) writeReport(join(outDir, SCRIPTS_FOLDER), name, text)
  return scripts.length
}

/** Findings as the Language Server Protocol has them: lines and columns count from 0 there. */
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { positionAt } from '../../analyzer/application/source.ts'
import { plain, plainLine } from '../../reports/plain.ts'
import type { Finding, Fix, Location } from '../../reports/evidence.ts'

/** A place in a document. */
export interface Position {
  readonly line: number
  readonly character: number
}

/** A range of the language server protocol: lines and UTF-16 columns from 0, the end not included. */
export interface Range {
  readonly start: Position
  readonly end: Position
}

/** A diagnostic of the language server protocol; severities are error, warning, information. */
export interface Diagnostic {
  readonly range: Range
  readonly severity: 1 | 2 | 3
  readonly code: string
  readonly source: 'lambdacheck'
  readonly message: string
  readonly relatedInformation: readonly {
    readonly location: { readonly uri: string; readonly range: Range }
    readonly message: string
  }[]
  /** The fingerprint of the finding. */
  readonly data: string
}

const SEVERITIES = { error: 1, warning: 2, info: 3 } as const

/** The address of a file of a project. */
export function uriOf(root: string, file: string): string {
  return pathToFileURL(path.resolve(root, file)).href
}

/** A finding as editors show it. `root`: the folder of the project; related places become URIs below it. */
export function diagnosticOf(finding: Finding, root: string): Diagnostic {
  return {
    range: rangeOf(finding.location),
    severity: SEVERITIES[finding.severity],
    code: finding.rule,
    source: 'lambdacheck',
    message: plain([finding.message, ...(finding.help === undefined ? [] : [finding.help])].join('\n'), 2000),
    relatedInformation: finding.related.slice(0, 20).map(one => ({
      location: { uri: uriOf(root, one.file), range: rangeOf(one) },
      message: plainLine(one.message, 500),
    })),
    data: finding.fingerprint,
  }
}

/** Where no end is known, the place is one character wide. */
export function rangeOf({ line, column, endLine = line, endColumn }: Location): Range {
  const end = endColumn ?? (endLine === line ? column + 1 : 1)
  return { start: { line: line - 1, character: column - 1 }, end: { line: endLine - 1, character: end - 1 } }
}

/**
 * What an editor is to do for a fix; undefined where a file that it changes cannot be read.
 *
 * @param read the text of a file of the project, as it was linted
 */
export function workspaceEdit(
  fix: Fix,
  root: string,
  read: (file: string) => string | undefined,
):
  | { readonly changes: { readonly [uri: string]: readonly { readonly range: Range; readonly newText: string }[] } }
  | undefined {
  const changes: { [uri: string]: { range: Range; newText: string }[] } = {}
  for (const { file, start, end, text } of fix.edits) {
    const content = read(file)
    if (content === undefined) return undefined
    const source = { path: file, absolute: path.resolve(root, file), text: content }
    const at = (offset: number): Position => {
      const { line, column } = positionAt(source, offset)
      return { line: line - 1, character: column - 1 }
    }
    const uri = uriOf(root, file)
    changes[uri] = [...(changes[uri] ?? []), { range: { start: at(start), end: at(end) }, newText: text }]
  }
  return { changes }
}

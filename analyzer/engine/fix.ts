/** Applying text edits. */
import type { Finding, TextEdit } from '../../reports/evidence.ts'

/** The text with the edits applied. They must not overlap; an edit that stands twice is applied once. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const sorted = [...edits].sort((one, other) => one.start - other.start || one.end - other.end)
  let result = ''
  let at = 0
  let last: TextEdit | undefined
  for (const edit of sorted) {
    if (last && sameEdit(last, edit)) continue
    if (edit.start < at) throw new Error('edits overlap')
    result += text.slice(at, edit.start) + edit.text
    at = edit.end
    last = edit
  }
  return result + text.slice(at)
}

/**
 * The edits of all certain fixes that can be applied together: of fixes that touch the same text, the first wins and
 * the others wait for the next run.
 * @returns edits by file, and how many findings they settle.
 */
export function chooseFixes(findings: readonly Finding[]): {
  readonly edits: ReadonlyMap<string, readonly TextEdit[]>
  readonly count: number
} {
  const chosen = new Map<string, TextEdit[]>()
  let count = 0
  for (const finding of findings) {
    const fix = finding.suppressed ? undefined : finding.fixes.find(one => one.kind === 'fix')
    if (
      !fix ||
      fix.edits.some((edit, index) => fix.edits.slice(index + 1).some(other => clash(edit, other))) ||
      !fix.edits.every(edit => !(chosen.get(edit.file) ?? []).some(other => clash(edit, other)))
    )
      continue
    count++
    for (const edit of fix.edits) {
      const edits = chosen.get(edit.file)
      if (edits) edits.push(edit)
      else chosen.set(edit.file, [edit])
    }
  }
  return { edits: chosen, count }
}

const sameEdit = (one: TextEdit, other: TextEdit): boolean =>
  one.start === other.start && one.end === other.end && one.text === other.text

/** Two edits that cannot both be made; the very same edit, wanted by two findings, is made once. */
const clash = (one: TextEdit, other: TextEdit): boolean =>
  !sameEdit(one, other) && (one.start === other.start || (one.start < other.end && other.start < one.end))

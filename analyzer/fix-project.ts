/** `--fix`: applies what is certain, and looks again until nothing is left to apply. */
import { messageOf } from '../base/message-of.ts'
import { lstatSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { resolve, sep } from 'node:path'
import { parseCode, syntaxError } from './application/code.ts'
import { readJson } from './application/read-json.ts'
import { readYaml } from './application/read-yaml.ts'
import { applyEdits, chooseFixes } from './engine/fix.ts'
import { lint } from './lint.ts'
import type { LintOptions, LintResult } from './lint.ts'

/** A fix may uncover another; more rounds than this is a rule that does not agree with itself. */
const MAX_ROUNDS = 10

/** What fixing has changed, and what is left to find. */
export interface FixedProject {
  /** The result after the last round. */
  readonly result: LintResult
  /** Fixes that were applied. */
  readonly fixed: number
  readonly files: readonly string[]
  readonly notes: readonly string[]
}

/** Fixes the files of a project in place. A file that would no longer parse is left as it is. */
export async function fixProject(options: LintOptions): Promise<FixedProject> {
  const changed = new Set<string>()
  const refused = new Set<string>()
  const notes: string[] = []
  let fixed = 0
  let result = await lint(options)
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { edits } = chooseFixes(
      result.findings.filter(
        finding => !finding.fixes.some(fix => fix.kind === 'fix' && fix.edits.some(edit => refused.has(edit.file))),
      ),
    )
    if (!edits.size) break
    let wrote = 0
    for (const [file, list] of edits) {
      const why = rewrite(options.root, file, text => applyEdits(text, list))
      if (why === undefined) {
        changed.add(file)
        wrote++
      } else {
        refused.add(file)
        notes.push(`${file} was not fixed: ${why}`)
      }
    }
    const before = result.findings.length
    if (wrote) result = await lint(options)
    fixed += Math.max(0, before - result.findings.length)
    if (!wrote) break
  }
  return { result, fixed, files: [...changed].sort(), notes }
}

/** Changes one file; answers why not, when it was left alone. */
function rewrite(root: string, file: string, change: (text: string) => string): string | undefined {
  const absolute = resolve(root, file)
  try {
    if (lstatSync(absolute).isSymbolicLink() || !realpathSync(absolute).startsWith(realpathSync(root) + sep))
      return 'it is outside the project'
    const before = readFileSync(absolute, 'utf8')
    const after = change(before)
    const fault = faultOf(file, after)
    if (fault !== undefined && faultOf(file, before) === undefined) return `it would no longer parse (${fault})`
    writeFileSync(absolute, after)
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}

function faultOf(file: string, text: string): string | undefined {
  if (/\.([cm]?[jt]s|[jt]sx)$/.test(file)) return syntaxError(parseCode({ path: file, absolute: file, text }))?.message
  return (/\.json$/.test(file) || /^\s*\{/.test(text) ? readJson(text) : readYaml(text)).problems[0]?.message
}

/**
 * All cases, as far as who starts a run needs them, kept in a file beside the compiled specification: the values of a
 * thousand faults take half a second to work out, and workers work out those that they are given.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { globSync } from 'tinyglobby'
import type { Spec } from '../../spec/model.ts'
import { readKept, writeKept } from '../../base/kept-file.ts'
import { keptFile } from '../../spec/compiler/compile.ts'
import type { CaseOutline } from '../case.ts'

/** The clause by its place among all. */
type Kept = Omit<CaseOutline, 'clause'> & { readonly clause: number }

/** Of the package's own specification, in the order of its pages. Not worked out where they were before. */
export async function loadOutlines(spec: Spec): Promise<readonly CaseOutline[]> {
  const file = keptFile('cases.json.gz')
  const key = keyOf(spec)
  const kept = readKept<readonly Kept[]>(file, key)
  if (kept !== undefined)
    return kept.map(one => ({ ...one, clause: spec.clauses[one.clause] as CaseOutline['clause'] }))
  const { deriveCases } = await import('./derive.ts')
  const cases = deriveCases(spec)
  const places = new Map(spec.clauses.map((clause, at) => [clause, at]))
  writeKept(
    file,
    key,
    cases.map(({ run: _, clause, ...one }): Kept => ({ ...one, clause: places.get(clause) as number })),
  )
  return cases
}

/** Changes with the pages, with what compiles them, and with everything here that makes cases of them. */
function keyOf(spec: Spec): string {
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
  const extension = path.extname(fileURLToPath(import.meta.url))
  const code = ['base', 'spec', 'suites'].map(folder => `${folder}/**/*${extension}`)
  const hash = createHash('sha256').update(spec.digest)
  for (const file of globSync([...code, '!**/*.d.ts', '!**/*.test.ts', '!suites/testing/**'], { cwd: root }).sort())
    hash.update(file).update(readFileSync(path.join(root, file)))
  return hash.digest('hex')
}

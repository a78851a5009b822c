/**
 * How many functions of templates are tied to their code, by kind of template and by language, for
 * `docs/lint-verification.md`. It downloads and executes nothing.
 *
 * `jiti scripts/tied-functions.ts [--untied] FOLDER…`: each folder holds unpacked packages, one a folder.
 *
 * A function counts when its code is there to be found: a file that is called as its handler says, or code in the
 * template. Images, archives and what a parameter names are no part of the share, and are counted by themselves.
 */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { discover } from '../analyzer/application/discover.ts'
import type { Found } from '../analyzer/application/discover.ts'
import { inlineCodeOf } from '../analyzer/application/inline-code.ts'
import type { Application, LambdaFunction } from '../analyzer/application/model.ts'
import { loadGrammars } from '../analyzer/grammars/grammars.ts'
import { loadApplication } from '../analyzer/load-application.ts'

/** Where the code of a function is. */
type Tie = 'tied' | 'untied' | 'not in the package' | 'not said'

interface Row {
  readonly packageName: string
  readonly id: string
  readonly template: string
  readonly kinds: readonly string[]
  readonly tie: Tie
  readonly why: string
}

const LANGUAGES: readonly (readonly [RegExp, string])[] = [
  [/^nodejs/, 'JavaScript, TypeScript'],
  [/^python/, 'Python'],
  [/^java/, 'Java'],
  [/^ruby/, 'Ruby'],
  [/^dotnet/, 'C#'],
]
const ENDINGS: { readonly [language: string]: RegExp } = {
  'JavaScript, TypeScript': /\.(?:[cm]?[jt]s|[jt]sx)$/,
  Python: /\.py$/,
}

function rowOf(packageName: string, fn: LambdaFunction, found: Found): Row {
  const language = LANGUAGES.find(([runtime]) => runtime.test(fn.runtime.string() ?? ''))?.[1]
  const template = fn.template.source.path
  const kinds = [fn.template.format, ...(language === undefined ? [] : [language])]
  const { lookup } = fn
  const row = (tie: Tie, why: string): Row => ({ packageName, id: fn.id, template, kinds, tie, why })
  if (lookup.found || lookup.python) return row('tied', '')
  // That the template names what is not there is an answer, and no guess.
  if (lookup.reason !== 'unknown') return row('tied', lookup.why)
  if (fn.packageType === 'Image') return row('not in the package', lookup.why)
  const handler = fn.handler.string()
  if (handler === undefined || language === undefined || !ENDINGS[language]) return row('not said', lookup.why)
  if (inlineCodeOf(fn)) return row('untied', lookup.why)
  const { directory, archive } = fn.packaging
  // A reference, a mark of what completes the template first: nothing of it says where the code is.
  if (directory === undefined && archive === undefined && fn.template.format !== 'cdk' && !fn.code.string())
    return row('not said', lookup.why)
  const file = handler.slice(0, handler.lastIndexOf('.')).split(/[./]/).at(-1) ?? ''
  const isIt = (path: string): boolean =>
    path
      .split('/')
      .at(-1)
      ?.replace(ENDINGS[language] ?? '', '') === file &&
    (ENDINGS[language]?.test(path) ?? false)
  const homes = [...found.code, ...found.python].filter(one => isIt(one.path)).map(one => one.path)
  return homes.length
    ? row('untied', `${lookup.why}; ${handler} in ${fn.code.text('*') ?? '?'}: ${homes.slice(0, 3).join(', ')}`)
    : row('not in the package', lookup.why)
}

const rows: Row[] = []
let packages = 0
const folders = process.argv.slice(2).filter(one => !one.startsWith('--'))
await loadGrammars(['terraform', 'python'])
for (const folder of folders)
  for (const name of readdirSync(folder).sort()) {
    const root = join(folder, name)
    if (!statSync(root).isDirectory()) continue
    packages++
    const found = discover(root)
    let app: Application
    try {
      app = loadApplication(root, { found })
    } catch (error) {
      console.error(`${name}: ${String(error)}`)
      continue
    }
    rows.push(...app.functions.map(fn => rowOf(name, fn, found)))
  }

const count = (of: readonly Row[], tie: Tie): number => of.filter(one => one.tie === tie).length
console.log(`${packages} packages, ${new Set(rows.map(row => row.packageName)).size} with functions`)
console.log('| kind | packages | functions | not in the package | not said | tied | share |')
console.log('| --- | --- | --- | --- | --- | --- | --- |')
for (const kind of [...new Set(rows.flatMap(row => row.kinds))].sort()) {
  const of = rows.filter(row => row.kinds.includes(kind))
  const tied = count(of, 'tied')
  const there = tied + count(of, 'untied')
  console.log(
    `| ${kind} | ${new Set(of.map(row => row.packageName)).size} | ${of.length} | ${count(of, 'not in the package')} | ` +
      `${count(of, 'not said')} | ${tied} of ${there} | ${there ? `${Math.round((tied / there) * 100)} %` : '–'} |`,
  )
}
if (process.argv.includes('--untied'))
  for (const { tie, kinds, packageName, template, id, why } of rows.filter(row => row.tie !== 'tied'))
    console.log([tie, kinds.join('+'), packageName, template, id, why].join('\t'))

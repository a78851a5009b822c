/**
 * Runs the program against hostile servers and inputs, fuzzes its readers, and writes the table of `docs/hostile.md`
 * (`npm run hostile`). `--seed N`, `--inputs N` (fuzzed inputs in all, 100,000 unless given),
 * `--only servers|inputs|fuzz|signals`. Exit code 1 when anything was not survived.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { fuzz } from './hostile/fuzz.ts'
import { INPUTS, tryInput } from './hostile/inputs.ts'
import { SERVERS, tryServer } from './hostile/servers.ts'
import { type HostileRow, trySignals } from './hostile/signals.ts'

const DOCUMENT = path.resolve(import.meta.dirname, '../docs/hostile.md')
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    inputs: { type: 'string', default: '100000' },
    only: { type: 'string' },
  },
})
const wanted = (part: string): boolean => values.only === undefined || values.only === part

async function run(): Promise<boolean> {
  const parts = new Map<string, HostileRow[]>()
  const add = (part: string, row: HostileRow): void => {
    parts.set(part, [...(parts.get(part) ?? []), row])
    process.stderr.write(`${row.survived ? 'survived' : 'NOT SURVIVED'}  ${part}: ${row.tried} (${row.note})\n`)
  }
  if (wanted('servers')) for (const name of Object.keys(SERVERS)) add('Servers', await tryServer(name))
  if (wanted('inputs')) for (const name of Object.keys(INPUTS)) add('Files', await tryInput(name))
  if (wanted('fuzz')) {
    for await (const one of fuzz({ seed: Number(values.seed), inputs: Number(values.inputs) }))
      add('Fuzzing', {
        tried: `${one.surface}, ${one.inputs.toLocaleString('en')} inputs`,
        survived: one.crash === undefined,
        note: `${(one.ms / 1000).toFixed(0)} s${one.crash === undefined ? '' : `; ${one.crash}`}`,
      })
  }
  if (wanted('signals'))
    for (const row of await trySignals({ seed: Number(values.seed), signals: 20, kills: 20 })) add('Signals', row)
  for (const [part, rows] of parts) write(part, rows)
  return [...parts.values()].flat().every(row => row.survived)
}

/** Puts the table of a part between its marks. */
function write(part: string, rows: readonly HostileRow[]): void {
  const survived = rows.filter(row => row.survived).length
  const cell = (text: string): string =>
    text
      .replaceAll('|', '\\|')
      .replace(/[\u0000-\u001f]/g, ' ')
      .slice(0, 300)
  const table = [
    `${survived} of ${rows.length} survived, ${new Date().toISOString().slice(0, 10)}, seed ${values.seed}.`,
    '',
    '| tried | survived | how it ended |',
    '| --- | --- | --- |',
    ...rows.map(row => `| ${cell(row.tried)} | ${row.survived ? 'yes' : '**no**'} | ${cell(row.note)} |`),
  ].join('\n')
  const [from, to] = [`<!-- ${part}: begin -->`, `<!-- ${part}: end -->`]
  const text = readFileSync(DOCUMENT, 'utf8')
  const [start, end] = [text.indexOf(from), text.indexOf(to)]
  if (start === -1 || end === -1) throw new Error(`docs/hostile.md has no marks for ${part}`)
  writeFileSync(DOCUMENT, `${text.slice(0, start + from.length)}\n\n${table}\n\n${text.slice(end)}`)
}

process.exitCode = (await run()) ? 0 : 1

/**
 * `npm run page-mutants -- FILE… [--sequences FILE] [--list]`: what would tell us that a page is wrong? The compiled pages are changed in
 * one place at a time, and genuine recorded traffic is audited against each. A change is noticed when a line is called
 * wrong that was not before, or when the replay of recorded sequences would find the embedded endpoint, which follows the
 * pages, at odds with a recorded answer. Prints how many changes of each kind are noticed, and with `--list` those that are not:
 * there a page could be wrong unseen.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { loadSpec } from '../spec/compiler/compile.ts'
import type { Spec, TypeRef } from '../spec/model.ts'
import { judgeExchange } from '../suites/audit/judge.ts'
import type { SeenExchange } from '../suites/audit/exchange.ts'
import { readLine } from '../suites/audit/json-lines.ts'
import { pageMutants, type PageMutant } from './page-mutants/operators.ts'
import { replayOf } from './page-mutants/replayed.ts'
import { readSequences } from './replay/sequence.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { list: { type: 'boolean' }, sequences: { type: 'string' } },
})
const files = positionals.filter(one => one !== '--')
if (files.length === 0) {
  console.error('usage: npm run page-mutants -- FILE… [--sequences FILE] [--list]')
  process.exit(2)
}
const spec = loadSpec()
const genuine = linesOf(spec).filter(one => judgeExchange(spec, one).length === 0)
const byAction = new Map<string, SeenExchange[]>()
for (const one of genuine) {
  const name = one.action?.name ?? ''
  byAction.set(name, [...(byAction.get(name) ?? []), one])
}
const users = actionsByType(spec)
const replays = values.sequences === undefined ? undefined : replayOf(spec, readSequences(values.sequences))
interface Count {
  readonly tried: number
  /** By recordings, by the replay, and by one of the two. */
  readonly audit: number
  readonly replay: number
  readonly either: number
}
const NONE: Count = { tried: 0, audit: 0, replay: 0, either: 0 }
const tally = new Map<string, Count>()
const unnoticed: PageMutant[] = []
for (const mutant of pageMutants(spec)) {
  const actions = [...(users.get(mutant.action) ?? [mutant.action])]
  const audit = actions.some(action =>
    (byAction.get(action) ?? []).some(one => judgeExchange(mutant.spec, withAction(mutant.spec, one)).length > 0),
  )
  const replay = replays?.(mutant.spec, actions) ?? false
  const counted: Count = { tried: 1, audit: Number(audit), replay: Number(replay), either: Number(audit || replay) }
  tally.set(mutant.kind, sum(tally.get(mutant.kind) ?? NONE, counted))
  if (!audit && !replay) unnoticed.push(mutant)
}
print()

function linesOf({ actions }: Pick<Spec, 'actions'>): readonly SeenExchange[] {
  return files
    .flatMap(file => readFileSync(file, 'utf8').split('\n'))
    .filter(text => text.trim() !== '')
    .flatMap((text, at) => readLine({ actions }, text, at + 1))
    .flatMap(item => ('exchange' in item ? [item.exchange] : []))
}

/** An exchange holds its action, which is that of the pages as they were. */
function withAction(changed: Spec, one: SeenExchange): SeenExchange {
  return { ...one, action: changed.actions[one.action?.name ?? ''] ?? null }
}

/** Which actions use a type, however deep. */
function actionsByType({ actions, types }: Spec): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>()
  const visit = (type: TypeRef, action: string): void => {
    if (type.kind === 'list') visit(type.of, action)
    if (type.kind === 'map') visit(type.value, action)
    if (type.kind !== 'ref') return
    const known = found.get(type.type) ?? new Set()
    if (known.has(action)) return
    found.set(type.type, known.add(action))
    for (const member of types[type.type]?.members ?? []) visit(member.type, action)
  }
  for (const action of Object.values(actions))
    for (const member of [...action.request, ...action.responses.flatMap(one => one.members)])
      visit(member.type, action.name)
  return found
}

function sum(one: Count, other: Count): Count {
  return {
    tried: one.tried + other.tried,
    audit: one.audit + other.audit,
    replay: one.replay + other.replay,
    either: one.either + other.either,
  }
}

function row(kind: string, { tried, audit, replay, either }: Count): string {
  return `| ${[kind, audit, replay, either, tried].join(' | ')} |`
}

function print(): void {
  const silent = Object.keys(spec.actions).filter(name => !byAction.has(name))
  console.log(`${genuine.length} genuine answers of ${byAction.size} actions\n`)
  if (replays !== undefined) console.log(`${replays.calls} recorded calls are replayed\n`)
  console.log('| change | noticed by recordings | by the replay | by either | of |\n| --- | --- | --- | --- | --- |')
  for (const [kind, count] of [...tally].sort()) console.log(row(kind, count))
  console.log(`${row('**in all**', [...tally.values()].reduce(sum, NONE))}\n`)
  console.log(`No recording at all: ${silent.map(name => `\`${name}\``).join(', ')}.`)
  if (values.list !== true) return
  for (const { place, action, kind, change } of unnoticed.sort((a, b) => a.place.localeCompare(b.place)))
    console.log(`${place}  ${action}  ${kind}: ${change}`)
}

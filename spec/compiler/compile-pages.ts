/** Compiles pages, given as text, into the typed specification. */
import { createHash } from 'node:crypto'
import path from 'node:path'
import type {
  Action,
  Clause,
  ErrorName,
  ErrorRow,
  Figures,
  LedgerEntry,
  Property,
  Quota,
  Resource,
  RulePage,
  Source,
  Spec,
  StructType,
} from '../model.ts'
import { readAction } from './action-page.ts'
import { readCommonErrors, readErrorNames } from './behaviour-page.ts'
import { NO_ANSWERS, readAnswers } from './answer-tables.ts'
import { joinRows, type KnownNames } from './cell-readers.ts'
import { NO_REFUSALS, readRefusals } from './refusal-tables.ts'
import { deriveClauses } from './clauses.ts'
import { readCapabilities, readCovers, readProfile, unique } from './common.ts'
import { readEvent } from './event-page.ts'
import { checkLeftovers } from './fences.ts'
import { contradictions } from './coverage.ts'
import { readLedger } from './ledger.ts'
import { readNamedConstraints } from './constraints-page.ts'
import { createMemberTables, type MemberTables } from './member-tables.ts'
import type { LinkedType } from './all-of.ts'
import { FIRST_EDITION, fencesOf, readPage, type Page, type Reading } from './page.ts'
import { readProperty } from './property.ts'
import { readFigures } from './figures-page.ts'
import { readQuotas } from './quota-page.ts'
import { createReport, type PageError, type Report } from './report.ts'
import { readResource } from './resource-page.ts'
import { readRule } from './rule-page.ts'
import { slugOf } from './slug.ts'
import { readType } from './type-page.ts'
import type { World } from './world.ts'
import { createPositions } from './yaml.ts'
import { compareText } from '../../base/compare-text.ts'

/** A file of the specification. `file` is relative to the `spec/` folder, with forward slashes. */
export interface PageText {
  readonly file: string
  readonly text: string
}

/** What the pages say, and what is wrong with them. */
export interface Compiled {
  /** What could be read; complete and consistent only when there are no errors. */
  readonly spec: Spec
  /** Every error of every page, by file and line. */
  readonly errors: readonly PageError[]
}

/**
 * SHA-256 over the names and texts of the pages, hex. Line ends do not count: a checkout on Windows is the same
 * specification.
 */
export function digestOf(pages: readonly PageText[]): string {
  const hash = createHash('sha256')
  for (const { file, text } of pages.toSorted(byFile)) hash.update(JSON.stringify([file, unixLines(text)]))
  return hash.digest('hex')
}

const byFile = (a: PageText, b: PageText): number => compareText(a.file, b.file)
const unixLines = (text: string): string => text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')

/** No id may mean two rules. */
function checkAliases(rules: ReadonlyMap<string, RulePage>, report: Report): void {
  const owners = new Map([...rules.keys()].map(id => [id, id]))
  for (const { id, aliases, source } of rules.values()) {
    for (const alias of aliases) {
      const owner = owners.get(alias)
      if (owner !== undefined)
        report.error(source, `the alias \`${alias}\` is the name of the rule \`${owner}\` already`)
      else owners.set(alias, id)
    }
  }
}

/** What the pages say, one after the other. */
interface Gathered {
  readonly actions: Map<string, Action>
  readonly types: Map<string, StructType>
  readonly resources: Map<string, Resource>
  readonly resourceNames: Set<string>
  readonly rules: Map<string, RulePage>
  readonly ledger: Map<string, LedgerEntry>
  readonly typePages: Map<string, string>
  readonly commonErrors: ErrorRow[]
  readonly errorNames: Map<string, ErrorName>
  readonly properties: Property[]
  readonly quotas: Quota[]
  figures: Figures
}

const gathering = (): Gathered => ({
  actions: new Map(),
  types: new Map(),
  resources: new Map(),
  resourceNames: new Set(),
  rules: new Map(),
  ledger: new Map(),
  typePages: new Map(),
  commonErrors: [],
  errorNames: new Map(),
  properties: [],
  quotas: [],
  figures: {},
})

function add<T extends { readonly source: Source }>(
  map: Map<string, T>,
  what: string,
  name: string,
  one: T | undefined,
  report: Report,
): void {
  if (one === undefined) return
  const before = map.get(name)
  if (before === undefined) map.set(name, one)
  else report.error(one.source, `${what} \`${name}\` is there already, in ${before.source.file}:${before.source.line}`)
}

/** Reads a page as its kind is read. */
function readInto(gathered: Gathered, file: string, page: Page, reading: Reading, tables: MemberTables): void {
  const put = <T extends { readonly source: Source }>(
    map: Map<string, T>,
    what: string,
    name: string,
    one: T | undefined,
  ): void => add(map, what, name, one, reading.report)
  switch (page.kind) {
    case 'action':
      put(gathered.actions, 'the action', page.name, readAction(page, reading, tables))
      break
    case 'type':
      put(gathered.types, 'the type', page.name, readType(page, reading, tables))
      gathered.typePages.set(file, page.name)
      break
    case 'event':
      for (const one of readEvent(page, reading, tables)) put(gathered.types, 'the type', one.name, one)
      break
    case 'resource':
      put(gathered.resources, 'the resource', page.name, readResource(page, reading))
      gathered.resourceNames.add(page.name)
      break
    case 'rule':
      put(gathered.rules, 'the rule', page.name, readRule(page, reading))
      break
    case 'quotas':
      gathered.quotas.push(...readQuotas(page, page.front.text('profile')?.text ?? '', reading))
      break
    case 'figures':
      gathered.figures = { ...gathered.figures, ...readFigures(page, reading) }
      break
    case 'topic':
      gathered.commonErrors.push(...readCommonErrors(page, reading))
      for (const one of readErrorNames(page, reading)) put(gathered.errorNames, 'the error', one.name, one)
  }
}

/** Names of actions, and of all errors and members that any page names. */
function namesOf({ actions, types, commonErrors, errorNames }: Gathered): KnownNames {
  const members = [
    ...[...actions.values()].flatMap(({ request, responses }) => [request, ...responses.map(one => one.members)]),
    ...[...types.values()].map(type => type.members),
  ].flatMap(list => list.map(({ name }) => name))
  const errors = [...[...actions.values()].flatMap(action => action.errors), ...commonErrors].map(error => error.name)
  return {
    actions: [...actions.keys()],
    errors: unique([...errors, ...errorNames.keys()]),
    members: unique(members),
  }
}

/** Ids stand for ever, so that no two clauses may share one. */
function checkClauseIds(clauses: readonly Clause[], report: Report): void {
  const seen = new Map<string, Source>()
  for (const { id, page, line } of clauses) {
    const before = seen.get(id)
    const source = { file: page, line, column: 1 }
    if (before !== undefined)
      report.error(source, `the clause \`${id}\` is there already, in ${before.file}:${before.line}`)
    else seen.set(id, source)
  }
}

/** Compiles pages given as text. Pure: the same pages give the same specification and the same errors. */
export function compilePages(pages: readonly PageText[]): Compiled {
  const report = createReport()
  const checks: ((world: World) => void)[] = []
  const reading: Reading = { report, positions: createPositions(), later: check => void checks.push(check) }
  const links: LinkedType[] = []
  const link = (one: LinkedType): void => void links.push(one)

  const gathered = gathering()
  const { actions, types, resources, rules, ledger, commonErrors, errorNames, quotas, properties } = gathered

  const outlines = new Map<string, Page>()
  for (const { file, text } of pages.toSorted(byFile)) {
    if (file.endsWith('.yaml')) {
      for (const entry of readLedger(file, unixLines(text), reading))
        add(ledger, 'the ledger entry', entry.id, entry, report)
      continue
    }
    const page = readPage(file, unixLines(text), reading)
    if (page !== undefined) outlines.set(file, page)
  }
  const named = new Map(
    [...outlines.values()]
      .filter(page => page.kind === 'constraints')
      .map(page => [page.file, readNamedConstraints(page, reading)] as const),
  )
  const tables = createMemberTables(outlines, named, reading, link)

  for (const [file, page] of outlines) {
    checkFileName(page, reading)
    checkLeftovers(page, report)
    readInto(gathered, file, page, reading, tables)
    properties.push(...readProperties(page, reading))
  }

  checkAliases(rules, report)
  const { resourceNames, typePages } = gathered
  const world: World = { actions, types, resources, resourceNames, commonErrors, ledger, typePages }
  for (const one of links) checkLink(one, world, reading)
  for (const check of checks) check(world)
  for (const { sameAs, source } of ledger.values()) {
    if (sameAs !== undefined && !ledger.has(sameAs))
      report.error(source, `the ledger has no entry \`${sameAs}\``, { wrong: sameAs, known: ledger.keys() })
  }

  const topics = [...outlines.values()].filter(page => page.kind === 'topic')
  const names = namesOf(gathered)
  const parts = {
    actions: Object.fromEntries(actions),
    types: Object.fromEntries(types),
    resources: Object.fromEntries(resources),
    commonErrors,
    errorNames: Object.fromEntries(errorNames),
    refusals: joinRows(
      NO_REFUSALS,
      topics.map(page => readRefusals(page, reading, names)),
    ),
    answers: joinRows(
      NO_ANSWERS,
      topics.map(page => readAnswers(page, reading, names)),
    ),
    properties,
    quotas,
    figures: gathered.figures,
    rules: Object.fromEntries(rules),
    ledger: [...ledger.values()],
  }
  const clauses = deriveClauses(parts, world)
  checkClauseIds(clauses, report)
  for (const { entry, problem } of contradictions({ ledger: parts.ledger, clauses }))
    report.error(entry.source, problem)
  const spec: Spec = { schemaVersion: 1, edition: latestEdition(parts), digest: digestOf(pages), ...parts, clauses }
  return { spec, errors: report.errors }
}

function readProperties(page: Page, reading: Reading): readonly Property[] {
  if (page.kind === 'type' || page.kind === 'rule' || page.kind === 'constraints' || page.kind === 'figures') return []
  const ownWords = page.kind === 'topic' || page.kind === 'quotas' || page.kind === 'event'
  const profile = ownWords ? readProfile(page, reading) : (page.front.text('profile')?.text ?? '')
  const capabilities = ownWords
    ? readCapabilities(page.front.words('capabilities'), reading)
    : page.front.words('capabilities').map(word => word.text)
  const properties = fencesOf(page)
    .filter(fence => /^property\b/.test(fence.info))
    .flatMap(fence => readProperty(fence, page, profile, capabilities, reading) ?? [])
  return page.kind === 'topic' ? coverTogether(page, properties, reading) : properties
}

/** What a page about a topic covers as a whole is covered by each of its properties. */
function coverTogether(page: Page, properties: readonly Property[], reading: Reading): readonly Property[] {
  const words = page.front.words('covers')
  const covers = readCovers(words, reading)
  if (covers.length === 0) return properties
  if (properties.length === 0)
    reading.report.error(words[0]?.source ?? page.source, 'the page covers nothing: it has no property')
  return properties.map(property => ({ ...property, covers: unique([...property.covers, ...covers]) }))
}

/** Pages that links, or people, look for by name are called by it. */
function checkFileName(page: Page, { report }: Reading): void {
  if (page.kind === 'topic' || page.kind === 'quotas' || page.kind === 'constraints' || page.kind === 'figures') return
  const name = path.posix.basename(page.file, '.md')
  if (name !== page.name)
    report.error(page.source, `the page about \`${page.name}\` is called ${page.name}.md, not ${name}.md`)
}

function checkLink({ text, href, source }: LinkedType, { types, typePages }: World, { report }: Reading): void {
  const [relative = '', anchor] = href.split('#')
  const target = relative === '' ? source.file : path.posix.join(path.posix.dirname(source.file), relative)
  // Structures of events stand several on a page, each under its own heading.
  if (anchor !== undefined && types.get(text)?.source.file === target && slugOf(text) === anchor) return
  const described = typePages.get(target)
  if (described === text) return
  if (described !== undefined)
    report.error(source, `the link reads \`${text}\` and leads to the page of \`${described}\``)
  else
    report.error(source, `the link to \`${text}\` leads to ${target}, which is no page of a type`, {
      wrong: text,
      known: types.keys(),
    })
}

/** The latest edition that anything belongs to. */
function latestEdition({
  actions,
  types,
  resources,
  properties,
  quotas,
}: Pick<Spec, 'actions' | 'types' | 'resources' | 'properties' | 'quotas'>): string {
  const members = [
    ...Object.values(actions).flatMap(action => [
      ...action.request,
      ...action.responses.flatMap(response => response.members),
    ]),
    ...Object.values(types).flatMap(type => type.members),
  ]
  const editions = [
    ...[...Object.values(actions), ...Object.values(types), ...Object.values(resources)].map(page => page.edition),
    ...[...members, ...members.flatMap(member => member.constraints), ...properties, ...quotas].map(
      dated => dated.since ?? FIRST_EDITION,
    ),
  ]
  return editions.sort().at(-1) ?? FIRST_EDITION
}

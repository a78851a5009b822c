/** The member tables of actions and types. */
import type { Constraint, Edition, Member, Origin, TypeRef } from '../model.ts'
import { isAllOf, LINK, readAllOf, type MemberCells, type MemberSources } from './all-of.ts'
import { readCovers } from './common.ts'
import { readCodeSpans, type CodeSpan } from './code-spans.ts'
import { isAgreement, pathsOf } from './agreement.ts'
import { coveredBy, parseConstraint } from './constraint.ts'
import type { Cell, Table } from './markdown.ts'
import { isRepeatable, LOCATIONS, misfit, misplaced, type MemberTable } from './member-fit.ts'
import type { Reading } from './page.ts'
import { readTable } from './table.ts'
import { parseType } from './type-ref.ts'

/** Columns of the table of a request or a response. */
export const MEMBER_COLUMNS = ['Member', 'In', 'Type', 'Required', 'Constraints'] as const
/** Columns of the table of a data type. */
export const TYPE_COLUMNS = ['Member', 'Type', 'Required', 'Constraints'] as const

type Column = (typeof MEMBER_COLUMNS)[number]

/**
 * Reads a member table. A row that names a member of an `… all of` row without a type adds to it; one with a type
 * replaces it.
 */
export function readMembers(
  table: Table,
  kind: MemberTable,
  reading: Reading,
  sources: MemberSources,
): readonly Member[] {
  const { report } = reading
  const columns: readonly Column[] = kind === 'type' ? TYPE_COLUMNS : MEMBER_COLUMNS
  const rows = readTable(table, columns, [], report)
  const taken = new Map<string, Member>()
  for (const { cells } of rows) {
    if (!isAllOf(cells.Member)) continue
    for (const member of readAllOf(cells, kind, reading, sources)) {
      if (taken.has(member.name))
        report.error(cells.Member.source, `the member \`${member.name}\` comes from two rows \`… all of\``)
      taken.set(member.name, member)
    }
  }
  const members = new Map<string, Member>(taken)
  const seen = new Set<string>()
  for (const { cells } of rows) {
    if (isAllOf(cells.Member)) continue
    for (const name of namesIn(cells.Member, seen, reading)) {
      const base = cells.Type.text === '' ? taken.get(name) : undefined
      members.set(
        name,
        base === undefined
          ? readMember(name, cells, kind, reading, sources)
          : extend(base, cells, kind, reading, sources),
      )
    }
  }
  if (kind !== 'request') checkAgreements([...members.values()], reading)
  return [...members.values()]
}

/** The members that a row describes: one, or several of which it says the same. */
function namesIn(cell: Cell, seen: Set<string>, { report }: Reading): readonly string[] {
  return cell.text
    .split(/,\s*/)
    .map(text => text.replace(/^`(.*)`$/, '$1'))
    .filter(name => {
      if (!/^[A-Za-z][\w.-]*$/.test(name))
        report.error(cell.source, name === '' ? 'the member has no name' : `\`${name}\` is no name of a member`)
      else if (seen.has(name)) report.error(cell.source, `the member \`${name}\` is there twice`)
      else {
        seen.add(name)
        return true
      }
      return false
    })
}

/** Agreements speak of members that are there: of the same table, or of some request. */
function checkAgreements(members: readonly Member[], reading: Reading): void {
  for (const { constraints } of members) {
    for (const constraint of constraints) {
      if (!isAgreement(constraint)) continue
      for (const [first = '', second = ''] of pathsOf(constraint)) {
        if (first === 'request') {
          reading.later(({ actions }) => {
            const known = new Set([...actions.values()].flatMap(action => action.request.map(one => one.name)))
            if (!known.has(second))
              reading.report.error(constraint.source, `no request has a member \`${second}\``, { wrong: second, known })
          })
        } else if (!members.some(member => member.name === first))
          reading.report.error(constraint.source, `there is no member \`${first}\` beside this one`, {
            wrong: first,
            known: members.map(member => member.name),
          })
      }
    }
  }
}

function readMember(
  name: string,
  cells: MemberCells,
  kind: MemberTable,
  reading: Reading,
  sources: MemberSources,
): Member {
  const location = readLocation(cells.In, kind, name, reading)
  const type = readType(cells.Type, reading, sources)
  const { constraints, origin, since, until, covers } = readConstraints(cells.Constraints, type, kind, reading, sources)
  return {
    name,
    ...location,
    type: type ?? { kind: 'json' },
    required: readYesNo(cells.Required, reading),
    constraints,
    origin: origin ?? 'guide',
    ...(since && { since }),
    ...(until && { until }),
    ...(covers && { covers }),
    source: cells.Member.source,
  }
}

/**
 * A member that another table has, with what this row says besides. A constraint takes the place of one of its kind and
 * origin.
 */
function extend(base: Member, cells: MemberCells, kind: MemberTable, reading: Reading, sources: MemberSources): Member {
  const { own, dropped } = readAdded(base, cells.Constraints, kind, reading, sources)
  const replaced = (one: Constraint): boolean =>
    dropped.includes(one.kind) ||
    own.constraints.some(other => other.kind === one.kind && other.on === one.on && other.origin === one.origin)
  const { constraints, ...member } = own
  return {
    ...base,
    ...(kind !== 'type' && cells.In?.text ? readLocation(cells.In, kind, base.name, reading) : {}),
    required: cells.Required.text === '' ? base.required : readYesNo(cells.Required, reading),
    constraints: [...base.constraints.filter(constraint => !replaced(constraint)), ...constraints],
    ...member,
    source: cells.Member.source,
  }
}

/**
 * The constraints of a row that adds to a member: its own, and after `not` the kinds of those that do not hold here.
 */
function readAdded(
  base: Member,
  cell: Cell,
  kind: MemberTable,
  reading: Reading,
  sources: MemberSources,
): { readonly own: MemberConstraints; readonly dropped: readonly string[] } {
  const dropped: string[] = []
  for (const { text, source } of readCodeSpans(cell).spans) {
    const not = /^not (\w+)$/.exec(text)?.[1]
    if (not === undefined) continue
    dropped.push(not)
    if (!base.constraints.some(constraint => constraint.kind === not))
      reading.report.error(source, `\`${base.name}\` has no \`${not}\` that could be taken away`)
  }
  const rest = { ...cell, raw: cell.raw.replace(/`not \w+`/g, match => ' '.repeat(match.length)) }
  return { own: readConstraints(rest, base.type, kind, reading, sources), dropped }
}

function readLocation(
  cell: Cell | undefined,
  table: MemberTable,
  name: string,
  { report }: Reading,
): Pick<Member, 'in' | 'wireName'> {
  if (table === 'type' || cell === undefined) return { in: 'body', wireName: name }
  const [word = '', wireName, ...more] = cell.text.replaceAll('`', '').split(/\s+/)
  const allowed = LOCATIONS[table]
  const location = allowed.find(one => one === word)
  if (location === undefined) {
    report.error(cell.source, `unknown place \`${word}\`; a ${table} member stands in ${allowed.join(', ')}`, {
      wrong: word,
      known: allowed,
    })
    return { in: 'body', wireName: name }
  }
  if (more.length > 0 || (wireName !== undefined && location !== 'query' && location !== 'header')) {
    report.error(
      cell.source,
      'only `query` and `header` have a name on the wire, and it is one word: `header X-Amz-Log-Type`',
    )
  }
  return { in: location, wireName: wireName ?? name }
}

function readType(cell: Cell, { report }: Reading, { link }: MemberSources): TypeRef | undefined {
  const parsed = parseType(cell.raw)
  const at = (offset: number) => ({ ...cell.source, column: cell.source.column + offset })
  if ('problem' in parsed) {
    report.error(at(parsed.offset), parsed.problem)
    return undefined
  }
  for (const { type, href, offset } of parsed.links) link({ text: type, href, source: at(offset) })
  return parsed.type
}

function readYesNo(cell: Cell, { report }: Reading): boolean {
  if (cell.text !== 'yes' && cell.text !== 'no')
    report.error(cell.source, `write \`yes\` or \`no\`, not \`${cell.text}\``)
  return cell.text === 'yes'
}

interface MemberConstraints {
  readonly constraints: readonly Constraint[]
  readonly origin?: Origin
  readonly since?: Edition
  readonly until?: Edition
  readonly covers?: readonly string[]
}

function readConstraints(
  cell: Cell,
  type: TypeRef | undefined,
  table: MemberTable,
  reading: Reading,
  sources: MemberSources,
): MemberConstraints {
  const { report } = reading
  const constraints: Constraint[] = []
  const place = (constraint: Constraint): void => {
    const problem = (type && misfit(constraint, type)) ?? misplaced(constraint, table)
    const twin = constraints.find(
      one =>
        one.kind === constraint.kind &&
        one.on === constraint.on &&
        one.origin === constraint.origin &&
        !isRepeatable(one) &&
        JSON.stringify([one.since]) === JSON.stringify([constraint.since]),
    )
    if (problem !== undefined) report.error(constraint.source, problem)
    else if (twin !== undefined) report.error(constraint.source, `a second \`${constraint.kind}\` from the same source`)
    else constraints.push(constraint)
  }
  const { spans, strays } = readCodeSpans(cell)
  for (const stray of strays)
    readNamed(stray, one => (misplaced(one, table) === undefined ? place(one) : undefined), { report }, sources)
  let member: Omit<MemberConstraints, 'constraints'> = {}
  for (const span of spans) {
    const parsed = parseConstraint(span.text)
    const covered = coveredBy(parsed).map(text => ({ text, source: span.source }))
    readCovers(covered, reading)
    if ('problem' in parsed) {
      report.error({ ...span.source, column: span.source.column + parsed.offset }, parsed.problem)
    } else if ('member' in parsed) {
      member = { ...member, ...parsed.member }
    } else {
      place({ ...parsed.constraint, source: span.source })
    }
  }
  return { constraints, ...member }
}

/**
 * Links to named constraints, the only thing beside code spans: `[function name](../constraints.md#function-name)`,
 * `each` or `key` before it.
 */
function readNamed(
  stray: CodeSpan,
  place: (constraint: Constraint) => void,
  { report }: Pick<Reading, 'report'>,
  sources: MemberSources,
): void {
  let rest = stray.text
  for (;;) {
    const offset = stray.text.length - rest.length
    const match = new RegExp(`^[\\s,]*(?:(each|key)\\s+)?${LINK.source}`).exec(rest)
    if (match === null) break
    rest = rest.slice(match[0].length)
    const source = { ...stray.source, column: stray.source.column + offset }
    for (const constraint of sources.constraintsAt({ text: match[2] ?? '', href: match[3] ?? '', source })) {
      if (match[1] !== undefined && constraint.on !== 'self')
        report.error(source, `\`${match[2]}\` speaks of \`${constraint.on}\` itself: leave the \`${match[1]}\` out`)
      place({ ...constraint, ...(match[1] !== undefined && { on: match[1] as Constraint['on'] }), source })
    }
  }
  if (rest.trim() !== '')
    report.error(
      { ...stray.source, column: stray.source.column + stray.text.length - rest.length },
      `\`${rest.trim()}\` stands outside of a code span; every constraint is a code span of its own, ` +
        `such as \`length 1..64\``,
    )
}

/** The member tables of actions and types. */
import type { Constraint, Edition, Member, MemberLocation, Origin, TypeRef } from '../model.ts'
import { readCovers } from './common.ts'
import { readCodeSpans, type CodeSpan } from './code-spans.ts'
import { isAgreement, pathsOf } from './agreement.ts'
import { coveredBy, parseConstraint, printConstraint, type UnplacedConstraint } from './constraint.ts'
import type { Cell, Table } from './markdown.ts'
import type { Reading, Word } from './page.ts'
import { readTable } from './table.ts'
import { parseType, printType } from './type-ref.ts'
import { isOneOf } from '../../base/is-one-of.ts'

/** Where a table of members stands, which decides what its constraints may say. */
export type MemberTable = 'request' | 'response' | 'type'

/** A link from a Type cell to the page of a type. */
export interface LinkedType extends Word {
  readonly href: string
}

const LOCATIONS: { readonly [table in MemberTable]: readonly MemberLocation[] } = {
  request: ['uri', 'query', 'header', 'body', 'payload'],
  response: ['header', 'body', 'payload', 'status'],
  type: ['body'],
}

/** Columns of the table of a request or a response. */
export const MEMBER_COLUMNS = ['Member', 'In', 'Type', 'Required', 'Constraints'] as const
/** Columns of the table of a data type. */
export const TYPE_COLUMNS = ['Member', 'Type', 'Required', 'Constraints'] as const

type Column = (typeof MEMBER_COLUMNS)[number]

/** What a member table may draw on beside itself. */
export interface MemberSources {
  /** A link from a Type cell, to be looked up when all pages are known. */
  link(link: LinkedType): void
  /** The members of the table that a row `… all of [Type](../types/Type.md)` leads to. */
  membersAt(target: LinkedType): readonly Member[]
  /** The constraints that stand on a page under a name; nothing, with an error, when there are none. */
  constraintsAt(target: LinkedType): readonly UnplacedConstraint[]
}

const LINK = /\[([^\]]+)\]\(([^)\s]+)\)/
const ALL_OF = new RegExp(`^(?:…|\\.\\.\\.)\\s*all of ${LINK.source}$`)

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
    if (!/^(…|\.\.\.)/.test(cells.Member.text)) continue
    for (const member of readAllOf(cells, kind, reading, sources)) {
      if (taken.has(member.name))
        report.error(cells.Member.source, `the member \`${member.name}\` comes from two rows \`… all of\``)
      taken.set(member.name, member)
    }
  }
  const members = new Map<string, Member>(taken)
  const seen = new Set<string>()
  for (const { cells } of rows) {
    if (/^(…|\.\.\.)/.test(cells.Member.text)) continue
    const name = cells.Member.text.replace(/^`(.*)`$/, '$1')
    if (!/^[A-Za-z][\w.-]*$/.test(name)) {
      report.error(cells.Member.source, name === '' ? 'the member has no name' : `\`${name}\` is no name of a member`)
      continue
    }
    if (seen.has(name)) {
      report.error(cells.Member.source, `the member \`${name}\` is there twice`)
      continue
    }
    seen.add(name)
    const base = cells.Type.text === '' ? taken.get(name) : undefined
    members.set(
      name,
      base === undefined
        ? readMember(name, cells, kind, reading, sources)
        : extend(base, cells, kind, reading, sources),
    )
  }
  if (kind !== 'request') checkAgreements([...members.values()], reading)
  return [...members.values()]
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
            known: members.map(one => one.name),
          })
      }
    }
  }
}

type Cells = { readonly [column in Column]: Cell }

function readMember(name: string, cells: Cells, kind: MemberTable, reading: Reading, sources: MemberSources): Member {
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
function extend(base: Member, cells: Cells, kind: MemberTable, reading: Reading, sources: MemberSources): Member {
  const { own, dropped } = readAdded(base, cells.Constraints, kind, reading, sources)
  const replaced = (one: Constraint): boolean =>
    dropped.includes(one.kind) ||
    own.constraints.some(other => other.kind === one.kind && other.on === one.on && other.origin === one.origin)
  const { constraints, ...member } = own
  return {
    ...base,
    ...(kind !== 'type' && cells.In?.text ? readLocation(cells.In, kind, base.name, reading) : {}),
    required: cells.Required.text === '' ? base.required : readYesNo(cells.Required, reading),
    constraints: [...base.constraints.filter(one => !replaced(one)), ...constraints],
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
    if (!base.constraints.some(one => one.kind === not))
      reading.report.error(source, `\`${base.name}\` has no \`${not}\` that could be taken away`)
  }
  const rest = { ...cell, raw: cell.raw.replace(/`not \w+`/g, match => ' '.repeat(match.length)) }
  return { own: readConstraints(rest, base.type, kind, reading, sources), dropped }
}

/** The members that a row `… all of` brings, without those after `except`; those after `echo` equal the request's. */
function readAllOf(cells: Cells, kind: MemberTable, reading: Reading, sources: MemberSources): readonly Member[] {
  const { report } = reading
  const match = ALL_OF.exec(cells.Member.raw)
  if (match === null) {
    report.error(
      cells.Member.source,
      'a row that takes members from elsewhere is written `… all of [Type](../types/Type.md)` or `… all of [Action](Action.md#request)`',
    )
    return []
  }
  for (const cell of [cells.In, cells.Type, cells.Required]) {
    if (cell !== undefined && cell.text !== '')
      report.error(cell.source, 'a row `… all of` leaves this cell empty: each member has its own')
  }
  const found = sources.membersAt({ text: match[1] ?? '', href: match[2] ?? '', source: cells.Member.source })
  const named: { readonly [word in 'except' | 'echo']: Map<string, CodeSpan> } = { except: new Map(), echo: new Map() }
  const { spans, strays } = readCodeSpans(cells.Constraints)
  for (const span of [...spans, ...strays]) {
    const [word = '', ...names] = span.text.split(/\s+/)
    if ((word !== 'except' && (word !== 'echo' || kind !== 'response')) || names.length === 0) {
      report.error(span.source, 'a row `… all of` has only `except Member …`, and in an answer `echo Member …`')
      continue
    }
    for (const name of names) {
      if (!found.some(member => member.name === name))
        report.error(span.source, `${match[1]} has no member \`${name}\``, {
          wrong: name,
          known: found.map(member => member.name),
        })
      named[word].set(name, span)
    }
  }
  const places = LOCATIONS[kind]
  return found
    .filter(member => !named.except.has(member.name))
    .flatMap(member => {
      if (!places.includes(member.in)) {
        report.error(
          cells.Member.source,
          `\`${member.name}\` stands in ${member.in}, which is no place here; leave it out with \`except\``,
        )
        return []
      }
      const span = named.echo.get(member.name)
      const constraints =
        span === undefined
          ? member.constraints.filter(one => misplaced(one, kind) === undefined)
          : [
              ...member.constraints.filter(one => misplaced(one, kind) === undefined),
              { kind: 'echo', on: 'self', origin: 'guide', source: span.source } as const,
            ]
      return [{ ...member, constraints }]
    })
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
      `\`${rest.trim()}\` stands outside of a code span; every constraint is a code span of its own, such as \`length 1..64\``,
    )
}

/** Of these a member may have several. */
/** Those of which several may hold at once, or one of several as the request has it. */
const isRepeatable = (constraint: Constraint): boolean =>
  isOneOf(['pattern', 'same', 'free'], constraint.kind) ||
  (constraint.kind === 'default' && (constraint.when ?? constraint.unless) !== undefined)

/** Constraints that bound a size, of which a writer may have taken the wrong one. */
const SIZES = ['length', 'range', 'items', 'entries'] as const

const APPLIES: { readonly [kind in Constraint['kind']]: readonly TypeRef['kind'][] | 'all' } = {
  length: ['string', 'blob', 'json'],
  range: ['integer', 'long', 'double'],
  items: ['list'],
  entries: ['map'],
  pattern: ['string'],
  enum: ['string'],
  format: ['string', 'blob', 'timestamp', 'json'],
  open: ['string'],
  echo: 'all',
  default: 'all',
  arn: ['string'],
  own: ['string'],
  same: 'all',
  equals: ['string'],
  ends: ['string'],
  prefix: ['string'],
  unique: ['list'],
  most: ['integer', 'long', 'double'],
  absent: 'all',
  coupled: 'all',
  free: 'all',
}

/** Why a constraint cannot speak of a member of this type. */
function misfit(constraint: UnplacedConstraint, type: TypeRef): string | undefined {
  let subject: TypeRef = type
  if (constraint.on === 'each') {
    if (type.kind !== 'list' && type.kind !== 'map')
      return `\`each\` speaks of the elements of a list or the values of a map, and this is ${article(type)}`
    subject = type.kind === 'list' ? type.of : type.value
  } else if (constraint.on === 'key') {
    if (type.kind !== 'map') return `\`key\` speaks of the keys of a map, and this is ${article(type)}`
    subject = type.key
  }
  const fits = APPLIES[constraint.kind]
  if (fits === 'all' || fits.includes(subject.kind)) return undefined
  const better = SIZES.find(kind => APPLIES[kind].includes(subject.kind))
  const complaint = `\`${constraint.kind}\` does not apply to ${article(subject)}`
  if (constraint.on === 'self' && type.kind === 'list' && fits.includes(type.of.kind))
    return `${complaint}; did you mean \`each ${constraint.kind}\`?`
  return better !== undefined && 'min' in constraint ? `${complaint}; did you mean \`${better}\`?` : complaint
}

function answerOnly(constraint: UnplacedConstraint): string | undefined {
  const only =
    constraint.kind === 'echo' || constraint.kind === 'default' || constraint.kind === 'open' || isAgreement(constraint)
  return only ? `\`${firstWord(constraint)}\` speaks of answers, and this is a request` : undefined
}

function requestOnly(constraint: UnplacedConstraint): string | undefined {
  return constraint.kind === 'coupled' || constraint.kind === 'free'
    ? `\`${constraint.kind}\` speaks of requests, and this is an answer`
    : undefined
}

/** Why a constraint has no place in a table. Types are in requests and in answers. */
function misplaced(constraint: UnplacedConstraint, table: MemberTable): string | undefined {
  if (table === 'request') return answerOnly(constraint)
  return table === 'response' ? requestOnly(constraint) : undefined
}

const firstWord = (constraint: UnplacedConstraint): string =>
  printConstraint({ ...constraint, on: 'self', origin: 'guide' }).split(' ')[0] ?? ''

function article(type: TypeRef): string {
  const words = printType(type)
  return `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`
}

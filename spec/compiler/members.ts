/** The member tables of actions and types. */
import type { Constraint, Edition, Member, MemberLocation, Origin, TypeRef } from '../model.ts'
import { readCodeSpans } from './code-spans.ts'
import { parseConstraint, type UnplacedConstraint } from './constraint.ts'
import type { Cell, Table } from './markdown.ts'
import type { Reading, Word } from './page.ts'
import { readTable } from './table.ts'
import { parseType, printType } from './type-ref.ts'

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

export const MEMBER_COLUMNS = ['Member', 'In', 'Type', 'Required', 'Constraints'] as const
export const TYPE_COLUMNS = ['Member', 'Type', 'Required', 'Constraints'] as const

type Column = (typeof MEMBER_COLUMNS)[number]

/** Reads a member table; links to types are handed to `link`, to be looked up when all pages are known. */
export function readMembers(
  table: Table,
  kind: MemberTable,
  reading: Reading,
  link: (link: LinkedType) => void,
): readonly Member[] {
  const { report } = reading
  const seen = new Set<string>()
  const columns: readonly Column[] = kind === 'type' ? TYPE_COLUMNS : MEMBER_COLUMNS
  return readTable(table, columns, [], report).flatMap(({ cells }) => {
    const name = cells.Member.text.replace(/^`(.*)`$/, '$1')
    if (!/^[A-Za-z][\w-]*$/.test(name)) {
      report.error(cells.Member.source, name === '' ? 'the member has no name' : `\`${name}\` is no name of a member`)
      return []
    }
    if (seen.has(name)) {
      report.error(cells.Member.source, `the member \`${name}\` is there twice`)
      return []
    }
    seen.add(name)
    const location = readLocation(cells.In, kind, name, reading)
    const type = readType(cells.Type, reading, link)
    const { constraints, origin, since, until } = readConstraints(cells.Constraints, type, kind, reading)
    return [
      {
        name,
        ...location,
        type: type ?? { kind: 'json' },
        required: readYesNo(cells.Required, reading),
        constraints,
        origin: origin ?? 'guide',
        ...(since && { since }),
        ...(until && { until }),
        source: cells.Member.source,
      } satisfies Member,
    ]
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

function readType(cell: Cell, { report }: Reading, link: (link: LinkedType) => void): TypeRef | undefined {
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
}

function readConstraints(
  cell: Cell,
  type: TypeRef | undefined,
  table: MemberTable,
  { report }: Reading,
): MemberConstraints {
  const { spans, strays } = readCodeSpans(cell)
  for (const stray of strays)
    report.error(
      stray.source,
      `\`${stray.text}\` stands outside of a code span; every constraint is a code span of its own, such as \`length 1..64\``,
    )
  const constraints: Constraint[] = []
  let member: Omit<MemberConstraints, 'constraints'> = {}
  for (const span of spans) {
    const parsed = parseConstraint(span.text)
    if ('problem' in parsed) {
      report.error({ ...span.source, column: span.source.column + parsed.offset }, parsed.problem)
    } else if ('member' in parsed) {
      member = { ...member, ...parsed.member }
    } else {
      const constraint: Constraint = { ...parsed.constraint, source: span.source }
      const problem = (type && misfit(constraint, type)) ?? (table === 'request' ? answerOnly(constraint) : undefined)
      const twin = constraints.find(
        one =>
          one.kind === constraint.kind &&
          one.on === constraint.on &&
          one.origin === constraint.origin &&
          one.kind !== 'pattern',
      )
      if (problem !== undefined) report.error(span.source, problem)
      else if (twin !== undefined) report.error(span.source, `a second \`${constraint.kind}\` from the same source`)
      else constraints.push(constraint)
    }
  }
  return { constraints, ...member }
}

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
  const better = (Object.keys(APPLIES) as Constraint['kind'][]).find(
    kind =>
      ['length', 'range', 'items', 'entries'].includes(kind) &&
      (APPLIES[kind] as readonly string[]).includes(subject.kind),
  )
  const inside = constraint.on === 'self' && type.kind === 'list' && fits.includes(type.of.kind) ? 'each' : undefined
  const advice =
    inside !== undefined
      ? `; did you mean \`each ${constraint.kind}\`?`
      : better !== undefined && 'min' in constraint
        ? `; did you mean \`${better}\`?`
        : ''
  return `\`${constraint.kind}\` does not apply to ${article(subject)}${advice}`
}

function answerOnly(constraint: UnplacedConstraint): string | undefined {
  const only = constraint.kind === 'echo' || constraint.kind === 'default' || constraint.kind === 'open'
  return only ? `\`${constraint.kind}\` speaks of answers, and this is a request` : undefined
}

function article(type: TypeRef): string {
  const words = printType(type)
  return `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`
}

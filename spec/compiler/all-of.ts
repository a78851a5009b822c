/** Rows `… all of`, which bring the members of another table. */
import type { Constraint, Member } from '../model.ts'
import { isOneOf } from '../../base/is-one-of.ts'
import { readCodeSpans, type CodeSpan } from './code-spans.ts'
import type { UnplacedConstraint } from './constraint.ts'
import type { Cell } from './markdown.ts'
import { LOCATIONS, misplaced, type MemberTable } from './member-fit.ts'
import type { Reading, Word } from './page.ts'

/** A link from a Type cell to the page of a type. */
export interface LinkedType extends Word {
  readonly href: string
}

/** What a member table may draw on beside itself. */
export interface MemberSources {
  /** A link from a Type cell, to be looked up when all pages are known. */
  link(link: LinkedType): void
  /** The members of the table that a row `… all of [Type](../types/Type.md)` leads to. */
  membersAt(target: LinkedType): readonly Member[]
  /** The constraints that stand on a page under a name; nothing, with an error, when there are none. */
  constraintsAt(target: LinkedType): readonly UnplacedConstraint[]
}

/** A Markdown link, its text and its target. */
export const LINK = /\[([^\]]+)\]\(([^)\s]+)\)/
const ALL_OF = new RegExp(`^(?:…|\\.\\.\\.)\\s*all of ${LINK.source}$`)

/** What a row `… all of` may say of the members that it brings, each word with their names behind it. */
const WORDS = ['only', 'except', 'required', 'optional', 'echo'] as const
type NamedMembers = { readonly [word in (typeof WORDS)[number]]: Map<string, CodeSpan> }

/** Whether a row brings the members of another table. */
export const isAllOf = (cell: Cell): boolean => /^(…|\.\.\.)/.test(cell.text)

/** The cells of a row of a member table; the table of a type has no column In. */
export interface MemberCells {
  readonly Member: Cell
  readonly In?: Cell
  readonly Type: Cell
  readonly Required: Cell
  readonly Constraints: Cell
}

/**
 * The members that a row `… all of` brings: those after `only`, or all without those after `except`. Those after
 * `required` and `optional` are so here, and those after `echo` equal the request's.
 */
export function readAllOf(
  cells: MemberCells,
  kind: MemberTable,
  reading: Reading,
  sources: MemberSources,
): readonly Member[] {
  const { report } = reading
  const match = ALL_OF.exec(cells.Member.raw)
  if (match === null) {
    report.error(
      cells.Member.source,
      'a row that takes members from elsewhere is written `… all of [Type](../types/Type.md)` or `… all of ' +
        '[Action](Action.md#request)`',
    )
    return []
  }
  for (const cell of [cells.In, cells.Type, cells.Required]) {
    if (cell !== undefined && cell.text !== '')
      report.error(cell.source, 'a row `… all of` leaves this cell empty: each member has its own')
  }
  const [, text = '', href = ''] = match
  const found = sources.membersAt({ text, href, source: cells.Member.source })
  const named = readNames(cells.Constraints, kind, text, found, reading)
  return found
    .filter(({ name }) => (named.only.size === 0 || named.only.has(name)) && !named.except.has(name))
    .flatMap(member => {
      if (LOCATIONS[kind].includes(member.in)) return [asNamed(member, named, kind)]
      report.error(
        cells.Member.source,
        `\`${member.name}\` stands in ${member.in}, which is no place here; leave it out with \`except\``,
      )
      return []
    })
}

function readNames(
  cell: Cell,
  kind: MemberTable,
  from: string,
  found: readonly Member[],
  { report }: Reading,
): NamedMembers {
  const named: NamedMembers = {
    only: new Map(),
    except: new Map(),
    required: new Map(),
    optional: new Map(),
    echo: new Map(),
  }
  const { spans, strays } = readCodeSpans(cell)
  for (const span of [...spans, ...strays]) {
    const [word = '', ...names] = span.text.split(/\s+/)
    if (!isOneOf(WORDS, word) || (word === 'echo' && kind !== 'response') || names.length === 0) {
      report.error(
        span.source,
        'a row `… all of` has `only`, `except`, `required`, `optional`, and in an answer `echo`, ' +
          'with names of members: `except Tags Publish`',
      )
      continue
    }
    for (const name of names) {
      if (!found.some(member => member.name === name))
        report.error(span.source, `${from} has no member \`${name}\``, {
          wrong: name,
          known: found.map(member => member.name),
        })
      named[word].set(name, span)
    }
  }
  return named
}

/** A member as the row wants it; what changes about it stands in the row. */
function asNamed(member: Member, named: NamedMembers, kind: MemberTable): Member {
  const { name } = member
  const demand = named.required.get(name) ?? named.optional.get(name)
  const echo = named.echo.get(name)
  const constraints: Constraint[] = member.constraints.filter(constraint => misplaced(constraint, kind) === undefined)
  if (echo !== undefined) constraints.push({ kind: 'echo', on: 'self', origin: 'guide', source: echo.source })
  return {
    ...member,
    constraints,
    ...(demand !== undefined && { required: named.required.has(name), source: demand.source }),
  }
}

/**
 * All member tables of all pages, each read once, so that one may take its members from another wherever that stands.
 */
import path from 'node:path'
import type { Member } from '../model.ts'
import type { NamedConstraints } from './constraints-page.ts'
import type { Table } from './markdown.ts'
import type { LinkedType, MemberSources } from './all-of.ts'
import type { MemberTable } from './member-fit.ts'
import { readMembers } from './members.ts'
import { tablesOf, type Page, type Reading } from './page.ts'
import { slugOf } from './slug.ts'

/** Reads the tables of members, each with what its `… all of` rows bring along. */
export interface MemberTables {
  /** The members of a table, with those that it takes from others. */
  read(table: Table, kind: MemberTable): readonly Member[]
  /** The member of this name that a page need not describe: a label of a path, or a marker of `pagination`. */
  shared(name: string): Member | undefined
}

/** The heading on a page of constraints under which the members stand that pages need not describe. */
export const SHARED_MEMBERS = 'Shared members'

/** `named`: by file, then by anchor. */
export function createMemberTables(
  pages: ReadonlyMap<string, Page>,
  named: ReadonlyMap<string, ReadonlyMap<string, NamedConstraints>>,
  reading: Reading,
  link: (link: LinkedType) => void,
): MemberTables {
  const { report } = reading
  const members = new Map<Table, readonly Member[]>()
  const open = new Set<Table>()

  const read = (table: Table, kind: MemberTable): readonly Member[] => {
    const before = members.get(table)
    if (before !== undefined) return before
    open.add(table)
    const found = readMembers(table, kind, reading, sources)
    open.delete(table)
    members.set(table, found)
    return found
  }

  const sources: MemberSources = {
    link,
    membersAt({ text, href, source }) {
      const { file, anchor } = targetOf(source.file, href)
      const page = pages.get(file)
      const kind = page === undefined ? undefined : tableKind(page, anchor)
      if (page === undefined || kind === undefined) {
        report.error(source, `the link leads to ${file}, which is no page of a type or an action`)
        return []
      }
      if (/^\w*/.exec(text)?.[0] !== page.name) {
        report.error(source, `the link reads \`${text}\` and leads to the page of \`${page.name}\``)
        return []
      }
      const section = anchor ?? 'members'
      const table = tablesOf(page).find(table => slugOf(table.section) === section)
      if (table === undefined)
        report.error(source, `${file} has no table under \`#${section}\``, {
          wrong: section,
          known: tablesOf(page).map(table => slugOf(table.section)),
        })
      else if (open.has(table)) report.error(source, 'the table takes its members from itself')
      else return read(table, kind)
      return []
    },
    constraintsAt({ text, href, source }) {
      const { file, anchor = '' } = targetOf(source.file, href)
      const found = named.get(file)?.get(anchor)
      if (found === undefined)
        report.error(source, `there are no constraints named \`${text}\` at ${file}#${anchor}`, {
          wrong: anchor,
          known: named.get(file)?.keys() ?? [],
        })
      else if (slugOf(text) !== anchor)
        report.error(source, `the link reads \`${text}\` and leads to \`${found.name}\``)
      return found?.constraints ?? []
    },
  }
  const sharedTables = [...pages.values()]
    .filter(page => page.kind === 'constraints')
    .flatMap(page => tablesOf(page).filter(table => table.section === SHARED_MEMBERS))
  return {
    read,
    shared: name => sharedTables.flatMap(table => read(table, 'request')).find(member => member.name === name),
  }
}

function tableKind(page: Page, anchor: string | undefined): MemberTable | undefined {
  if (page.kind === 'type' || page.kind === 'event') return 'type'
  if (page.kind !== 'action' || anchor === undefined) return undefined
  return anchor === 'request' ? 'request' : 'response'
}

function targetOf(from: string, href: string): { readonly file: string; readonly anchor?: string } {
  const [relative = '', anchor] = href.split('#')
  return {
    file: relative === '' ? from : path.posix.join(path.posix.dirname(from), relative),
    ...(anchor !== undefined && { anchor }),
  }
}

/** `spec/types/<Type>.md`: one data type. */
import type { Member, Source, StructType, Value } from '../model.ts'
import { readCovers, variablesOf } from './common.ts'
import type { MemberTables } from './member-tables.ts'
import { FIRST_EDITION, readEdition, summaryOf, type Page, type Reading } from './page.ts'
import { checkMembers } from './values.ts'
import { fenceFragment, readYaml } from './yaml.ts'
import { isMapping } from '../value-kinds.ts'

/** Reads `spec/types/<Type>.md`. */
export function readType(page: Page, reading: Reading, tables: MemberTables): StructType {
  const { report } = reading
  let members: readonly Member[] | undefined
  let example: Value | undefined
  let exampleSource: Source = page.source
  for (const block of page.blocks) {
    if (block.kind === 'table' && block.section === 'Members') {
      if (members !== undefined) report.error(block.source, 'a second table under `## Members`')
      members = tables.read(block, 'type')
    } else if (block.kind === 'fence' && /^example\b/.test(block.info)) {
      if (example !== undefined) report.error(block.source, 'a second `example`')
      example = readYaml(fenceFragment(block), report, reading.positions)
      exampleSource = block.source
    }
  }
  if (members === undefined) report.error(page.source, 'the page lacks its `## Members` table')
  const type: StructType = {
    name: page.name,
    guide: page.front.text('guide')?.text ?? null,
    edition: readEdition(page.front.text('edition'), FIRST_EDITION, report),
    summary: summaryOf(page),
    covers: readCovers(page.front.words('covers'), reading),
    members: members ?? [],
    ...(example !== undefined && { example }),
    source: page.source,
  }
  reading.later(world => {
    if (example === undefined) return
    if (isMapping(example))
      checkMembers(
        example,
        type.members,
        type.name,
        exampleSource,
        { use: 'request', variables: variablesOf(world, []), world, reading },
        true,
      )
    else report.error(exampleSource, 'an `example` is a mapping of members')
  })
  return type
}

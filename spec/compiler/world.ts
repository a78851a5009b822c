/** All pages at once, for checks that need more than one. */
import type { Action, ErrorRow, LedgerEntry, Member, Resource, StructType, TypeRef } from '../model.ts'

/** All pages by name, for what is checked across them. */
export interface World {
  readonly actions: ReadonlyMap<string, Action>
  readonly types: ReadonlyMap<string, StructType>
  readonly resources: ReadonlyMap<string, Resource>
  /** Of all resource pages, of those too that could not be read. */
  readonly resourceNames: ReadonlySet<string>
  readonly commonErrors: readonly ErrorRow[]
  readonly ledger: ReadonlyMap<string, LedgerEntry>
  /** File to the name of the type that it describes. */
  readonly typePages: ReadonlyMap<string, string>
}

/** Members of a struct type; none when the type is no struct, or its page is missing. */
export function membersOf(world: World, type: TypeRef): readonly Member[] {
  return type.kind === 'ref' ? (world.types.get(type.type)?.members ?? []) : []
}

/** Everything that an action may answer. */
export function answerMembers(action: Action): readonly Member[] {
  return action.responses.flatMap(response => response.members)
}

/** Every error that an action may give, its own and the common ones. */
export function errorsOf(world: World, action: Action): readonly ErrorRow[] {
  return [...action.errors, ...world.commonErrors]
}

/** Resources in the order in which they must be made, each once; unknown names and cycles are left out. */
export function closureOf(world: World, needs: readonly string[], above: readonly string[] = []): readonly string[] {
  const found: string[] = []
  for (const need of needs) {
    if (above.includes(need)) continue
    for (const one of [...closureOf(world, world.resources.get(need)?.needs ?? [], [...above, need]), need]) {
      if (!found.includes(one)) found.push(one)
    }
  }
  return found
}

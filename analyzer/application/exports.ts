/** What stacks of one tree hand to one another: `Outputs` with an `Export`, and `Fn::ImportValue`. */
import type { Loc } from './source.ts'
import type { TemplateFormat } from './model.ts'
import { referenceValue } from './value.ts'
import type { Value } from './value.ts'

/** The output that is exported under a name; undefined when none is, or several are. */
export type Imports = (name: string, at: Loc) => Value | undefined

/**
 * Finds exports among templates. These must all be read before somebody asks for the first one.
 * @param templates their roots
 */
export function importsAmong(templates: readonly { readonly format: TemplateFormat; readonly root: Value }[]): Imports {
  let byName: ReadonlyMap<string, Value | undefined> | undefined
  const finding = new Set<string>()
  return (name, at) => {
    // A name of an export that is an import itself.
    if (finding.has(name)) return undefined
    finding.add(name)
    try {
      byName ??= exportsOf(templates.filter(one => one.format !== 'serverless').map(one => one.root))
      const output = byName.get(name)
      return output && imported(output, name, at)
    } finally {
      finding.delete(name)
    }
  }
}

function exportsOf(roots: readonly Value[]): ReadonlyMap<string, Value | undefined> {
  const found = new Map<string, Value | undefined>()
  for (const root of roots)
    for (const { value: output } of root.at('Outputs').entries()) {
      const name = output.at('Export', 'Name').string()
      if (name !== undefined) found.set(name, found.has(name) ? undefined : output.at('Value'))
    }
  return found
}

/** Ids are those of a template: in another one the resource goes by the name of its export. */
function imported(output: Value, name: string, at: Loc): Value | undefined {
  const { reference } = output
  if (!reference) return output.string() === undefined ? undefined : output.withLoc(at)
  const { resource } = reference
  if (!resource) return undefined
  return referenceValue(at, { id: `export ${name}`, attribute: reference.attribute, resource })
}

/** The kinds of events that the pages know. */
import type { Spec, StructType } from '../../spec/model.ts'
import { compareText } from '../../base/compare-text.ts'

/** The structure of each event by its kind, `s3`, which is the name of its page; in their order. */
export function eventTypes(spec: Pick<Spec, 'types'>): { readonly [kind: string]: StructType } {
  return Object.fromEntries(
    Object.values(spec.types)
      .filter(type => type.name.endsWith('Event') && kindOf(type) !== undefined)
      .map(type => [kindOf(type) as string, type] as const)
      .sort(([a], [b]) => compareText(a, b)),
  )
}

/** The kind whose page has the structure. */
export function kindOf(type: Pick<StructType, 'source'>): string | undefined {
  return /^events\/([\w-]+)\.md$/.exec(type.source.file)?.[1]
}

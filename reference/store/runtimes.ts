import type { Spec } from '../../spec/model.ts'

/** What may be said as `Runtime`. */
export interface RuntimeNames {
  /** Taken for new functions and updates. */
  readonly current: ReadonlySet<string>
  /** Known, and refused for new functions and updates: what the guide's list has and the recorded one lacks. */
  readonly retired: ReadonlySet<string>
}

/** Reads them from the page of the action that creates functions. */
export function readRuntimeNames(spec: Spec): RuntimeNames {
  const constraints = spec.actions.CreateFunction?.request.find(member => member.name === 'Runtime')?.constraints ?? []
  const values = (origin: string): readonly string[] | undefined =>
    constraints.flatMap(constraint =>
      constraint.kind === 'enum' && constraint.origin === origin ? [constraint.values] : [],
    )[0]
  const known = [...(values('guide') ?? []), ...(values('model') ?? [])]
  const current = new Set(values('recorded') ?? known)
  return { current, retired: new Set(known.filter(runtime => !current.has(runtime))) }
}

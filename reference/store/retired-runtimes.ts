import type { Spec } from '../../spec/model.ts'

/**
 * Runtimes that the guide still names as legal, and that the real service was seen to refuse for new functions and updates:
 * what the guide's list has and the recorded one lacks.
 */
export function readRetiredRuntimes(spec: Spec): ReadonlySet<string> {
  const constraints = spec.actions.CreateFunction?.request.find(member => member.name === 'Runtime')?.constraints ?? []
  const values = (origin: string): readonly string[] | undefined =>
    constraints.flatMap(constraint =>
      constraint.kind === 'enum' && constraint.origin === origin ? [constraint.values] : [],
    )[0]
  const current = values('recorded')
  return new Set(current ? values('guide')?.filter(runtime => !current.includes(runtime)) : [])
}

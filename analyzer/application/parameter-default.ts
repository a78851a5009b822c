import type { Loc } from './source.ts'
import type { Value } from './value.ts'

/**
 * The other end of a finding about a value that comes from the default of a template parameter; nothing for any other.
 */
export function parameterDefault(value: Value): readonly { readonly at: Loc; readonly message: string }[] {
  const parameter = value.via.find(via => via.kind === 'parameter')
  if (!parameter?.loc) return []
  const { loc, name } = parameter
  const isGiven = /(^|\/)samconfig\.\w+$/.test(loc.source.path)
  return [{ at: loc, message: isGiven ? `what parameter ${name} is given` : `the default of parameter ${name}` }]
}

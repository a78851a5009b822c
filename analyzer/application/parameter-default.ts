import type { Loc } from './source.ts'
import type { Value } from './value.ts'

/**
 * The other end of a finding about a value that comes from the default of a template parameter; nothing for any other.
 */
export function parameterDefault(value: Value): readonly { readonly at: Loc; readonly message: string }[] {
  const parameter = value.via.find(via => via.kind === 'parameter')
  return parameter?.loc ? [{ at: parameter.loc, message: `the default of parameter ${parameter.name}` }] : []
}

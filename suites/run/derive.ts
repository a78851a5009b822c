/** From the specification to everything that can be run: all families, in the order of the pages. */
import type { Spec } from '../../spec/model.ts'
import type { Case } from '../case.ts'
import { boundaryCases } from '../families/boundaries.ts'
import { commandCases } from '../families/model/commands.ts'
import { errorCases } from '../families/errors.ts'
import { lawCases } from '../families/laws/laws.ts'
import { oneFaultCases } from '../families/one-fault.ts'
import { propertyCases } from '../families/properties.ts'
import { quotaCases } from '../families/quotas.ts'
import { twoFaultCases } from '../families/two-faults.ts'
import { validCases } from '../families/valid.ts'

/** Ids are unique and do not depend on anything but the pages. */
export function deriveCases(spec: Spec): readonly Case[] {
  return [
    ...validCases(spec),
    ...boundaryCases(spec),
    ...oneFaultCases(spec),
    ...twoFaultCases(spec),
    ...errorCases(spec),
    ...lawCases(spec),
    ...commandCases(spec),
    ...propertyCases(spec),
    ...quotaCases(spec),
  ]
}

/**
 * The same for some ids alone. A case's id begins with that of its clause, and nothing is worked out for the others: the
 * values of a thousand faults take half a second.
 */
export function deriveChosen(spec: Spec, ids: readonly string[]): readonly Case[] {
  const wanted = new Set(ids)
  const clauses = new Set(ids.map(id => id.slice(0, id.lastIndexOf('#'))))
  return deriveCases({ ...spec, clauses: spec.clauses.filter(clause => clauses.has(clause.id)) }).filter(one =>
    wanted.has(one.id),
  )
}

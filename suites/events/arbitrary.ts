/** Events as services send them: what the pages say of each member, and what of one member follows from others. */
import fc from 'fast-check'
import { loadSpec } from '../../spec/compiler/compile.ts'
import type { Spec } from '../../spec/model.ts'
import { legalMembers } from '../arbitraries/legal.ts'
import { agreeing } from './agree.ts'
import { eventTypes } from './event-kinds.ts'

let whole: Spec | undefined

/** All events of a kind, as the pages of this package say. Throws an `Error` for a kind that no page describes. */
export function arbitraryOfKind<T>(kind: string): fc.Arbitrary<T> {
  return eventArbitrary((whole ??= loadSpec()), kind) as fc.Arbitrary<T>
}

/** The kinds of events by name, `s3`, `sns` … */
export function eventKinds(): readonly string[] {
  return Object.keys(eventTypes((whole ??= loadSpec())))
}

/** All events of a kind. Throws an `Error` for a kind that no page describes. */
export function eventArbitrary(spec: Spec, kind: string): fc.Arbitrary<{ readonly [member: string]: unknown }> {
  const kinds = eventTypes(spec)
  const type = kinds[kind]
  if (type === undefined)
    throw new Error(`there is no kind of event ${kind}; there are ${Object.keys(kinds).join(', ')}`)
  const members = legalMembers(spec, type.members, () => true)
  if (kind !== 'cloudwatch-logs') return members.map(event => agreeing(spec, kind, event))
  const document = spec.types['CloudwatchLogsDocument']
  return fc
    .tuple(
      members,
      legalMembers(spec, document?.members ?? [], () => true),
    )
    .map(([event, content]) => agreeing(spec, kind, { ...event, content }))
}

import type { LambdaFunction } from '../application/model.ts'
import { defineRule } from '../engine/rule.ts'
import type { Report } from '../engine/rule.ts'
import { needsOf } from '../sdk/function-code.ts'
import { denialOf, isGranted } from '../permissions/grants.ts'
import { addStatements, draftsOf, statementText } from '../permissions/policy-text.ts'
import { isClosedByItself, mayBeLetInByResource } from '../permissions/resource-side.ts'
import { grantedOn, roleOf } from '../permissions/role-text.ts'
import type { Need } from '../sdk/sdk-needs.ts'

/** A call whose action the role grants, and surely not on what the code names. */
export const rule = defineRule({
  id: 'sdk-resource-mismatch',
  fn(fn, { app, report }) {
    for (const need of needsOf(fn)) {
      if (
        !need.on ||
        isGranted(fn, need.action) === 'no' ||
        isGranted(fn, need.action, need.on) !== 'no' ||
        mayBeLetInByResource(app, fn, need.action, need.resource)
      )
        continue
      report(denialOf(fn, need.action, need.on) ? denied(fn, need) : elsewhere(fn, need))
    }
  },
})

function elsewhere(fn: LambdaFunction, need: Need): Report {
  const granted = grantedOn(fn, need.action)
  const drafts = draftsOf([need])
  return {
    at: need.namedAt ?? need.loc,
    message:
      `${fn.id} needs ${need.action} on ${subject(need)}, and its role allows it only on ` +
      `${granted.text || 'something else'}`,
    help:
      `The call ends in AccessDenied. Add ${drafts.map(draft => statementText(draft, fn.template)).join(' and ')} ` +
      `to the statements of ${roleOf(fn)}, or name there what the code uses`,
    related: [
      ...granted.grants
        .filter(grant => grant.from.kind !== 'framework')
        .map(grant => ({ at: grant.loc, message: `${need.action} is granted here` })),
      ...(need.resource && need.named?.loc.source === fn.template.source
        ? [{ at: need.named, message: `${fn.id} is given ${need.resource.id} here` }]
        : []),
    ],
    fixes: addStatements(fn, drafts),
    ...(isClosedByItself(need) ? {} : { severity: 'warning' as const }),
  }
}

function denied(fn: LambdaFunction, need: Need): Report {
  return {
    at: need.namedAt ?? need.loc,
    message: `${fn.id} needs ${need.action} on ${subject(need)}, and its role denies it there`,
    help:
      'A denial is stronger than whatever allows it: the call ends in AccessDenied. ' +
      'Take the resource out of the denial, or the call out of the code',
    related: [{ at: denialOf(fn, need.action, need.on)?.loc ?? need.loc, message: `${need.action} is denied here` }],
  }
}

/** What the code needs it on: the thing by name, or what kind of part of it. */
function subject(need: Need): string {
  const name = need.resource?.id ?? need.named?.string()
  if (need.below === '/*') return `the objects of ${name ?? 'a bucket'}`
  if (need.below === '/index/*') return `the indexes of ${name ?? 'a table'}`
  if (need.below === ':*') return `a version or alias of ${name ?? 'a function'}`
  return name ?? (need.kind === 'bucket' ? 'the bucket itself' : `a ${need.kind ?? 'resource'}`)
}

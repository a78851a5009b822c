import { groupInOrder } from '../../base/group-by.ts'
import { present } from '../../base/present.ts'
import type { LambdaFunction } from '../application/model.ts'
import { defineRule } from '../engine/rule.ts'
import type { Report } from '../engine/rule.ts'
import { needsOf } from '../sdk/function-code.ts'
import { boundaryAgainst, denialOf, isGranted } from '../permissions/grants.ts'
import { addStatements, draftsOf, statementText } from '../permissions/policy-text.ts'
import { isClosedByItself, mayBeLetInByResource } from '../permissions/resource-side.ts'
import { roleOf } from '../permissions/role-text.ts'
import { isForLocalRuns } from '../services/local-template.ts'
import type { Need } from '../sdk/sdk-needs.ts'

/** A call of the SDK whose actions the role surely does not grant: it ends in `AccessDenied`. */
export const rule = defineRule({
  id: 'sdk-permission-missing',
  fn(fn, { app, report }) {
    if (isForLocalRuns(fn.template)) return
    const byCall = new Map<string, Need[]>()
    for (const need of needsOf(fn)) {
      if (isGranted(fn, need.action) !== 'no') continue
      if (denialOf(fn, need.action)) report(denied(fn, need))
      else if (boundaryAgainst(fn, need.action)) report(bounded(fn, need))
      else if (!mayBeLetInByResource(app, fn, need.action, need.resource)) {
        const key = `${need.loc.source.path} ${need.loc.start}`
        byCall.set(key, [...(byCall.get(key) ?? []), need])
      }
    }
    // A right that is missing is one finding, however often the code asks for it.
    const calls = [...byCall.values()].map(needs => ({
      needs,
      message: messageOf(fn, needs),
      statements: statementsFor(fn, needs),
    }))
    for (const [first, ...others] of groupInOrder(calls, call => `${call.message}\n${call.statements}`).values())
      if (first) report(missing(fn, first, others))
  },
})

/** A call, in words: what it lacks, and what would give it its rights. */
interface LackingCall {
  readonly needs: readonly Need[]
  readonly message: string
  readonly statements: string
}

function messageOf(fn: LambdaFunction, needs: readonly Need[]): string {
  const actions = [...new Set(needs.map(need => need.action))]
  const operation = needs[0]?.operation ?? ''
  return `${fn.id} calls ${operation}${on(needs)}, and its role does not allow ${actions.join(' and ')}`
}

/** What would give a call its rights. */
const statementsFor = (fn: LambdaFunction, needs: readonly Need[]): string =>
  draftsOf(needs)
    .map(draft => statementText(draft, fn.template))
    .join(' and ')

/** What one call lacks, and others like it. */
function missing(fn: LambdaFunction, call: LackingCall, others: readonly LackingCall[]): Report {
  const { needs, message, statements } = call
  const given = needs.find(need => need.resource)
  const first = present(needs[0], 'a need of the call')
  const drafts = draftsOf(needs)
  return {
    at: first.loc,
    message,
    help: `The call ends in AccessDenied. Add ${statements} to the statements of ${roleOf(fn)}`,
    related: [
      { at: fn.permissions.loc, message: `what ${fn.id} may do is said here` },
      ...(given?.named?.loc.source === fn.template.source
        ? [{ at: given.named, message: `${fn.id} is given ${given.resource?.id} here` }]
        : []),
      ...others.slice(0, 10).flatMap(({ needs: [other] }) => (other ? [{ at: other.loc, message: 'and here' }] : [])),
    ],
    fixes: addStatements(fn, drafts),
    ...(needs.every(isClosedByItself) ? {} : { severity: 'warning' as const }),
  }
}

function denied(fn: LambdaFunction, need: Need): Report {
  return {
    at: need.loc,
    message: `${fn.id} calls ${need.operation}${on([need])}, and its role denies ${need.action}`,
    help:
      'A denial is stronger than whatever allows it: the call ends in AccessDenied. ' +
      'Take the action out of the denial, or the call out of the code',
    related: [{ at: denialOf(fn, need.action)?.loc ?? need.loc, message: `${need.action} is denied here` }],
  }
}

function bounded(fn: LambdaFunction, need: Need): Report {
  return {
    at: need.loc,
    message:
      `${fn.id} calls ${need.operation}${on([need])}, and the permissions boundary of its role does not allow ` +
      `${need.action}`,
    help:
      'A role may do what its policies and its boundary both allow: the call ends in AccessDenied. ' +
      'Add the action to the boundary',
    related: [{ at: boundaryAgainst(fn, need.action)?.value ?? need.loc, message: 'this is the boundary' }],
  }
}

function on(needs: readonly Need[]): string {
  const resource = needs.find(need => need.resource)?.resource
  return resource ? ` on ${resource.id}` : ''
}

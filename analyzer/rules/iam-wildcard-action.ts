import { defineRule } from '../engine/rule.ts'
import type { Value } from '../application/value.ts'
import { broadActions, isEveryAction, isServiceWildcard, unusedActions } from '../permissions/excess.ts'
import { isForFunctions } from '../permissions/role-holders.ts'
import { listOf } from '../permissions/role-text.ts'

/** Everything, or everything of a service, allowed to a role. */
export const rule = defineRule({
  id: 'iam-wildcard-action',
  statement(statement, policy, { app, report, leaveTo }) {
    if (policy.kind !== 'identity' || statement.effect !== 'Allow' || statement.value.at('Effect').isUnknown) return
    if (!isForFunctions(app, policy)) return
    const wild = statement.actions.filter(action => isServiceWildcard(action.string() ?? ''))
    // Where the code tells what is needed of a service, sdk-permission-broader and sdk-permission-unused say it.
    const exactly = new Set(broadActions(app, statement).map(broad => broad.value))
    const unused = wild.length
      ? unusedActions(
          app,
          statement.loc,
          wild.flatMap(action => action.string() ?? []),
        )
      : undefined
    const isTold = (action: Value, text: string): boolean =>
      (exactly.has(action) && leaveTo('sdk-permission-broader', action)) ||
      (unused?.ofServices.includes(text) === true && leaveTo('sdk-permission-unused', action))
    const told = statement.actions.filter(action => {
      const text = action.string()
      return text !== undefined && (isEveryAction(text) || isServiceWildcard(text)) && !isTold(action, text)
    })
    // All of a statement are one finding, at the first.
    const [first, ...others] = told
    if (first)
      report({
        ...whatIsAllowed(told.flatMap(one => one.string() ?? [])),
        at: first,
        related: others.map(at => ({ at, message: 'and this' })),
      })
    for (const action of statement.notActions) {
      report({
        at: action,
        message:
          'Allow with NotAction allows everything but ' +
          `${statement.notActions.map(one => one.string() ?? '…').join(', ')}${statement.resources.some(resource => resource.string() === '*') ? ', on everything' : ', on these resources'}`,
        help: 'Name the actions that are needed, or at least the resources',
      })
      break
    }
  },
})

function whatIsAllowed(actions: readonly string[]): { readonly message: string; readonly help: string } {
  const services = [...new Set(actions.map(action => action.slice(0, action.indexOf(':'))))]
  return {
    message: actions.some(isEveryAction)
      ? 'This allows every action of every service'
      : `This allows every action of ${listOf(services)}, those that delete and reconfigure among them`,
    help: 'Name the actions that are needed. A role should hold no more than its function uses',
  }
}

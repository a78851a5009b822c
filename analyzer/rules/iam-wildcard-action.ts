import { defineRule } from '../engine/rule.ts'
import { broadActions, isEveryAction, isServiceWildcard, unusedActions } from '../permissions/excess.ts'
import { isForFunctions } from '../permissions/role-holders.ts'

/** Everything, or everything of a service, allowed to a role. */
export const rule = defineRule({
  id: 'iam-wildcard-action',
  statement(statement, policy, { app, report }) {
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
    for (const action of statement.actions) {
      const text = action.string()
      if (
        text === undefined ||
        (!isEveryAction(text) && !isServiceWildcard(text)) ||
        exactly.has(action) ||
        unused?.ofServices.includes(text)
      )
        continue
      report({
        at: action,
        message: isEveryAction(text)
          ? 'This allows every action of every service'
          : `This allows every action of ${text.slice(0, text.indexOf(':'))}, those that delete and reconfigure among them`,
        help: 'Name the actions that are needed. A role should hold no more than its function uses',
      })
    }
    for (const action of statement.notActions) {
      report({
        at: action,
        message: `Allow with NotAction allows everything but ${statement.notActions.map(one => one.string() ?? '…').join(', ')}${statement.resources.some(resource => resource.string() === '*') ? ', on everything' : ', on these resources'}`,
        help: 'Name the actions that are needed, or at least the resources',
      })
      break
    }
  },
})

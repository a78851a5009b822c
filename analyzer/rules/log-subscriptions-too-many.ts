import type { Resource } from '../application/model.ts'
import { loadKnowledge } from '../data/pages.ts'
import { defineRule } from '../engine/rule.ts'

/** More subscription filters on a log group than it takes. */
export const rule = defineRule({
  id: 'log-subscriptions-too-many',
  application(app, { report, turnTo }) {
    const most = mostFilters()
    const filters = new Map<string, Resource[]>()
    for (const filter of app.ofType('AWS::Logs::SubscriptionFilter')) {
      const group = filter.property('LogGroupName')
      const name = group.string() ?? group.reference?.id
      if (name === undefined || filter.condition !== undefined) continue
      turnTo(filter)
      const key = `${filter.template.source.path} ${name}`
      const known = [...(filters.get(key) ?? []), filter]
      filters.set(key, known)
      if (known.length === most + 1)
        report({
          at: filter,
          message: `${filter.id} is subscription ${known.length} of ${name}: a log group takes ${most}`,
          help: 'The deployment fails. Let one function or stream hand the logs on',
        })
    }
  },
})

/** The figure of the rule's page. */
const mostFilters = (): number =>
  Number(
    /^\| subscription filters of a log group \| (\d+) \|$/m.exec(
      loadKnowledge().rules['log-subscriptions-too-many']?.markdown ?? '',
    )?.[1],
  )

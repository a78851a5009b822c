import { defineRule } from '../engine/rule.ts'

/** More targets than a rule of EventBridge may have: the deployment fails. */
export const rule = defineRule({
  id: 'schedule-targets-too-many',
  resource: {
    'AWS::Events::Rule'(rule, { quota, report }) {
      const most = quota('rule-targets')
      const targets = rule
        .property('Targets')
        .items()
        .filter(target => target.possible().every(one => !one.isAbsent))
      if (targets.length <= most) return
      report({
        at: targets[most] ?? rule,
        message: `Rule ${rule.id} has ${targets.length} targets: a rule may have ${most}`,
        help: 'Make a second rule with the same schedule or pattern, or a topic that fans out',
      })
    },
  },
})

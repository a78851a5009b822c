import { defineRule } from '../engine/rule.ts'

/** A log group that keeps everything for ever, and costs more every month. */
export const rule = defineRule({
  id: 'logs-retention-missing',
  resource: {
    'AWS::Logs::LogGroup'(group, { report }) {
      if (!group.property('RetentionInDays').isAbsent || group.template.open) return
      report({
        at: group,
        message: `Log group ${group.id} has no retention: what is logged is kept, and paid for, without end`,
        help: 'Set RetentionInDays',
      })
    },
  },
})

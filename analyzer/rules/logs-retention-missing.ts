import { defineRule } from '../engine/rule.ts'

/** A log group that keeps everything for ever, and costs more every month. */
export const rule = defineRule({
  id: 'logs-retention-missing',
  resource: {
    'AWS::Logs::LogGroup'(group, { report }) {
      if (!group.property('RetentionInDays').isAbsent || group.template.open) return
      if (group.template.format === 'serverless' && group.properties.isTranslated)
        // The framework makes one for each function: one setting is for all.
        return report({
          at: group.template.root.at('provider').keyLoc ?? group,
          message:
            'The log groups of the functions have no retention: what is logged is kept, and paid for, without end',
          help: 'Set provider.logRetentionInDays',
        })
      report({
        at: group,
        message: `Log group ${group.id} has no retention: what is logged is kept, and paid for, without end`,
        help: 'Set RetentionInDays',
      })
    },
  },
})

import { defineRule } from '../engine/rule.ts'

/** A log group that keeps everything for ever, and costs more every month. */
export const rule = defineRule({
  id: 'logs-retention-missing',
  resource: {
    'AWS::Logs::LogGroup'(group, { report }) {
      const name = group.property('LogGroupName').text('*')
      const ofLambda =
        name?.startsWith('/aws/lambda/') ||
        group.template.functions.some(fn => fn.logging.at('LogGroup').resource === group)
      if (!ofLambda || !group.property('RetentionInDays').isAbsent) return
      report({
        at: group,
        message: `Log group ${group.id} has no retention: what is logged is kept, and paid for, without end`,
        help: 'Set RetentionInDays',
      })
    },
  },
})

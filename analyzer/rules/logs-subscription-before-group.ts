import { defineRule } from '../engine/rule.ts'

/** A subscription to a log group that is not there yet when the stack is made for the first time. */
export const rule = defineRule({
  id: 'logs-subscription-before-group',
  resource: {
    'AWS::Logs::SubscriptionFilter'(filter, { report }) {
      const name = filter.property('LogGroupName')
      const text = name.text(part => `\${${part.reference?.id ?? '?'}}`)
      if (name.resource || text === undefined || !text.startsWith('/aws/lambda/')) return
      // The group of a function elsewhere may well be there.
      const ofThisTemplate = filter.template.functions.some(
        fn =>
          text === `/aws/lambda/\${${fn.id}}` ||
          (fn.name.string() !== undefined && text === `/aws/lambda/${fn.name.string()}`),
      )
      if (!ofThisTemplate) return
      const group = [...filter.template.resources.values()].find(
        one =>
          one.type === 'AWS::Logs::LogGroup' &&
          one.property('LogGroupName').text(part => `\${${part.reference?.id ?? '?'}}`) === text,
      )
      if (group && filter.dependsOn.includes(group.id)) return
      report({
        at: name,
        message: group
          ? `${filter.id} may be made before its log group ${group.id}, and fails then`
          : `${filter.id} subscribes to a log group that nobody makes: Lambda makes it with the first invocation, ` +
            'after the stack',
        help: group ? `Write LogGroupName: !Ref ${group.id}` : 'Declare the AWS::Logs::LogGroup, and refer to it',
        related: group ? [{ at: group, message: 'the log group' }] : [],
      })
    },
  },
})

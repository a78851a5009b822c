import { defineRule } from '../engine/rule.ts'
import { hasAlarm } from '../services/alarms.ts'

/** A function whose failures nobody is told about. */
export const rule = defineRule({
  id: 'error-alarm-missing',
  fn(fn, { app, report }) {
    if (hasAlarm(app, fn, 'Errors')) return
    report({
      at: fn,
      message: `No alarm tells when ${fn.id} fails`,
      help: 'Add an AWS::CloudWatch::Alarm on Errors (AWS/Lambda, Sum) with the dimension FunctionName',
    })
  },
})

import { defineRule } from '../engine/rule.ts'
import type { Value } from '../application/value.ts'
import type { RuleContext } from '../engine/rule.ts'
import { scheduleFault } from '../services/schedule.ts'

const RULE = ['rate', 'cron'] as const
const SCHEDULER = ['rate', 'cron', 'at'] as const

/** A schedule that EventBridge does not understand: the deployment fails. */
export const rule = defineRule({
  id: 'schedule-expression-invalid',
  resource: {
    'AWS::Events::Rule'(resource, context) {
      check(resource.property('ScheduleExpression'), RULE, resource.id, context)
    },
    'AWS::Scheduler::Schedule'(resource, context) {
      check(resource.property('ScheduleExpression'), SCHEDULER, resource.id, context)
    },
  },
  fn(fn, context) {
    for (const event of fn.events) {
      if (event.kind !== 'schedule' || event.declaredBy === 'resource') continue
      // The framework makes rules unless it is told to use the scheduler.
      const method = event.property('Method')
      const byRule = event.declaredBy !== 'serverless' || method.isAbsent || method.string() === 'eventBus'
      check(event.property('Schedule'), byRule ? RULE : SCHEDULER, event.id, context)
      check(event.property('ScheduleExpression'), SCHEDULER, event.id, context)
    }
  },
})

function check(value: Value, kinds: readonly ('rate' | 'cron' | 'at')[], of: string, { report }: RuleContext): void {
  for (const one of value.possible()) {
    const expression = one.string()
    const fault = expression === undefined ? undefined : scheduleFault(expression, kinds)
    if (fault === undefined) continue
    report({
      at: one,
      message: `The schedule of ${of} is not valid: ${fault}`,
      help: 'EventBridge refuses it, and the deployment fails',
    })
  }
}

/** Rules about queues, streams and brokers that Lambda polls. */
import { looseMappings } from '../application/loose-mappings.ts'
import type { EventSource, LambdaFunction } from '../application/model.ts'
import type { Rule, RuleContext } from '../engine/rule.ts'

/** Hooks that look at every polled source: those of functions, and mappings whose functions stand elsewhere. */
export const polledEvents = (
  check: (event: EventSource, context: RuleContext, fn: LambdaFunction | undefined) => void,
): Pick<Rule, 'fn' | 'resource'> => ({
  fn(fn, context) {
    for (const event of fn.events) if (event.invocation === 'poll') check(event, context, fn)
  },
  resource: {
    'AWS::Lambda::EventSourceMapping'(resource, context) {
      const event = looseMappings(context.app).get(resource)
      if (event) check(event, context, undefined)
    },
  },
})

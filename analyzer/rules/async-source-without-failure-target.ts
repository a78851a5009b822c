import { defineRule } from '../engine/rule.ts'

/** A function that is invoked asynchronously, and whose failed events vanish. */
export const rule = defineRule({
  id: 'async-source-without-failure-target',
  fn(fn, { report }) {
    const event = fn.events.find(one => one.invocation === 'async')
    if (!fn.deadLetter.isAbsent || !fn.asyncConfig.onFailure.isAbsent) return
    // SAM makes the queue or topic of a destination that only says its type.
    if (!fn.property('EventInvokeConfig', 'DestinationConfig', 'OnFailure').isAbsent) return
    const settings = [fn.asyncConfig.maximumRetryAttempts, fn.asyncConfig.maximumEventAge].find(value => value.isKnown)
    // Who bounds the retries of asynchronous invocations has some, wherever they come from.
    if (!event && settings && !fn.events.length)
      report({
        at: settings,
        message: `${fn.id} says how often a failed event is tried again, and what fails then is dropped without a trace`,
        help: 'Set an OnFailure destination (or a dead letter queue) for the function',
      })
    if (!event) return
    report({
      at: event,
      message: `${fn.id} is invoked asynchronously, and an event that fails three times is dropped without a trace`,
      help: 'Set an OnFailure destination (or a dead letter queue) for the function',
      related: [{ at: fn, message: `${fn.id} has neither` }],
    })
  },
})

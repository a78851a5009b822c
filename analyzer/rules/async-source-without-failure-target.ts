import { defineRule } from '../engine/rule.ts'

/** A function that is invoked asynchronously, and whose failed events vanish. */
export const rule = defineRule({
  id: 'async-source-without-failure-target',
  fn(fn, { report }) {
    const event = fn.events.find(one => one.invocation === 'async')
    if (!event || !fn.deadLetter.isAbsent || !fn.asyncConfig.onFailure.isAbsent) return
    report({
      at: event,
      message: `${fn.id} is invoked asynchronously, and an event that fails three times is dropped without a trace`,
      help: 'Set an OnFailure destination (or a dead letter queue) for the function',
      related: [{ at: fn, message: `${fn.id} has neither` }],
    })
  },
})

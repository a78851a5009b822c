import { setValue } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'

/** Lambda starts with this many readers of a queue, whatever the function may take. */
const READERS = 5

/**
 * A function with less concurrency than the readers of its queue begin with: what it cannot take is throttled and
 * received again.
 */
export const rule = defineRule({
  id: 'sqs-reserved-concurrency-low',
  fn(fn, { report }) {
    const reserved = fn.reservedConcurrency
    const number = reserved.number()
    if (number === undefined || number <= 0 || number >= READERS) return
    for (const event of fn.events) {
      // A maximum of its own keeps the readers within what the function may take.
      if (event.kind !== 'sqs' || !event.property('ScalingConfig', 'MaximumConcurrency').isAbsent) continue
      const edit = setValue(reserved, READERS)
      report({
        at: reserved,
        message:
          `${fn.id} has a reserved concurrency of ${number}, but the readers of its queue begin with ${READERS}: ` +
          'messages are throttled and count as received',
        help: `Reserve ${READERS} or more, or bound the readers with ScalingConfig.MaximumConcurrency`,
        related: [{ at: event, message: 'the queue is read here' }],
        fixes: edit ? [{ description: `Reserve ${READERS}`, kind: 'suggestion', edits: [edit] }] : [],
      })
      return
    }
  },
})

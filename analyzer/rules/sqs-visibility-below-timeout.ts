import { setEntry } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import { declaredQueue, placesOfTimeout, visibilityOf } from '../services/queues.ts'

/** A queue whose messages reappear while the function may still be at them: the mapping is refused. */
export const rule = defineRule({
  id: 'sqs-visibility-below-timeout',
  fn(fn, { report }) {
    const timeout = fn.timeout.number()
    if (timeout === undefined) return
    for (const event of fn.events) {
      const queue = declaredQueue(event)
      if (!queue) continue
      const visibility = visibilityOf(queue)
      const seconds = visibility.number()
      if (seconds === undefined || seconds >= timeout) continue
      const enough = 6 * timeout
      const edit = queue.properties.isAbsent ? undefined : setEntry(queue.properties, 'VisibilityTimeout', enough)
      report({
        at: visibility,
        message:
          `Visibility timeout of ${queue.id} is ${seconds} s${visibility.isDefault ? ' (the default)' : ''}, ` +
          `less than the ${timeout} s that ${fn.id} may take`,
        help:
          `Lambda refuses such a mapping. Six times the timeout of the function, ${enough} s, leaves room for ` +
          'retries when it is throttled',
        related: placesOfTimeout(fn, event, queue),
        fixes: edit ? [{ description: `Set VisibilityTimeout to ${enough}`, kind: 'fix', edits: [edit] }] : [],
      })
    }
  },
})

import { setEntry } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import { declaredQueue, placesOfTimeout, visibilityOf } from '../services/queues.ts'

/** The factor that the guide advises, to leave room for retries while the function is throttled. */
const FACTOR = 6

/** A queue whose visibility timeout is long enough for one run, and not for the retries of a throttled function. */
export const rule = defineRule({
  id: 'sqs-visibility-below-recommended',
  fn(fn, { report }) {
    const timeout = fn.timeout.number()
    if (timeout === undefined) return
    for (const event of fn.events) {
      const queue = declaredQueue(event)
      const window = event.property('MaximumBatchingWindowInSeconds')
      const gathered = window.isAbsent ? 0 : window.number()
      if (!queue || gathered === undefined) continue
      const visibility = visibilityOf(queue)
      const seconds = visibility.number()
      const enough = FACTOR * timeout + gathered
      // Less than the timeout itself is `sqs-visibility-below-timeout`.
      if (seconds === undefined || seconds >= enough || seconds < timeout) continue
      const edit = queue.properties.isAbsent ? undefined : setEntry(queue.properties, 'VisibilityTimeout', enough)
      report({
        at: visibility,
        message:
          `Visibility timeout of ${queue.id} is ${seconds} s${visibility.isDefault ? ' (the default)' : ''}; ` +
          `six times the ${timeout} s of ` +
          `${fn.id}${gathered > 0 ? ` and its batching window of ${gathered} s` : ''} make ${enough} s`,
        help: 'With less, messages reappear while Lambda still retries a throttled batch, and are processed twice',
        related: placesOfTimeout(fn, event, queue),
        fixes: edit ? [{ description: `Set VisibilityTimeout to ${enough}`, kind: 'suggestion', edits: [edit] }] : [],
      })
    }
  },
})

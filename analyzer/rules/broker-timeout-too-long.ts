import { setEntry } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'

const SOURCES: { readonly [kind: string]: string } = { msk: 'Amazon MSK', kafka: 'Kafka', mq: 'Amazon MQ' }

/** A function fed by Kafka or MQ that may run longer than these pollers wait for it. */
export const rule = defineRule({
  id: 'broker-timeout-too-long',
  fn(fn, { quota, report }) {
    const most = quota('kafka-timeout-max')
    const seconds = fn.timeout.number()
    if (seconds === undefined || seconds <= most || seconds > quota('timeout-max')) return
    for (const event of fn.events) {
      const source = SOURCES[event.kind]
      if (source === undefined) continue
      const edit = setEntry(fn.resource.properties, 'Timeout', most)
      report({
        at: fn.timeout,
        message: `${fn.id} may run for ${seconds} s, but ${source} waits for ${most} s at most`,
        help: `Take ${most} s or less`,
        related: [{ at: event, message: `${fn.id} is fed here` }],
        fixes: edit ? [{ description: `Set Timeout to ${most}`, kind: 'suggestion', edits: [edit] }] : [],
      })
    }
  },
})

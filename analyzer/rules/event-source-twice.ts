import type { Resource } from '../application/model.ts'
import { defineRule } from '../engine/rule.ts'

/** A function that polls the same queue, stream or broker by two mappings. */
export const rule = defineRule({
  id: 'event-source-twice',
  fn(fn, { report }) {
    const seen = new Map<string, Resource | undefined>()
    for (const event of fn.events) {
      // Brokers have many topics.
      if (!/^(sqs|kinesis|dynamodb)$/.test(event.kind)) continue
      const { reference } = event.source
      const text = event.source.string() ?? (reference && `${reference.id}.${reference.attribute}`)
      const qualifier = event.property('FunctionName')
      const isOfAlias = qualifier.resource !== undefined && !/::Function$/.test(qualifier.resource.type)
      const conditional = fn.template.resources.get(event.id)?.condition
      if (text === undefined || isOfAlias || conditional !== undefined) continue
      if (seen.has(text))
        report({
          at: event,
          message: `${fn.id} has two mappings of the same source`,
          help: 'Lambda refuses the second mapping of a source for a function. Put its filters into the first one',
        })
      else seen.set(text, event.resource)
    }
  },
})

import { isObject } from '../../base/is-object.ts'
import type { Value } from '../application/value.ts'
import { defineRule } from '../engine/rule.ts'

/** A function without the tags that the configuration asks for. */
export const rule = defineRule({
  id: 'tag-missing',
  fn(fn, { options, report }) {
    const tags = fn.property('Tags')
    const keys = keysOf(tags)
    if (keys === undefined) return
    const wanted = wantedTags(options)
    const missing = wanted.filter(tag => !keys.includes(tag))
    if (wanted.length ? !missing.length : keys.length) return
    report({
      at: tags.isAbsent ? fn : (tags.keyLoc ?? tags),
      message: wanted.length
        ? `${fn.id} has no tag ${missing.join(', ')}`
        : `${fn.id} has no tag: nobody can tell whose it is`,
      help: 'Add it to the Tags of the function, or to those of all functions',
    })
  },
})

const wantedTags = (options: unknown): readonly string[] =>
  isObject(options) && Array.isArray(options['tags'])
    ? options['tags'].filter((tag): tag is string => typeof tag === 'string')
    : []

/** Keys of a map of tags, or of a list of `{Key, Value}`; undefined when they are not all known. */
function keysOf(tags: Value): readonly string[] | undefined {
  if (tags.isAbsent) return []
  if (tags.kind === 'map' && !tags.open) return tags.keys()
  if (tags.kind !== 'list' || tags.open) return tags.isUnknown || tags.open ? undefined : []
  const keys = tags.items().map(item => item.at('Key').string())
  return keys.every(key => key !== undefined) ? keys : undefined
}

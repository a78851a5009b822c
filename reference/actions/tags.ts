import type { Input } from '../protocol/inputs.ts'
import { handler } from './call.ts'
import { readFunctionReference } from '../protocol/arn.ts'
import { refuse } from '../protocol/errors.ts'
import { findFunction } from '../store/find.ts'
import { isGone } from '../store/mapping-state.ts'
import type { Tags, World } from '../store/world.ts'

type TagInput = { readonly [key: string]: string }

/** Reads the tags of a request. Refuses more than a resource may have, and keys that are kept for the service. */
export function readTags(world: World, input: TagInput | undefined, before: Tags = new Map()): Tags {
  const tags = new Map([...before, ...Object.entries(input ?? {})])
  if (tags.size > world.limits.tags)
    refuse('InvalidParameterValueException', 'Number of tags exceeds resource tag limit.')
  for (const key of tags.keys()) {
    if (/^aws:/i.test(key)) refuse('InvalidParameterValueException', `Tag keys must not begin with "aws:": ${key}`)
  }
  return tags
}

/** https://docs.aws.amazon.com/lambda/latest/dg/API_ListTags.html */
export const listTags = handler((call, input: Input<'ListTags'>) => ({
  body: { Tags: Object.fromEntries(findTagged(call.world, input.Resource, call.now).tags) },
}))

/** https://docs.aws.amazon.com/lambda/latest/dg/API_TagResource.html */
export const tagResource = handler((call, input: Input<'TagResource'>) => {
  if (Object.keys(input.Tags).length === 0)
    refuse('InvalidParameterValueException', 'An error occurred and the request cannot be processed.')
  const tagged = findTagged(call.world, input.Resource, call.now)
  tagged.tags = readTags(call.world, input.Tags, tagged.tags)
  return { status: 204 }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_UntagResource.html */
export const untagResource = handler((call, input: Input<'UntagResource'>) => {
  const tagged = findTagged(call.world, input.Resource, call.now)
  const removed = new Set(input.TagKeys)
  tagged.tags = new Map([...tagged.tags].filter(([key]) => !removed.has(key)))
  return { status: 204 }
})

/** What an ARN names: a function, a code signing configuration or an event source mapping. */
function findTagged(world: World, arn: string, now: number): { tags: Tags } {
  const [, , , , , kind, id = ''] = arn.split(':')
  if (kind === 'code-signing-config')
    return (
      world.codeSigningConfigs.get(arn) ??
      refuse('ResourceNotFoundException', `The Lambda code signing configuration ${arn} can not be found.`)
    )
  if (kind === 'event-source-mapping') {
    const mapping = world.mappings.get(id)
    if (!mapping || isGone(mapping, now))
      return refuse('ResourceNotFoundException', `Event source mapping not found: ${arn}`)
    return mapping
  }
  if (readFunctionReference(world, arn).qualifier !== undefined)
    refuse(
      'InvalidParameterValueException',
      'Tags on function aliases and versions are not supported. Please specify a function ARN.',
    )
  return findFunction(world, arn)
}

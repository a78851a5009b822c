import { handler } from '../call.ts'
import { functionArn, readFunctionReference } from '../arn.ts'
import { refuse } from '../errors.ts'
import { findFunction } from '../store/find.ts'
import type { LambdaFunction, World } from '../store/world.ts'

type Tags = { readonly [key: string]: string }

/** Refuses more tags than a resource may have, and keys that are kept for the service. */
export function checkTags(world: World, tags: ReadonlyMap<string, string>): void {
  if (tags.size > world.limits.tags)
    refuse('InvalidParameterValueException', `Number of tags exceeds resource tag limit of ${world.limits.tags}.`)
  for (const key of tags.keys()) {
    if (/^aws:/i.test(key)) refuse('InvalidParameterValueException', `Tag keys must not begin with "aws:": ${key}`)
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/API_ListTags.html */
export const listTags = handler((call, input: { readonly Resource: string }) => ({
  body: { Tags: Object.fromEntries(findTagged(call.world, input.Resource).tags) },
}))

/** https://docs.aws.amazon.com/lambda/latest/dg/API_TagResource.html */
export const tagResource = handler((call, input: { readonly Resource: string; readonly Tags: Tags }) => {
  const fn = findTagged(call.world, input.Resource)
  const tags = new Map([...fn.tags, ...Object.entries(input.Tags)])
  checkTags(call.world, tags)
  fn.tags = tags
  return { status: 204 }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_UntagResource.html */
export const untagResource = handler(
  (call, input: { readonly Resource: string; readonly TagKeys: readonly string[] }) => {
    const fn = findTagged(call.world, input.Resource)
    const removed = new Set(input.TagKeys)
    fn.tags = new Map([...fn.tags].filter(([key]) => !removed.has(key)))
    return { status: 204 }
  },
)

function findTagged(world: World, arn: string): LambdaFunction {
  const { name, qualifier } = readFunctionReference(world, arn)
  if (qualifier !== undefined)
    refuse(
      'InvalidParameterValueException',
      'Tags on function aliases and versions are not supported. Please specify either a function name or an unqualified function ARN.',
    )
  if (arn !== functionArn(world, name))
    refuse('InvalidParameterValueException', `Tags are kept for functions, which are named by their ARN: ${arn}`)
  return findFunction(world, arn)
}

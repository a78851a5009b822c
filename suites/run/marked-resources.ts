/**
 * Which resources of the pages bear the name of a run by themselves, how they are listed, and in which order they can
 * be deleted. Everything follows from the Lifecycle tables.
 */
import { memberOf } from '../../base/member-of.ts'
import type { Action, Member, Resource, Spec, TypeRef } from '../../spec/model.ts'
import { keyMembers } from '../fixtures/key.ts'

type Item = { readonly [member: string]: unknown }

/** A resource with members that bear the name of its run, and the lists that show it. */
export interface MarkedResource {
  readonly resource: Resource
  /** Paths of the members of a list's item that bear the name of a run, each step by step. */
  readonly marks: readonly (readonly string[])[]
  readonly list: Action
  /** What lists the things that `list` asks a name of, and the member that is asked for. */
  readonly within?: { readonly list: Action; readonly member: string }
}

/** Those that hold on to others come first. */
export function markedResources(spec: Spec): readonly MarkedResource[] {
  const marked = Object.values(spec.resources).flatMap(resource => {
    const { marks, list: name = '', delete: deletion } = resource.lifecycle
    const list = spec.actions[name]
    if (marks === undefined || list?.pagination === undefined || deletion === undefined) return []
    const asked = list.request.find(member => member.required)?.name
    const outer = asked === undefined ? undefined : listOf(spec, asked)
    if (asked !== undefined && outer === undefined) return []
    return [
      {
        resource,
        marks: marks.map(path => path.split('.')),
        list,
        ...(asked !== undefined && outer !== undefined && { within: { list: outer, member: asked } }),
      },
    ]
  })
  return inOrder(marked, (one, other) => holdsOnTo(spec, one.resource, other.resource))
}

/** The action that lists, without being asked for anything, what has this member. */
function listOf(spec: Spec, member: string): Action | undefined {
  return Object.values(spec.actions).find(
    action =>
      action.pagination !== undefined &&
      !action.request.some(one => one.required) &&
      itemMembers(spec, action).some(one => one.name === member),
  )
}

function itemMembers(spec: Spec, { responses, pagination }: Action): readonly Member[] {
  const list = responses.flatMap(({ members }) => members).find(({ name }) => name === pagination?.items)
  const item: TypeRef | undefined = list?.type.kind === 'list' ? list.type.of : undefined
  return item?.kind === 'ref' ? (spec.types[item.type]?.members ?? []) : []
}

/** Whether one cannot be made without the other, or may be made with it: then it has to go first. */
function holdsOnTo(spec: Spec, one: Resource, other: Resource): boolean {
  if (one.needs.includes(other.name)) return true
  const request = spec.actions[one.lifecycle.create]?.request ?? []
  return request.some(({ constraints }) =>
    constraints.some(({ kind, ...rest }) => kind === 'arn' && 'of' in rest && rest.of.includes(`lambda:${other.name}`)),
  )
}

function inOrder<T>(things: readonly T[], before: (one: T, other: T) => boolean): readonly T[] {
  const first = things.find(one => !things.some(other => other !== one && before(other, one))) ?? things[0]
  if (first === undefined) return []
  return [
    first,
    ...inOrder(
      things.filter(one => one !== first),
      before,
    ),
  ]
}

/** What names an item of a list in requests: its key, with what the list was asked for. */
export function keyOfItem(resource: Resource, item: Item, asked: Item): Item {
  return Object.fromEntries(
    keyMembers(resource).map(({ request, answer }) => {
      const path = answer.split('.')
      // A list has the things themselves where the answer of their creation may have them as one structure inside.
      return [request, memberOf(item, ...path) ?? memberOf(item, path.at(-1) ?? '') ?? asked[request]]
    }),
  )
}

/** The texts of an item that may bear the name of its run, each with the path on which it stands. */
export function marksOf(
  { marks }: MarkedResource,
  item: Item,
): readonly { readonly path: readonly string[]; readonly text: unknown }[] {
  return marks.flatMap(path => [memberOf(item, ...path)].flat().map(text => ({ path, text })))
}

/** What the page of a type gives as an example where a path leads. */
export function exampleAt(spec: Spec, { list }: MarkedResource, [member, ...rest]: readonly string[]): unknown {
  const type = itemMembers(spec, list).find(({ name }) => name === member)?.type
  return type?.kind === 'ref' ? memberOf(spec.types[type.type]?.example, ...rest) : undefined
}

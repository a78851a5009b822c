/** Paths from one member down to another: `Environment.Variables.{}`, `Layers.[].Arn`, `Functions.0.FunctionName`. */
import type { Member, TypeRef } from '../model.ts'
import { didYouMean } from '../../base/suggest.ts'
import { membersOf, type World } from './world.ts'

/** The member at the end of a path, or what is wrong with the path. */
export type Resolved =
  | { readonly type: TypeRef; readonly member?: Member }
  | { readonly problem: string; readonly at: number }

/**
 * Follows `path` through the types. Where text or a blob is reached, what is inside it is not known, and any further
 * step is right.
 * `at` is the index of the step that leads nowhere.
 */
export function resolvePath(world: World, members: readonly Member[], path: readonly string[], what: string): Resolved {
  let candidates: readonly Member[] = members
  let owner = what
  let type: TypeRef | undefined
  let member: Member | undefined
  for (const [at, step] of path.entries()) {
    if (type === undefined || type.kind === 'ref') {
      member = candidates.find(candidate => candidate.name === step)
      if (member === undefined) {
        // The page of the type may be missing; that is an error of its own.
        if (type?.kind === 'ref' && !world.types.has(type.type)) return { type: { kind: 'json' } }
        return {
          problem: `${owner} has no member \`${step}\`${didYouMean(
            step,
            candidates.map(candidate => candidate.name),
          )}`,
          at,
        }
      }
      type = member.type
    } else if (type.kind === 'list') {
      if (step !== '[]' && !/^\d+$/.test(step))
        return { problem: `${owner} is a list: write \`[]\` or a number before \`${step}\``, at }
      member = undefined
      type = type.of
    } else if (type.kind === 'map') {
      member = undefined
      type = step === '{key}' ? type.key : type.value
    } else if (type.kind === 'json' || type.kind === 'blob' || type.kind === 'string') {
      return { type: { kind: 'json' } }
    } else {
      return { problem: `${owner} is of type ${type.kind} and has no \`${step}\``, at }
    }
    candidates = membersOf(world, type)
    owner = type.kind === 'ref' ? type.type : path.slice(0, at + 1).join('.')
  }
  return type === undefined ? { problem: `${what}: a member is missing`, at: 0 } : { type, ...(member && { member }) }
}

/** `Aliases[].Name` in steps: `Aliases`, `[]`, `Name`. */
export function splitPath(text: string): readonly string[] {
  return text.replace(/(?<=[^.])(?=\[\]|\{\}|\{key\})/g, '.').split('.')
}

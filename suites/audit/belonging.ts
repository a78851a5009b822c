/** Which resources belong to a function, and which calls make, ask for and take them away: as their pages say. */
import { textOf } from '../../base/text-of.ts'
import type { Action, LawName, Resource, Spec } from '../../spec/model.ts'
import { keyMembers } from '../fixtures/key.ts'
import { parseFunctionName } from '../oracle/arn.ts'

type Members = { readonly [member: string]: unknown }

/** A call, as far as it makes or takes away something. */
export interface AnsweredCall {
  readonly action: string
  readonly params: Members | null
  /** Members of the answer; undefined when nobody knows it. */
  readonly members: Members | undefined
}

/** A resource of which a function may have several, by qualifier or by name. */
export interface Belonging {
  /** The name of its page: `alias`. */
  readonly kind: string
  /** In messages. */
  readonly label: string
  readonly makes: ReadonlySet<string>
  readonly unmakes: ReadonlySet<string>
  /** Calls that make it only when they ask for it. */
  readonly onDemand: ReadonlySet<string>
  /** Calls that fail when it is not there. */
  readonly asks: ReadonlySet<string>
  /** The call that shows all of one qualifier together, and fails when there are none. */
  readonly asksAll?: string
  /** The call that makes it is refused when it is there. */
  readonly once: boolean
  /** Kinds whose end it does not share. */
  readonly outlives: readonly string[]
  /** What tells it from others of its function; undefined: the call is about none. */
  keyOf(call: AnsweredCall): string | undefined
}

/** The qualifier that a request names, `$LATEST` when it names none. */
export function qualifierOf(params: Members | null): string {
  return textOf(params?.['Qualifier'] || (parseFunctionName(params?.['FunctionName'])?.qualifier ?? '$LATEST'))
}

/** What can belong to a function. What it has one of at the most is not among it. */
export function belongingsOf(spec: Pick<Spec, 'actions' | 'resources'>): readonly Belonging[] {
  return Object.values(spec.resources).flatMap(resource => {
    const [owner, ...names] = keyMembers(resource)
    const create = spec.actions[resource.lifecycle.create]
    if (owner?.request !== 'FunctionName' || create === undefined) return []
    const qualified = takes(create, 'Qualifier')
    return names.length === 0 && !qualified ? [] : [belonging(spec, resource, qualified)]
  })
}

function belonging({ actions }: Pick<Spec, 'actions'>, resource: Resource, qualified: boolean): Belonging {
  const { lifecycle, name } = resource
  const names = keyMembers(resource).slice(1)
  const numbered = names.some(({ request, answer }) => request !== answer)
  const onDemand = numbered
    ? Object.values(actions)
        .filter(action => takes(action, 'Publish'))
        .map(action => action.name)
    : []
  const makes = new Set([lifecycle.create, ...onDemand])
  // Read and listed by one action, it is never read alone.
  const together = lifecycle.read === lifecycle.list
  return {
    kind: name,
    label: name.replace(/^function-/, '').replaceAll('-', ' '),
    makes,
    unmakes: new Set(present([lifecycle.delete])),
    onDemand: new Set(onDemand),
    asks: new Set(together || numbered ? missed(resource, ['delete']) : missed(resource, ['read', 'update', 'delete'])),
    ...(together && lifecycle.read !== undefined && { asksAll: lifecycle.read }),
    once: lawOf(resource, 'create twice') !== undefined,
    outlives: lifecycle.outlives ?? [],
    keyOf({ action, params, members }) {
      const parts = names.map(({ request, answer }) =>
        textOf(request !== answer && makes.has(action) ? members?.[answer] : given(params, request)),
      )
      if (numbered && !parts.every(part => /^\d+$/.test(part))) return undefined
      const named = names.some(({ request }) => request === 'Qualifier')
      return [...(qualified && !named ? [qualifierOf(params)] : []), ...parts].join(' ')
    },
  }
}

const given = (params: Members | null, member: string): unknown =>
  member === 'Qualifier' ? qualifierOf(params) : params?.[member]

const takes = (action: Action, member: string): boolean => action.request.some(({ name }) => name === member)

/** The actions of the lifecycle that fail as reading does when the thing is not there. */
function missed(resource: Resource, roles: readonly ('read' | 'update' | 'delete')[]): readonly string[] {
  const reading = lawOf(resource, 'read unknown')
  if (reading === undefined) return []
  // Where deleting misses otherwise than reading, it may speak of what the thing belongs to.
  const found = roles.filter(role => role !== 'delete' || lawOf(resource, 'delete unknown') === reading)
  return present(found.map(role => resource.lifecycle[role]))
}

const present = (actions: readonly (string | undefined)[]): readonly string[] =>
  actions.filter(action => action !== undefined)

/** The errors that a law demands, as one text; undefined when it may succeed, or is not there. */
function lawOf(resource: Resource, name: LawName): string | undefined {
  const answers = resource.laws.find(({ law }) => law === name)?.answers ?? ['succeeds']
  return answers.some(answer => answer === 'succeeds' || answer === 'replaces') ? undefined : answers.toSorted().join()
}

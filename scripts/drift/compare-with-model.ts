/**
 * What AWS's current service model says beyond the pages: an endpoint of today may do it, and must not be failed for
 * it.
 */
import type { Action, Constraint, Member, Spec, TypeRef } from '../../spec/model.ts'
import type { ModelShape, ServiceModel } from './service-model.ts'

export interface Drift {
  /**
   * `widened`: the model allows more than the pages. `narrowed`: the pages allow more than the model, which fails
   * nobody.
   */
  readonly kind: 'action' | 'path' | 'member' | 'required' | 'widened' | 'narrowed' | 'enum' | 'pattern' | 'error'
  /** `Action`, `Action.request.Path.To.Member`, `Action.response.Path`. */
  readonly where: string
  readonly page: string
  readonly model: string
}

/** All drift of the actions that have a page, and the actions that have none. */
export function compareWithModel(spec: Spec, model: ServiceModel): readonly Drift[] {
  return Object.entries(model.operations).flatMap(([name, operation]) => {
    const action = spec.actions[name]
    const { method, requestUri } = operation.http
    if (action === undefined)
      return [{ kind: 'action', where: name, page: 'none', model: `${method} ${requestUri}` } as const]
    const found: Drift[] = []
    const walk = createWalk(spec, model, found)
    if (`${method} ${plainPath(requestUri)}` !== `${action.method} ${plainPath(action.path)}`)
      found.push({
        kind: 'path',
        where: name,
        page: `${action.method} ${action.path}`,
        model: `${method} ${requestUri}`,
      })
    walk(action.request, operation.input?.shape, `${name}.request`, true)
    walk(answerMembers(action), operation.output?.shape, `${name}.response`, false)
    const known = new Set([...action.errors, ...spec.commonErrors].map(row => row.name))
    for (const { shape } of operation.errors ?? [])
      if (!known.has(shape)) found.push({ kind: 'error', where: name, page: 'none', model: shape })
    return found
  })
}

const plainPath = (path: string): string => path.replace(/\/$/, '').replace(/\{(\w+)\+?\}/g, '{$1}')

function answerMembers(action: Action): readonly Member[] {
  return [...new Map(action.responses.flatMap(response => response.members.map(one => [one.name, one]))).values()]
}

type Walk = (members: readonly Member[], shape: string | undefined, where: string, isRequest: boolean) => void

/** Compares structures, and enters no type twice. */
function createWalk(spec: Spec, model: ServiceModel, found: Drift[]): Walk {
  const seen = new Set<string>()
  const compareMember = (member: Member, shape: ModelShape, where: string, isRequest: boolean): void => {
    for (const { on, path, shape: part } of partsOf(model, shape))
      compareConstraints(member, on, part, `${where}${path}`, found)
    const inner = innerStructure(model, shape)
    const type = refOf(member.type)
    if (inner !== undefined && type !== undefined) walk(spec.types[type]?.members ?? [], inner, where, isRequest)
  }
  const walk: Walk = (members, name, where, isRequest) => {
    const shape = name === undefined ? undefined : model.shapes[name]
    if (shape === undefined || seen.has(`${name} ${isRequest}`)) return
    seen.add(`${name} ${isRequest}`)
    for (const [member, { shape: memberShape }] of Object.entries(shape.members ?? {})) {
      const at = `${where}.${member}`
      const own = members.find(one => one.name === member)
      const target = model.shapes[memberShape]
      if (own === undefined) found.push({ kind: 'member', where: at, page: 'none', model: target?.type ?? memberShape })
      else {
        const required = shape.required?.includes(member) ?? false
        if (isRequest && own.required !== required)
          found.push({ kind: 'required', where: at, page: String(own.required), model: String(required) })
        if (target !== undefined) compareMember(own, target, at, isRequest)
      }
    }
  }
  return walk
}

function refOf(type: TypeRef): string | undefined {
  if (type.kind === 'ref') return type.type
  if (type.kind === 'list') return refOf(type.of)
  return type.kind === 'map' ? refOf(type.value) : undefined
}

function innerStructure(model: ServiceModel, shape: ModelShape): string | undefined {
  const inner = shape.member?.shape ?? shape.value?.shape
  if (shape.type === 'structure') return Object.entries(model.shapes).find(([, one]) => one === shape)?.[0]
  const target = inner === undefined ? undefined : model.shapes[inner]
  return target === undefined ? undefined : innerStructure(model, target)
}

/** The value itself, and what `each` and `key` speak of. */
function partsOf(
  model: ServiceModel,
  shape: ModelShape,
): readonly { readonly on: Constraint['on']; readonly path: string; readonly shape: ModelShape }[] {
  const part = (on: Constraint['on'], path: string, name: string | undefined) => {
    const target = name === undefined ? undefined : model.shapes[name]
    return target === undefined || target.type === 'structure' ? [] : [{ on, path, shape: target }]
  }
  return [
    { on: 'self', path: '', shape },
    ...part('each', '.[]', shape.member?.shape),
    ...part('each', '.{}', shape.value?.shape),
    ...part('key', '.{key}', shape.key?.shape),
  ]
}

type Counted = 'length' | 'range' | 'items' | 'entries'

const COUNTS: { readonly [type: string]: Counted } = {
  string: 'length',
  blob: 'length',
  list: 'items',
  map: 'entries',
  integer: 'range',
  long: 'range',
  double: 'range',
}

function compareConstraints(
  member: Member,
  on: Constraint['on'],
  shape: ModelShape,
  where: string,
  found: Drift[],
): void {
  const said = member.constraints.filter(one => one.on === on)
  const counted = COUNTS[shape.type]
  if (counted !== undefined) compareBounds(said, counted, shape, where, found)
  const values = said.flatMap(one => (one.kind === 'enum' ? one.values : []))
  const missing = values.length === 0 ? [] : (shape.enum ?? []).filter(value => !values.includes(value))
  if (missing.length > 0) found.push({ kind: 'enum', where, page: `${values.length} values`, model: missing.join(' ') })
  const patterns = said.flatMap(one => (one.kind === 'pattern' ? [plainPattern(one.pattern)] : []))
  if (shape.pattern !== undefined && patterns.length > 0 && !patterns.includes(plainPattern(shape.pattern)))
    found.push({ kind: 'pattern', where, page: patterns.join(' or '), model: shape.pattern })
}

/** Anchors and a pair of brackets around everything say nothing: a pattern is always for the whole value. */
const plainPattern = (pattern: string): string => pattern.replace(/^\^/, '').replace(/\$$/, '')

function compareBounds(
  said: readonly Constraint[],
  kind: Counted,
  shape: ModelShape,
  where: string,
  found: Drift[],
): void {
  const bounds = said.flatMap(one => (one.kind === kind ? [one] : []))
  if (bounds.length === 0) return
  const page = {
    // There is never less than nothing.
    min: Math.min(...bounds.map(one => one.min ?? (kind === 'range' ? -Infinity : 0))),
    max: Math.max(...bounds.map(one => one.max ?? Infinity)),
  }
  // An end that the model leaves open was never in any model: the guide alone bounds it.
  const own = {
    min: shape.min === undefined ? -Infinity : page.min,
    max: shape.max === undefined ? Infinity : page.max,
  }
  const current = { min: shape.min ?? -Infinity, max: shape.max ?? Infinity }
  const texts = { page: `${kind} ${print(own)}`, model: `${kind} ${print(current)}` }
  if (current.min < own.min || current.max > own.max) found.push({ kind: 'widened', where, ...texts })
  else if (current.min > own.min || current.max < own.max) found.push({ kind: 'narrowed', where, ...texts })
}

function print({ min, max }: { readonly min: number; readonly max: number }): string {
  return `${Number.isFinite(min) ? min : ''}..${Number.isFinite(max) ? max : ''}`
}

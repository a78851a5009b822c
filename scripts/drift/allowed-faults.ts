/**
 * Faults that an endpoint of today may rightly take: what the pages call illegal and the service's current model
 * allows. Patterns are spelt otherwise in many places; here the very values that the suites send are held against both.
 */
import { faultsOf } from '../../suites/arbitraries/illegal.ts'
import { exampleOf } from '../../suites/arbitraries/example.ts'
import { siteAt, type Site } from '../../suites/arbitraries/site.ts'
import { examine, type BreachKind } from '../../suites/oracle/legal.ts'
import type { Spec } from '../../spec/model.ts'
import type { ModelShape, ServiceModel } from './service-model.ts'

export interface AllowedFault {
  /** Clause and kind of fault. */
  readonly where: string
  readonly value: unknown
}

const KINDS: ReadonlySet<string> = new Set(['pattern', 'length', 'range', 'enum', 'items'])

export function allowedFaults(spec: Spec, model: ServiceModel): readonly AllowedFault[] {
  return spec.clauses.flatMap(clause => {
    const action = clause.action === undefined ? undefined : spec.actions[clause.action]
    if (action === undefined || clause.path === undefined || !KINDS.has(clause.kind) || clause.origin !== 'guide')
      return []
    const site = clause.id.startsWith(`${action.name}.request.`) ? siteAt(spec, action, clause.path) : null
    const shape = site === null ? undefined : shapeAt(model, action.name, clause.path)
    if (site === null || shape === undefined) return []
    const carrier = site.top.in === 'status' ? 'body' : site.top.in
    return faultsOf(spec, site.shape, clause.kind as BreachKind, carrier).flatMap(({ variant, kinds }) => {
      const value = kinds.flatMap(one => asSent(spec, site, one)).find(one => isAllowed(shape, one))
      return value === undefined ? [] : [{ where: `${clause.id} ${variant}`, value }]
    })
  })
}

/** Where a request has a text already, the fault is laid before or behind it. */
function asSent(spec: Spec, site: Site, value: unknown): readonly unknown[] {
  const own = String(exampleOf(spec, site.shape))
  const values = typeof value === 'string' ? [value, own + value, value + own] : [value]
  return values.filter(one => examine(spec, site.shape, one, 'request').some(breach => breach.sure))
}

function isAllowed(shape: ModelShape, value: unknown): boolean {
  const { min = -Infinity, max = Infinity, pattern, enum: listed } = shape
  const size =
    typeof value === 'number' ? value : typeof value === 'string' || Array.isArray(value) ? value.length : NaN
  if (!(size >= min && size <= max)) return false
  if (typeof value !== 'string') return true
  return (pattern === undefined || new RegExp(`^(?:${pattern})$`).test(value)) && listed?.includes(value) !== false
}

/** Undefined where the model has no such place. */
function shapeAt(
  { operations, shapes }: ServiceModel,
  action: string,
  path: readonly string[],
): ModelShape | undefined {
  let shape: ModelShape | undefined = shapes[operations[action]?.input?.shape ?? '']
  for (const step of path) {
    const next =
      step === '[]'
        ? shape?.member
        : step === '{}'
          ? shape?.value
          : step === '{key}'
            ? shape?.key
            : shape?.members?.[step]
    shape = next === undefined ? undefined : shapes[next.shape]
  }
  return shape
}

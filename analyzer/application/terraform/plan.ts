/** Plans of Terraform: `terraform show -json`. */
import type { FindHandler } from '../functions.ts'
import type { Resource, Template } from '../model.ts'
import { rawGet } from '../raw.ts'
import type { Raw, RawEntry } from '../raw.ts'
import type { Loc, SourceText } from '../source.ts'
import { absentValue, listValue, mapValue, referenceValue, scalarValue, unknownValue } from '../value.ts'
import type { LazyEntry, Value } from '../value.ts'
import { assemble } from './assemble.ts'
import type { DeclaredBlock } from './assemble.ts'
import { attributeName } from './types.ts'

/** Whether a text looks like a plan, before anybody parses it. */
export const mayBePlan = (text: string): boolean =>
  /"planned_values"\s*:/.test(text) && /"terraform_version"\s*:|"format_version"\s*:/.test(text)

/** A plan, by its members. */
export const isPlan = (raw: Raw): boolean => rawGet(raw, 'planned_values', 'root_module') !== undefined

/** One template of a plan. */
export function loadPlan(raw: Raw, source: SourceText, findHandler: FindHandler): Template {
  const unknowns = new Map<string, Raw>()
  const changes = rawGet(raw, 'resource_changes')
  for (const change of changes?.kind === 'list' ? changes.items : []) {
    const address = textOf(rawGet(change, 'address'))
    const unknown = rawGet(change, 'change', 'after_unknown')
    if (address !== undefined && unknown) unknowns.set(address, unknown)
  }
  return assemble(
    source,
    source.path.split('/').slice(0, -1).join('/'),
    resources => {
      const blocks: DeclaredBlock[] = []
      const visit = (module: Raw | undefined, configuration: Raw | undefined, prefix: string): void => {
        const expressions = new Map<string, Raw>()
        const configured = rawGet(configuration, 'resources')
        for (const one of configured?.kind === 'list' ? configured.items : []) {
          const address = textOf(rawGet(one, 'address'))
          const expression = rawGet(one, 'expressions')
          if (address !== undefined && expression) expressions.set(address, expression)
        }
        const listed = rawGet(module, 'resources')
        for (const one of listed?.kind === 'list' ? listed.items : []) {
          const address = textOf(rawGet(one, 'address'))
          const type = textOf(rawGet(one, 'type'))
          if (address === undefined || type === undefined) continue
          const own = address.slice(prefix.length).replace(/\[[^\]]*\]/g, '')
          const at: Loc = { source, start: one.start, end: one.start + 1 }
          const values = rawGet(one, 'values')
          blocks.push({
            address: prefix + own,
            type,
            mode: textOf(rawGet(one, 'mode')) === 'data' ? 'data' : 'managed',
            loc: at,
            attributes: overlay(values, unknowns.get(address), expressions.get(own), { source, prefix, resources, at }),
          })
        }
        const children = rawGet(module, 'child_modules')
        for (const child of children?.kind === 'list' ? children.items : []) {
          const address = textOf(rawGet(child, 'address')) ?? ''
          const name = address.split('.').at(-1)?.replace(/\[.*$/, '') ?? ''
          visit(child, rawGet(configuration, 'module_calls', name, 'module'), `${address}.`)
        }
      }
      visit(rawGet(raw, 'planned_values', 'root_module'), rawGet(raw, 'configuration', 'root_module'), '')
      visit(rawGet(raw, 'prior_state', 'values', 'root_module'), undefined, '')
      const seen = new Set<string>()
      return { blocks: blocks.filter(one => !seen.has(one.address) && seen.add(one.address)), open: true }
    },
    findHandler,
  )
}

interface PlanScope {
  readonly source: SourceText
  readonly prefix: string
  readonly resources: ReadonlyMap<string, Resource>
  readonly at: Loc
}

/** Planned values, with what is known after apply from the references of the configuration. */
function overlay(
  value: Raw | undefined,
  unknown: Raw | undefined,
  expression: Raw | undefined,
  scope: PlanScope,
): Value {
  const at: Loc = value ? { source: scope.source, start: value.start, end: value.end } : scope.at
  if (unknown?.kind === 'scalar' && unknown.value === true) return referenced(expression, at, scope)
  if (value?.kind === 'map' || unknown?.kind === 'map') {
    const keys = new Map<string, RawEntry | undefined>()
    for (const entry of value?.kind === 'map' ? value.entries : []) keys.set(entry.key, entry)
    for (const entry of unknown?.kind === 'map' ? unknown.entries : [])
      if (!keys.has(entry.key)) keys.set(entry.key, undefined)
    const block = expression?.kind === 'list' ? expression.items[0] : expression
    const entries = [...keys].map(
      ([key, entry]): LazyEntry => ({
        key,
        keyLoc: entry ? { source: scope.source, start: entry.keyStart, end: entry.keyEnd } : at,
        // An expression of a map tells its references for the map as a whole.
        evaluate: () =>
          overlay(
            entry?.value,
            rawGet(unknown, key),
            rawGet(block, key) ?? (rawGet(block, 'references') ? block : undefined),
            scope,
          ),
      }),
    )
    return mapValue(at, entries)
  }
  if (value?.kind === 'list' || unknown?.kind === 'list') {
    const items = value?.kind === 'list' ? value.items : []
    const unknownItems = unknown?.kind === 'list' ? unknown.items : []
    const length = Math.max(items.length, unknownItems.length)
    const expressionOf = (index: number): Raw | undefined =>
      expression?.kind === 'list' ? expression.items[index] : expression
    return listValue(
      at,
      Array.from(
        { length },
        (_, index) => () => overlay(items[index], unknownItems[index], expressionOf(index), scope),
      ),
    )
  }
  return value === undefined ? absentValue(at) : scalarValue(at, value.kind === 'scalar' ? value.value : null)
}

function referenced(expression: Raw | undefined, at: Loc, scope: PlanScope): Value {
  const references = rawGet(expression, 'references')
  const first = references?.kind === 'list' ? textOf(references.items[0]) : undefined
  return (
    (first === undefined ? undefined : traversal(first, at, scope.prefix, scope.resources)) ??
    unknownValue(at, 'it is known after apply')
  )
}

/** `aws_sqs_queue.jobs.arn` as a reference. */
function traversal(text: string, at: Loc, prefix: string, resources: ReadonlyMap<string, Resource>): Value | undefined {
  const match = /^(data\.)?([a-z0-9_]+)\.([\w-]+)(?:\[[^\]]*\])?(?:\.([\w.]+))?$/.exec(text)
  if (!match || /^(var|local|module|each|count|path|self|terraform)$/.test(match[2] ?? '')) return undefined
  const id = `${prefix}${match[1] ?? ''}${match[2]}.${match[3]}`
  return referenceValue(at, {
    id,
    attribute: attributeName(match[2] ?? '', match[4] ?? 'id'),
    // Looked up when asked: blocks may refer to what is declared after them.
    get resource() {
      return resources.get(id)
    },
  })
}

const textOf = (raw: Raw | undefined): string | undefined =>
  raw?.kind === 'scalar' && typeof raw.value === 'string' ? raw.value : undefined

/** What the type of a variable says that is not given: `object({ timeout = optional(number, 30) })`. */
import { listValue, mapValue } from '../value.ts'
import type { LazyEntry, Value } from '../value.ts'
import type { Expression } from './syntax.ts'

const MAX_DEPTH = 20

/** A value with the defaults of its type; `evaluate` gives the value of an expression of the type. */
export function withTypeDefaults(
  value: Value,
  type: Expression | undefined,
  evaluate: (expression: Expression) => Value,
  depth = 0,
): Value {
  if (type?.kind !== 'call' || depth > MAX_DEPTH) return value
  const [inner] = type.arguments
  const below = (one: Value): Value => withTypeDefaults(one, inner, evaluate, depth + 1)
  if (type.name === 'object' && inner?.kind === 'object' && value.kind === 'map')
    return objectWithDefaults(value, inner, evaluate, depth)
  if (type.name === 'map' && value.kind === 'map')
    return mapValue(
      value.loc,
      value.entries().map(entry => ({ ...entryOf(entry), evaluate: () => below(entry.value) })),
      value.open,
    )
  if ((type.name === 'list' || type.name === 'set') && value.kind === 'list')
    return listValue(
      value.loc,
      value.items().map(item => () => below(item)),
      value.open,
    )
  return value
}

const entryOf = ({ key, keyLoc, value }: { key: string; keyLoc: LazyEntry['keyLoc']; value: Value }): LazyEntry => ({
  key,
  keyLoc,
  evaluate: () => value,
})

function objectWithDefaults(
  value: Value,
  shape: Expression & { readonly kind: 'object' },
  evaluate: (expression: Expression) => Value,
  depth: number,
): Value {
  const entries = new Map(value.entries().map(entry => [entry.key, entryOf(entry)]))
  for (const { key, value: written } of shape.entries) {
    const name = key.kind === 'name' ? key.name : evaluate(key).string()
    if (name === undefined) continue
    const isOptional = written.kind === 'call' && written.name === 'optional'
    const [type, fallback] = isOptional ? written.arguments : [written]
    const given = value.at(name)
    const isGiven = !given.isAbsent && given.kind !== 'null'
    if (!isGiven && (!fallback || value.open)) continue
    const found = isGiven || !fallback ? given : evaluate(fallback)
    const keyLoc = entries.get(name)?.keyLoc ?? found.loc
    entries.set(name, { key: name, keyLoc, evaluate: () => withTypeDefaults(found, type, evaluate, depth + 1) })
  }
  return mapValue(value.loc, [...entries.values()], value.open)
}

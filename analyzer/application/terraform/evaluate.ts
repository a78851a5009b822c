/**
 * Expressions of Terraform to values: what is known before a plan is known here, everything else is unknown and says
 * why.
 */
import type { Loc, SourceText } from '../source.ts'
import { absentValue, joinValues, listValue, mapValue, scalarValue, unknownValue } from '../value.ts'
import type { LazyEntry, Value } from '../value.ts'
import { callFunction } from './functions.ts'
import { EACH_ELEMENT, readTemplate } from './syntax.ts'
import type { Block, Body, Expression } from './syntax.ts'

/** Where an expression stands, and what its names mean there. */
export interface Scope {
  readonly source: SourceText
  /** `each`, `count`, the names of a `for` and of a `dynamic` block. */
  readonly names: ReadonlyMap<string, Value>
  /**
   * What a name of the module stands for: `var.x`, `local.x`, `module.x.out`, `path.module`, a resource. `path` is the
   * rest of the way, as far as it is made of members and known indices; the answer has gone the whole of it.
   */
  resolve(root: string, path: readonly (string | number)[], at: Loc): Value
  /** An attribute of a resource that a name stands for: an element of `aws_subnet.private[*]`. */
  attributeOf(mention: Value, path: readonly (string | number)[], at: Loc): Value
  /**
   * The text of a file beside the module, as `file()` and `templatefile()` read it; undefined when it cannot be read.
   */
  readFile(path: string): string | undefined
}

const MAX_STEPS = 200
const MAX_ITEMS = 1000

/** The value of an expression, as far as it can be known before Terraform runs. Never throws. */
export function evaluate(expression: Expression, scope: Scope): Value {
  const at: Loc = { source: scope.source, start: expression.start, end: expression.end }
  switch (expression.kind) {
    case 'literal':
      return scalarValue(at, expression.value)
    case 'template': {
      const parts = expression.parts.map(part => evaluate(part, scope))
      return parts.length === 1 && parts[0] ? parts[0] : joinValues(at, parts.map(asText))
    }
    case 'tuple':
      return listValue(
        at,
        expression.items.map(item => () => evaluate(item, scope)),
      )
    case 'object':
      return objectOf(expression, at, scope)
    case 'name':
    case 'member':
    case 'index':
      return traverse(expression, at, scope)
    case 'splat':
      return splat(evaluate(expression.of, scope), expression.each, at, scope)
    case 'call':
      return callFunction(
        expression.name,
        expression.arguments.map(argument => () => evaluate(argument, scope)),
        {
          at,
          spread: expression.spread,
          readFile: path => scope.readFile(path),
          fillTemplate: (text, names) => fillTemplate(text, names, at, scope),
        },
      )
    case 'unary':
      return unary(expression.operator, evaluate(expression.operand, scope), at)
    case 'binary':
      return binary(expression.operator, expression.left, expression.right, at, scope)
    case 'conditional':
      return conditional(expression, at, scope)
    case 'for':
      return forOf(expression, at, scope)
    case 'opaque':
      return unknownValue(at, 'an expression of Terraform that is not understood')
  }
}

/** Offsets of the other file mean nothing in this one: every part is at the call. */
function fillTemplate(text: string, names: ReadonlyMap<string, Value>, at: Loc, scope: Scope): Value {
  const value = evaluate(readTemplate(text), within(scope, names))
  return value.kind === 'joined'
    ? joinValues(
        at,
        value.parts().map(part => part.withLoc(at)),
      )
    : value
}

/** Terraform turns numbers and booleans within a text into text. */
const asText = (value: Value): Value => (value.kind === 'null' ? scalarValue(value.loc, '') : value)

function objectOf(expression: Expression & { kind: 'object' }, at: Loc, scope: Scope): Value {
  const entries: LazyEntry[] = []
  let open = false
  for (const { key, value } of expression.entries) {
    const name = evaluate(key, scope).string()
    if (name === undefined) open = true
    else
      entries.push({
        key: name,
        keyLoc: { source: scope.source, start: key.start, end: key.end },
        evaluate: () => evaluate(value, scope),
      })
  }
  return mapValue(at, entries, open)
}

/** `a.b[0].c`: the name at the root, and the way from it. */
function traverse(expression: Expression, at: Loc, scope: Scope): Value {
  const path: (string | number)[] = []
  let node = expression
  for (let steps = 0; node.kind === 'member' || node.kind === 'index'; steps++) {
    if (steps > MAX_STEPS) return unknownValue(at, 'the expression is too long')
    if (node.kind === 'member') path.unshift(node.name)
    else {
      const key = evaluate(node.key, scope)
      const known = key.kind === 'number' ? key.number() : key.string()
      // Of several instances any may be meant: which one is known after the plan.
      path.unshift(known ?? UNKNOWN_INDEX)
    }
    node = node.of
  }
  if (node.kind !== 'name')
    return evaluate(node, scope)
      .at(...path)
      .withLoc(at)
  const own = scope.names.get(node.name)
  return (own ? follow(own, path, at, scope) : scope.resolve(node.name, path, at)).withLoc(at)
}

/** Goes a path down from a value; from a resource on, the path is an attribute of it. */
export function follow(
  value: Value,
  path: readonly (string | number)[],
  at: Loc,
  scope: Pick<Scope, 'attributeOf'>,
): Value {
  let found = value
  for (const [index, step] of path.entries()) {
    if (found.reference) return scope.attributeOf(found, path.slice(index), at)
    found = found.at(step)
  }
  return found
}

/** Stands for an index that cannot be known, in the path of a traversal. */
export const UNKNOWN_INDEX = '\0index'

function splat(of: Value, each: Expression, at: Loc, scope: Scope): Value {
  if (of.isAbsent || of.kind === 'null') return listValue(at, [])
  if (of.isUnknown) {
    // One resource that is declared once may be splatted too: a list of that one.
    const element = evaluate(each, within(scope, new Map([[EACH_ELEMENT, of]])))
    return element.reference
      ? listValue(at, [() => element], true)
      : unknownValue(at, of.why ?? 'the list is not known')
  }
  const items = of.kind === 'list' ? of.items() : [of]
  return listValue(
    at,
    items.map(item => () => evaluate(each, within(scope, new Map([[EACH_ELEMENT, item]])))),
    of.open,
  )
}

/** The scope with more names in it, such as those of `for`. */
export const within = (scope: Scope, names: ReadonlyMap<string, Value>): Scope => ({
  ...scope,
  names: new Map([...scope.names, ...names]),
})

function unary(operator: string, operand: Value, at: Loc): Value {
  if (operator === '!') {
    const known = operand.boolean()
    return known === undefined ? unknownValue(at, operand.why ?? 'it is not known') : scalarValue(at, !known)
  }
  const known = operand.number()
  return known === undefined ? unknownValue(at, operand.why ?? 'it is not known') : scalarValue(at, -known)
}

const ARITHMETIC: { readonly [operator: string]: (left: number, right: number) => number | boolean } = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
}

function binary(operator: string, leftOf: Expression, rightOf: Expression, at: Loc, scope: Scope): Value {
  const left = evaluate(leftOf, scope)
  if (operator === '&&' || operator === '||') {
    const decides = operator === '||'
    const first = left.boolean()
    if (first === decides) return scalarValue(at, decides)
    const second = evaluate(rightOf, scope).boolean()
    if (second === decides) return scalarValue(at, decides)
    return first === undefined || second === undefined
      ? unknownValue(at, left.why ?? 'a side of it is not known')
      : scalarValue(at, !decides)
  }
  const right = evaluate(rightOf, scope)
  if (operator === '==' || operator === '!=') {
    const same = equal(left, right)
    return same === undefined
      ? unknownValue(at, left.why ?? right.why ?? 'a side of it is not known')
      : scalarValue(at, same === (operator === '=='))
  }
  const calculate = ARITHMETIC[operator]
  const [first, second] = [left.number(), right.number()]
  if (!calculate || first === undefined || second === undefined)
    return unknownValue(at, left.why ?? right.why ?? 'a side of it is not known')
  const result = calculate(first, second)
  return typeof result === 'boolean' || Number.isFinite(result)
    ? scalarValue(at, result)
    : unknownValue(at, 'it is no number')
}

/** Undefined when it cannot be known before deployment. */
function equal(left: Value, right: Value): boolean | undefined {
  if (left.isUnknown || right.isUnknown) return undefined
  const nothing = (value: Value): boolean => value.kind === 'null' || value.isAbsent
  if (nothing(left) || nothing(right)) return nothing(left) && nothing(right)
  const [first, second] = [left.string(), right.string()]
  if (first !== undefined && second !== undefined) return first === second
  if (first !== undefined || second !== undefined) return false
  const count = (value: Value): number | undefined => {
    if (value.open) return undefined
    return value.kind === 'list' ? value.items().length : value.keys().length
  }
  return count(left) === 0 && count(right) === 0 ? left.kind === right.kind || undefined : undefined
}

function conditional(expression: Expression & { kind: 'conditional' }, at: Loc, scope: Scope): Value {
  const test = evaluate(expression.test, scope)
  const decided = test.boolean()
  if (decided !== undefined) {
    const chosen = evaluate(decided ? expression.yes : expression.no, scope)
    // The default of a variable chose it: another deployment may choose otherwise.
    return test.via.reduce((value, via) => value.withVia(via), chosen)
  }
  return unknownValue(at, test.why ?? 'the condition is not known', {
    alternatives: [evaluate(expression.yes, scope), evaluate(expression.no, scope)],
  })
}

function forOf(expression: Expression & { kind: 'for' }, at: Loc, scope: Scope): Value {
  const collection = evaluate(expression.collection, scope)
  const pairs = pairsOf(collection)
  if (!pairs) return unknownValue(at, collection.why ?? 'the collection is not known')
  const named = (key: Value, value: Value): Scope => {
    const [first, second] = expression.names
    return within(
      scope,
      new Map(
        second === undefined
          ? [[first ?? '', value]]
          : [
              [first ?? '', key],
              [second, value],
            ],
      ),
    )
  }
  let open = collection.open
  const chosen: Scope[] = []
  for (const [key, value] of pairs.slice(0, MAX_ITEMS)) {
    const inner = named(key, value)
    const kept = expression.condition ? evaluate(expression.condition, inner).boolean() : true
    if (kept === undefined) open = true
    else if (kept) chosen.push(inner)
  }
  if (!expression.key)
    return listValue(
      at,
      chosen.map(inner => () => evaluate(expression.value, inner)),
      open,
    )
  const entries = new Map<string, LazyEntry>()
  for (const inner of chosen) {
    const key = evaluate(expression.key, inner).string()
    if (key === undefined) open = true
    else
      entries.set(key, {
        key,
        keyLoc: at,
        evaluate: () =>
          expression.grouping
            ? listValue(at, [() => evaluate(expression.value, inner)], true)
            : evaluate(expression.value, inner),
      })
  }
  return mapValue(at, [...entries.values()], open)
}

/** Keys and values of a list, set or map; undefined when it is not known. */
export function pairsOf(value: Value): readonly (readonly [key: Value, value: Value])[] | undefined {
  if (value.kind === 'map')
    return value.entries().map(entry => [scalarValue(entry.keyLoc, entry.key), entry.value] as const)
  if (value.kind === 'list') return value.items().map((item, index) => [scalarValue(item.loc, index), item] as const)
  return undefined
}

/** What only steers Terraform, and is no attribute of the resource. */
const META = new Set([
  'count',
  'for_each',
  'depends_on',
  'provider',
  'providers',
  'lifecycle',
  'provisioner',
  'connection',
])

/** The attributes of a block and the blocks within it, those of one type as a list. */
export function bodyValue(body: Body, at: Loc, scope: Scope): Value {
  const entries: LazyEntry[] = body.attributes
    .filter(attribute => !META.has(attribute.name))
    .map(attribute => ({
      key: attribute.name,
      keyLoc: { source: scope.source, start: attribute.start, end: attribute.nameEnd },
      evaluate: () => evaluate(attribute.value, scope),
    }))
  const nested = new Map<string, Block[]>()
  for (const block of body.blocks) {
    const name = block.type === 'dynamic' ? (block.labels[0] ?? '') : block.type
    if (!META.has(name)) nested.set(name, [...(nested.get(name) ?? []), block])
  }
  for (const [name, blocks] of nested) {
    const first = blocks[0]
    if (!first) continue
    const keyLoc: Loc = { source: scope.source, start: first.start, end: first.headEnd }
    entries.push({ key: name, keyLoc, evaluate: () => blocksValue(blocks, keyLoc, scope) })
  }
  return mapValue(at, entries)
}

function blocksValue(blocks: readonly Block[], at: Loc, scope: Scope): Value {
  const items: (() => Value)[] = []
  let open = false
  for (const block of blocks) {
    const loc: Loc = { source: scope.source, start: block.start, end: block.headEnd }
    if (block.type !== 'dynamic') {
      items.push(() => bodyValue(block.body, loc, scope))
      continue
    }
    const made = dynamicItems(block, loc, scope)
    if (made) items.push(...made)
    else open = true
  }
  // No block at all is the same as nothing written: a `dynamic` over an empty list.
  if (items.length > 0) return listValue(at, items, open)
  return open ? unknownValue(at, 'how many blocks there are is not known') : absentValue(at)
}

/** The blocks that a `dynamic` block makes; undefined when it cannot be known how many. */
function dynamicItems(block: Block, loc: Loc, scope: Scope): readonly (() => Value)[] | undefined {
  const written = (name: string): Expression | undefined => block.body.attributes.find(one => one.name === name)?.value
  const over = written('for_each')
  const content = block.body.blocks.find(inner => inner.type === 'content')
  const pairs = over && pairsOf(evaluate(over, scope))
  if (!pairs || !content) return undefined
  const iterator = written('iterator')
  const name = iterator?.kind === 'name' ? iterator.name : (block.labels[0] ?? '')
  return pairs.slice(0, MAX_ITEMS).map(([key, value]) => () => {
    const element = mapValue(loc, [
      { key: 'key', keyLoc: loc, evaluate: () => key },
      { key: 'value', keyLoc: loc, evaluate: () => value },
    ])
    return bodyValue(content.body, loc, within(scope, new Map([[name, element]])))
  })
}

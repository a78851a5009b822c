/**
 * What the types of resources take, as CloudFormation and SAM publish it (`data/resource-schemas.json`, which
 * `scripts/condense-resource-schemas.py` writes): names, kinds and values of properties, and which are required.
 */
import { readFileSync } from 'node:fs'
import { nearest } from '../../base/suggest.ts'
import type { Resource } from '../application/model.ts'
import type { Value } from '../application/value.ts'
import { dataFile } from '../data/data-file.ts'

/**
 * `s` text, `i` whole number, `n` number, `b` true or false, `j` map of anything, `*` anything; `e` one of several
 * texts, `l` list, `d` a definition of the type, `p` a map with properties of which `r` are required; with `o` it may
 * have others.
 */
type Node =
  | 's'
  | 'i'
  | 'n'
  | 'b'
  | 'j'
  | '*'
  | { readonly e: readonly string[] }
  | { readonly l: Node }
  | { readonly d: string }
  | Shape

interface Shape {
  readonly p: { readonly [property: string]: Node }
  readonly r?: readonly string[]
  readonly o?: 1
}

interface ResourceType extends Shape {
  readonly d?: { readonly [name: string]: Shape }
}

let types: { readonly [type: string]: ResourceType } | undefined

/** What a type takes; undefined for one that is not known. */
function typeOf(name: string): ResourceType | undefined {
  types ??= JSON.parse(readFileSync(dataFile('resource-schemas.json'), 'utf8')) as { [type: string]: ResourceType }
  return Object.hasOwn(types, name) ? types[name] : undefined
}

/** Where a resource is not what its type takes. */
export type SchemaFault =
  | {
      readonly kind: 'unknown'
      readonly at: Value
      readonly name: string
      readonly of: string
      /** The name that was probably meant. */
      readonly meant: string | undefined
      /** Where a property of this name belongs. */
      readonly belongs: string | undefined
    }
  | { readonly kind: 'missing'; readonly at: Value; readonly name: string; readonly of: string }
  | { readonly kind: 'type'; readonly at: Value; readonly name: string; readonly wanted: string }
  | {
      readonly kind: 'value'
      readonly at: Value
      readonly name: string
      readonly found: string
      readonly values: readonly string[]
      readonly meant: string | undefined
    }

const known = new WeakMap<Resource, readonly SchemaFault[]>()

/**
 * Every fault of a resource that is written with CloudFormation's names; none of one that is translated or may be
 * changed by a macro.
 */
export function schemaFaults(resource: Resource): readonly SchemaFault[] {
  const found = known.get(resource) ?? readFaults(resource)
  known.set(resource, found)
  return found
}

function readFaults(resource: Resource): readonly SchemaFault[] {
  const { properties, template } = resource
  if (template.format === 'terraform' || properties.isTranslated || template.open) return []
  const type = typeOf(resource.type)
  if (!type) return []
  const faults: SchemaFault[] = []
  const missing = properties.isAbsent ? resource.value : properties
  checkShape(missing, type, type, resource.type, resource.type, faults)
  if (resource.type === 'AWS::Serverless::Function' || resource.type === 'AWS::Serverless::StateMachine')
    for (const event of resource.property('Events').entries()) checkEvent(event.value, resource.type, faults)
  return faults
}

function checkEvent(event: Value, holder: string, faults: SchemaFault[]): void {
  const kind = event.at('Type').string()
  const type = kind === undefined ? undefined : typeOf(`${holder} ${kind}`)
  const properties = event.at('Properties')
  if (!type || (properties.isAbsent && !type.r)) return
  checkShape(properties.isAbsent ? event : properties, type, type, `${kind} event`, '', faults)
}

/** @param label how the map is called in a message; `path` its place below the type, empty at its top. */
function checkShape(
  value: Value,
  shape: Shape,
  type: ResourceType,
  label: string,
  path: string,
  faults: SchemaFault[],
): void {
  if (value.kind !== 'map') return
  const names = Object.keys(shape.p)
  const isHolder = value.keys().includes('Type') && !names.includes('Type') && label !== 'properties'
  if (!isHolder) {
    for (const { key, value: child } of value.entries()) {
      const node = Object.hasOwn(shape.p, key) ? shape.p[key] : undefined
      if (node !== undefined) checkNode(child, node, type, key, path, faults)
      else if (!shape.o && !key.startsWith('Fn::') && !value.open)
        faults.push({
          kind: 'unknown',
          at: child,
          name: key,
          of: label,
          meant: meantBy(key, names),
          belongs: placeOf(key, type),
        })
    }
  }
  if (value.open) return
  for (const name of shape.r ?? [])
    if (isHolder || value.at(name).isAbsent) faults.push({ kind: 'missing', at: value, name, of: label })
}

/** The property that was meant: the same in other letters, or nearly the same. */
const meantBy = (key: string, names: readonly string[]): string | undefined =>
  names.find(name => name.toLowerCase() === key.toLowerCase()) ?? nearest(key, names)

/** Where a property of this name stands in a type: at its top, or below another property. */
function placeOf(key: string, type: ResourceType): string | undefined {
  if (Object.hasOwn(type.p, key)) return 'directly below Properties'
  const name = Object.entries(type.d ?? {}).find(([, shape]) => Object.hasOwn(shape.p, key))?.[0]
  if (name === undefined) return undefined
  const holder = Object.entries(type.p).find(
    ([, node]) => typeof node === 'object' && 'd' in node && node.d === name,
  )?.[0]
  return holder === undefined ? undefined : `below ${holder}`
}

function checkNode(
  value: Value,
  node: Node,
  type: ResourceType,
  name: string,
  path: string,
  faults: SchemaFault[],
): void {
  for (const one of value.possible()) checkOne(one, node, type, name, path, faults)
}

function checkOne(
  value: Value,
  node: Node,
  type: ResourceType,
  name: string,
  path: string,
  faults: SchemaFault[],
): void {
  if (node === '*' || value.isAbsent || value.kind === 'null' || value.kind === 'unknown' || value.kind === 'reference')
    return
  const wrong = (wanted: string): void => void faults.push({ kind: 'type', at: value, name, wanted })
  if (value.kind === 'joined') {
    if (typeof node === 'object' && !('e' in node)) wrong('l' in node ? 'a list' : 'a map')
    return
  }
  if (typeof node === 'string') {
    if (node === 'j') {
      // Policies and definitions may stand as JSON in a text.
      if (value.kind === 'list') wrong('a map')
    } else if (value.kind === 'map' || value.kind === 'list') wrong(WORDS[node])
    else if (node === 'b' && value.boolean() === undefined) wrong(WORDS.b)
    else if (node === 'n' && value.number() === undefined) wrong(WORDS.n)
    else if (node === 'i' && !Number.isInteger(value.number())) wrong(WORDS.i)
    return
  }
  if ('e' in node) {
    const text = value.string()
    if (text === undefined) wrong('a text')
    else if (!node.e.includes(text))
      faults.push({ kind: 'value', at: value, name, found: text, values: node.e, meant: meantBy(text, node.e) })
    return
  }
  if ('l' in node) {
    if (value.kind !== 'list') wrong('a list')
    else for (const item of value.items()) checkNode(item, node.l, type, name, path, faults)
    return
  }
  const shape = 'p' in node ? node : type.d?.[node.d]
  if (!shape) return
  if (value.kind !== 'map') {
    // A path, which packaging puts an object of a bucket in the place of.
    if (value.kind !== 'string' || !PACKAGED.has(name)) wrong('a map')
  } else checkShape(value, shape, type, name, `${path}.${name}`, faults)
}

/** Properties that `aws cloudformation package` and `sam package` take local paths in. */
const PACKAGED = new Set([
  'Code',
  'Content',
  'BodyS3Location',
  'DefinitionS3Location',
  'CodeUri',
  'ContentUri',
  'DefinitionUri',
])

const WORDS = { s: 'a text', i: 'a whole number', n: 'a number', b: 'true or false' } as const

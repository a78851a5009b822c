/**
 * What the types of resources take, as CloudFormation and SAM publish it (`data/resource-schemas.json`, which
 * `scripts/condense-resource-schemas.py` writes): names, kinds and values of properties, and which are required.
 */
import { nearest } from '../../base/suggest.ts'
import { globalsAsResources } from '../application/globals.ts'
import type { Application, Resource, Template } from '../application/model.ts'
import type { Value } from '../application/value.ts'
import { own } from '../../base/own.ts'
import { readData } from '../data/read-data.ts'

/**
 * `s` text, `i` whole number, `n` number, `b` true or false, `j` map of anything, `*` anything; `e` one of several
 * texts, `l` list, `d` a
 * definition of the type, `p` a map with properties of which `r` are required; with `o` it may have others. `x` are
 * the least and the most
 * that a number may be, that a text may have of characters or a list of items; `m` is the form of a text, `u` says
 * that no item comes twice.
 */
type Node =
  | Letter
  | ({ readonly t: 's' | 'i' | 'n'; readonly m?: string } & Bounded)
  | { readonly e: readonly string[] }
  | ({ readonly l: Node; readonly u?: 1 } & Bounded)
  | { readonly d: string }
  | Shape

type Letter = 's' | 'i' | 'n' | 'b' | 'j' | '*'

interface Bounded {
  readonly x?: readonly [least: number | null, most: number | null]
}

interface Shape {
  readonly p: { readonly [property: string]: Node }
  readonly r?: readonly string[]
  readonly o?: 1
}

interface ResourceType extends Shape {
  /** What `Fn::GetAtt` gives. */
  readonly a?: readonly string[]
  readonly d?: { readonly [name: string]: Shape }
}

const types = readData<{ readonly [type: string]: ResourceType }>('resource-schemas.json')

/** What a type takes; undefined for one that is not known. */
function typeOf(name: string): ResourceType | undefined {
  return own(types(), name)
}

/**
 * What `Fn::GetAtt` gives of a type, and its properties, of which some types give some too; undefined where it is not
 * known.
 */
export function attributesOf(type: string): readonly string[] | undefined {
  const known = typeOf(type)
  return known?.a && [...known.a, ...Object.keys(known.p)]
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
  /** Too large or small, too long or short, of another form, or with an item twice. */
  | {
      readonly kind: 'bounds'
      readonly at: Value
      readonly name: string
      readonly found: string
      readonly wanted: string
    }
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
 * Every fault of a resource; none of one that a macro may change. Of one that is written under other names
 * (Terraform, serverless.yml) only what
 * its values are: which names there are, and what is required, is for its own tool to say.
 */
export function schemaFaults(resource: Resource): readonly SchemaFault[] {
  const found = known.get(resource) ?? readFaults(resource)
  known.set(resource, found)
  return found
}

/**
 * Every resource with its faults, and each section of the globals of SAM with its own, which are those of the first
 * resource that takes it: what is `written`. Nothing is missing in globals.
 */
export function* checkedResources(
  app: Application,
): Generator<readonly [resource: Resource, faults: readonly SchemaFault[], written: Resource]> {
  for (const resource of app.resources) yield [resource, schemaFaults(resource), resource]
  for (const template of app.templates) {
    for (const section of globalsAsResources(template)) {
      const heir = [...template.resources.values()].find(({ type }) => type === section.type)
      // What a section does not take at all is said below, for its type may take it.
      const isInside = (fault: SchemaFault): boolean =>
        fault.kind !== 'missing' && (fault.kind !== 'unknown' || fault.of !== section.type)
      if (heir) yield [heir, schemaFaults(section).filter(isInside), section]
    }
    const [any] = template.resources.values()
    if (any && template.format === 'sam') yield [any, globalsFaults(template), any]
  }
}

/** What `Globals` of a template does not take: sections, and properties that each resource must have by itself. */
function globalsFaults(template: Template): readonly SchemaFault[] {
  const type = typeOf('AWS::Serverless Globals')
  const globals = template.root.at('Globals')
  if (!type || template.open || globals.kind !== 'map') return []
  const faults: SchemaFault[] = []
  checkShape(globals, type, type, 'Globals', '', faults)
  return faults.map(fault => {
    if (fault.kind !== 'unknown' || fault.of === 'Globals') return fault
    const isOfEach = own(typeOf(`AWS::Serverless::${fault.of}`)?.p ?? {}, fault.name) !== undefined
    const of = `Globals.${fault.of}`
    // `FunctionName` resembles nothing that globals take, and is refused all the same.
    return isOfEach ? { ...fault, of, meant: undefined, belongs: 'to each resource by itself' } : { ...fault, of }
  })
}

function readFaults(resource: Resource): readonly SchemaFault[] {
  const { properties, template } = resource
  const isTranslated = template.format === 'terraform' || properties.isTranslated
  if (template.open && !isTranslated) return []
  const type = typeOf(resource.type)
  if (!type) return []
  const faults: SchemaFault[] = []
  const missing = properties.isAbsent ? resource.value : properties
  checkShape(missing, type, type, resource.type, resource.type, faults)
  if (isTranslated) return faults.filter(({ kind }) => kind === 'value' || kind === 'bounds')
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
    if (typeof node === 'object' && !('e' in node) && !('t' in node)) wrong('l' in node ? 'a list' : 'a map')
    return
  }
  if (typeof node === 'string' || 't' in node) {
    const wanted = wantedOf(value, typeof node === 'string' ? node : node.t)
    if (wanted !== undefined) wrong(wanted)
    else if (typeof node !== 'string') checkBounds(value, node, name, faults)
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
    else {
      checkItems(value, node, name, faults)
      for (const item of value.items()) checkNode(item, node.l, type, name, path, faults)
    }
    return
  }
  const shape = 'p' in node ? node : type.d?.[node.d]
  if (!shape) return
  if (value.kind !== 'map') {
    // A path, which packaging puts an object of a bucket in the place of.
    if (value.kind !== 'string' || !PACKAGED.has(name)) wrong('a map')
  } else checkShape(value, shape, type, name, `${path}.${name}`, faults)
}

/** The kind that a value should have and has not. */
function wantedOf(value: Value, letter: Letter): string | undefined {
  // Policies and definitions may stand as JSON in a text.
  if (letter === 'j') return value.kind === 'list' ? 'a map' : undefined
  if (letter === '*') return undefined
  if (value.kind === 'map' || value.kind === 'list') return WORDS[letter]
  if (letter === 'b') return value.boolean() === undefined ? WORDS.b : undefined
  if (letter === 'n') return value.number() === undefined ? WORDS.n : undefined
  return letter === 'i' && !Number.isInteger(value.number()) ? WORDS.i : undefined
}

function checkBounds(
  value: Value,
  { t: letter, x, m }: { readonly t: 's' | 'i' | 'n'; readonly m?: string } & Bounded,
  name: string,
  faults: SchemaFault[],
): void {
  const text = value.string() ?? String(value.number() ?? '')
  // An empty text stands for none in Terraform, and in templates for what comes later.
  if (letter === 's' && (text === '' || isPlaceholder(text))) return
  const size = letter === 's' ? text.length : (value.number() ?? 0)
  const out = (found: string, wanted: string): void =>
    void faults.push({ kind: 'bounds', at: value, name, found, wanted })
  if (isOutside(size, x))
    out(letter === 's' ? `${size} characters long` : text, `${between(x)}${letter === 's' ? ' characters' : ''}`)
  else if (m !== undefined && !formOf(m).test(text) && !formOf(withAnyIds(m)).test(text))
    out(JSON.stringify(text), `of the form ${m.length > 60 ? `${m.slice(0, 60)}…` : m}`)
}

/** What is filled in at deployment, or by whoever takes the example over. */
const isPlaceholder = (text: string): boolean =>
  /\{\{|\$\{|[<>]|REGION|ACCOUNT|EXAMPLE|XXX|xxx|your|change|placeholder/i.test(text)

/** The form of an ARN with accounts and ids of any length: invented ones are no fault of a template. */
const withAnyIds = (form: string): string =>
  form.startsWith('^arn') || form.startsWith('arn')
    ? form.replaceAll('\\d{12}', '\\w*').replace(/\[a-f0-9\]\{17\}|\[0-9a-f\]\{17,40\}|\[a-z0-9\]\{17\}/g, '[\\w-]*')
    : form.replace(/^\^\((arn:.*)\)\$$/, (_whole, inner: string) => `^(${inner.replaceAll('\\d{12}', '\\w*')})$`)

function checkItems(value: Value, node: { readonly u?: 1 } & Bounded, name: string, faults: SchemaFault[]): void {
  const items = value.items()
  if (value.open || items.some(item => item.isUnknown)) {
    // A part of it that is not known may be nothing, or many.
    if (items.filter(item => !item.isUnknown).length <= (node.x?.[1] ?? Infinity)) return
  }
  const out = (at: Value, found: string, wanted: string): void =>
    void faults.push({ kind: 'bounds', at, name, found, wanted })
  if (isOutside(items.length, node.x)) out(value, `a list of ${items.length}`, `${between(node.x)} items`)
  const texts = items.map(item => item.string())
  const twice = node.u ? items.find((_item, at) => texts[at] !== undefined && texts.indexOf(texts[at]) < at) : undefined
  if (twice) out(twice, `${twice.string()} for the second time`, 'a list without doubles')
}

const isOutside = (size: number, bounds: Bounded['x']): boolean =>
  bounds !== undefined && ((bounds[0] !== null && size < bounds[0]) || (bounds[1] !== null && size > bounds[1]))

function between(bounds: Bounded['x']): string {
  const [least, most] = bounds ?? [null, null]
  if (least === most) return `exactly ${least}`
  if (most === null) return `at least ${least}`
  return least === null ? `at most ${most}` : `${least} to ${most}`
}

const forms = new Map<string, RegExp>()

/** A pattern of a schema; those of other dialects fit everything. */
function formOf(pattern: string): RegExp {
  const known = forms.get(pattern)
  if (known) return known
  let made = /(?:)/
  for (const flags of ['u', ''])
    try {
      made = new RegExp(pattern, flags)
      break
    } catch {
      // Without the flag, more is a pattern.
    }
  forms.set(pattern, made)
  return made
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

/**
 * One module of Terraform, as it is called: its variables, locals, resources and outputs, and the modules that it calls
 * in turn.
 */
import { posix } from 'node:path'
import type { Resource } from '../model.ts'
import type { Loc, SourceText } from '../source.ts'
import { absentValue, encodedValue, listValue, mapValue, referenceValue, scalarValue, unknownValue } from '../value.ts'
import type { Value } from '../value.ts'
import type { DeclaredBlock } from './assemble.ts'
import { bodyValue, evaluate, follow, pairsOf, UNKNOWN_INDEX } from './evaluate.ts'
import type { Scope } from './evaluate.ts'
import { policyDocument } from './policy-document.ts'
import { callRegistryModule } from './registry-modules.ts'
import type { Attribute, Block, Body, Expression } from './syntax.ts'
import { withTypeDefaults } from './type-defaults.ts'
import { attributeName } from './types.ts'

/** A file of a module directory. */
export interface ModuleFile {
  readonly source: SourceText
  readonly body: Body
  /** `terraform.tfvars` and its like: values of the variables of a root module. */
  readonly isVariables: boolean
}

/** What all the modules of one root share. */
export interface Root {
  /** Directory of the root module, relative to the project. */
  readonly directory: string
  /** Files by directory, relative to the project. */
  readonly directories: ReadonlyMap<string, readonly ModuleFile[]>
  /** By address; filled when all blocks are there. */
  readonly resources: ReadonlyMap<string, Resource>
  /** Every block that was asked for, by its address: a resource may be handed on whole, to another module too. */
  readonly declared: Map<string, DeclaredBlock>
  /** Text of a file, by a path relative to the project. */
  readonly readFile: (path: string) => string | undefined
}

/** The use of a module: the root itself, or a call of it. */
export interface Module {
  readonly blocks: readonly DeclaredBlock[]
  output(name: string, at: Loc): Value
  /** Resources may be missing: a module of it is not in the project. */
  readonly open: boolean
}

const MAX_MODULE_DEPTH = 12
const MAX_INSTANCES = 50

/** A name of the module, written once. */
interface Written {
  readonly attribute: Attribute
  readonly source: SourceText
}

/** One use of a block: itself, or one of `count` or `for_each`. */
interface Instance {
  readonly key: string | number | undefined
  readonly block: DeclaredBlock
}

const indexOf = (key: string | number | undefined): string => (key === undefined ? '' : `[${JSON.stringify(key)}]`)

/** The root module of a directory, with the values of its `.tfvars`. */
export function rootModule(root: Root): Module {
  const files = root.directories.get(root.directory) ?? []
  const given = new Map<string, (at: Loc) => Value>()
  for (const file of files.filter(one => one.isVariables)) {
    const scope: Scope = {
      source: file.source,
      names: new Map(),
      readFile: () => undefined,
      attributeOf: unresolved,
      resolve: unresolved,
    }
    for (const attribute of file.body.attributes) given.set(attribute.name, () => evaluate(attribute.value, scope))
  }
  return moduleOf(root.directory, '', given, root, 0)
}

const unresolved = (_: unknown, __: unknown, at: Loc): Value => unknownValue(at, 'a name where none can be')

/** One module, with what is declared in it and what was found out so far. */
interface ModuleReading {
  readonly directory: string
  /** Begins the addresses of what is in it. */
  readonly prefix: string
  readonly given: ReadonlyMap<string, (at: Loc) => Value>
  readonly root: Root
  readonly depth: number
  readonly variables: Map<string, Declaration>
  readonly locals: Map<string, Written>
  readonly outputs: Map<string, Written>
  /** Values of names that were asked for. */
  readonly known: Map<string, Value>
  /** Names that are being evaluated, to see circles. */
  readonly active: Set<string>
  readonly instances: Map<string, () => readonly Instance[]>
  readonly called: Map<string, () => readonly ModuleUse[]>
}

interface Declaration {
  readonly block: Block
  readonly source: SourceText
}

interface ModuleUse {
  readonly key: string | number | undefined
  readonly module: Module
}

function moduleOf(
  directory: string,
  prefix: string,
  given: ReadonlyMap<string, (at: Loc) => Value>,
  root: Root,
  depth: number,
): Module {
  const reading: ModuleReading = {
    directory,
    prefix,
    given,
    root,
    depth,
    variables: new Map(),
    locals: new Map(),
    outputs: new Map(),
    known: new Map(),
    active: new Set(),
    instances: new Map(),
    called: new Map(),
  }
  readDeclarations(reading)
  // Everything is declared: only now may anything be evaluated.
  const uses = [...reading.called.values()]
  const blocks = [...reading.instances.values()].flatMap(instances => instances().map(one => one.block))
  const modules = uses.flatMap(made => made().map(one => one.module))
  return {
    blocks: [...blocks, ...modules.flatMap(module => module.blocks)],
    open: modules.some(module => module.open),
    output: (name, at) => {
      const written = reading.outputs.get(name)
      if (!written) return unknownValue(at, `output ${name} is not there`)
      return once(reading, `output.${name}`, at, () =>
        evaluate(written.attribute.value, scopeOf(reading, written.source)),
      )
    },
  }
}

function readDeclarations(reading: ModuleReading): void {
  const files = (reading.root.directories.get(reading.directory) ?? []).filter(file => !file.isVariables)
  for (const { body, source } of files) {
    for (const block of body.blocks) {
      const [label] = block.labels
      const value = block.body.attributes.find(one => one.name === 'value')
      if (block.type === 'locals')
        for (const attribute of block.body.attributes) reading.locals.set(attribute.name, { attribute, source })
      else if (block.type === 'variable' && label !== undefined) reading.variables.set(label, { block, source })
      else if (block.type === 'output' && label !== undefined && value)
        reading.outputs.set(label, { attribute: value, source })
      else if (block.type === 'module' && label !== undefined) declareModule(reading, label, { block, source })
      else if ((block.type === 'resource' || block.type === 'data') && block.labels.length === 2)
        declareResource(reading, { block, source })
    }
  }
}

function declareResource(reading: ModuleReading, { block, source }: Declaration): void {
  const [type = '', label = ''] = block.labels
  const id = `${block.type === 'data' ? 'data.' : ''}${type}.${label}`
  const loc: Loc = { source, start: block.start, end: block.headEnd }
  const uses = lazy(() =>
    instancesOf(block.body, scopeOf(reading, source), loc).map(
      ({ key, names }): Instance => ({
        key,
        block: {
          address: `${reading.prefix}${id}${indexOf(key)}`,
          type,
          mode: block.type === 'data' ? 'data' : 'managed',
          loc,
          attributes: bodyValue(block.body, loc, scopeOf(reading, source, names)),
        },
      }),
    ),
  )
  reading.instances.set(id, uses)
}

function declareModule(reading: ModuleReading, label: string, { block, source }: Declaration): void {
  const loc: Loc = { source, start: block.start, end: block.headEnd }
  const uses = lazy(() =>
    instancesOf(block.body, scopeOf(reading, source), loc).map(({ key, names }) => ({
      key,
      module: calledModule(
        reading,
        block,
        `${reading.prefix}module.${label}${indexOf(key)}.`,
        scopeOf(reading, source, names),
        loc,
      ),
    })),
  )
  reading.called.set(label, uses)
}

/** Evaluates a name once; one that needs itself is unknown. */
function once(reading: ModuleReading, key: string, at: Loc, make: () => Value): Value {
  const found = reading.known.get(key)
  if (found) return found
  if (reading.active.has(key)) return unknownValue(at, `${key} refers to itself`)
  reading.active.add(key)
  try {
    const value = make()
    reading.known.set(key, value)
    return value
  } finally {
    reading.active.delete(key)
  }
}

function scopeOf(reading: ModuleReading, source: SourceText, names: ReadonlyMap<string, Value> = new Map()): Scope {
  return {
    source,
    names,
    ...toolsOf(reading),
    resolve: (name, path, at) => resolve(reading, name, path, at),
    readFile: path => reading.root.readFile(posix.join(reading.root.directory, path)),
  }
}

const toolsOf = (reading: ModuleReading): Pick<Scope, 'attributeOf'> => ({
  attributeOf: (mention, path, at) => attributeOf(reading, mention, path, at),
})

function variable(reading: ModuleReading, name: string, at: Loc): Value {
  const passed = reading.given.get(name)
  const written = reading.variables.get(name)
  const loc = written && { source: written.source, start: written.block.start, end: written.block.headEnd }
  const value = once(reading, `var.${name}`, at, () => {
    const setting = (what: string): Attribute | undefined =>
      written?.block.body.attributes.find(one => one.name === what)
    const fallback = setting('default')
    const inModule = (expression: Expression): Value =>
      written ? evaluate(expression, scopeOf(reading, written.source)) : unknownValue(at, `variable ${name}`)
    if (!passed && !fallback) return unknownValue(at, `variable ${name} has no default`)
    const given = passed || !fallback ? passed?.(at) : inModule(fallback.value)
    return withTypeDefaults(given ?? absentValue(at), setting('type')?.value, inModule)
  })
  return value.withVia({ kind: passed ? 'variable' : 'parameter', name, ...(loc ? { loc } : {}) })
}

function local(reading: ModuleReading, name: string, at: Loc): Value {
  const written = reading.locals.get(name)
  if (!written) return unknownValue(at, `local ${name} is not there`)
  const { attribute, source } = written
  return once(reading, `local.${name}`, at, () => evaluate(attribute.value, scopeOf(reading, source))).withVia({
    kind: 'variable',
    name,
    loc: { source, start: attribute.start, end: attribute.nameEnd },
  })
}

function resolve(reading: ModuleReading, name: string, path: readonly (string | number)[], at: Loc): Value {
  const [first, ...rest] = path
  const label = String(first ?? '')
  switch (name) {
    case 'var':
      return follow(variable(reading, label, at), rest, at, toolsOf(reading))
    case 'local':
      return follow(local(reading, label, at), rest, at, toolsOf(reading))
    case 'path':
      return scalarValue(
        at,
        label === 'module' ? posix.relative(reading.root.directory, reading.directory) || '.' : '.',
      )
    case 'module':
      return outputOf(reading, label, rest, at)
    case 'data':
      return resourceValue(reading, `data.${label}.${String(rest[0] ?? '')}`, label, rest.slice(1), at)
    case 'each':
    case 'count':
    case 'self':
    case 'terraform':
      return unknownValue(at, `${name}.${label} is known to Terraform alone`)
  }
  return resourceValue(reading, `${name}.${label}`, name, rest, at)
}

function outputOf(reading: ModuleReading, label: string, path: readonly (string | number)[], at: Loc): Value {
  const uses = reading.called.get(label)?.()
  if (!uses) return unknownValue(at, `module ${label} is not there`)
  const [first, ...rest] = path
  const use = uses.find(one => one.key === first && one.key !== undefined)
  if (use) return follow(use.module.output(String(rest[0] ?? ''), at), rest.slice(1), at, toolsOf(reading))
  const [only] = uses
  if (!only) return absentValue(at)
  const [name, ...below] = first === UNKNOWN_INDEX || first === 0 ? rest : path
  return name === undefined
    ? unknownValue(at, `module ${label} as a whole`)
    : follow(only.module.output(String(name), at), below, at, toolsOf(reading))
}

/** A resource or data source, one attribute of it, or all of its instances. */
function resourceValue(
  reading: ModuleReading,
  id: string,
  type: string,
  path: readonly (string | number)[],
  at: Loc,
): Value {
  const pseudo = pseudoParameter(type, path)
  if (pseudo) return referenceValue(at, { id: pseudo, attribute: 'Ref' })
  const uses = reading.instances.get(id)?.()
  if (!uses) return reference(reading, reading.prefix + id, type, path, at)
  const [first, ...rest] = path
  const keyed = uses.some(one => one.key !== undefined)
  const chosen = uses.find(one => one.key === first && one.key !== undefined)
  if (chosen) return attribute(reading, chosen.block, rest, at)
  if (keyed && first === undefined) {
    if (uses.every(one => typeof one.key === 'number'))
      return listValue(
        at,
        uses.map(one => () => attribute(reading, one.block, [], at)),
      )
    return mapValue(
      at,
      uses.map(one => ({ key: String(one.key), keyLoc: at, evaluate: () => attribute(reading, one.block, [], at) })),
    )
  }
  const [any] = uses
  if (!any) return first === undefined ? listValue(at, []) : absentValue(at)
  return attribute(reading, any.block, first === UNKNOWN_INDEX || typeof first === 'number' ? rest : path, at)
}

function attribute(reading: ModuleReading, block: DeclaredBlock, path: readonly (string | number)[], at: Loc): Value {
  const { type, attributes } = block
  const [name] = path
  if (type === 'aws_iam_policy_document' && (name === 'json' || name === 'minified_json'))
    return encodedValue(at, policyDocument(attributes))
  if (block.mode === 'data' && type === 'aws_iam_policy' && name === 'arn') return managedPolicyArn(attributes, at)
  if (name !== undefined && !NAMES_THE_RESOURCE.has(String(name))) {
    const written = attributes.at(...path)
    if (!written.isAbsent && written.kind !== 'null') return written
  }
  return reference(reading, block.address, type, path, at)
}

/** Names that AWS gives to policies of its own. */
const NAMED_BY_AWS =
  /^(AWS|Amazon|IAM|CloudWatch|Administrator|PowerUser|ReadOnly|ViewOnly|SecurityAudit|\w+Administrator$)/

/** A policy that Terraform looks up by its name; its path is not told. */
function managedPolicyArn(attributes: Value, at: Loc): Value {
  const [arn, name] = [attributes.at('arn'), attributes.at('name').string()]
  if (!arn.isAbsent) return arn
  return name !== undefined && NAMED_BY_AWS.test(name)
    ? scalarValue(at, `arn:aws:iam::aws:policy/${name}`)
    : unknownValue(at, 'Terraform looks the policy up')
}

function attributeOf(reading: ModuleReading, mention: Value, path: readonly (string | number)[], at: Loc): Value {
  const id = mention.reference?.id ?? ''
  const block = reading.root.declared.get(id)
  return block ? attribute(reading, block, path, at) : reference(reading, id, '', path, at)
}

function reference(
  reading: ModuleReading,
  id: string,
  type: string,
  path: readonly (string | number)[],
  at: Loc,
): Value {
  const name = path.filter(step => typeof step === 'string' && step !== UNKNOWN_INDEX).join('.')
  return referenceValue(at, {
    id,
    attribute: attributeName(type, name || 'id'),
    // Looked up when asked: blocks may refer to what is declared after them.
    get resource() {
      return reading.root.resources.get(id)
    },
  })
}

function calledModule(reading: ModuleReading, block: Block, address: string, scope: Scope, loc: Loc): Module {
  const written = block.body.attributes.find(one => one.name === 'source')
  const from = written && evaluate(written.value, scope).string()
  const passed = bodyValue(
    {
      ...block.body,
      attributes: block.body.attributes.filter(one => one.name !== 'source' && one.name !== 'version'),
    },
    loc,
    scope,
  )
  const target =
    from !== undefined && /^\.\.?(\/|$)/.test(from)
      ? posix.join(reading.directory, from).replace(/^\.$/, '')
      : undefined
  if (target !== undefined && reading.root.directories.has(target) && reading.depth < MAX_MODULE_DEPTH)
    return moduleOf(
      target,
      address,
      new Map(passed.entries().map(entry => [entry.key, () => entry.value])),
      reading.root,
      reading.depth + 1,
    )
  return callRegistryModule(from, passed, address, loc, reading.root.resources)
}

/** Made when it is first asked for; nothing while it is being made, for what needs itself. */
function lazy<T>(make: () => readonly T[]): () => readonly T[] {
  let made: readonly T[] | undefined
  let isBeingMade = false
  return () => {
    if (made ?? isBeingMade) return made ?? []
    isBeingMade = true
    made = make()
    isBeingMade = false
    return made
  }
}

/** How often a block is used, with `each` and `count` for each use. One use without a key when it cannot be known. */
function instancesOf(
  body: Body,
  scope: Scope,
  at: Loc,
): readonly { readonly key: string | number | undefined; readonly names: ReadonlyMap<string, Value> }[] {
  const written = (name: string) => body.attributes.find(one => one.name === name)?.value
  const forEach = written('for_each')
  const count = written('count')
  const names = (of: string, members: { readonly [name: string]: Value }): ReadonlyMap<string, Value> =>
    new Map([
      [
        of,
        mapValue(
          at,
          Object.entries(members).map(([key, value]) => ({ key, keyLoc: at, evaluate: () => value })),
        ),
      ],
    ])
  if (forEach) {
    const over = evaluate(forEach, scope)
    const pairs = over.open ? undefined : pairsOf(over)
    if (!pairs || pairs.length > MAX_INSTANCES) return [{ key: undefined, names: new Map() }]
    return pairs.map(([key, value]) => {
      // Of a set each element is its own key.
      const name = over.kind === 'list' ? value : key
      return { key: name.string() ?? '', names: names('each', { key: name, value }) }
    })
  }
  if (count) {
    const times = evaluate(count, scope).number()
    if (times === undefined || times > MAX_INSTANCES) return [{ key: undefined, names: new Map() }]
    // What there is at most once needs no number.
    if (times === 1) return [{ key: undefined, names: names('count', { index: scalarValue(at, 0) }) }]
    return Array.from({ length: Math.max(0, times) }, (_, index) => ({
      key: index,
      names: names('count', { index: scalarValue(at, index) }),
    }))
  }
  return [{ key: undefined, names: new Map() }]
}

/** Attributes that say which resource it is, rather than how it is set: they stay references. */
const NAMES_THE_RESOURCE = new Set([
  'arn',
  'id',
  'name',
  'url',
  'bucket',
  'function_name',
  'invoke_arn',
  'qualified_arn',
  'stream_arn',
  'execution_arn',
  'output_path',
])

/** Data sources that stand for what CloudFormation calls pseudo parameters. */
function pseudoParameter(type: string, path: readonly (string | number)[]): string | undefined {
  const name = path.find(step => typeof step === 'string' && step !== UNKNOWN_INDEX)
  if (type === 'aws_caller_identity' && name === 'account_id') return 'AWS::AccountId'
  if (type === 'aws_region' && (name === 'name' || name === 'id' || name === 'region')) return 'AWS::Region'
  if (type === 'aws_partition' && name === 'partition') return 'AWS::Partition'
  if (type === 'aws_partition' && name === 'dns_suffix') return 'AWS::URLSuffix'
  return undefined
}

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
import type { Attribute, Block, Body } from './syntax.ts'
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

function moduleOf(
  directory: string,
  prefix: string,
  given: ReadonlyMap<string, (at: Loc) => Value>,
  root: Root,
  depth: number,
): Module {
  const files = (root.directories.get(directory) ?? []).filter(file => !file.isVariables)
  const variables = new Map<string, { readonly block: Block; readonly source: SourceText }>()
  const locals = new Map<string, Written>()
  const outputs = new Map<string, Written>()
  const declared: { readonly block: Block; readonly source: SourceText }[] = []
  const calls: { readonly block: Block; readonly source: SourceText }[] = []
  for (const { body, source } of files) {
    for (const block of body.blocks) {
      const [label] = block.labels
      if (block.type === 'locals')
        for (const attribute of block.body.attributes) locals.set(attribute.name, { attribute, source })
      else if (block.type === 'variable' && label !== undefined) variables.set(label, { block, source })
      else if (block.type === 'output' && label !== undefined) {
        const attribute = block.body.attributes.find(one => one.name === 'value')
        if (attribute) outputs.set(label, { attribute, source })
      } else if (block.type === 'module' && label !== undefined) calls.push({ block, source })
      else if ((block.type === 'resource' || block.type === 'data') && block.labels.length === 2)
        declared.push({ block, source })
    }
  }

  const known = new Map<string, Value>()
  const active = new Set<string>()
  /** Evaluates a name once; one that needs itself is unknown. */
  const once = (key: string, at: Loc, make: () => Value): Value => {
    const found = known.get(key)
    if (found) return found
    if (active.has(key)) return unknownValue(at, `${key} refers to itself`)
    active.add(key)
    try {
      const value = make()
      known.set(key, value)
      return value
    } finally {
      active.delete(key)
    }
  }

  const scopeOf = (source: SourceText, names: ReadonlyMap<string, Value> = new Map()): Scope => ({
    source,
    names,
    resolve,
    attributeOf,
    readFile: path => root.readFile(posix.join(root.directory, path)),
  })

  const variable = (name: string, at: Loc): Value => {
    const passed = given.get(name)
    const written = variables.get(name)
    const loc = written && { source: written.source, start: written.block.start, end: written.block.headEnd }
    const value = once(`var.${name}`, at, () => {
      if (passed) return passed(at)
      const fallback = written?.block.body.attributes.find(one => one.name === 'default')
      return written && fallback
        ? evaluate(fallback.value, scopeOf(written.source))
        : unknownValue(at, `variable ${name} has no default`)
    })
    return value.withVia({ kind: passed ? 'variable' : 'parameter', name, ...(loc ? { loc } : {}) })
  }

  const local = (name: string, at: Loc): Value => {
    const written = locals.get(name)
    if (!written) return unknownValue(at, `local ${name} is not there`)
    const { attribute, source } = written
    return once(`local.${name}`, at, () => evaluate(attribute.value, scopeOf(source))).withVia({
      kind: 'variable',
      name,
      loc: { source, start: attribute.start, end: attribute.nameEnd },
    })
  }

  const instances = new Map<string, () => readonly Instance[]>()
  const called = new Map<
    string,
    () => readonly { readonly key: string | number | undefined; readonly module: Module }[]
  >()

  function resolve(name: string, path: readonly (string | number)[], at: Loc): Value {
    const [first, ...rest] = path
    const label = String(first ?? '')
    switch (name) {
      case 'var':
        return follow(variable(label, at), rest, at, { attributeOf })
      case 'local':
        return follow(local(label, at), rest, at, { attributeOf })
      case 'path':
        return scalarValue(at, label === 'module' ? posix.relative(root.directory, directory) || '.' : '.')
      case 'module':
        return outputOf(label, rest, at)
      case 'data':
        return resourceValue(`data.${label}.${String(rest[0] ?? '')}`, label, rest.slice(1), at)
      case 'each':
      case 'count':
      case 'self':
      case 'terraform':
        return unknownValue(at, `${name}.${label} is known to Terraform alone`)
    }
    return resourceValue(`${name}.${label}`, name, rest, at)
  }

  function outputOf(label: string, path: readonly (string | number)[], at: Loc): Value {
    const uses = called.get(label)?.()
    if (!uses) return unknownValue(at, `module ${label} is not there`)
    const [first, ...rest] = path
    const use = uses.find(one => one.key === first && one.key !== undefined)
    if (use) return follow(use.module.output(String(rest[0] ?? ''), at), rest.slice(1), at, { attributeOf })
    const [only] = uses
    if (!only) return absentValue(at)
    const [name, ...below] = first === UNKNOWN_INDEX || first === 0 ? rest : path
    return name === undefined
      ? unknownValue(at, `module ${label} as a whole`)
      : follow(only.module.output(String(name), at), below, at, { attributeOf })
  }

  /** A resource or data source, one attribute of it, or all of its instances. */
  function resourceValue(id: string, type: string, path: readonly (string | number)[], at: Loc): Value {
    const pseudo = pseudoParameter(type, path)
    if (pseudo) return referenceValue(at, { id: pseudo, attribute: 'Ref' })
    const uses = instances.get(id)?.()
    if (!uses) return reference(prefix + id, type, path, at)
    const [first, ...rest] = path
    const keyed = uses.some(one => one.key !== undefined)
    const chosen = uses.find(one => one.key === first && one.key !== undefined)
    if (chosen) return attribute(chosen.block, rest, at)
    if (keyed && first === undefined) {
      if (uses.every(one => typeof one.key === 'number'))
        return listValue(
          at,
          uses.map(one => () => attribute(one.block, [], at)),
        )
      return mapValue(
        at,
        uses.map(one => ({ key: String(one.key), keyLoc: at, evaluate: () => attribute(one.block, [], at) })),
      )
    }
    const [any] = uses
    if (!any) return first === undefined ? listValue(at, []) : absentValue(at)
    return attribute(any.block, first === UNKNOWN_INDEX || typeof first === 'number' ? rest : path, at)
  }

  function attribute(block: DeclaredBlock, path: readonly (string | number)[], at: Loc): Value {
    const { type, attributes } = block
    const [name] = path
    if (type === 'aws_iam_policy_document' && (name === 'json' || name === 'minified_json'))
      return encodedValue(at, policyDocument(attributes))
    if (name !== undefined && !NAMES_THE_RESOURCE.has(String(name))) {
      const written = attributes.at(...path)
      if (!written.isAbsent && written.kind !== 'null') return written
    }
    return reference(block.address, type, path, at)
  }

  function attributeOf(mention: Value, path: readonly (string | number)[], at: Loc): Value {
    const id = mention.reference?.id ?? ''
    const block = root.declared.get(id)
    return block ? attribute(block, path, at) : reference(id, '', path, at)
  }

  function reference(id: string, type: string, path: readonly (string | number)[], at: Loc): Value {
    const name = path.filter(step => typeof step === 'string' && step !== UNKNOWN_INDEX).join('.')
    return referenceValue(at, {
      id,
      attribute: attributeName(type, name || 'id'),
      // Looked up when asked: blocks may refer to what is declared after them.
      get resource() {
        return root.resources.get(id)
      },
    })
  }

  let open = false
  const blocks: DeclaredBlock[] = []
  for (const { block, source } of declared) {
    const [type = '', label = ''] = block.labels
    const id = `${block.type === 'data' ? 'data.' : ''}${type}.${label}`
    const loc: Loc = { source, start: block.start, end: block.headEnd }
    const uses = lazy(() =>
      instancesOf(block.body, scopeOf(source), loc).map(
        ({ key, names }): Instance => ({
          key,
          block: {
            address: `${prefix}${id}${indexOf(key)}`,
            type,
            mode: block.type === 'data' ? 'data' : 'managed',
            loc,
            attributes: bodyValue(block.body, loc, scopeOf(source, names)),
          },
        }),
      ),
    )
    instances.set(id, uses)
  }
  for (const { block, source } of calls) {
    const [label = ''] = block.labels
    const loc: Loc = { source, start: block.start, end: block.headEnd }
    const uses = lazy(() =>
      instancesOf(block.body, scopeOf(source), loc).map(({ key, names }) => ({
        key,
        module: calledModule(block, `${prefix}module.${label}${indexOf(key)}.`, scopeOf(source, names), loc),
      })),
    )
    called.set(label, uses)
  }

  function calledModule(block: Block, address: string, scope: Scope, loc: Loc): Module {
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
      from !== undefined && /^\.\.?(\/|$)/.test(from) ? posix.join(directory, from).replace(/^\.$/, '') : undefined
    if (target !== undefined && root.directories.has(target) && depth < MAX_MODULE_DEPTH)
      return moduleOf(
        target,
        address,
        new Map(passed.entries().map(entry => [entry.key, () => entry.value])),
        root,
        depth + 1,
      )
    return callRegistryModule(from, passed, address, loc, root.resources)
  }

  // Everything is declared: only now may anything be evaluated.
  for (const uses of instances.values()) blocks.push(...uses().map(one => one.block))
  for (const uses of called.values())
    for (const { module } of uses()) {
      blocks.push(...module.blocks)
      open ||= module.open
    }
  return {
    blocks,
    open,
    output: (name, at) => {
      const written = outputs.get(name)
      if (!written) return unknownValue(at, `output ${name} is not there`)
      return once(`output.${name}`, at, () => evaluate(written.attribute.value, scopeOf(written.source)))
    },
  }
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

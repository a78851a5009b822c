/** Terraform as JSON: `terraform show -json` of a plan, and `.tf.json` files. */
import { makeResource } from './cloudformation.ts'
import { attachResources, joinPath, makeFunction } from './functions.ts'
import type { FindHandler } from './functions.ts'
import type { LambdaFunction, Packaging, Permissions, Resource, Template } from './model.ts'
import { permissionsOfRole } from './policies.ts'
import { rawGet } from './raw.ts'
import type { Raw, RawEntry } from './raw.ts'
import type { Loc, SourceText } from './source.ts'
import { attributeName, block, TERRAFORM_TYPES } from './terraform-types.ts'
import {
  absentValue,
  joinValues,
  listValue,
  mapValue,
  mergeValues,
  referenceValue,
  scalarValue,
  translatedValue,
  unknownValue,
} from './value.ts'
import type { LazyEntry, Value } from './value.ts'

/** One `resource` or `data` block. */
interface Block {
  /** `aws_sqs_queue.jobs`, behind `module.x.` for those of a module. */
  readonly address: string
  readonly type: string
  readonly mode: 'managed' | 'data'
  readonly loc: Loc
  readonly attributes: Value
}

export const mayBeTerraform = (path: string, text: string): boolean =>
  /\.tf\.json$/.test(path) ||
  (/"planned_values"\s*:/.test(text) && /"terraform_version"\s*:|"format_version"\s*:/.test(text))

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
    resources => {
      const blocks: Block[] = []
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
      return blocks.filter(one => !seen.has(one.address) && seen.add(one.address))
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
  if (!match || /^(var|local|module|each|count|path|self|terraform)$/.test(match[2]!)) return undefined
  const id = `${prefix}${match[1] ?? ''}${match[2]}.${match[3]}`
  return referenceValue(at, {
    id,
    attribute: attributeName(match[2]!, match[4] ?? 'id'),
    // Looked up when asked: blocks may refer to what is declared after them.
    get resource() {
      return resources.get(id)
    },
  })
}

/** One template of the `.tf.json` files of a directory. */
export function loadTfJson(
  files: readonly { readonly raw: Raw; readonly source: SourceText }[],
  findHandler: FindHandler,
): Template {
  const variables = new Map<string, { raw: Raw; source: SourceText }>()
  const locals = new Map<string, { raw: Raw; source: SourceText }>()
  for (const { raw, source } of files) {
    const collect = (section: Raw | undefined, into: typeof variables): void => {
      for (const one of section?.kind === 'list' ? section.items : section ? [section] : []) {
        if (one.kind === 'map') for (const entry of one.entries) into.set(entry.key, { raw: entry.value, source })
      }
    }
    collect(rawGet(raw, 'variable'), variables)
    collect(rawGet(raw, 'locals'), locals)
  }
  const documents = new Map<string, Value>()
  return assemble(
    files[0]!.source,
    resources => {
      const scope: TfScope = { variables, locals, resources, documents, active: new Set() }
      const blocks: Block[] = []
      for (const { raw, source } of files) {
        for (const mode of ['data', 'resource'] as const) {
          for (const type of entriesOf(rawGet(raw, mode))) {
            for (const one of entriesOf(type.value)) {
              const body = one.value.kind === 'list' ? one.value.items[0] : one.value
              if (!body) continue
              const address = `${mode === 'data' ? 'data.' : ''}${type.key}.${one.key}`
              const attributes = evaluateTf(body, source, scope)
              if (type.key === 'aws_iam_policy_document' && mode === 'data')
                documents.set(address, policyDocument(attributes))
              blocks.push({
                address,
                type: type.key,
                mode: mode === 'data' ? 'data' : 'managed',
                loc: { source, start: one.keyStart, end: one.keyEnd },
                attributes,
              })
            }
          }
        }
      }
      return blocks
    },
    findHandler,
  )
}

interface TfScope {
  readonly variables: ReadonlyMap<string, { readonly raw: Raw; readonly source: SourceText }>
  readonly locals: ReadonlyMap<string, { readonly raw: Raw; readonly source: SourceText }>
  readonly resources: ReadonlyMap<string, Resource>
  /** Documents of `aws_iam_policy_document`, which other blocks take as `.json`. */
  readonly documents: ReadonlyMap<string, Value>
  readonly active: Set<string>
}

const entriesOf = (raw: Raw | undefined): readonly RawEntry[] =>
  raw?.kind === 'map'
    ? raw.entries
    : raw?.kind === 'list'
      ? raw.items.flatMap(item => (item.kind === 'map' ? item.entries : []))
      : []

function evaluateTf(raw: Raw, source: SourceText, scope: TfScope): Value {
  const at: Loc = { source, start: raw.start, end: raw.end }
  if (raw.kind === 'list')
    return listValue(
      at,
      raw.items.map(item => () => evaluateTf(item, source, scope)),
    )
  if (raw.kind === 'map') {
    return mapValue(
      at,
      raw.entries.map(entry => ({
        key: entry.key,
        keyLoc: { source, start: entry.keyStart, end: entry.keyEnd },
        evaluate: () => evaluateTf(entry.value, source, scope),
      })),
      raw.entries.some(entry => entry.key === 'dynamic'),
    )
  }
  return typeof raw.value === 'string' && /[$%]\{/.test(raw.value)
    ? template(raw.value, at, scope)
    : scalarValue(at, raw.value)
}

function template(text: string, at: Loc, scope: TfScope): Value {
  const parts: Value[] = []
  let last = 0
  for (const match of text.matchAll(/\$\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}/g)) {
    if (text[match.index - 1] === '$') continue
    if (match.index > last) parts.push(scalarValue(at, text.slice(last, match.index)))
    parts.push(expression(match[1]!.trim(), at, scope))
    last = match.index + match[0].length
  }
  if (last < text.length)
    parts.push(
      /[$%]\{/.test(text.slice(last))
        ? unknownValue(at, 'an expression of Terraform')
        : scalarValue(at, text.slice(last)),
    )
  return parts.length === 1 ? parts[0]! : joinValues(at, parts)
}

function expression(text: string, at: Loc, scope: TfScope): Value {
  const literal = /^"([^"$]*)"$/.exec(text)
  if (literal) return scalarValue(at, literal[1]!)
  if (/^\d+(\.\d+)?$/.test(text)) return scalarValue(at, Number(text))
  if (text === 'path.module' || text === 'path.root' || text === 'path.cwd') return scalarValue(at, '.')
  const named = /^(var|local)\.([\w-]+)((?:\.[\w-]+)*)$/.exec(text)
  if (named) return variable(named[1] as 'var' | 'local', named[2]!, named[3]!.split('.').filter(Boolean), at, scope)
  const document = /^(data\.aws_iam_policy_document\.[\w-]+)(?:\[[^\]]*\])?\.json$/.exec(text)
  if (document) return scope.documents.get(document[1]!) ?? unknownValue(at, `${text} is known after apply`)
  return traversal(text, at, '', scope.resources) ?? unknownValue(at, `\${${text}} is resolved by Terraform`)
}

function variable(kind: 'var' | 'local', name: string, path: readonly string[], at: Loc, scope: TfScope): Value {
  const key = `${kind}.${name}`
  const found = (kind === 'var' ? scope.variables : scope.locals).get(name)
  const raw = kind === 'var' ? rawGet(found?.raw, 'default') : found?.raw
  if (!found || !raw)
    return unknownValue(at, kind === 'var' ? `variable ${name} has no default` : `local ${name} is not there`)
  if (scope.active.has(key)) return unknownValue(at, `${key} refers to itself`)
  scope.active.add(key)
  try {
    const value = evaluateTf(raw, found.source, scope).at(...path)
    return value.withLoc(at).withVia({
      kind: kind === 'var' ? 'parameter' : 'variable',
      name,
      loc: { source: found.source, start: raw.start, end: raw.end },
    })
  } finally {
    scope.active.delete(key)
  }
}

/** The blocks of `aws_iam_policy_document` as a policy document. */
function policyDocument(attributes: Value): Value {
  const statements = attributes.at('statement')
  const items = statements.kind === 'list' ? statements.items() : statements.isAbsent ? [] : [statements]
  return translatedValue(attributes.loc, {
    Statement: listValue(
      statements.isAbsent ? attributes.loc : statements.loc,
      items.map(
        one => () =>
          translatedValue(one.loc, {
            Sid: one.at('sid'),
            Effect: one.at('effect').isAbsent ? scalarValue(one.loc, 'Allow') : one.at('effect'),
            Action: one.at('actions'),
            NotAction: one.at('not_actions'),
            Resource: one.at('resources'),
            NotResource: one.at('not_resources'),
            Principal: principals(one.at('principals')),
            Condition: one.at('condition'),
          }),
      ),
      statements.isUnknown ||
        statements.open ||
        !attributes.at('source_policy_documents').isAbsent ||
        !attributes.at('dynamic').isAbsent,
    ),
  })
}

function principals(written: Value): Value | undefined {
  const one = block(written)
  const type = one.at('type').string()
  return type === undefined
    ? written.isAbsent
      ? undefined
      : unknownValue(written.loc, 'the principals are not known')
    : translatedValue(one.loc, { [type]: one.at('identifiers') })
}

/** Makes a template of blocks: what Terraform says in a resource of its own and CloudFormation within another is put together. */
function assemble(
  source: SourceText,
  read: (resources: ReadonlyMap<string, Resource>) => readonly Block[],
  findHandler: FindHandler,
): Template {
  const resources = new Map<string, Resource>()
  let functions: readonly LambdaFunction[] = []
  const blocks = read(resources)
  const template: Template = {
    source,
    format: 'terraform',
    root: mapValue(
      { source, start: 0, end: 0 },
      blocks.map(one => ({ key: one.address, keyLoc: one.loc, evaluate: () => one.attributes })),
    ),
    resources,
    open: true,
    get functions() {
      return functions
    },
  }
  const additions = new Additions(blocks)
  for (const one of blocks) {
    if (one.mode === 'data') continue
    const translation = TERRAFORM_TYPES[one.type]
    const properties = translation
      ? translatedValue(one.attributes.loc, translation.properties(one.attributes), one.attributes.open)
      : one.attributes
    const value = translatedValue(one.attributes.loc, {
      Type: scalarValue(one.loc, translation?.type ?? one.type),
      Properties: additions.complete(one, properties),
    })
    resources.set(
      one.address,
      makeResource(one.address, one.loc, value, () => template),
    )
  }
  for (const extra of additions.orphans())
    resources.set(
      extra.address,
      makeResource(extra.address, extra.loc, extra.value, () => template),
    )
  const roleMakers = [...resources.values()].filter(one => one.type.startsWith('AWS::IAM::'))
  functions = blocks
    .filter(one => one.mode === 'managed' && one.type === 'aws_lambda_function')
    .map(one => {
      const resource = resources.get(one.address)!
      return makeFunction(
        {
          id: one.address,
          resource,
          properties: resource.properties,
          permissions: permissionsWithData(
            permissionsOfRole(resource.property('Role'), resource.loc, roleMakers),
            blocks,
          ),
          events: [],
          packaging: packaging(one, blocks, source),
          defaults: { timeout: 3, memory: 128, who: 'AWS' },
        },
        template,
        findHandler,
      )
    })
  functions = attachResources(functions, resources.values())
  return template
}

/** A module may attach more; a module of the registry is not seen at all. */
const permissionsWithData = (permissions: Permissions, blocks: readonly Block[]): Permissions =>
  blocks.some(one => one.type === 'aws_iam_policy_attachment') ? { ...permissions, open: true } : permissions

/** Resources of Terraform that speak of another: they become properties of that other, as in CloudFormation. */
class Additions {
  readonly #byType: ReadonlyMap<string, readonly Block[]>
  readonly #taken = new Set<Block>()

  constructor(blocks: readonly Block[]) {
    const byType = new Map<string, Block[]>()
    for (const one of blocks) byType.set(one.type, [...(byType.get(one.type) ?? []), one])
    this.#byType = byType
  }

  /** The blocks of a type whose attribute names the block. */
  #about(type: string, attribute: string, target: Block): readonly Block[] {
    return (this.#byType.get(type) ?? []).filter(one => {
      const value = one.attributes.at(attribute)
      const hit =
        value.reference?.id === target.address ||
        (value.string() !== undefined && value.string() === target.attributes.at('name').string())
      if (hit) this.#taken.add(one)
      return hit
    })
  }

  complete(one: Block, properties: Value): Value {
    const list = (items: readonly Value[]): Value =>
      listValue(
        one.loc,
        items.map(item => () => item),
      )
    const add = (entries: { readonly [name: string]: Value | undefined }): Value =>
      mergeValues(translatedValue(one.loc, entries), properties, { kind: 'variable', name: 'Terraform' })
    switch (one.type) {
      case 'aws_iam_role': {
        const attached = this.#about('aws_iam_role_policy_attachment', 'role', one)
        return attached.length
          ? add({ ManagedPolicyArns: list(attached.map(each => each.attributes.at('policy_arn'))) })
          : properties
      }
      case 'aws_sqs_queue': {
        const redrive = this.#about('aws_sqs_queue_redrive_policy', 'queue_url', one)[0]
        return redrive
          ? add({ RedrivePolicy: TERRAFORM_TYPES['aws_sqs_queue']!.properties(redrive.attributes)['RedrivePolicy'] })
          : properties
      }
      case 'aws_s3_bucket': {
        const notifications = this.#about('aws_s3_bucket_notification', 'bucket', one)
        return notifications.length ? add({ NotificationConfiguration: notificationOf(notifications[0]!) }) : properties
      }
      case 'aws_cloudwatch_event_rule': {
        const targets = this.#about('aws_cloudwatch_event_target', 'rule', one)
        return targets.length
          ? add({
              Targets: list(
                targets.map(each =>
                  translatedValue(each.loc, {
                    Arn: each.attributes.at('arn'),
                    Id: each.attributes.at('target_id'),
                    Input: each.attributes.at('input'),
                  }),
                ),
              ),
            })
          : properties
      }
      case 'aws_lb_target_group': {
        const targets = this.#about('aws_lb_target_group_attachment', 'target_group_arn', one)
        return targets.length
          ? add({
              Targets: list(targets.map(each => translatedValue(each.loc, { Id: each.attributes.at('target_id') }))),
            })
          : properties
      }
    }
    return properties
  }

  /** Notifications of buckets that are not declared here still make functions run. */
  orphans(): readonly { readonly address: string; readonly loc: Loc; readonly value: Value }[] {
    return (this.#byType.get('aws_s3_bucket_notification') ?? [])
      .filter(one => !this.#taken.has(one))
      .map(one => ({
        address: `${one.address} (bucket)`,
        loc: one.loc,
        value: translatedValue(one.loc, {
          Type: scalarValue(one.loc, 'AWS::S3::Bucket'),
          Properties: translatedValue(one.loc, {
            BucketName: one.attributes.at('bucket'),
            NotificationConfiguration: notificationOf(one),
          }),
        }),
      }))
  }
}

function notificationOf(one: Block): Value {
  const written = one.attributes.at('lambda_function')
  const items = written.kind === 'list' ? written.items() : written.isAbsent ? [] : [written]
  const rule = (name: string, value: Value): Value[] =>
    value.isAbsent || value.kind === 'null'
      ? []
      : [translatedValue(value.loc, { Name: scalarValue(value.loc, name), Value: value })]
  return translatedValue(one.loc, {
    LambdaConfigurations: listValue(
      one.loc,
      items.map(item => () => {
        const rules = [...rule('prefix', item.at('filter_prefix')), ...rule('suffix', item.at('filter_suffix'))]
        return translatedValue(item.loc, {
          Function: item.at('lambda_function_arn'),
          Event: item.at('events').at(0),
          Filter: rules.length
            ? translatedValue(item.loc, {
                S3Key: translatedValue(item.loc, {
                  Rules: listValue(
                    item.loc,
                    rules.map(each => () => each),
                  ),
                }),
              })
            : undefined,
        })
      }),
    ),
  })
}

function packaging(one: Block, blocks: readonly Block[], source: SourceText): Packaging {
  const directory = source.path.split('/').slice(0, -1).join('/')
  const file = one.attributes.at('filename')
  const local = (path: string): string => joinPath(directory, path)
  const nothing = absentValue(one.loc)
  // A zip that Terraform makes itself is known by what goes into it.
  const archive = blocks.find(
    each =>
      each.type === 'archive_file' &&
      (file.reference?.id === each.address ||
        (file.string() !== undefined && each.attributes.at('output_path').string() === file.string())),
  )
  if (archive) {
    const folder = archive.attributes.at('source_dir').string()
    const single = archive.attributes.at('source_file').string()
    const from = folder ?? (single === undefined ? undefined : single.split('/').slice(0, -1).join('/') || '.')
    return {
      directory: from === undefined ? undefined : local(from),
      archive: undefined,
      bundler: 'none',
      settings: nothing,
      external: nothing,
    }
  }
  const zip = file.string()
  return {
    directory: undefined,
    archive: zip === undefined ? undefined : local(zip),
    bundler: undefined,
    settings: nothing,
    external: nothing,
  }
}

const textOf = (raw: Raw | undefined): string | undefined =>
  raw?.kind === 'scalar' && typeof raw.value === 'string' ? raw.value : undefined

/** Functions of CloudFormation and SAM, with everything that other resources say about them. */
import { loadKnowledge } from '../data/pages.ts'
import type { EventSource, LambdaFunction, Packaging, Permissions, Resource, Template } from './model.ts'
import { resourceTriggers, samEvents } from './event-sources.ts'
import type { ResourceTrigger } from './event-sources.ts'
import { permissionsOfRole, permissionsOfSam } from './policies.ts'
import type { TemplateShell } from './cloudformation.ts'
import type { HandlerLookup } from './model.ts'
import type { Handler } from './code.ts'
import { noteOtherLook } from './looks.ts'
import { absentValue, defaultValue, mapValue, mergeValues } from './value.ts'
import type { Value } from './value.ts'

/** What a loader knows of a function before code is looked at. */
export interface FunctionFacts {
  readonly id: string
  readonly resource: Resource
  /** Properties with globals merged in, CloudFormation's names where SAM and CloudFormation agree. */
  readonly properties: Value
  readonly permissions: Permissions
  readonly events: readonly EventSource[]
  readonly packaging: Packaging
  /** Framework whose defaults are taken. */
  readonly defaults?: { readonly timeout: number; readonly memory: number; readonly who: string }
}

/** How the handler of a function is found; given by the loader of code. */
export type FindHandler = (fn: LambdaFunction) => HandlerLookup

/** The functions among the resources of a template of CloudFormation or SAM. */
export function functionsOf(shell: TemplateShell, template: Template, findHandler: FindHandler): LambdaFunction[] {
  const resources = [...shell.resources.values()]
  const roleMakers = resources.filter(one => one.type.startsWith('AWS::IAM::'))
  const functions: LambdaFunction[] = []
  const globals = shell.globals.at('Function')
  const connected = connectedBySam(resources)
  for (const resource of resources) {
    const sam = resource.type === 'AWS::Serverless::Function'
    if (!sam && resource.type !== 'AWS::Lambda::Function') continue
    const own = resource.properties.isAbsent ? mapValue(resource.loc, []) : resource.properties
    const properties = sam ? mergeValues(globals, own, { kind: 'global', name: 'Globals.Function' }) : own
    const role = properties.at('Role')
    const granted =
      sam && role.isAbsent
        ? permissionsOfSam(properties.at('Policies'), resource, resource.loc)
        : permissionsOfRole(role, resource.loc, roleMakers)
    const permissions = connected.has(resource.id) ? { ...granted, open: true } : granted
    functions.push(
      makeFunction(
        {
          id: resource.id,
          resource,
          properties,
          permissions,
          events: sam ? samEvents(resource, properties) : [],
          packaging: packagingOf(resource, properties, template),
        },
        template,
        findHandler,
      ),
    )
  }
  return functions
}

/** Resources whose role a connector of SAM adds to; what it adds is worked out by the service. */
function connectedBySam(resources: readonly Resource[]): ReadonlySet<string> {
  const connected = new Set<string>()
  for (const resource of resources) {
    if (!resource.value.at('Connectors').isAbsent) connected.add(resource.id)
    if (resource.type !== 'AWS::Serverless::Connector') continue
    for (const end of [resource.property('Source'), resource.property('Destination')].flatMap(value =>
      value.items('single'),
    )) {
      const id = end.at('Id').string()
      if (id !== undefined) connected.add(id)
    }
  }
  return connected
}

/** Makes one function of what a loader found out. */
export function makeFunction(facts: FunctionFacts, template: Template, findHandler: FindHandler): LambdaFunction {
  const { properties, resource } = facts
  const at = properties.at.bind(properties)
  const first = (preferred: Value, ...others: readonly Value[]): Value =>
    [preferred, ...others].find(value => !value.isAbsent) ?? preferred
  const orDefault = (value: Value, fallback: number): Value =>
    value.isAbsent || value.kind === 'null' ? defaultValue(resource.loc, fallback, facts.defaults?.who) : value
  const packageType = packageTypeOf(properties)
  const environment = at('Environment', 'Variables')
  const asyncConfig = at('EventInvokeConfig')
  let lookup: HandlerLookup | undefined
  const fn: LambdaFunction = {
    id: facts.id,
    template,
    resource,
    loc: resource.loc,
    name: at('FunctionName'),
    packageType,
    runtime: at('Runtime'),
    handler: at('Handler'),
    code: first(at('CodeUri'), at('Code'), at('InlineCode')),
    timeout: orDefault(at('Timeout'), facts.defaults?.timeout ?? awsDefault('Timeout')),
    memory: orDefault(at('MemorySize'), facts.defaults?.memory ?? awsDefault('MemorySize')),
    environment:
      environment.isAbsent && (properties.open || at('Environment').isUnknown) ? at('Environment') : environment,
    layers: at('Layers'),
    architectures: at('Architectures'),
    vpc: at('VpcConfig'),
    tracing: first(at('TracingConfig', 'Mode'), at('Tracing')),
    reservedConcurrency: at('ReservedConcurrentExecutions'),
    ephemeralStorage: at('EphemeralStorage', 'Size'),
    fileSystems: at('FileSystemConfigs'),
    logging: at('LoggingConfig'),
    deadLetter: first(at('DeadLetterConfig', 'TargetArn'), at('DeadLetterQueue', 'TargetArn')),
    asyncConfig: {
      maximumEventAge: asyncConfig.at('MaximumEventAgeInSeconds'),
      maximumRetryAttempts: asyncConfig.at('MaximumRetryAttempts'),
      onSuccess: asyncConfig.at('DestinationConfig', 'OnSuccess', 'Destination'),
      onFailure: asyncConfig.at('DestinationConfig', 'OnFailure', 'Destination'),
    },
    get permissions(): Permissions {
      noteOtherLook(facts.permissions.open ? 'not all that its role grants is known' : undefined)
      return facts.permissions
    },
    events: facts.events,
    property: at,
    packaging: facts.packaging,
    get lookup(): HandlerLookup {
      lookup ??= findHandler(fn)
      noteOtherLook(lookup.found || lookup.python || lookup.reason !== 'unknown' ? undefined : lookup.why)
      return lookup
    },
    get entry(): Handler | undefined {
      return fn.lookup.found ? fn.lookup.handler : undefined
    },
  }
  return fn
}

/** Ties triggers and asynchronous settings that stand as resources of their own to the functions that they name. */
export function attachResources(functions: readonly LambdaFunction[], resources: Iterable<Resource>): LambdaFunction[] {
  const all = [...resources]
  const triggers = resourceTriggers(all)
  const settings = all.filter(resource => resource.type === 'AWS::Lambda::EventInvokeConfig')
  if (!triggers.length && !settings.length) return [...functions]
  const names = new FunctionNames(functions)
  const byFunction = new Map<LambdaFunction, ResourceTrigger[]>()
  for (const trigger of triggers) {
    const target = names.find(trigger.target)
    if (target) byFunction.set(target, [...(byFunction.get(target) ?? []), trigger])
  }
  const asyncByFunction = new Map<LambdaFunction, Resource>()
  for (const setting of settings) {
    const target = names.find(setting.property('FunctionName'))
    if (target) asyncByFunction.set(target, setting)
  }
  for (const fn of functions) {
    const added = byFunction.get(fn)
    const setting = asyncByFunction.get(fn)
    const changes: { -readonly [key in keyof LambdaFunction]?: LambdaFunction[key] } = {}
    if (added) changes.events = [...fn.events, ...added.map(trigger => trigger.event)]
    if (setting) {
      changes.asyncConfig = {
        maximumEventAge: setting.property('MaximumEventAgeInSeconds'),
        maximumRetryAttempts: setting.property('MaximumRetryAttempts'),
        onSuccess: setting.property('DestinationConfig', 'OnSuccess', 'Destination'),
        onFailure: setting.property('DestinationConfig', 'OnFailure', 'Destination'),
      }
    }
    Object.assign(fn, changes)
  }
  return [...functions]
}

/** Finds the function that a value names: by reference (also through a version or alias), name or ARN. */
export class FunctionNames {
  readonly #byId = new Map<string, LambdaFunction>()
  readonly #byName = new Map<string, LambdaFunction[]>()

  constructor(functions: readonly LambdaFunction[]) {
    for (const fn of functions) {
      this.#byId.set(`${fn.template.source.path} ${fn.resource.id}`, fn)
      const name = fn.name.string()
      if (name !== undefined) this.#byName.set(name, [...(this.#byName.get(name) ?? []), fn])
    }
  }

  /** The function, or undefined when the value names none that the project declares. */
  find(value: Value): LambdaFunction | undefined {
    for (const mention of value.references()) {
      const resource = mention.resource
      if (!resource) continue
      const fn = this.#byId.get(`${resource.template.source.path} ${resource.id}`)
      if (fn) return fn
      if (resource.type === 'AWS::Lambda::Alias' || resource.type === 'AWS::Lambda::Version')
        return this.find(resource.property('FunctionName'))
    }
    const text = value.text()
    if (text === undefined) return undefined
    const name = /:function:([^:/*]+)/.exec(text)?.[1] ?? text.split(':')[0] ?? ''
    const named = this.#byName.get(name) ?? []
    // Stages and copies of a project give the same name: what a template says is about its own.
    return named.find(fn => fn.template.source === value.loc.source) ?? named[0]
  }
}

/**
 * How SAM and CloudFormation package the code: a directory, an archive, inline; with esbuild when `Metadata` says so.
 */
/** Undefined when the template does not tell. */
function packageTypeOf(properties: Value): 'Image' | 'Zip' | undefined {
  const code = properties.at('Code')
  if (
    properties.at('PackageType').string() === 'Image' ||
    !properties.at('ImageUri').isAbsent ||
    (code.kind === 'map' && !code.at('ImageUri').isAbsent)
  )
    return 'Image'
  return properties.at('PackageType').isUnknown ? undefined : 'Zip'
}

/** What bundles the code: undefined for an asset of the CDK, which does not say. */
function bundlerOf(buildMethod: string | undefined, cdkAsset: string | undefined): Packaging['bundler'] {
  if (buildMethod === 'esbuild') return 'esbuild'
  if (buildMethod !== undefined && !/^(nodejs|python)/.test(buildMethod)) return 'other'
  return cdkAsset === undefined ? 'none' : undefined
}

/**
 * The folder of an asset of the CDK that is told by its hash alone: assets lie beside the manifest of the whole app,
 * and the templates of a stage one folder further down.
 */
function assetOf(code: Value, { format, source }: Template): string | undefined {
  if (format !== 'cdk') return undefined
  const hash =
    /^([0-9a-f]{64})\.zip$/.exec(code.at('S3Key').string() ?? '')?.[1] ??
    // The first version of the CDK passed it on in parameters, which bear the hash in their names.
    /"AssetParameters([0-9a-f]{64})S3VersionKey/.exec(source.text.slice(code.loc.start, code.loc.end))?.[1]
  if (hash === undefined) return undefined
  return `${/(^|\/)assembly-[^/]+\/[^/]+$/.test(source.path) ? '../' : ''}asset.${hash}`
}

function packagingOf(resource: Resource, properties: Value, template: Template): Packaging {
  const directoryOfTemplate = template.source.path.split('/').slice(0, -1).join('/')
  const code = properties.at('CodeUri')
  const cdkAsset = resource.metadata.at('aws:asset:path').string() ?? assetOf(properties.at('Code'), template)
  const written = cdkAsset ?? [code, properties.at('Code')].find(one => one.kind === 'string')?.string()
  const buildMethod = resource.metadata.at('BuildMethod').string()
  const local =
    written === undefined || /^[a-z0-9]+:\/\//i.test(written) ? undefined : joinPath(directoryOfTemplate, written)
  const archive = local !== undefined && /\.(zip|jar)$/i.test(local) ? local : undefined
  const settings = resource.metadata.at('BuildProperties')
  const inSource = resource.type === 'AWS::Serverless::Function'
  return {
    // SAM takes the template's own directory when there is no CodeUri.
    directory: archive
      ? undefined
      : (local ??
        (inSource && code.isAbsent && properties.at('InlineCode').isAbsent && properties.at('ImageUri').isAbsent
          ? directoryOfTemplate
          : undefined)),
    archive,
    bundler: bundlerOf(buildMethod, cdkAsset),
    settings,
    external: settings.isAbsent ? absentValue(resource.loc) : settings.at('External'),
    builtAs: template.format === 'cdk' ? undefined : storedAs(resource, properties),
  }
}

/**
 * What the folder may be called whose zip lies in a bucket (`Code: {S3Bucket, S3Key}`, `s3://…`): like the zip, without
 * its version, like the folder that the zip lies in, or like the function.
 */
function storedAs(resource: Resource, properties: Value): readonly string[] | undefined {
  const keys = [
    properties.at('Code', 'S3Key'),
    properties.at('CodeUri', 'Key'),
    ...[properties.at('CodeUri'), properties.at('Code')].filter(one => /^s3:\/\//.test(one.text('*') ?? '')),
  ].filter(one => !one.isAbsent)
  if (!keys.length) return undefined
  const steps = (value: Value): readonly string[] => (value.text('*') ?? '').split('/').slice(-2)
  const names = keys.flatMap(steps).flatMap(step => step.replace(/\.(?:zip|jar)$/, '').split('*'))
  return [
    ...names,
    ...names.map(name => name.replace(/[-_.]v?\d[\w.-]*$/, '')),
    resource.id,
    ...(properties.at('FunctionName').text('*') ?? '').split('*'),
  ]
}

/** Joins and normalises project paths with forward slashes; a path that leaves the project keeps its `..`. */
export function joinPath(...parts: readonly string[]): string {
  const out: string[] = []
  for (const part of parts.join('/').split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..' && out.length && out.at(-1) !== '..') out.pop()
    else out.push(part)
  }
  return out.join('/')
}

/** What Lambda takes for a setting of a function that nobody gives. */
function awsDefault(member: 'Timeout' | 'MemorySize'): number {
  return loadKnowledge().defaultOf('CreateFunction', member)
}

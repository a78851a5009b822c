/** serverless.yml of the Serverless Framework and of osls. */
import { present } from '../../base/present.ts'
import { own } from '../../base/own.ts'
import { dirname } from 'node:path'
import { makeResource } from './cloudformation.ts'
import { makeEvent, mappingKind } from './event-sources.ts'
import { attachResources, joinPath, makeFunction } from './functions.ts'
import type { FindHandler } from './functions.ts'
import { evaluate } from './intrinsics.ts'
import type { Scope } from './intrinsics.ts'
import type {
  EventKind,
  EventSource,
  LambdaFunction,
  Packaging,
  Permissions,
  Policy,
  Resource,
  Template,
} from './model.ts'
import { permissionsOfRole, readPolicy } from './policies.ts'
import { rawGet } from './raw.ts'
import type { Raw } from './raw.ts'
import { variableExpander } from './serverless-variables.ts'
import type { Loc, SourceText } from './source.ts'
import {
  absentValue,
  defaultValue,
  itemsOrItself,
  joinValues,
  listValue,
  mergeValues,
  scalarValue,
  translatedValue,
} from './value.ts'
import type { Entry, Value } from './value.ts'

/** What the framework takes when nobody says anything: seconds and MB. */
const DEFAULTS = { timeout: 6, memory: 1024, who: 'the Serverless Framework' }

const isNamedSo = (path: string): boolean => /(^|\/)serverless([.-][\w-]+)*\.([cm]?[jt]s|ya?ml|json)$/.test(path)

/** Whether a file is worth parsing as a serverless.yml, by its name or by keys of its first level. */
export const mayBeServerless = (path: string, text: string): boolean =>
  isNamedSo(path) ||
  // `serverless..yml` is what a framework leaves behind of a name that was empty.
  (!/(^|\/)serverless\.\./.test(path) && /^["']?service["']?\s*:/m.test(text) && /^["']?provider["']?\s*:/m.test(text))

/** What stands at the top of a service. */
const SECTIONS =
  /^(service|provider|functions|resources|plugins|custom|package|layers|outputs|params|stages|state|build|org|app|tenant|console|dashboard|frameworkVersion|useDotenv|projectDir|licenseKey|(deprecation|configValidation|unresolvedVariablesNotification|variablesResolution)\w*|disabledDeprecations)$/

/**
 * A service for AWS that has functions, resources or both. What bears another name and has sections of its own
 * (`providers`, `workflows`) is read by another tool.
 */
export function isServerless(raw: Raw, path: string): boolean {
  if (raw.kind !== 'map' || rawGet(raw, 'service') === undefined) return false
  if (!isNamedSo(path) && !raw.entries.every(({ key }) => SECTIONS.test(key) || key.startsWith('x-'))) return false
  const provider = rawGet(raw, 'provider')
  const name = provider?.kind === 'scalar' ? provider : rawGet(provider, 'name')
  return provider !== undefined && (name?.kind !== 'scalar' || name.value === 'aws')
}

/** Loads a serverless.yml; `root` is the project, from which included files are taken. */
export function loadServerless(
  raw: Raw,
  source: SourceText,
  root: string,
  findHandler: FindHandler,
  read: (path: string) => string | undefined,
): Template {
  const resources = new Map<string, Resource>()
  const resourcesRaw = rawGet(raw, 'resources')
  const scopeOf = (of: SourceText): Scope => ({
    source: of,
    parameters: named(rawGet(resourcesRaw, 'Parameters')),
    mappings: rawGet(resourcesRaw, 'Mappings'),
    conditions: named(rawGet(resourcesRaw, 'Conditions')),
    resources,
    active: new Set(),
    expand,
  })
  let self: Value | undefined
  const expand = variableExpander({
    root,
    read,
    directory: dirname(source.absolute),
    self: () => (self ??= evaluate(raw, scopeOf(source))),
    scopeOf,
  })
  const service = (self ??= evaluate(raw, scopeOf(source)))

  let functions: LambdaFunction[] = []
  const declared = itemsOrItself(service.at('resources')).map(section => section.at('Resources'))
  const written = itemsOrItself(service.at('functions'))
  const template: Template = {
    source,
    format: 'serverless',
    root: service,
    resources,
    open:
      [...declared, ...written].some(section => section.isUnknown || section.open) || !service.at('plugins').isAbsent,
    get functions() {
      return functions
    },
  }
  for (const section of declared) {
    for (const entry of section.entries())
      resources.set(
        entry.key,
        makeResource(entry.key, entry.keyLoc, entry.value, () => template),
      )
  }
  const drafts = written.flatMap(section => section.entries()).filter(entry => entry.value.kind === 'map')
  const extensions = itemsOrItself(service.at('resources')).map(section => section.at('extensions'))
  for (const entry of drafts) {
    const id = logicalId(entry.key)
    const overrides = [...declared, ...extensions].map(section => section.at(id, 'Properties'))
    const resource = functionResource(entry, service, overrides, () => template)
    resources.set(resource.id, resource)
    const group = logGroup(entry, service, resource, () => template)
    if (group && !resources.has(group.id)) resources.set(group.id, group)
  }
  const roles = [...resources.values()].filter(resource => resource.type.startsWith('AWS::IAM::'))
  functions = drafts.map(entry => {
    const resource = present(resources.get(logicalId(entry.key)), `the resource of ${entry.key}`)
    return makeFunction(
      {
        id: entry.key,
        resource,
        properties: resource.properties,
        permissions: permissions(entry.value, service, resource, roles, resources),
        events: [...events(entry.value)],
        packaging: packaging(entry.value, service, source),
        defaults: DEFAULTS,
      },
      template,
      findHandler,
    )
  })
  functions = attachResources(functions, resources.values())
  return template
}

/** What the framework makes of a function: a resource of CloudFormation. */
function functionResource(
  entry: Entry,
  service: Value,
  overrides: readonly Value[],
  template: () => Template,
): Resource {
  const value = translatedValue(entry.value.loc, {
    Type: scalarValue(entry.keyLoc, 'AWS::Lambda::Function'),
    Properties: overridden(functionProperties(entry.key, entry.value, service), overrides),
  })
  return makeResource(logicalId(entry.key), entry.keyLoc, value, template)
}

/** The log group that the framework makes for a function, unless it is told not to. */
function logGroup(entry: Entry, service: Value, fn: Resource, template: () => Template): Resource | undefined {
  if (entry.value.at('disableLogs').boolean() === true) return undefined
  const loc = entry.keyLoc
  const own = entry.value.at('logRetentionInDays')
  const value = translatedValue(loc, {
    Type: scalarValue(loc, 'AWS::Logs::LogGroup'),
    Properties: translatedValue(loc, {
      LogGroupName: joinValues(loc, [scalarValue(loc, '/aws/lambda/'), fn.property('FunctionName')]),
      RetentionInDays: own.isAbsent ? service.at('provider', 'logRetentionInDays').withVia(INHERITED) : own,
    }),
  })
  return makeResource(fn.id.replace(/LambdaFunction$/, 'LogGroup'), loc, value, template)
}

/** What `resources` says of a function that the framework makes goes over what it makes. */
function overridden(made: Value, overrides: readonly Value[]): Value {
  return overrides
    .filter(value => value.kind === 'map')
    .reduce(
      (under, over) =>
        translatedValue(
          under.loc,
          Object.fromEntries(
            [...new Set([...under.keys(), ...over.keys()])].map(key => [
              key,
              mergeValues(under.at(key), over.at(key), { kind: 'global', name: 'resources' }),
            ]),
          ),
          under.open || over.open,
        ),
      made,
    )
}

const named = (raw: Raw | undefined): Map<string, Raw> =>
  new Map(raw?.kind === 'map' ? raw.entries.map(entry => [entry.key, entry.value]) : [])

/** `my-fn_x` becomes `MyDashfnUnderscorexLambdaFunction`, as the framework does. */
function logicalId(key: string): string {
  const name = key
    .replace(/-/g, 'Dash')
    .replace(/_/g, 'Underscore')
    .replace(/[^0-9A-Za-z]/g, '')
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`
}

const INHERITED = { kind: 'global', name: 'provider' } as const

/** `true` and `false` are words of the framework; the others are those of Lambda. */
function tracingMode(tracing: Value): Value {
  const on = tracing.boolean()
  return on === undefined ? tracing : scalarValue(tracing.loc, on ? 'Active' : 'PassThrough')
}

function functionProperties(key: string, fn: Value, service: Value): Value {
  const provider = service.at('provider')
  const own = (name: string): Value => fn.at(name)
  const either = (name: string): Value => (own(name).isAbsent ? provider.at(name).withVia(INHERITED) : own(name))
  const variables = mergeValues(provider.at('environment'), own('environment'), INHERITED)
  const vpc = either('vpc')
  const tracing = own('tracing').isAbsent ? provider.at('tracing', 'lambda') : own('tracing')
  const architecture = either('architecture')
  const retries = {
    MaximumEventAgeInSeconds: own('maximumEventAge'),
    MaximumRetryAttempts: own('maximumRetryAttempts'),
  }
  const destinations = own('destinations')
  const fileSystem = own('fileSystemConfig')
  return translatedValue(
    fn.loc,
    {
      FunctionName: own('name').isAbsent ? defaultName(key, fn, service) : own('name'),
      Handler: own('handler'),
      Runtime: either('runtime'),
      Timeout: either('timeout'),
      MemorySize: either('memorySize'),
      Description: own('description'),
      Environment: variables.isAbsent ? undefined : translatedValue(variables.loc, { Variables: variables }),
      Layers: either('layers'),
      ReservedConcurrentExecutions: own('reservedConcurrency'),
      ProvisionedConcurrencyConfig: own('provisionedConcurrency').isAbsent
        ? undefined
        : translatedValue(own('provisionedConcurrency').loc, {
            ProvisionedConcurrentExecutions: own('provisionedConcurrency'),
          }),
      VpcConfig:
        vpc.kind === 'map'
          ? translatedValue(
              vpc.loc,
              { SecurityGroupIds: vpc.at('securityGroupIds'), SubnetIds: vpc.at('subnetIds') },
              vpc.open,
            )
          : vpc,
      TracingConfig: tracing.isAbsent ? undefined : translatedValue(tracing.loc, { Mode: tracingMode(tracing) }),
      DeadLetterConfig: own('onError').isAbsent
        ? undefined
        : translatedValue(own('onError').loc, { TargetArn: own('onError') }),
      EventInvokeConfig: Object.values({ ...retries, destinations }).every(value => value.isAbsent)
        ? undefined
        : translatedValue(fn.loc, {
            ...retries,
            DestinationConfig: destinations.isAbsent
              ? undefined
              : translatedValue(destinations.loc, {
                  OnSuccess: destinationOf(destinations.at('onSuccess')),
                  OnFailure: destinationOf(destinations.at('onFailure')),
                }),
          }),
      Architectures: architecture.isAbsent ? undefined : listValue(architecture.loc, [() => architecture]),
      EphemeralStorage: own('ephemeralStorageSize').isAbsent
        ? undefined
        : translatedValue(own('ephemeralStorageSize').loc, { Size: own('ephemeralStorageSize') }),
      FileSystemConfigs:
        fileSystem.kind !== 'map'
          ? undefined
          : listValue(fileSystem.loc, [
              () =>
                translatedValue(fileSystem.loc, {
                  Arn: fileSystem.at('arn'),
                  LocalMountPath: fileSystem.at('localMountPath'),
                }),
            ]),
      ImageUri: own('image'),
      KmsKeyArn: either('kmsKeyArn'),
      SnapStart:
        own('snapStart').boolean() === true
          ? translatedValue(own('snapStart').loc, { ApplyOn: scalarValue(own('snapStart').loc, 'PublishedVersions') })
          : undefined,
      Tags: own('tags'),
    },
    fn.open,
  )
}

/** `service-stage-key`. */
function defaultName(key: string, fn: Value, service: Value): Value {
  const written = service.at('service')
  const name = written.kind === 'map' ? written.at('name') : written
  const stage = service.at('provider', 'stage')
  const at = fn.keyLoc ?? fn.loc
  return joinValues(at, [
    name,
    scalarValue(at, '-'),
    (stage.isAbsent ? scalarValue(at, 'dev') : stage).withVia({ kind: 'parameter', name: 'stage' }),
    scalarValue(at, `-${key}`),
  ]).withVia({ kind: 'default', name: DEFAULTS.who })
}

function destinationOf(value: Value): Value | undefined {
  if (value.isAbsent) return undefined
  return translatedValue(value.loc, { Destination: value.kind === 'map' ? value.at('arn') : value })
}

function permissions(
  fn: Value,
  service: Value,
  resource: Resource,
  roles: readonly Resource[],
  resources: ReadonlyMap<string, Resource>,
): Permissions {
  const provider = service.at('provider')
  const iam = provider.at('iam')
  const shared = iam.at('role')
  const explicit = [fn.at('role'), ...(shared.kind === 'map' ? [] : [shared]), provider.at('role')].find(
    value => !value.isAbsent,
  )
  if (explicit) {
    const byName = explicit.kind === 'string' ? resources.get(explicit.string() ?? '') : undefined
    if (byName?.type === 'AWS::IAM::Role')
      return permissionsOfRole(roleReference(explicit, byName), resource.loc, roles)
    return permissionsOfRole(explicit, resource.loc, roles)
  }
  const policies: Policy[] = []
  const managed = [
    ...shared.at('managedPolicies').items(),
    ...provider.at('iamManagedPolicies').items(),
    ...fn.at('iamManagedPolicies').items(),
  ]
  let open = shared.isUnknown || iam.isUnknown || shared.at('managedPolicies').isUnknown
  // A plugin gives every function a role of its own, with these statements in the place of the shared ones or on top of
  // them.
  const own = givesOwnRoles(service) ? fn.at('iamRoleStatements') : absentValue(fn.loc)
  const inherits = own.isAbsent || fn.at('iamRoleStatementsInherit').boolean() === true
  const lists = [...(inherits ? [shared.at('statements'), provider.at('iamRoleStatements')] : []), own]
  for (const statements of lists) {
    if (statements.isAbsent) continue
    const policy = readPolicy(translatedValue(statements.loc, { Statement: statements }), 'identity', {
      resource,
      template: resource.template,
      loc: statements.keyLoc ?? statements.loc,
    })
    policies.push(policy)
    if (policy.open) open = true
  }
  if (managed.some(arn => !/^arn:[^:]+:iam::aws:policy\//.test(arn.text() ?? ''))) open = true
  const at = lists.find(list => !list.isAbsent)
  return { kind: 'generated', role: undefined, loc: at?.keyLoc ?? resource.loc, policies, managed, templates: [], open }
}

/** Whether a plugin reads the statements of functions, or may: without one they are in no role. */
function givesOwnRoles(service: Value): boolean {
  const plugins = service.at('plugins')
  const names = plugins.kind === 'map' ? plugins.at('modules') : plugins
  if (names.isAbsent) return !plugins.isAbsent
  return names.isUnknown || names.open || names.items().some(name => /iam-?roles?/i.test(name.string() ?? 'iam-roles'))
}

/** `role: myRole` names a resource by its logical id. */
function roleReference(written: Value, role: Resource): Value {
  return evaluate(
    { kind: 'scalar', value: role.id, tag: '!Ref', start: written.loc.start, end: written.loc.end },
    {
      source: written.loc.source,
      parameters: new Map(),
      mappings: undefined,
      conditions: new Map(),
      resources: new Map([[role.id, role]]),
      active: new Set(),
    },
  )
}

const EVENT_KINDS: { readonly [name: string]: EventKind } = {
  sqs: 'sqs',
  msk: 'msk',
  kafka: 'kafka',
  activemq: 'mq',
  rabbitmq: 'mq',
  documentdb: 'documentdb',
  s3: 's3',
  sns: 'sns',
  schedule: 'schedule',
  eventBridge: 'eventbridge',
  cloudwatchEvent: 'eventbridge',
  cloudwatchLog: 'cloudwatch-logs',
  iot: 'iot',
  http: 'rest-api',
  httpApi: 'http-api',
  websocket: 'websocket-api',
  alb: 'alb',
  cognitoUserPool: 'cognito',
  alexaSkill: 'alexa',
  alexaSmartHome: 'alexa',
  cloudFront: 'cloudfront',
}

/** The property that names the source of an event, where there is one. */
const SOURCE: { readonly [name: string]: string } = {
  sqs: 'arn',
  stream: 'arn',
  msk: 'arn',
  activemq: 'arn',
  rabbitmq: 'arn',
  s3: 'bucket',
  sns: 'arn',
  eventBridge: 'eventBus',
  cloudwatchLog: 'logGroup',
  cognitoUserPool: 'pool',
  documentdb: 'cluster',
}

function eventKind(name: string, value: Value, polled: Value | undefined): EventSource['kind'] {
  if (name === 'stream') return streamKind(value, polled)
  if (name === 'eventBridge' && !value.at('schedule').isAbsent && value.at('pattern').isAbsent) return 'schedule'
  return own(EVENT_KINDS, name) ?? 'other'
}

function* events(fn: Value): Generator<EventSource> {
  const counts = new Map<string, number>()
  for (const item of fn.at('events').items()) {
    const entry = item.kind === 'map' ? item.entries()[0] : undefined
    // A bare word is an event without settings: `- httpApi`.
    const name = entry?.key ?? item.string()
    if (name === undefined) continue
    const value = entry?.value ?? absentValue(item.loc)
    const loc = entry?.keyLoc ?? item.loc
    const number = (counts.get(name) ?? 0) + 1
    counts.set(name, number)
    const sourceName = own(SOURCE, name)
    const source = sourceName !== undefined && value.kind === 'map' ? value.at(sourceName) : value
    const from = sourceName === undefined ? absentValue(loc) : source
    const polled = pollSettings(name, value, from, loc)
    yield makeEvent({
      id: number === 1 ? name : `${name}-${number}`,
      kind: eventKind(name, value, polled),
      loc,
      source: from,
      properties: polled ?? otherSettings(name, value, loc),
      declaredBy: 'serverless',
    })
  }
  const url = fn.at('url')
  if (!url.isAbsent && url.boolean() !== false) {
    yield makeEvent({
      id: 'url',
      kind: 'url',
      loc: url.keyLoc ?? fn.loc,
      properties: translatedValue(url.loc, {
        AuthType: authTypeOf(url),
        Cors: corsOfUrl(url.at('cors')),
        InvokeMode: url.at('invokeMode'),
      }),
      declaredBy: 'serverless',
    })
  }
}

/** Nobody is asked who they are unless `authorizer: aws_iam` says so. */
function authTypeOf(url: Value): Value {
  const written = url.at('authorizer')
  if (written.isAbsent) return scalarValue(url.loc, 'NONE')
  return written.string() === 'aws_iam' ? scalarValue(written.loc, 'AWS_IAM') : written
}

/** `origin` or `origins` of an `http` event, which is every one where none is written. */
function corsOfHttp(cors: Value): Value | undefined {
  if (cors.isAbsent || cors.boolean() === false) return undefined
  const written = ['origins', 'origin'].map(name => cors.at(name)).find(one => !one.isAbsent)
  const origins = written ?? scalarValue(cors.loc, '*')
  return translatedValue(cors.loc, {
    AllowCredentials: cors.at('allowCredentials'),
    AllowOrigins: origins.kind === 'list' ? origins : listValue(origins.loc, [() => origins]),
  })
}

/** The CORS of the HTTP API that the framework makes of all `httpApi` events. */
export function httpApiCorsOf({ root }: Template): Value | undefined {
  return corsOfUrl(root.at('provider', 'httpApi', 'cors'))
}

function corsOfUrl(cors: Value): Value | undefined {
  if (cors.isAbsent || cors.boolean() === false) return undefined
  if (cors.boolean() === true)
    return translatedValue(cors.loc, { AllowOrigins: listValue(cors.loc, [() => scalarValue(cors.loc, '*')]) })
  const origins = cors.at('allowedOrigins')
  return translatedValue(cors.loc, {
    AllowCredentials: cors.at('allowCredentials'),
    AllowOrigins: origins.isAbsent ? listValue(cors.loc, [() => scalarValue(cors.loc, '*')]) : origins,
    AllowMethods: cors.at('allowedMethods'),
    AllowHeaders: cors.at('allowedHeaders'),
    ExposeHeaders: cors.at('exposedResponseHeaders'),
    MaxAge: cors.at('maxAge'),
  })
}

function streamKind(value: Value, mapping: Value | undefined): EventKind {
  const type = value.at('type').string()
  if (type === 'kinesis' || type === 'dynamodb') return type
  const kind = mapping ? mappingKind(mapping) : 'other'
  return kind
}

/** Settings of a polled event with the names of `AWS::Lambda::EventSourceMapping`. */
function pollSettings(name: string, value: Value, from: Value, loc: Loc): Value | undefined {
  if (!['sqs', 'stream', 'msk', 'kafka', 'activemq', 'rabbitmq', 'documentdb'].includes(name)) return undefined
  const at = (key: string): Value => (value.kind === 'map' ? value.at(key) : absentValue(loc))
  const first = (...keys: readonly string[]): Value => keys.map(at).find(one => !one.isAbsent) ?? at(keys[0] ?? '')
  const responses = at('functionResponseType')
  const failure = at('destinations').at('onFailure')
  const filters = at('filterPatterns')
  const start = at('startingPosition')
  const queue = at('queue')
  const topic = at('topic')
  return translatedValue(
    value.kind === 'map' ? value.loc : loc,
    {
      EventSourceArn: from,
      BatchSize: at('batchSize'),
      MaximumBatchingWindowInSeconds: first('maximumBatchingWindow', 'batchWindow'),
      Enabled: at('enabled'),
      // The framework sets it for streams, where AWS has no default.
      StartingPosition:
        start.isAbsent && name !== 'sqs' && !name.endsWith('mq')
          ? defaultValue(loc, 'TRIM_HORIZON', DEFAULTS.who)
          : start,
      StartingPositionTimestamp: at('startingPositionTimestamp'),
      MaximumRetryAttempts: at('maximumRetryAttempts'),
      MaximumRecordAgeInSeconds: at('maximumRecordAgeInSeconds'),
      BisectBatchOnFunctionError: at('bisectBatchOnFunctionError'),
      ParallelizationFactor: at('parallelizationFactor'),
      TumblingWindowInSeconds: at('tumblingWindowInSeconds'),
      FunctionResponseTypes: responses.isAbsent ? undefined : listValue(responses.loc, [() => responses]),
      ScalingConfig: at('maximumConcurrency').isAbsent
        ? undefined
        : translatedValue(loc, { MaximumConcurrency: at('maximumConcurrency') }),
      DestinationConfig: failure.isAbsent
        ? undefined
        : translatedValue(failure.loc, { OnFailure: destinationOf(failure) }),
      FilterCriteria: filters.isAbsent ? undefined : translatedValue(filters.loc, { Filters: filters }),
      Topics: topic.isAbsent ? undefined : listValue(topic.loc, [() => topic]),
      Queues: queue.isAbsent ? undefined : listValue(queue.loc, [() => queue]),
      ConsumerGroupId: at('consumerGroupId'),
      BasicAuthArn: at('basicAuthArn'),
    },
    value.open || value.isUnknown,
  )
}

/** Settings of the other events with the names of SAM's event types, as far as both know them. */
function otherSettings(name: string, value: Value, loc: Loc): Value {
  const at = (key: string): Value => (value.kind === 'map' ? value.at(key) : absentValue(loc))
  const whole = value.kind === 'map' ? undefined : value
  // A reference or a text with parts that are not known is the name of the source, and says all.
  const more = value.kind === 'unknown' || value.open
  switch (name) {
    case 's3':
      return translatedValue(
        loc,
        { Bucket: whole ?? at('bucket'), Events: at('event'), Filter: rules(at('rules')) },
        more,
      )
    case 'sns':
      return translatedValue(
        loc,
        {
          Topic: whole ?? (at('arn').isAbsent ? at('topicName') : at('arn')),
          FilterPolicy: at('filterPolicy'),
          RedrivePolicy: at('redrivePolicy'),
        },
        more,
      )
    case 'schedule': {
      const rate = whole ?? at('rate')
      return translatedValue(
        loc,
        {
          Schedule: rate.kind === 'list' ? rate.at(0) : rate,
          Method: at('method'),
          Input: at('input'),
          Enabled: at('enabled'),
        },
        more,
      )
    }
    case 'eventBridge':
      return translatedValue(
        loc,
        {
          Pattern: at('pattern'),
          Schedule: at('schedule'),
          EventBusName: at('eventBus'),
          Input: at('input'),
          RetryPolicy: at('retryPolicy'),
          DeadLetterConfig: at('deadLetterQueueArn'),
        },
        more,
      )
    case 'cloudwatchEvent':
      return translatedValue(loc, { Pattern: at('event'), Input: at('input') }, more)
    case 'cloudwatchLog':
      return translatedValue(loc, { LogGroupName: whole ?? at('logGroup'), FilterPattern: at('filter') }, more)
    case 'http':
    case 'httpApi': {
      const [method, path] = whole?.string()?.trim().split(/\s+/) ?? []
      return translatedValue(
        loc,
        {
          Method: method === undefined ? at('method') : scalarValue(value.loc, method),
          Path: path === undefined ? at('path') : scalarValue(value.loc, path),
          Cors: name === 'http' ? corsOfHttp(at('cors')) : at('cors'),
          Authorizer: at('authorizer'),
          Private: at('private'),
          Integration: at('integration'),
          PayloadFormatVersion: name === 'httpApi' ? defaultValue(loc, '2.0', DEFAULTS.who) : undefined,
        },
        more,
      )
    }
    default:
      return value.kind === 'map' ? value : translatedValue(loc, {}, more)
  }
}

/** `rules: [{prefix: uploads/}, {suffix: .jpg}]` as CloudFormation's filter of a notification. */
function rules(written: Value): Value | undefined {
  if (written.isAbsent) return undefined
  const items = written
    .items()
    .flatMap(item =>
      item
        .entries()
        .map(
          entry => () => translatedValue(item.loc, { Name: scalarValue(entry.keyLoc, entry.key), Value: entry.value }),
        ),
    )
  return translatedValue(written.loc, {
    S3Key: translatedValue(written.loc, { Rules: listValue(written.loc, items, written.isUnknown || written.open) }),
  })
}

function packaging(fn: Value, service: Value, source: SourceText): Packaging {
  const directory = source.path.split('/').slice(0, -1).join('/')
  const artifact = [fn.at('package', 'artifact'), service.at('package', 'artifact')].find(value => !value.isAbsent)
  const plugins = service
    .at('plugins')
    .items()
    .flatMap(plugin => plugin.string() ?? [])
  const custom = service.at('custom', 'esbuild')
  const built = service.at('build', 'esbuild')
  const fourth = /^\D*4/.test(service.at('frameworkVersion').string() ?? '')
  const builtIn = !built.isAbsent || (fourth && built.boolean() !== false)
  const bundler = builtIn ? 'esbuild' : bundlerOf(plugins)
  const settings = custom.isAbsent ? built : custom
  return {
    directory: artifact ? undefined : joinPath(directory),
    archive: artifact?.string() === undefined ? undefined : joinPath(directory, artifact.string() ?? ''),
    bundler,
    settings,
    external: settings.at('external'),
  }
}

/** The bundler that plugins bring along. */
function bundlerOf(plugins: readonly string[]): NonNullable<Packaging['bundler']> {
  if (plugins.includes('serverless-esbuild')) return 'esbuild'
  if (plugins.some(plugin => /^serverless-(webpack|bundle)$/.test(plugin))) return 'webpack'
  return plugins.some(plugin => /typescript|babel|rollup|parcel|vite|swc|optimize/.test(plugin)) ? 'other' : 'none'
}

/**
 * ARNs of resources before they are deployed: of those that a template declares, and of what a policy or an environment
 * variable writes.
 */
import type { Resource } from './model.ts'
import type { Value } from './value.ts'
import { ANY, FREE, generatedName, HERE, symbol, wildcards } from './arn-pattern.ts'
import type { Pattern } from './arn-pattern.ts'
import { own } from '../../base/own.ts'
import { keysOf } from '../../base/keys-of.ts'

/** Kinds of things that code names by name, ARN or URL in a call of the SDK. */
export type ThingKind =
  | 'table'
  | 'bucket'
  | 'queue'
  | 'topic'
  | 'function'
  | 'state-machine'
  | 'stream'
  | 'delivery-stream'
  | 'event-bus'
  | 'secret'
  | 'parameter'
  | 'user-pool'
  | 'key'
  | 'log-group'
  | 'role'

/** A resource or pattern, with what was assumed to tell it. */
export interface Located {
  readonly pattern: Pattern
  /**
   * Parameters, mappings and conditions whose defaults are in it: two with different ones cannot be called different.
   */
  readonly assumes: ReadonlySet<string>
}

interface Thing {
  readonly types: readonly string[]
  readonly service: string
  /** Before the name in the last part of its ARN. */
  readonly prefix: string
  /** After the name. */
  readonly suffix?: Pattern
  /** Properties that hold its name; the first that is there counts. None: AWS gives it an id. */
  readonly named: readonly string[]
  readonly ref: 'name' | 'arn' | 'url'
  /** Attributes of `Fn::GetAtt`; `Arn` is the ARN, and `suffix` is left out of what it gives. */
  readonly attributes?: { readonly [name: string]: 'name' | 'arn' | 'url' | 'stream' }
  /**
   * Parts of the ARN between service and name that are empty: buckets have neither region nor account, roles no region.
   */
  readonly without?: 'region' | 'both'
}

const THINGS: { readonly [kind in ThingKind]: Thing } = {
  table: {
    types: ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable', 'AWS::Serverless::SimpleTable'],
    service: 'dynamodb',
    prefix: 'table/',
    named: ['TableName'],
    ref: 'name',
    attributes: { StreamArn: 'stream' },
  },
  bucket: {
    types: ['AWS::S3::Bucket'],
    service: 's3',
    prefix: '',
    named: ['BucketName'],
    ref: 'name',
    without: 'both',
  },
  queue: {
    types: ['AWS::SQS::Queue'],
    service: 'sqs',
    prefix: '',
    named: ['QueueName'],
    ref: 'url',
    attributes: { QueueName: 'name', QueueUrl: 'url' },
  },
  topic: {
    types: ['AWS::SNS::Topic'],
    service: 'sns',
    prefix: '',
    named: ['TopicName'],
    ref: 'arn',
    attributes: { TopicArn: 'arn', TopicName: 'name' },
  },
  function: {
    types: ['AWS::Lambda::Function', 'AWS::Serverless::Function'],
    service: 'lambda',
    prefix: 'function:',
    named: ['FunctionName'],
    ref: 'name',
  },
  'state-machine': {
    types: ['AWS::StepFunctions::StateMachine', 'AWS::Serverless::StateMachine'],
    service: 'states',
    prefix: 'stateMachine:',
    named: ['StateMachineName', 'Name'],
    ref: 'arn',
    attributes: { Name: 'name' },
  },
  stream: { types: ['AWS::Kinesis::Stream'], service: 'kinesis', prefix: 'stream/', named: ['Name'], ref: 'name' },
  'delivery-stream': {
    types: ['AWS::KinesisFirehose::DeliveryStream'],
    service: 'firehose',
    prefix: 'deliverystream/',
    named: ['DeliveryStreamName'],
    ref: 'name',
  },
  'event-bus': {
    types: ['AWS::Events::EventBus'],
    service: 'events',
    prefix: 'event-bus/',
    named: ['Name'],
    ref: 'name',
    attributes: { Name: 'name' },
  },
  // AWS puts a hyphen and six characters behind the name.
  secret: {
    types: ['AWS::SecretsManager::Secret'],
    service: 'secretsmanager',
    prefix: 'secret:',
    suffix: ['-', ANY],
    named: ['Name'],
    ref: 'arn',
    attributes: { Id: 'arn' },
  },
  parameter: { types: ['AWS::SSM::Parameter'], service: 'ssm', prefix: 'parameter/', named: ['Name'], ref: 'name' },
  'user-pool': {
    types: ['AWS::Cognito::UserPool'],
    service: 'cognito-idp',
    prefix: 'userpool/',
    named: [],
    ref: 'name',
    attributes: { UserPoolId: 'name' },
  },
  key: {
    types: ['AWS::KMS::Key'],
    service: 'kms',
    prefix: 'key/',
    named: [],
    ref: 'name',
    attributes: { KeyId: 'name' },
  },
  'log-group': {
    types: ['AWS::Logs::LogGroup'],
    service: 'logs',
    prefix: 'log-group:',
    suffix: [':', ANY],
    named: ['LogGroupName'],
    ref: 'name',
  },
  role: {
    types: ['AWS::IAM::Role'],
    service: 'iam',
    prefix: 'role/',
    named: ['RoleName'],
    ref: 'name',
    without: 'region',
  },
}

const kindOfType = new Map<string, ThingKind>(
  keysOf(THINGS).flatMap(kind => THINGS[kind].types.map(type => [type, kind] as const)),
)

/** The kind of a declared resource, when it is one that code can name. */
export const kindOfResource = (resource: Resource): ThingKind | undefined => kindOfType.get(resource.type)

/**
 * A resource that its template makes under every condition, or the value says which: an ARN as policies write it, with
 * its wildcards. Several where a condition decides.
 */
export function locateArn(value: Value): readonly Located[] {
  return value.possible().map(one => ({ pattern: piecesOf(one, wildcards), assumes: assumptionsOf(one) }))
}

/** A resource of a policy template: text with `${Parameter}` and pseudo parameters. */
export function locateTemplateArn(text: string, parameters: Value): readonly Located[] {
  const names = [...text.matchAll(/\$\{([^}:]+)\}/g)].map(match => match[1] ?? '')
  const values = names.map(name => parameters.at(name))
  const pattern = text.split(/(\$\{[^}]+\})/).flatMap((part): Pattern => {
    const name = /^\$\{(.+)\}$/.exec(part)?.[1]
    if (name === undefined) return wildcards(part)
    return name.startsWith('AWS::') ? [symbol(name)] : piecesOf(parameters.at(name), wildcards)
  })
  return [{ pattern, assumes: new Set(values.flatMap(value => [...assumptionsOf(value)])) }]
}

/**
 * What the value of an environment variable or a literal of the code means, where a call takes the name, ARN or URL of
 * such a thing.
 */
export function locateThing(value: Value, kind: ThingKind): readonly Located[] {
  return value.possible().map(one => ({ pattern: arnOfMention(one, kind), assumes: assumptionsOf(one) }))
}

/** A thing of which nothing is known but its kind. */
export const anyThing = (kind: ThingKind): Located => ({
  // Names of parameters and secrets are paths.
  pattern: arn(THINGS[kind], [kind === 'parameter' || kind === 'secret' ? ANY : FREE]),
  assumes: new Set(),
})

/** The ARN of a declared resource; undefined for types that are not known here. */
export function arnOfResource(resource: Resource): Located | undefined {
  const kind = kindOfResource(resource)
  if (!kind) return undefined
  return {
    pattern: arn(THINGS[kind], nameOf(resource, THINGS[kind])),
    assumes: nameAssumptions(resource, THINGS[kind]),
  }
}

const literal = (text: string): Pattern => [text]

function arnOfMention(value: Value, kind: ThingKind): Pattern {
  const thing = THINGS[kind]
  const resource = value.resource
  if (resource && thing.types.includes(resource.type)) return arn(thing, nameOf(resource, thing))
  const pieces = piecesOf(value, literal)
  const [first] = pieces
  if (typeof first === 'string' && first.startsWith('arn:'))
    return kind === 'function'
      ? pieces
      : [...pieces, ...(kind === 'secret' && typeof pieces.at(-1) === 'string' ? [ANY] : [])]
  if (typeof first !== 'string' && pieces.length === 1) {
    // One unknown text: it may be a name as well as an ARN.
    return [ANY]
  }
  if (kind === 'queue') {
    const name = /^https?:\/\/.*\/([^/]*)$/.exec(
      typeof pieces.at(-1) === 'string' ? pieces.map(piece => (typeof piece === 'string' ? piece : 'x')).join('') : '',
    )?.[1]
    return name === undefined ? [ANY] : arn(thing, [name])
  }
  if (kind === 'function' && typeof first === 'string' && first.includes(':')) return [ANY]
  return arn(
    thing,
    kind === 'parameter' && typeof first === 'string' ? [first.replace(/^\//, ''), ...pieces.slice(1)] : pieces,
  )
}

/** Region and account of an ARN, by what is left out of it. */
const MIDDLES: { readonly [without in NonNullable<Thing['without']> | 'nothing']: Pattern } = {
  both: ['::'],
  region: [':', HERE, ':'],
  nothing: [HERE, ':', HERE, ':'],
}

function arn(thing: Thing, name: Pattern): Pattern {
  const middle = MIDDLES[thing.without ?? 'nothing']
  return ['arn:', HERE, `:${thing.service}:`, ...middle, thing.prefix, ...name, ...(thing.suffix ?? [])]
}

/** Resources whose name is being worked out: a template may name them after each other in a circle. */
const naming = new Set<Resource>()

/** The name that a resource has or is given. */
function nameOf(resource: Resource, thing: Thing): Pattern {
  const written = thing.named.map(property => resource.property(property)).find(value => !value.isAbsent)
  if (!written) return resource.properties.open ? [symbol(`${idOf(resource)} name`)] : [generatedName(idOf(resource))]
  if (naming.has(resource)) return [symbol(`${idOf(resource)} name`)]
  naming.add(resource)
  try {
    const pieces = piecesOf(written, literal)
    return thing.service === 'ssm' && typeof pieces[0] === 'string'
      ? [pieces[0].replace(/^\//, ''), ...pieces.slice(1)]
      : pieces
  } finally {
    naming.delete(resource)
  }
}

function nameAssumptions(resource: Resource, thing: Thing): ReadonlySet<string> {
  const written = thing.named.map(property => resource.property(property)).find(value => !value.isAbsent)
  return written ? assumptionsOf(written) : new Set()
}

const idOf = (resource: Resource): string => `${resource.template.source.path}#${resource.id}`

/** A text of a template as pieces; references become the names and ARNs that they stand for. */
function piecesOf(value: Value, read: (text: string) => Pattern): Pattern {
  const text = value.string()
  if (text !== undefined) return read(text)
  if (value.kind === 'joined') return value.parts().flatMap(part => [...piecesOf(part, read)])
  const mention = value.reference
  if (!mention)
    return [
      symbol(
        `${value.why ?? 'unknown'} ${value.loc.source.path} ` +
          `${value.loc.source.text.slice(value.loc.start, value.loc.end)}`,
      ),
    ]
  const resource = mention.resource
  if (!resource)
    return [
      symbol(
        mention.id.startsWith('AWS::') ? mention.id : `${value.loc.source.path}#${mention.id}.${mention.attribute}`,
      ),
    ]
  return mentionOf(resource, mention.attribute)
}

/** What `Ref` or an attribute of a resource gives. */
function mentionOf(resource: Resource, attribute: string): Pattern {
  if (resource.type === 'AWS::Lambda::Alias' || resource.type === 'AWS::Lambda::Version') {
    const target = resource.property('FunctionName').resource
    const whole = target && arnOfResource(target)
    const name = resource.property('Name').string()
    if (whole && attribute === 'Ref')
      return [...whole.pattern, ':', ...(name === undefined ? [symbol(`${idOf(resource)} version`)] : [name])]
  }
  const kind = kindOfResource(resource)
  if (!kind) return [symbol(`${idOf(resource)}.${attribute}`)]
  const thing = THINGS[kind]
  const gives = own({ ...thing.attributes, Ref: thing.ref, Arn: 'arn' }, attribute)
  const name = nameOf(resource, thing)
  if (gives === 'name') return name
  if (gives === 'arn') return arn(thing, name)
  if (gives === 'stream') return [...arn(thing, name), '/stream/', ANY]
  return [symbol(`${idOf(resource)}.${attribute}`)]
}

/** Defaults that were taken to tell a value, with those of the names of resources that it mentions. */
function assumptionsOf(value: Value): ReadonlySet<string> {
  const found = new Set<string>()
  const visited = new Set<Resource>()
  const add = (one: Value): void => {
    for (const via of one.via)
      if (via.kind === 'parameter' || via.kind === 'mapping' || via.kind === 'condition')
        found.add(`${via.kind} ${via.name}`)
    if (one.kind === 'joined') for (const part of one.parts()) add(part)
    const resource = one.resource
    const kind = resource && kindOfResource(resource)
    if (!resource || !kind || visited.has(resource)) return
    visited.add(resource)
    const written = THINGS[kind].named.map(property => resource.property(property)).find(property => !property.isAbsent)
    if (written) add(written)
  }
  add(value)
  return found
}

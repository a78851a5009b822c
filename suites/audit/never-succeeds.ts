/** Requests that no service may fulfil, by rules that stand between members: no constraint of one member says so. */
import { textOf } from '../../base/text-of.ts'
import { isObject } from '../../base/is-object.ts'
import type { Action } from '../../spec/model.ts'
import { parseArn, parseFunctionName } from '../oracle/arn.ts'

type Params = { readonly [member: string]: unknown }

/**
 * Why a request is to be refused, and with which error; another may come first, such as that the function does not
 * exist.
 */
export interface Refusal {
  readonly why: string
  readonly due: readonly string[]
}

/** Why the request is to be refused; undefined when nothing is known against it. */
export function whyNeverFulfilled({ name }: Pick<Action, 'name'>, params: Params): Refusal | undefined {
  const rule = RULES.find(([actions, applies]) => actions.test(name) && applies(params))
  return rule && { why: rule[2], due: rule[3] ?? [INVALID] }
}

const INVALID = 'InvalidParameterValueException'
const MISSING = 'ResourceNotFoundException'

const suffixOf = (params: Params): string | undefined =>
  parseFunctionName(params['FunctionName'] ?? params['Resource'])?.qualifier
const qualifierOf = (params: Params): string | undefined =>
  typeof params['Qualifier'] === 'string' && params['Qualifier'] !== '' ? params['Qualifier'] : suffixOf(params)

/** The form of an id, masked or not. */
const revision = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

const RULES: readonly (readonly [RegExp, (params: Params) => boolean, string, (readonly string[])?])[] = [
  [
    /./,
    params =>
      suffixOf(params) !== undefined &&
      typeof params['Qualifier'] === 'string' &&
      params['Qualifier'] !== '' &&
      params['Qualifier'] !== suffixOf(params),
    'the name ends with another qualifier than the one beside it',
  ],
  [
    /./,
    params =>
      typeof params['RevisionId'] === 'string' && params['RevisionId'] !== '' && !revision.test(params['RevisionId']),
    'no resource has such a revision id',
    ['PreconditionFailedException', MISSING, 'ResourceConflictException'],
  ],
  [
    /ProvisionedConcurrencyConfig$/,
    params => qualifierOf(params) === '$LATEST',
    'the unpublished version cannot have provisioned concurrency',
  ],
  [
    /^DeleteFunction$/,
    params => qualifierOf(params) !== undefined && !/^\d+$/.test(qualifierOf(params) as string),
    'a deletion takes the number of a version',
    [INVALID, MISSING],
  ],
  [
    /^(Get|Delete)LayerVersion$/,
    params => Number(textOf(params['VersionNumber'])) < 1,
    'versions of layers begin with 1',
  ],
  [
    /^(CreateFunction|UpdateFunctionConfiguration)$/,
    params => repeatsLayer(params['Layers']),
    'two versions of one layer',
    [INVALID, MISSING],
  ],
  [
    /^(CreateFunction|UpdateFunctionConfiguration)$/,
    params => environmentBytes(params['Environment']) > 4096,
    'the environment is larger than 4 KB',
    [INVALID, MISSING],
  ],
  [
    /^PublishVersion$/,
    params =>
      typeof params['CodeSha256'] === 'string' &&
      params['CodeSha256'] !== '' &&
      !/^([A-Za-z0-9+/]{43}=|[0-9a-f]{64})$/.test(params['CodeSha256']),
    'no code has such a hash',
    [INVALID, MISSING, 'ResourceConflictException'],
  ],
  [
    /^TagResource$/,
    params => isObject(params['Tags']) && Object.keys(params['Tags']).length === 0,
    'there are no tags',
  ],
  [
    /^(TagResource|UntagResource|ListTags|PutFunctionConcurrency)$/,
    params => suffixOf(params) !== undefined,
    'versions and aliases have none of it',
    [INVALID, MISSING],
  ],
  [
    /FunctionUrlConfig$/,
    params => typeof params['Qualifier'] === 'string' && /^(\$LATEST|\d+)$/.test(params['Qualifier']),
    'a URL is of an alias or of the function itself',
    ['ValidationException'],
  ],
  [
    /^CreateEventSourceMapping$/,
    params => params['EventSourceArn'] === undefined && params['SelfManagedEventSource'] === undefined,
    'there is no source',
  ],
  [
    /^CreateEventSourceMapping$/,
    params =>
      /^(kinesis|dynamodb)$/.test(parseArn(params['EventSourceArn'])?.service ?? '') &&
      params['StartingPosition'] === undefined,
    'a stream is read from somewhere on',
  ],
  [
    /^CreateEventSourceMapping$/,
    params =>
      isObject(params['DestinationConfig']) &&
      isObject(params['DestinationConfig']['OnSuccess']) &&
      Boolean(params['DestinationConfig']['OnSuccess']['Destination']),
    'mappings tell nobody of successes',
  ],
  [
    /^CreateEventSourceMapping$/,
    params => params['SelfManagedEventSource'] !== undefined && params['SourceAccessConfigurations'] === undefined,
    'brokers are not open to everybody',
  ],
  [
    /^PutFunctionEventInvokeConfig$/,
    params =>
      params['MaximumRetryAttempts'] === undefined &&
      params['MaximumEventAgeInSeconds'] === undefined &&
      params['DestinationConfig'] === undefined,
    'nothing is set',
  ],
  [
    /^CreateFunction$/,
    params => (parseFunctionName(params['FunctionName'])?.name.length ?? 0) > 64,
    'a name has at most 64 characters',
  ],
  [
    /^(?!CreateFunction$)/,
    params => (parseFunctionName(params['FunctionName'])?.name.length ?? 0) > 64,
    'no function has so long a name',
    [MISSING],
  ],
  [
    /./,
    params => /^\$(?!LATEST(\.PUBLISHED)?$)/.test(qualifierOf(params) ?? ''),
    'no alias begins so',
    [MISSING, INVALID, 'ValidationException'],
  ],
]

function repeatsLayer(layers: unknown): boolean {
  if (!Array.isArray(layers)) return false
  const names = layers.map(arn => textOf(arn).replace(/:\d+$/, ''))
  return new Set(names).size < names.length
}

function environmentBytes(environment: unknown): number {
  const variables = isObject(environment) ? environment['Variables'] : undefined
  return isObject(variables) ? Buffer.byteLength(JSON.stringify(variables)) : 0
}

/**
 * AWS's service authorization reference, condensed: actions, their level, the resources that they can be scoped to,
 * and what SDK calls need.
 */
import { matchesGlob } from '../../base/glob.ts'
import { readData } from './read-data.ts'
import { sdkExceptions } from './sdk-exceptions.ts'

/** The shape of `iam.json`, which `scripts/condense-iam-data.ts` writes. */
export interface IamFile {
  readonly source: string
  /** `dynamodb` (of `@aws-sdk/client-dynamodb`) to IAM prefix. */
  readonly clients: { readonly [client: string]: string }
  readonly services: {
    readonly [prefix: string]: {
      /** ARN patterns such as `arn:${Partition}:s3:::${BucketName}`. */
      readonly resources: readonly string[]
      /** First letters of the access levels, then positions in `resources`: `R0,2`. */
      readonly actions: { readonly [name: string]: string }
      /**
       * Condition keys such as `s3:prefix` to their kind: `S` text, `B` true or false, `N` number, `R` ARN, `I`
       * address, `D` date.
       */
      readonly keys?: { readonly [key: string]: string }
      /** Keys that few actions of the service have, with the names of these. */
      readonly keyed?: { readonly [key: string]: string }
    }
  }
}

/** Access levels of the service authorization reference. */
export type AccessLevel = 'Read' | 'List' | 'Write' | 'Permissions management' | 'Tagging'

/** What the service authorization reference says of an action. */
export interface ActionFacts {
  /** With the spelling of the reference: `s3:GetObject`. */
  readonly name: string
  readonly levels: readonly AccessLevel[]
  /** ARN patterns that the action can be scoped to; empty when it takes `*` alone. */
  readonly resources: readonly string[]
}

const LEVELS: { readonly [letter: string]: AccessLevel } = {
  R: 'Read',
  L: 'List',
  W: 'Write',
  P: 'Permissions management',
  T: 'Tagging',
}

const data = readData<IamFile>('iam.json')

const indexes = new Map<string, ReadonlyMap<string, string>>()

/** Lower-case action names of a service to their spelling; undefined for a prefix that is no service. */
function indexOf(prefix: string): ReadonlyMap<string, string> | undefined {
  const known = indexes.get(prefix)
  if (known) return known
  const service = Object.hasOwn(data().services, prefix) ? data().services[prefix] : undefined
  if (!service) return undefined
  const index = new Map(Object.keys(service.actions).map(name => [name.toLowerCase(), name]))
  indexes.set(prefix, index)
  return index
}

/** Condition keys of a service with the letters of their kinds; undefined for a prefix that is no service. */
export const conditionKeysOf = (prefix: string): { readonly [key: string]: string } | undefined =>
  Object.hasOwn(data().services, prefix.toLowerCase()) ? (data().services[prefix.toLowerCase()]?.keys ?? {}) : undefined

/** Names of the actions that have a condition key; undefined where many have it, or nobody says. */
export const actionsWithKey = (prefix: string, key: string): readonly string[] | undefined =>
  Object.hasOwn(data().services, prefix.toLowerCase())
    ? data().services[prefix.toLowerCase()]?.keyed?.[key]?.split(' ')
    : undefined

/** Whether a prefix such as `dynamodb` is a service of IAM. */
export const isService = (prefix: string): boolean => Object.hasOwn(data().services, prefix.toLowerCase())

/** The prefixes of all services. */
export const serviceNames = (): readonly string[] => Object.keys(data().services)

/** Facts of one action, `s3:GetObject` in any spelling; undefined when there is no such action. */
export function actionFacts(action: string): ActionFacts | undefined {
  const [prefix = '', name = ''] = action.toLowerCase().split(':')
  const spelled = indexOf(prefix)?.get(name)
  const service = data().services[prefix]
  if (spelled === undefined || service === undefined) return undefined
  const [, letters = '', positions = ''] = /^([A-Z]+)(.*)$/.exec(service.actions[spelled] ?? '') ?? []
  return {
    name: `${prefix}:${spelled}`,
    levels: [...letters].map(letter => LEVELS[letter] ?? 'Write'),
    resources: positions === '' ? [] : positions.split(',').map(position => service.resources[Number(position)] ?? ''),
  }
}

/**
 * Every action that a pattern of a policy (`s3:Get*`, `dynamodb:?etItem`) covers, spelled out; `*` alone covers all
 * and answers none.
 */
export function actionsMatching(pattern: string): readonly string[] {
  const [prefix = '', name = ''] = pattern.toLowerCase().split(':')
  const index = indexOf(prefix)
  if (!index) return []
  return [...index].flatMap(([lower, spelled]) => (matchesGlob(name, lower) ? [`${prefix}:${spelled}`] : []))
}

/** Whether a pattern of a policy covers an action; case does not count. */
export const covers = (pattern: string, action: string): boolean =>
  matchesGlob(pattern.toLowerCase(), action.toLowerCase())

/**
 * The IAM actions that a call of the SDK needs.
 * @param client as in the package name: `dynamodb` of `@aws-sdk/client-dynamodb`.
 * @param operation without `Command`: `PutItem`.
 * @returns the actions, empty when the call needs no permission, undefined when it is not known.
 */
export function actionsOfCall(client: string, operation: string): readonly string[] | undefined {
  const exception = sdkExceptions[client]?.[operation]
  if (exception) return exception
  const prefix = data().clients[client]
  const spelled = prefix === undefined ? undefined : indexOf(prefix)?.get(operation.toLowerCase())
  return spelled === undefined ? undefined : [`${prefix}:${spelled}`]
}

/** The IAM prefix of the service that a client asks: `states` for `sfn`. */
export const serviceOfClient = (client: string): string | undefined =>
  Object.hasOwn(data().clients, client) ? data().clients[client] : undefined

/** Names of the SDK v2, in small letters, that are not those of the client packages of v3 without their hyphens. */
const V2_NAMES = new Map(
  Object.entries({
    cognitoidentityserviceprovider: 'cognito-identity-provider',
    stepfunctions: 'sfn',
    cloudwatchevents: 'eventbridge',
    iotdata: 'iot-data-plane',
    iotjobsdataplane: 'iot-jobs-data-plane',
    documentclient: 'dynamodb',
    rdsdataservice: 'rds-data',
    elb: 'elastic-load-balancing',
    elbv2: 'elastic-load-balancing-v2',
    es: 'elasticsearch-service',
    dms: 'database-migration-service',
    cur: 'cost-and-usage-report-service',
    transcribeservice: 'transcribe',
    forecastservice: 'forecast',
    forecastqueryservice: 'forecastquery',
    lexruntime: 'lex-runtime-service',
    lexruntimev2: 'lex-runtime-v2',
    lexmodelbuildingservice: 'lex-model-building-service',
    discovery: 'application-discovery-service',
  }),
)

/**
 * The client package of the SDK v3 for a name of the SDK v2: `DynamoDB` is `dynamodb`, `SecretsManager` is
 * `secrets-manager`.
 */
export function clientOfV2(name: string): string | undefined {
  const plain = name.toLowerCase()
  return V2_NAMES.get(plain) ?? Object.keys(data().clients).find(client => client.replace(/-/g, '') === plain)
}

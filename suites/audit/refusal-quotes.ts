/**
 * The real service's texts quote the request, and each is said by some actions only: what a refusal cannot have said.
 */
import { isObject } from '../../base/is-object.ts'
import { textOf } from '../../base/text-of.ts'
import type { Action } from '../../spec/model.ts'
import { parseFunctionName } from '../oracle/arn.ts'

type Params = { readonly [member: string]: unknown }

interface Misquote {
  readonly message: string
  readonly expected: string
}

/** Why the text cannot be the answer to this request, `null` where it is not known; undefined when it can. */
export function misquoted(
  { name: action }: Pick<Action, 'name'>,
  params: Params | null,
  text: string,
): Misquote | undefined {
  const speakers = SPEAKERS.find(([says]) => says.test(text))?.[1]
  if (speakers !== undefined && !speakers.test(action))
    return { message: `${action} says nothing like ${JSON.stringify(text.slice(0, 60))}`, expected: 'another error' }
  for (const [says, wrong] of QUOTES) {
    const found = says.exec(text)
    const why = found === null || params === null ? undefined : wrong(found, { action, params })
    if (why !== undefined) return { message: why, expected: 'a text about what was asked' }
  }
  return undefined
}

/** Texts that belong to what an action does, and the actions that do it. */
const SPEAKERS: readonly (readonly [RegExp, RegExp])[] = [
  [/^Function already exist/, /^CreateFunction$/],
  [
    /^(An event source mapping with|Unrecognized event source|Stream not found|Unsupported \w+ parameter for given event)/,
    /EventSourceMapping$/,
  ],
  [/^Failed to create function url config/, /^CreateFunctionUrlConfig$/],
  [/^Alias already exists/, /^CreateAlias$/],
  [/^Alias not found/, /^UpdateAlias$/],
  [/^The statement id .* already exists/, /^Add(LayerVersion)?Permission$/],
  [/^(Statement .* is not found|No policy )/, /(Permission|Policy)$/],
  [/^Function does not exist$/, /EventSourceMapping$|FunctionUrlConfigs?$/],
  [/^The function .* doesn't have an EventInvokeConfig/, /FunctionEventInvokeConfig$/],
  [/An update is in progress for resource/, /^(Update|Publish|Put|Add|Delete|Invoke|Remove)(?!EventSourceMapping)/],
  [/^Error occurred while GetObject/, /^(CreateFunction|UpdateFunctionCode|PublishLayerVersion)$/],
  [/^(Two different versions|Layers are not in)/, /^(CreateFunction|UpdateFunctionConfiguration)$/],
  [/^The runtime parameter of|your environment variables/, /^(CreateFunction|UpdateFunctionConfiguration)$/],
  [
    /^(Provisioned Concurrency Configs|No Provisioned Concurrency|Specified ConcurrentExecutions)/,
    /ProvisionedConcurrencyConfig$/,
  ],
  [/^Cannot find alias arn/, /Alias$|ProvisionedConcurrencyConfig$|Permission$|^GetPolicy$/],
  [/^CodeSHA256 /, /^PublishVersion$/],
  [/derived qualifier from the function name/, /^(Get|Delete|Invoke|Put|Update|Add|Remove|Create)/],
]

interface Asked {
  readonly action: string
  readonly params: Params
}

/** Gives what is wrong with a quotation. */
type Wrong = (found: RegExpExecArray, asked: Asked) => string | undefined

const names = (params: Params): string => textOf(params['FunctionName'] ?? params['Resource'])
const mentions = (value: unknown, text: string): boolean =>
  JSON.stringify(value ?? null).includes(JSON.stringify(text).slice(1, -1))

/** What a text repeats of the request, or takes from it as given. */
const QUOTES: readonly (readonly [RegExp, Wrong])[] = [
  [
    /^Functions from '([^']+)' are not reachable/,
    ([, region = ''], { params }) =>
      mentions(params, region) ? undefined : `the request names nothing of the Region ${region}`,
  ],
  [
    /derived qualifier from the function name/,
    (_, { params }) =>
      parseFunctionName(names(params))?.qualifier !== undefined && params['Qualifier'] !== undefined
        ? undefined
        : 'the request has not two qualifiers',
  ],
  [
    /This operation is permitted on Lambda functions only/,
    (_, { params }) =>
      parseFunctionName(names(params))?.qualifier === undefined
        ? 'the request names a function, and no version or alias'
        : undefined,
  ],
  [
    /^The runtime parameter of (\S+) is no longer/,
    ([, runtime = ''], { params }) =>
      params['Runtime'] === runtime ? undefined : `the request does not name ${runtime}`,
  ],
  [
    /your environment variables/,
    (_, { params }) => (isObject(params['Environment']) ? undefined : 'the request gives no environment variables'),
  ],
  [
    /^Error occurred while GetObject/,
    (_, { params }) =>
      mentions(params, 'S3Bucket') || mentions(params, 'S3Key') ? undefined : 'the request names no object',
  ],
  [
    /^(?:Two different versions|Layers are not in)/,
    (_, { params }) => (Array.isArray(params['Layers']) ? undefined : 'the request names no layers'),
  ],
  [
    /^CodeSHA256 \(([^)]*)\)/,
    ([, hash = ''], { params }) => (params['CodeSha256'] === hash ? undefined : 'the request gives another hash'),
  ],
  [
    /^(?:Stream not found: |An event source mapping with \w+ arn \(" )(arn:\S+)/,
    ([, arn = ''], { params }) =>
      params['EventSourceArn'] === undefined || params['EventSourceArn'] === arn
        ? undefined
        : 'the request names another source',
  ],
  [
    /^Statement (\S+) is not found in/,
    ([, id], { params }) =>
      params['StatementId'] === undefined || params['StatementId'] === id
        ? undefined
        : 'the request names another statement',
  ],
  [
    /greater than account's unreserved concurrency \[(\d+)\]/,
    ([, most], { params }) =>
      Number(params['ProvisionedConcurrentExecutions']) <= Number(most)
        ? `no more than ${most} was asked for`
        : undefined,
  ],
  [
    /^(Function not found|Cannot find alias arn|Alias not found): arn:[^:]+:lambda:[^:]*:\d*:function:[^: ]+(?::(\S+))?$/,
    ([, said = '', told], asked) => otherQualifier(said, told, asked),
  ],
]

/**
 * A refusal that tells a version or alias to be missing tells the one that was asked for; where none was, `$LATEST` at
 * most.
 */
function otherQualifier(said: string, told: string | undefined, { action, params }: Asked): string | undefined {
  const suffix = parseFunctionName(names(params))?.qualifier
  const weights = isObject(params['RoutingConfig']) ? params['RoutingConfig']['AdditionalVersionWeights'] : undefined
  const asked = [
    params['Qualifier'],
    suffix,
    params['FunctionVersion'],
    params['Name'],
    ...(isObject(weights) ? Object.keys(weights) : []),
  ]
    .filter(one => one !== undefined && one !== null)
    .map(textOf)
  if (said !== 'Function not found' && told !== undefined && /^\d+$/.test(told))
    return 'a number names a version, and no alias'
  if (told === undefined) return said === 'Function not found' ? undefined : 'an alias is told by its name'
  if (told !== '$LATEST') return asked.includes(told) ? undefined : `nothing was asked about ${told}`
  return asked.length === 0 || asked.includes('$LATEST')
    ? undefined
    : `something else than ${told} was asked for by ${action}`
}

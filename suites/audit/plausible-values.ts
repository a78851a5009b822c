/**
 * Values of a recorded success that cannot be: times of another age, places of somebody else, settings that nobody
 * chose.
 */
import { own } from '../../base/own.ts'
import { textOf } from '../../base/text-of.ts'
import { isObject } from '../../base/is-object.ts'
import type { Action, Member, Spec, TypeRef } from '../../spec/model.ts'
import { parseArn, parseFunctionArn, parseFunctionName } from '../oracle/arn.ts'
import { show, type Violation } from '../oracle/violation.ts'
import type { SeenExchange } from './exchange.ts'
import { millisecondsOf } from '../oracle/milliseconds-of.ts'

type Members = { readonly [member: string]: unknown }

/** Values of a success that cannot be, whatever the page allows: times, states, figures that do not belong together. */
export function implausibleValues(spec: Spec, action: Action, exchange: SeenExchange): readonly Violation[] {
  const members = exchange.answer.members ?? {}
  const params = exchange.params ?? {}
  const found: Violation[] = []
  const wrong = (path: readonly string[], message: string, expected: string, actual: unknown): void => {
    found.push({
      clause: `${action.name}.answer`,
      path,
      message,
      expected,
      actual: actual === undefined ? 'no such member' : show(actual),
    })
  }
  const response = action.responses.find(one => one.status === exchange.answer.status)
  times(members, [], exchange.recordedAt, wrong)
  places(members, params, wrong)
  if (response !== undefined) enumerations(spec, response.members, members, [], wrong)
  if (/^(Create|Update|Put|Publish|Add)/.test(action.name)) {
    comeBack(action.name, params, members, exchange.guessed, wrong)
  }
  listedTwice(members, wrong)
  runtime(members, wrong)
  if (exchange.params !== null) otherQualifier(action.name, params, members, wrong)
  return found
}

type Wrong = (path: readonly string[], message: string, expected: string, actual: unknown) => void

const DAY_MS = 86_400_000
/** The service was announced then. */
const BEGINNING = Date.parse('2014-11-13')
const TIMES = new Set(['LastModified', 'CreatedDate', 'CreationTime', 'LastModifiedTime'])

const MAPPING_STATES = ['Creating', 'Enabling', 'Enabled', 'Disabling', 'Disabled', 'Updating', 'Deleting']

function times(value: unknown, path: readonly string[], recordedAt: number | undefined, wrong: Wrong): void {
  if (Array.isArray(value)) for (const one of value) times(one, [...path, '[]'], recordedAt, wrong)
  else if (isObject(value))
    for (const [name, inner] of Object.entries(value)) {
      const ms = millisecondsOf(inner)
      if (
        name === 'State' &&
        typeof value['UUID'] === 'string' &&
        typeof inner === 'string' &&
        !MAPPING_STATES.includes(inner)
      )
        wrong([...path, name], 'a mapping is in a state of the documentation', MAPPING_STATES.join(' or '), inner)
      if (TIMES.has(name) && !Number.isNaN(ms)) {
        // A recording's own date may be that of its file.
        const end = Math.max(Date.now(), recordedAt ?? 0) + DAY_MS
        if (ms < BEGINNING || ms > end)
          wrong(
            [...path, name],
            `${name} is a time at which there was the service`,
            `2014 to ${new Date(end).getUTCFullYear()}`,
            inner,
          )
      } else if (name !== 'Variables' && name !== 'Tags' && name !== 'Payload')
        times(inner, [...path, name], recordedAt, wrong)
    }
}

/**
 * Everything that an answer and its request name of Lambda's own, and the role, is of one account and of one Region.
 */
function places(members: Members, params: Members, wrong: Wrong): void {
  const accounts = new Map<string, string>()
  const regions = new Map<string, string>()
  const note = (arn: unknown): void => {
    const parsed = parseArn(arn)
    if (parsed === null) return
    const own =
      parsed.service === 'lambda' && /^(function|event-source-mapping|code-signing-config):/.test(parsed.resource)
    if ((own || (parsed.service === 'iam' && /^role\//.test(parsed.resource))) && /^\d{12}$/.test(parsed.account))
      accounts.set(parsed.account, textOf(arn))
    if (
      (own || /^(sqs|kinesis|dynamodb)$/.test(parsed.service) || /^runtime:/.test(parsed.resource)) &&
      parsed.region !== ''
    )
      regions.set(parsed.region, textOf(arn))
  }
  const inside = (value: unknown, depth: number): void => {
    if (depth > 6) return
    if (Array.isArray(value)) for (const one of value) inside(one, depth + 1)
    else if (isObject(value))
      for (const [name, one] of Object.entries(value)) {
        if (
          /^(FunctionArn|AliasArn|EventSourceMappingArn|CodeSigningConfigArn|Role|RuntimeVersionArn|EventSourceArn)$/.test(
            name,
          )
        )
          note(one)
        else if (name === 'FunctionUrl' && typeof one === 'string') {
          const region = /\.lambda-url\.([a-z0-9-]+)\.on\.aws/.exec(one)?.[1]
          if (region !== undefined) regions.set(region, one)
        } else if (name === 'Location' && typeof one === 'string') {
          const [, region, account] =
            /awslambda-([a-z0-9-]+?)-(?:tasks|layers)[^/]*\/snapshots\/(\d{12})\//.exec(one) ?? []
          if (region !== undefined) regions.set(region, one)
          if (account !== undefined) accounts.set(account, one)
        } else if ((name === 'Statement' || name === 'Policy') && typeof one === 'string') {
          for (const [arn] of one.matchAll(/arn:[^:"]+:lambda:[^"\\]+/g)) note(arn)
        } else if (!/^(Variables|Tags|Payload|DestinationConfig|DeadLetterConfig)$/.test(name)) inside(one, depth + 1)
      }
  }
  inside(members, 0)
  note(params['Role'])
  note(params['FunctionName'])
  note(params['Resource'])
  note(params['EventSourceArn'])
  for (const [what, seen] of [
    ['account', accounts],
    ['Region', regions],
  ] as const)
    if (seen.size > 1)
      wrong([], `what belongs together is of one ${what}`, [...seen.keys()][0] as string, [...seen.values()][1])
  const layers = [members['LayerArn'], members['LayerVersionArn']].map(parseArn)
  const content = isObject(members['Content']) ? textOf(members['Content']['Location'] ?? '') : ''
  const [first, second] = layers
  if (first && second && (first.account !== second.account || first.region !== second.region))
    wrong(
      ['LayerVersionArn'],
      'a layer and its version are of one account and Region',
      textOf(members['LayerArn']),
      members['LayerVersionArn'],
    )
  const bucket = /awslambda-([a-z0-9-]+?)-layers[^/]*\/snapshots\/(\d{12})\//.exec(content)
  if (first && bucket && (bucket[1] !== first.region || bucket[2] !== first.account))
    wrong(
      ['LayerArn'],
      'a layer is of the account and Region of its content',
      `${bucket[1]} ${bucket[2]}`,
      members['LayerArn'],
    )
}

/** Values of an enumeration that no page knows, neither from the guide nor from the model nor from a recording. Runtimes come and go, and the
 * service gives reasons that its own model lacks (recorded). */
function enumerations(
  spec: Spec,
  known: readonly Member[],
  members: Members,
  path: readonly string[],
  wrong: Wrong,
): void {
  for (const member of known) {
    const value = members[member.name]
    if (value === undefined || value === null || /Runtime|ReasonCode$/.test(member.name)) continue
    const values = member.constraints.flatMap(one => (one.kind === 'enum' && one.on === 'self' ? one.values : []))
    if (values.length > 0 && typeof value === 'string' && !values.includes(value))
      wrong([...path, member.name], `${member.name} is one of what is known`, values.join(' or '), value)
    for (const [type, inner] of structures(member.type, value))
      enumerations(spec, spec.types[type]?.members ?? [], inner, [...path, member.name], wrong)
  }
}

function structures(type: TypeRef, value: unknown): readonly (readonly [string, Members])[] {
  if (type.kind === 'ref') return isObject(value) ? [[type.type, value]] : []
  if (type.kind === 'list') return Array.isArray(value) ? value.flatMap(one => structures(type.of, one)) : []
  return []
}

/** Where the answer has a member under another name, or in another form, than the request. */
const ANSWERED: { readonly [member: string]: (members: Members) => unknown } = {
  Layers: members =>
    Array.isArray(members['Layers']) ? members['Layers'].map(one => (isObject(one) ? one['Arn'] : one)) : undefined,
  ImageConfig: members =>
    isObject(members['ImageConfigResponse']) ? members['ImageConfigResponse']['ImageConfig'] : undefined,
}
const NOT_ANSWERED = new Set([
  'Code',
  'Content',
  'ZipFile',
  'Tags',
  'FunctionName',
  'LayerName',
  'RevisionId',
  'Qualifier',
  'StartingPositionTimestamp',
])

/** What was sent, however deep, comes back. An empty value may take something away and is not looked for. */
/** What a function that has it always shows. */
const ALWAYS_ANSWERED = /^(Layers|VpcConfig|Environment)$/

function comeBack(action: string, params: Members, members: Members, guessed: ReadonlySet<string>, wrong: Wrong): void {
  for (const [name, sent] of Object.entries(params)) {
    if (NOT_ANSWERED.has(name) || guessed.has(name) || sent === null) continue
    const came = (own(ANSWERED, name) ?? (all => own(all, name)))(members)
    if (came === undefined || came === null) {
      if (
        /^(Create|Update)Function(Configuration)?$/.test(action) &&
        ALWAYS_ANSWERED.test(name) &&
        Object.keys(sent as object).length > 0
      )
        wrong([name], `${name} comes back as it was sent`, show(sent), undefined)
      continue
    }
    const other = differing(sent, came, [name])
    if (other !== undefined)
      wrong(other.path, `${other.path.join('.')} comes back as it was sent`, show(other.sent), other.came)
  }
}

function differing(
  sent: unknown,
  came: unknown,
  path: readonly string[],
): { path: readonly string[]; sent: unknown; came: unknown } | undefined {
  if (isObject(sent)) {
    if (!isObject(came)) return undefined
    for (const [name, inner] of Object.entries(sent)) {
      const other =
        came[name] === undefined || came[name] === null ? undefined : differing(inner, came[name], [...path, name])
      if (other !== undefined) return other
    }
    return undefined
  }
  if (Array.isArray(sent)) {
    if (!Array.isArray(came) || sent.length === 0) return undefined
    const plain = sent.every(one => typeof one === 'string') && came.every(one => typeof one === 'string')
    return plain && [...sent].sort().join('\n') !== [...came].sort().join('\n') ? { path, sent, came } : undefined
  }
  if (
    sent === '' ||
    typeof sent !== typeof came ||
    (typeof sent !== 'string' && typeof sent !== 'number' && typeof sent !== 'boolean')
  )
    return undefined
  return sent === came || (typeof sent === 'string' && /^[{[]/.test(sent)) ? undefined : { path, sent, came }
}

/** Runtimes come and go, but their names are of one of these forms. */
const RUNTIME =
  /^(nodejs(\d+\.x|\d+\.\d+(-edge)?)?|python\d\.\d+(-greengrass)?|(java|dotnet)\d+(\.al\d+)?|dotnetcore\d\.\d|ruby\d\.\d|go1\.\d+|go1\.x|provided(\.al\d+)?|byol|nasa)$/

/** The name of a runtime has the form of one, whatever its version. */
function runtime({ Runtime: came }: Members, wrong: Wrong): void {
  if (typeof came === 'string' && !RUNTIME.test(came))
    wrong(['Runtime'], 'a runtime is a language with its version', 'a name like those of runtimes', came)
}

/**
 * Actions whose answer has the ARN of the version or alias that was asked for; the second of these pairs is what none
 * stands for.
 */
const TELLS_QUALIFIER: readonly (readonly [RegExp, string | undefined])[] = [
  [/^(GetFunction|GetFunctionConfiguration|(Create|Get|Update)FunctionUrlConfig)$/, undefined],
  [/^(Put|Get|Update)FunctionEventInvokeConfig$/, '$LATEST'],
]

/** An answer about a version or alias ends its ARN with the qualifier, as it was asked for. */
function otherQualifier(action: string, params: Members, members: Members, wrong: Wrong): void {
  const told = TELLS_QUALIFIER.find(([actions]) => actions.test(action))
  const configuration = isObject(members['Configuration']) ? members['Configuration'] : members
  const arn = parseFunctionArn(configuration['FunctionArn'])
  if (told === undefined || arn === null) return
  const asked = textOf(params['Qualifier'] ?? '') || (parseFunctionName(params['FunctionName'])?.qualifier ?? told[1])
  if (arn.qualifier !== asked)
    wrong(
      ['FunctionArn'],
      'the ARN ends with the qualifier that was asked for',
      asked ?? 'no qualifier',
      configuration['FunctionArn'],
    )
}

/** No item of any list of structures is there twice, whole. */
function listedTwice(members: Members, wrong: Wrong): void {
  for (const [name, list] of Object.entries(members)) {
    if (!Array.isArray(list) || !isObject(list[0])) continue
    const texts = list.map(one => JSON.stringify(one))
    const twice = texts.find((text, at) => texts.indexOf(text) !== at)
    if (twice !== undefined) wrong([name], 'nothing is listed twice', 'each item once', twice.slice(0, 120))
  }
}

/** Members of one answer that must agree with each other, whatever the request was. */
import { parseJson } from '../../../base/parse-json.ts'
import { textOf } from '../../../base/text-of.ts'
import { own } from '../../../base/own.ts'
import { isObject } from '../../../base/is-object.ts'
import { show } from '../violation.ts'
import { parseArn, parseFunctionArn, parseLayerArn } from './arn.ts'

/** A place where an answer contradicts itself. */
export interface Disagreement {
  readonly path: readonly string[]
  readonly message: string
  readonly expected: string
  readonly actual: string
}

const MAX_DEPTH = 12

/** All contradictions within a success answer. */
export function disagreementsWithin(members: { readonly [member: string]: unknown }): readonly Disagreement[] {
  const found: Disagreement[] = []
  visit(members, [], found, 0)
  found.push(...strangers(members))
  return found
}

function visit(value: unknown, path: readonly string[], found: Disagreement[], depth: number): void {
  if (depth > MAX_DEPTH) return
  if (Array.isArray(value)) {
    for (const one of value) visit(one, [...path, '[]'], found, depth + 1)
  } else if (isObject(value)) {
    for (const check of CHECKS) found.push(...check(value).map(one => ({ ...one, path: [...path, ...one.path] })))
    // What users put in has names of their own.
    for (const [name, one] of Object.entries(value))
      if (name !== 'Variables' && name !== 'Tags' && name !== 'Payload') visit(one, [...path, name], found, depth + 1)
  }
}

type Check = (struct: { readonly [member: string]: unknown }) => readonly Disagreement[]

const CHECKS: readonly Check[] = [
  arns,
  functionNames,
  versions,
  aliases,
  layers,
  mappings,
  codes,
  revisions,
  states,
  invocations,
  provisioned,
  policies,
  lists,
]

function differs(path: string, message: string, expected: unknown, actual: unknown): readonly Disagreement[] {
  return [{ path: [path], message, expected: show(expected), actual: show(actual) }]
}

/** Of which service the things are whose ARNs have these names. */
const SERVICE: { readonly [member: string]: RegExp } = {
  FunctionArn: /^lambda function:/,
  AliasArn: /^lambda function:/,
  MasterArn: /^lambda function:/,
  LayerArn: /^lambda layer:/,
  LayerVersionArn: /^lambda (aws)?layer:/,
  EventSourceMappingArn: /^lambda event-source-mapping:/,
  CodeSigningConfigArn: /^lambda code-signing-config:/,
  RuntimeVersionArn: /^lambda runtime:/,
  Role: /^iam role\//,
}

/** What is called an ARN is one, and of the kind that its name says. */
function arns(struct: { readonly [member: string]: unknown }): readonly Disagreement[] {
  return Object.entries(struct).flatMap(([name, value]) => {
    if (typeof value !== 'string' || value === '' || (!/Arn$/.test(name) && own(SERVICE, name) === undefined)) return []
    const arn = parseArn(value)
    if (arn === null || !/^([a-z]{2,}(-[a-z]+)+-\d+)?$/.test(arn.region) || !/^(\d{12}|aws)?$/.test(arn.account))
      return differs(name, `${name} is an ARN`, 'arn:partition:service:region:account:resource', value)
    const kind = own(SERVICE, name)
    return kind === undefined || kind.test(`${arn.service} ${arn.resource}`)
      ? []
      : differs(name, `${name} is the ARN of what its name says`, kind.source.replace(/[\^\\]/g, ''), value)
  })
}

/** `FunctionName` is the name in `FunctionArn`. */
function functionNames({ FunctionName, FunctionArn }: { readonly [member: string]: unknown }): readonly Disagreement[] {
  const arn = parseFunctionArn(FunctionArn)
  if (arn === null || typeof FunctionName !== 'string') return []
  const bare = parseFunctionArn(FunctionName)?.name ?? FunctionName
  return bare === arn.name
    ? []
    : differs('FunctionName', 'FunctionName and FunctionArn name the same function', arn.name, FunctionName)
}

/** A numbered suffix of `FunctionArn` is the `Version`. Without a suffix the version may be a number: creating and publishing at once answers so. */
function versions({ FunctionArn, Version }: { readonly [member: string]: unknown }): readonly Disagreement[] {
  const qualifier = parseFunctionArn(FunctionArn)?.qualifier
  if (qualifier === undefined || typeof Version !== 'string') return []
  if (!/^(\d+|\$LATEST)$/.test(qualifier) || qualifier === Version) return []
  return differs('Version', 'Version is the suffix of FunctionArn', qualifier, Version)
}

/** `AliasArn` ends with `Name`. */
function aliases({ AliasArn, Name }: { readonly [member: string]: unknown }): readonly Disagreement[] {
  if (typeof AliasArn !== 'string' || typeof Name !== 'string') return []
  return AliasArn.endsWith(`:${Name}`)
    ? []
    : differs('AliasArn', 'AliasArn ends with the name of the alias', `…:${Name}`, AliasArn)
}

/** `LayerVersionArn` is `LayerArn` and `Version`. */
function layers({
  LayerArn,
  LayerVersionArn,
  Version,
  LayerName,
  LatestMatchingVersion,
}: {
  readonly [member: string]: unknown
}): readonly Disagreement[] {
  const found: Disagreement[] = []
  const layer = parseLayerArn(LayerArn)
  const version = parseLayerArn(LayerVersionArn)
  if (
    layer !== null &&
    layer.version === undefined &&
    typeof LayerVersionArn === 'string' &&
    !LayerVersionArn.startsWith(`${String(LayerArn)}:`)
  ) {
    found.push(
      ...differs('LayerVersionArn', 'LayerVersionArn begins with LayerArn', `${String(LayerArn)}:…`, LayerVersionArn),
    )
  }
  if (version?.version !== undefined && typeof Version === 'number' && version.version !== String(Version)) {
    found.push(...differs('Version', 'Version is the suffix of LayerVersionArn', Number(version.version), Version))
  }
  if (layer !== null && typeof LayerName === 'string' && LayerName !== layer.name && LayerName !== LayerArn) {
    found.push(...differs('LayerName', 'LayerName and LayerArn name the same layer', layer.name, LayerName))
  }
  const latest = isObject(LatestMatchingVersion) ? LatestMatchingVersion['LayerVersionArn'] : undefined
  if (layer !== null && typeof latest === 'string' && !latest.startsWith(`${String(LayerArn)}:`)) {
    found.push(...differs('LatestMatchingVersion', 'the version belongs to the layer', `${String(LayerArn)}:…`, latest))
  }
  return found
}

/** `EventSourceMappingArn` ends with `UUID`. */
function mappings({ UUID, EventSourceMappingArn }: { readonly [member: string]: unknown }): readonly Disagreement[] {
  if (typeof UUID !== 'string' || typeof EventSourceMappingArn !== 'string') return []
  return EventSourceMappingArn.endsWith(`:${UUID}`)
    ? []
    : differs('EventSourceMappingArn', 'EventSourceMappingArn ends with UUID', `…:${UUID}`, EventSourceMappingArn)
}

/** The hash of an archive is SHA-256 in base64, that of an image in hexadecimal; no archive is of a negative size. */
function codes({ CodeSha256, CodeSize }: { readonly [member: string]: unknown }): readonly Disagreement[] {
  const found: Disagreement[] = []
  if (typeof CodeSha256 === 'string' && !/^([A-Za-z0-9+/]{43}=|(sha256:)?[0-9a-f]{64})$/.test(CodeSha256)) {
    found.push(
      ...differs(
        'CodeSha256',
        'CodeSha256 is a SHA-256 in base64 or, of an image, in hexadecimal',
        '44 characters of base64',
        CodeSha256,
      ),
    )
  }
  if (typeof CodeSize === 'number' && CodeSize < 0)
    found.push(...differs('CodeSize', 'a size is not negative', '0 or more', CodeSize))
  return found
}

/** Revision ids are UUIDs. */
function revisions({ RevisionId }: { readonly [member: string]: unknown }): readonly Disagreement[] {
  if (typeof RevisionId !== 'string' || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(RevisionId)) return []
  return differs('RevisionId', 'a revision id is a UUID', 'a UUID', RevisionId)
}

/** What is active and what has been updated needs no reason. */
function states(struct: { readonly [member: string]: unknown }): readonly Disagreement[] {
  const { State, StateReasonCode, LastUpdateStatus, LastUpdateStatusReasonCode } = struct
  return [
    ...(State === 'Active' && typeof StateReasonCode === 'string'
      ? differs('StateReasonCode', 'an active function has no reason for its state', undefined, StateReasonCode)
      : []),
    ...(LastUpdateStatus === 'Successful' && typeof LastUpdateStatusReasonCode === 'string'
      ? differs(
          'LastUpdateStatusReasonCode',
          'a successful update has no reason for its status',
          undefined,
          LastUpdateStatusReasonCode,
        )
      : []),
  ]
}

/** How an invocation ended, and the end of its log. */
function invocations({
  ExecutedVersion,
  FunctionError,
  LogResult,
}: {
  readonly [member: string]: unknown
}): readonly Disagreement[] {
  if (ExecutedVersion === undefined) return []
  return [
    ...(typeof FunctionError === 'string' && !/^(Unhandled|Handled)$/.test(FunctionError)
      ? differs('FunctionError', 'a function error is Unhandled or Handled', 'Unhandled', FunctionError)
      : []),
    ...(typeof LogResult === 'string' && !/^[A-Za-z0-9+/]*={0,2}$/.test(LogResult)
      ? differs('LogResult', 'the log is base64', 'base64 text', LogResult)
      : []),
  ]
}

/** What names an item of a list, by the name of the list. */
const ITEM_KEYS: { readonly [list: string]: string } = {
  Aliases: 'AliasArn',
  Functions: 'FunctionArn',
  Versions: 'FunctionArn',
  EventSourceMappings: 'UUID',
  LayerVersions: 'LayerVersionArn',
  ProvisionedConcurrencyConfigs: 'FunctionArn',
  FunctionEventInvokeConfigs: 'FunctionArn',
  CodeSigningConfigs: 'CodeSigningConfigArn',
}

/** Nothing is listed twice. */
function lists(struct: { readonly [member: string]: unknown }): readonly Disagreement[] {
  return Object.entries(ITEM_KEYS).flatMap(([list, key]) => {
    const items = struct[list]
    if (!Array.isArray(items)) return []
    const keys = items.flatMap((item: unknown) => (isObject(item) && typeof item[key] === 'string' ? [item[key]] : []))
    const twice = keys.find((one, at) => keys.indexOf(one) !== at)
    return twice === undefined ? [] : differs(list, 'nothing is listed twice', `${twice} once`, `${twice} twice`)
  })
}

/** No more is available than allocated, no more allocated than requested; what is ready is allocated in full. */
function provisioned(struct: { readonly [member: string]: unknown }): readonly Disagreement[] {
  const requested = struct['RequestedProvisionedConcurrentExecutions']
  const allocated = struct['AllocatedProvisionedConcurrentExecutions']
  const available = struct['AvailableProvisionedConcurrentExecutions']
  if (typeof requested !== 'number' || typeof allocated !== 'number') return []
  if (struct['Status'] === 'READY' && allocated !== requested)
    return differs(
      'AllocatedProvisionedConcurrentExecutions',
      'what is ready is allocated in full',
      requested,
      allocated,
    )
  if (typeof available === 'number' && available > allocated && struct['Status'] !== 'IN_PROGRESS') {
    return differs(
      'AvailableProvisionedConcurrentExecutions',
      'no more is available than allocated',
      allocated,
      available,
    )
  }
  return []
}

/** Policies and statements are JSON documents of IAM's form. */
function policies({ Policy, Statement }: { readonly [member: string]: unknown }): readonly Disagreement[] {
  const found: Disagreement[] = []
  const policy = typeof Policy === 'string' ? parsed(Policy) : undefined
  if (policy !== undefined) {
    const statements = isObject(policy) ? policy['Statement'] : undefined
    if (!Array.isArray(statements))
      found.push(
        ...differs('Policy', 'a policy is a JSON document with statements', '{"Version": …, "Statement": […]}', Policy),
      )
    else for (const one of statements) found.push(...statementTrouble('Policy', one))
  }
  if (typeof Statement === 'string') found.push(...statementTrouble('Statement', parsed(Statement)))
  return found
}

function statementTrouble(path: string, statement: unknown): readonly Disagreement[] {
  if (!isObject(statement)) return differs(path, 'a statement is a JSON object', 'an object', statement)
  const missing = ['Sid', 'Effect', 'Principal', 'Action', 'Resource'].filter(name => statement[name] === undefined)
  if (missing.length > 0)
    return differs(path, `a statement has ${missing.join(', ')}`, missing.join(', '), Object.keys(statement).join(', '))
  return statement['Effect'] === 'Allow'
    ? []
    : differs(path, 'a statement that was added allows', 'Allow', statement['Effect'])
}

const parsed = (text: string): unknown => parseJson(text) ?? null

/** Functions and aliases in one answer belong to one account and one Region. */
function strangers(members: { readonly [member: string]: unknown }): readonly Disagreement[] {
  const owners = new Map<string, string>()
  collect(members, owners, 0)
  if (owners.size <= 1) return []
  const [first, second] = [...owners.keys()]
  return [
    {
      path: [],
      message: 'functions and aliases in one answer belong to one account and Region',
      expected: show(first),
      actual: show(`${second} (${owners.get(second ?? '') ?? ''})`),
    },
  ]
}

const OWN = new Set(['FunctionArn', 'AliasArn', 'MasterArn', 'EventSourceMappingArn', 'CodeSigningConfigArn'])

function collect(value: unknown, owners: Map<string, string>, depth: number): void {
  if (depth > MAX_DEPTH) return
  if (Array.isArray(value)) for (const one of value) collect(one, owners, depth + 1)
  else if (isObject(value)) {
    for (const [name, one] of Object.entries(value)) {
      const arn = OWN.has(name) ? parseArn(one) : null
      // The master of an edge function is in another Region by nature.
      if (arn !== null && name !== 'MasterArn') owners.set(`${arn.region} ${arn.account}`, textOf(one))
      else if (name !== 'Variables' && name !== 'Tags') collect(one, owners, depth + 1)
    }
  }
}

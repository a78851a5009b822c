/** Which error was due: what the real service refuses a request for, as far as the request itself shows it. */
import { isObject } from '../../base/is-object.ts'
import { parseJson } from '../../base/parse-json.ts'
import { textOf } from '../../base/text-of.ts'
import type { Action } from '../../spec/model.ts'
import { parseFunctionName } from '../oracle/arn.ts'
import type { Doubt } from '../oracle/legal.ts'
import { whyNeverFulfilled } from './never-succeeds.ts'

type Params = { readonly [member: string]: unknown }

/** A reason why an error was not due, and what was. */
export interface NotDue {
  readonly message: string
  readonly expected: string
}

/** A refusal: the name of its error, and what it says. */
interface Refused {
  readonly name: string
  readonly text: string
}

/** Any request may be answered with these, whatever is wrong with it. */
const ANY_TIME = /AccessDenied|TooManyRequests|^ServiceException$|TooLarge|UnrecognizedClient|ExpiredToken|Signature/
const INVALID = 'InvalidParameterValueException'

/**
 * Why the real service would not have refused this request with `name`, saying `text`; undefined when it may have.
 * `doubts`: what surely breaks
 * the page.
 */
export function whyNotDue(
  action: Pick<Action, 'name' | 'method' | 'request'>,
  params: Params,
  doubts: readonly Doubt[],
  { name, text }: Refused,
): NotDue | undefined {
  if (name === 'AccessDeniedException' || name === 'TooManyRequestsException') return undefined
  return (
    illegalForm(doubts, name) ??
    otherRefusal(action, params, doubts, name) ??
    nothingToRefuse(action, params, doubts, { name, text }) ??
    smallPayload(action, params, name) ??
    wellFormedPayload(action, params, name) ??
    offTopic(name, text) ??
    conflictOfCreation(action, name, text)
  )
}

/**
 * Forms are looked at before anything else, and told of by the framework. Runtimes and missing members are told of by
 * the service itself.
 */
function illegalForm(doubts: readonly Doubt[], name: string): NotDue | undefined {
  const form = doubts.find(
    ({ kind, path }) =>
      ['pattern', 'length', 'range', 'enum'].includes(kind) && !path.some(step => /Runtime|Tags/.test(step)),
  )
  return form === undefined || name === 'ValidationException' || ANY_TIME.test(name)
    ? undefined
    : { message: `${form.path.join('.')} breaks ${form.expected}`, expected: 'ValidationException' }
}

/** What is wrong between members has errors of its own. */
function otherRefusal(
  action: Pick<Action, 'name'>,
  params: Params,
  doubts: readonly Doubt[],
  name: string,
): NotDue | undefined {
  const refusal = doubts.length > 0 ? undefined : whyNeverFulfilled(action, params)
  return refusal === undefined || refusal.due.includes(name) || name === 'ValidationException' || ANY_TIME.test(name)
    ? undefined
    : { message: refusal.why, expected: refusal.due.join(' or ') }
}

const NAMES =
  /^(FunctionName|Qualifier|Name|LayerName|VersionNumber|UUID|Arn|Resource|CodeSigningConfigArn|StatementId|FunctionVersion)$/

/** Who only names what he reads or deletes has given no value that could be wrong, when the name has its form. */
function nothingToRefuse(
  action: Pick<Action, 'name' | 'method' | 'request'>,
  params: Params,
  doubts: readonly Doubt[],
  { name, text }: Refused,
): NotDue | undefined {
  if (name !== INVALID || doubts.length > 0 || !/^(GET|DELETE)$/.test(action.method)) return undefined
  const given = Object.keys(params).filter(member => params[member] !== undefined && params[member] !== null)
  const names = given.length > 0 && given.every(member => NAMES.test(member))
  const suffix = parseFunctionName(params['FunctionName'] ?? params['Resource'])?.qualifier
  const takesQualifier = action.request.some(member => member.name === 'Qualifier')
  const unclear =
    (suffix !== undefined && !takesQualifier) ||
    // The unpublished version is one of few things that an action may not want to hear of.
    ((suffix ?? params['Qualifier']) === '$LATEST' && !/^(GetFunction|GetFunctionConfiguration)$/.test(action.name)) ||
    /^arn:/.test(textOf(params['LayerName'])) ||
    'StatementId' in params ||
    // Copies at the edge hold on to their function.
    /replicated/i.test(text)
  return names && !unclear && whyNeverFulfilled(action, params) === undefined
    ? { message: 'a request that only names something has no value that could be wrong', expected: 'another error' }
    : undefined
}

/** No payload that is smaller is too large, synchronous or not. Bytes. */
const SMALL = 128 * 1024

function smallPayload({ name: action }: Pick<Action, 'name'>, params: Params, name: string): NotDue | undefined {
  const size = Buffer.byteLength(JSON.stringify(params))
  return /TooLarge/.test(name) && /^Invoke/.test(action) && size < SMALL && params['FunctionName'] !== undefined
    ? { message: `a request of ${size} bytes is not too large`, expected: 'another error' }
    : undefined
}

function wellFormedPayload(action: Pick<Action, 'name'>, params: Params, name: string): NotDue | undefined {
  if (name !== 'InvalidRequestContentException' || !/^Invoke/.test(action.name)) return undefined
  const payload = params['Payload']
  const legible = isObject(payload) || (typeof payload === 'string' && parseJson(payload) !== undefined)
  return legible && params['ClientContext'] === undefined
    ? { message: 'the payload is JSON', expected: 'another error' }
    : undefined
}

/** What a text of an error speaks of, whatever it says. */
const TOPICS: readonly (readonly [RegExp, RegExp])[] = [
  [/^CodeStorage/, /storage|size/i],
  [/^PublicPolicy/, /public/i],
  [/^(CodeVerification|InvalidCodeSignature)/, /sign/i],
  [/^CodeSigningConfig/, /sign/i],
  [/^UnsupportedMediaType/, /media|content.?type/i],
  [/^SnapStart/, /snap|start|restore|restoring|initialize|initializing/i],
  [/^EC2/, /ec2|vpc|subnet|network/i],
  [/^ENI/, /eni|network/i],
  [/^(InvalidSubnet|SubnetIP)/, /subnet/i],
  [/^InvalidSecurityGroup/, /security ?group/i],
  [/^EFS/, /efs|file ?system|mount/i],
  [/^S3Files/, /s3|file|mount/i],
  [/^KMS/, /kms|key/i],
  [/^InvalidZip/, /zip/i],
  [/^InvalidRuntime/, /runtime/i],
  [/^Recursive/, /recurs|loop/i],
  [/^CodeArtifact/, /code|artifact|image|initialize|initializing/i],
  [/^(ServiceQuotaExceeded|FunctionVersionsPer|.*LimitExceeded)/, /quota|limit|exceed|maximum/i],
  [/^ResourceNotReady/, /ready|inactive|vpc|restore|restoring|initialize/i],
  [/^ProvisionedConcurrencyConfigNotFound/, /provisioned/i],
  [/^PolicyLength/, /policy|policies|size|length/i],
  [/^Durable/, /durable|execution/i],
]

function offTopic(name: string, text: string): NotDue | undefined {
  const topic = text === '' ? undefined : TOPICS.find(([error]) => error.test(name))?.[1]
  return topic === undefined || topic.test(text)
    ? undefined
    : { message: `the text does not speak of what ${name} is about`, expected: 'another error' }
}

/** A mapping may be moved to where there is one. */
const MAKES = /^(Create|Add|Publish)|^UpdateEventSourceMapping$/

/** Only who makes something can be told that it is there already. */
function conflictOfCreation({ name: action }: Pick<Action, 'name'>, name: string, text: string): NotDue | undefined {
  return name === 'ResourceConflictException' && /already exists?\b/.test(text) && !MAKES.test(action)
    ? { message: `${action} makes nothing that could be there already`, expected: 'another error' }
    : undefined
}

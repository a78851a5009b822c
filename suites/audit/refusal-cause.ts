/** Whether a recorded refusal fits its own text and the request that it refuses. */
import type { Action, Spec } from '../../spec/model.ts'
import { clauseOf } from '../oracle/error-form.ts'
import { parseFunctionName } from '../oracle/arn.ts'
import { show, type Violation } from '../oracle/violation.ts'
import type { Doubt } from '../oracle/legal.ts'
import type { SeenExchange } from './exchange.ts'
import { misquoted } from './refusal-quotes.ts'
import { whyNotDue } from './refusal-due.ts'

const NOT_FOUND = [
  'ResourceNotFoundException',
  'CodeSigningConfigNotFoundException',
  'ProvisionedConcurrencyConfigNotFoundException',
  'InvalidParameterValueException',
  'KMSNotFoundException',
]
const INVALID = [
  'InvalidParameterValueException',
  'ValidationException',
  'InvalidRequestContentException',
  'SerializationException',
]

const IPV = 'InvalidParameterValueException'

/** What a text says, and the errors that say so. The first that holds decides; actions narrow some. */
const SAYINGS: readonly (readonly [RegExp, readonly string[], RegExp?])[] = [
  // The service's own checks come in the framework's words, but end with a full stop or speak of 64 characters.
  [/^\d+ validation errors? detected: .*(\.|less than or equal to 64)$/s, ['ValidationException', IPV]],
  [/^\d+ validation errors? detected: /, ['ValidationException']],
  [
    /^Function not found: |^Cannot find alias arn|^Alias not found|^The function .* doesn't have an EventInvokeConfig|^The resource you requested does not exist/,
    ['ResourceNotFoundException'],
  ],
  [/^Statement .* is not found in resource policy|^No policy/, ['ResourceNotFoundException']],
  [/^Stream not found: /, [IPV]],
  [/^Function does not exist$/, [IPV], /EventSourceMapping/],
  [/^Function does not exist$/, ['ResourceNotFoundException']],
  [/^Layer version arn:.* does not exist\.$/, [IPV], /^(Create|Update)Function/],
  [/^Layer version arn:.* does not exist\.$/, ['ResourceNotFoundException']],
  [/Revision ?Id provided does not match/i, ['PreconditionFailedException']],
  [/^Rate Exceeded|too many requests/i, ['TooManyRequestsException']],
  [/^The final policy size/, ['PolicyLengthExceededException']],
  [/^Unzipped size must be/, [IPV]],
  [/must be smaller than \d+ bytes/, ['RequestEntityTooLargeException', 'RequestTooLargeException']],
  [/parse (request|payload)/i, ['InvalidRequestContentException', 'SerializationException']],
  [
    /already exists?\b|update is in progress|in the following state|is in use|still pointing|exists for this|Provisioned version|Provisioned Concurrency alias/i,
    ['ResourceConflictException', 'ResourceInUseException', 'ResourceNotReadyException'],
  ],
  [/No Provisioned Concurrency Config/, ['ProvisionedConcurrencyConfigNotFoundException']],
  [
    /no longer supported|^Unsupported|^Unrecognized|^Required '|is permitted on|Cannot be less than|cannot be (deleted|applied)|must be an alias|^Please |^CodeSHA256|unable to configure|account's|does not match the specified|expected to be|was invalid|^Invalid |not currently|currently do not|^Two different versions|^Error occurred while|Value .* at '/i,
    [IPV],
  ],
  [/does(n't| not) exist|not found|can ?not be found|not reachable/i, NOT_FOUND],
]

/** The actions that tell a missing function by its ARN, and by nothing else. */
const TELLS_ARN = new Set([
  'CreateFunction',
  'GetFunction',
  'GetFunctionConfiguration',
  'DeleteFunction',
  'Invoke',
  'UpdateFunctionCode',
  'UpdateFunctionConfiguration',
  'PublishVersion',
  'ListVersionsByFunction',
  'GetFunctionConcurrency',
  'PutFunctionConcurrency',
  'DeleteFunctionConcurrency',
  'GetFunctionCodeSigningConfig',
  'ListProvisionedConcurrencyConfigs',
])

/** Those that name a version or alias, which they tell by its ARN, too. */
const TELLS_QUALIFIED = /^(Put|Get|Delete)ProvisionedConcurrencyConfig$/

/** `doubts`: what of the request surely breaks the page, so that nothing else is looked at. */
export function refusalMisfits(
  spec: Spec,
  action: Action,
  exchange: SeenExchange,
  doubts: readonly Doubt[],
): readonly Violation[] {
  const { answer, params, service } = exchange
  const name = answer.error?.name
  const illegal = doubts.length > 0
  if (name === undefined) return []
  const text = answer.error?.message ?? ''
  const clause = clauseOf(spec, action, name)
  const misfit = (message: string, expected: string): Violation => ({
    clause,
    path: [],
    message,
    expected,
    actual: show(name),
  })
  const found: Violation[] = []

  const worded = service && text !== ''
  const saying = !worded
    ? undefined
    : SAYINGS.find(([says, , actions]) => says.test(text) && (actions?.test(action.name) ?? true))
  if (saying !== undefined && !saying[1].includes(name))
    found.push(misfit(`${show(text.slice(0, 80))} is not what ${name} says`, saying[1].join(' or ')))
  const toldByArn = /^Functions? (not found: arn:|from )/.test(text)
  const about =
    /(?:Function not found|Cannot find alias arn|Alias not found): arn:[^:]+:lambda:[^:]+:\d*:function:([^: ]+)/.exec(
      text,
    )?.[1]
  const asked = parseFunctionName(params?.['FunctionName'] ?? params?.['Resource'])?.name
  if (about !== undefined && asked !== undefined && about !== asked)
    found.push(misfit('a refusal is about the function that was asked for', asked))
  if (name === 'ResourceNotFoundException' && TELLS_ARN.has(action.name) && worded && !toldByArn)
    found.push(misfit(`${action.name} tells a missing function by its ARN`, 'Function not found: arn:…'))
  if (
    name === 'ResourceNotFoundException' &&
    TELLS_QUALIFIED.test(action.name) &&
    worded &&
    !/^(Function not found|Cannot find alias arn): arn:/.test(text)
  )
    found.push(misfit(`${action.name} tells what is missing by its ARN`, 'Function not found: arn:…'))
  if (name === 'ResourceNotFoundException' && action.name === 'CreateEventSourceMapping' && worded && !toldByArn)
    found.push(misfit('a mapping of something that does not exist has a wrong value', IPV))
  if (worded && name === 'PolicyLengthExceededException' && !/\d{4,}/.test(text))
    found.push(
      misfit(
        'a policy that is too long is told with its size',
        'The final policy size (…) is bigger than the limit (…)',
      ),
    )
  if (name === 'ResourceConflictException' && action.method === 'GET')
    found.push(misfit('reading conflicts with nothing', 'another error'))
  const strange = worded && found.length === 0 ? misquoted(action, params, text) : undefined
  if (strange !== undefined) found.push(misfit(strange.message, strange.expected))
  if (params === null) return found
  if (name === 'PreconditionFailedException' && params['RevisionId'] === undefined)
    found.push(misfit('without a RevisionId there is no condition', 'another error'))
  if (
    /CodeSigning|Signature|CodeVerification/.test(name) &&
    !/CodeSigningConfig|^Update/.test(action.name) &&
    params['CodeSigningConfigArn'] === undefined
  )
    found.push(misfit('nothing is signed without a code signing configuration', 'another error'))
  if (/^Provisioned/.test(name) && !/Provisioned/.test(action.name))
    found.push(misfit('nothing is asked about provisioned concurrency', 'another error'))
  if (illegal && !INVALID.includes(name) && !/TooLarge|AccessDenied|TooManyRequests/.test(name))
    found.push(misfit('a request that breaks its constraints is refused for that', 'ValidationException'))
  // What the real service refuses for which reason is known of the real service alone.
  const notDue = service ? whyNotDue(action, params, doubts, { name, text }) : undefined
  if (notDue !== undefined && found.length === 0) found.push(misfit(notDue.message, notDue.expected))
  return found
}

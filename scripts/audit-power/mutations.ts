/**
 * Ways to make a genuine recorded answer wrong. Each takes a line apart from its kind, or leaves it: then the kind does
 * not apply.
 */
import { isObject } from '../../base/is-object.ts'
import type { Action, Spec } from '../../spec/model.ts'

export interface Line {
  readonly operation: string
  readonly request: { readonly [member: string]: unknown } | null
  readonly response: { readonly status: number; readonly errorType: string | null; readonly body: unknown }
  readonly [other: string]: unknown
}

type Members = { [member: string]: unknown }

interface Context {
  readonly spec: Spec
  readonly action: Action
  /** Other genuine successes of the same action. */
  readonly successes: readonly Line[]
  /** Genuine refusals, of whatever action. */
  readonly refusals: readonly Line[]
  /** Chooses one of many, always the same for one line. */
  pick<T>(from: readonly T[]): T | undefined
}

/** Undefined: the kind does not apply to the line. */
export type Mutation = (line: Line, context: Context) => Line | undefined

const success = (line: Line): Members | undefined =>
  line.response.status < 400 && isObject(line.response.body) ? structuredClone(line.response.body) : undefined

const withBody = (line: Line, body: unknown): Line => ({ ...line, response: { ...line.response, body } })

/**
 * The structures in an answer that are about a function, a version or a mapping: the answer, its configuration, the
 * items of its lists.
 */
function structs(body: Members): Members[] {
  return [body, ...Object.values(body).flatMap(value => (Array.isArray(value) ? value : [value]))].filter(
    isObject,
  ) as Members[]
}

function changing(change: (struct: Members, line: Line, context: Context) => boolean | undefined): Mutation {
  return (line, context) => {
    const body = success(line)
    if (body === undefined) return undefined
    return structs(body).some(struct => change(struct, line, context)) ? withBody(line, body) : undefined
  }
}

const required: Mutation = (line, { action, pick }) => {
  const body = success(line)
  const response = action.responses.find(one => one.status === line.response.status)
  const names = response?.members.filter(one => one.required && one.in === 'body' && body?.[one.name] !== undefined)
  const name = pick(names ?? [])?.name
  if (body === undefined || name === undefined) return undefined
  delete body[name]
  return withBody(line, body)
}

const arnOf = (change: (arn: string) => string): Mutation =>
  changing(struct => {
    for (const name of ['FunctionArn', 'AliasArn', 'EventSourceMappingArn', 'LayerVersionArn', 'LayerArn']) {
      const arn = struct[name]
      if (typeof arn !== 'string') continue
      const other = change(arn)
      if (other === arn) continue
      struct[name] = other
      return true
    }
    return false
  })

/** Changes the first of these members that has a value. */
const member = (names: readonly string[], change: (value: unknown) => unknown): Mutation =>
  changing(struct => {
    for (const name of names) {
      const value = struct[name]
      const other = value === undefined || value === null ? undefined : change(value)
      if (other === undefined || other === value) continue
      struct[name] = other
      return true
    }
    return false
  })

const errorOf = (line: Line, name: string, status: number, text: string): Line => ({
  ...line,
  response: {
    status,
    errorType: name,
    body: {
      Type: status >= 500 ? 'Server' : 'User',
      [name === 'ResourceNotFoundException' || name === 'ServiceException' ? 'Message' : 'message']: text,
    },
  },
})

const otherErrors = (line: Line, action: Action) =>
  action.errors.filter(
    one =>
      one.name !== line.response.errorType &&
      one.name !== 'ServiceException' &&
      one.name !== 'TooManyRequestsException',
  )

const textOf = (body: unknown): string => (isObject(body) ? String(body['message'] ?? body['Message'] ?? '') : '')

/** Members that a request gives and the answer repeats. */
const repeated = [
  'MemorySize',
  'Timeout',
  'Handler',
  'Description',
  'Runtime',
  'Role',
  'BatchSize',
  'StatementId',
  'AuthType',
  'ReservedConcurrentExecutions',
  'MaximumRetryAttempts',
  'StartingPosition',
  'FunctionVersion',
  'ParallelizationFactor',
  'LicenseInfo',
]

const echo: Mutation = (line, { pick }) => {
  const body = success(line)
  const names = repeated.filter(name => line.request?.[name] !== undefined && body?.[name] !== undefined)
  const name = pick(names)
  if (body === undefined || name === undefined) return undefined
  body[name] = typeof body[name] === 'number' ? (body[name] as number) + 1 : `${String(body[name])}x`
  return withBody(line, body)
}

const nestedEcho: Mutation = (line, { pick }) => {
  const body = success(line)
  const names = [
    'Environment',
    'VpcConfig',
    'Tags',
    'DeadLetterConfig',
    'TracingConfig',
    'EphemeralStorage',
    'LoggingConfig',
    'DestinationConfig',
    'RoutingConfig',
    'FilterCriteria',
    'Layers',
    'CompatibleRuntimes',
    'Cors',
    'SnapStart',
    'ImageConfigResponse',
  ].filter(name => isObject(body?.[name]) && line.request?.[name.replace('Response', '')] !== undefined)
  const name = pick(names)
  if (body === undefined || name === undefined) return undefined
  return spoil(body[name] as Members) ? withBody(line, body) : undefined
}

function spoil(value: Members): boolean {
  for (const [name, inner] of Object.entries(value)) {
    if (isObject(inner) && spoil(inner as Members)) return true
    if (Array.isArray(inner) && typeof inner[0] === 'string') {
      inner[0] = `${inner[0]}0`
      return true
    }
    if (typeof inner === 'string' && !['VpcId', 'OptimizationStatus'].includes(name)) {
      value[name] = `${inner}0`
      return true
    }
    if (typeof inner === 'number') {
      value[name] = inner + 1
      return true
    }
  }
  return false
}

const defaults: Mutation = (line, { pick }) => {
  if (!/^(CreateFunction|CreateEventSourceMapping)$/.test(line.operation) || line.request === null) return undefined
  const body = success(line)
  const names = [
    'MemorySize',
    'Timeout',
    'Description',
    'PackageType',
    'BatchSize',
    'MaximumRecordAgeInSeconds',
    'MaximumRetryAttempts',
    'ParallelizationFactor',
    'BisectBatchOnFunctionError',
    'TumblingWindowInSeconds',
    'MaximumBatchingWindowInSeconds',
    'TracingConfig',
    'EphemeralStorage',
  ].filter(name => body?.[name] !== undefined && body[name] !== null && line.request?.[name] === undefined)
  const name = pick(names)
  if (body === undefined || name === undefined) return undefined
  const value = body[name]
  if (isObject(value)) return spoil(value as Members) ? withBody(line, body) : undefined
  body[name] =
    typeof value === 'number'
      ? value + 3
      : typeof value === 'boolean'
        ? !value
        : value === 'Zip'
          ? 'Image'
          : 'something'
  return withBody(line, body)
}

/** Whoever put a text together again from an SDK's error did not know under which name it had come. */
function isSpeltAsSent(line: Line): boolean {
  const { notes } = line as { readonly notes?: readonly string[] }
  return !(notes ?? []).some(note => /message put together|code and message only|key's case/i.test(note))
}

export const MUTATIONS: { readonly [kind: string]: Mutation } = {
  'a member that always comes is missing': required,
  'a value of another type': member(
    ['MemorySize', 'Timeout', 'CodeSize', 'BatchSize', 'Version', 'StatusCode', 'RevisionId'],
    value => (typeof value === 'number' ? String(value) : 7),
  ),
  'a value outside of its bounds': member(
    [
      'MemorySize',
      'Timeout',
      'CodeSize',
      'BatchSize',
      'ParallelizationFactor',
      'ReservedConcurrentExecutions',
      'RequestedProvisionedConcurrentExecutions',
    ],
    () => -5,
  ),
  'an unknown value of an enumeration': member(
    [
      'State',
      'LastUpdateStatus',
      'PackageType',
      'AuthType',
      'InvokeMode',
      'Status',
      'StartingPosition',
      'RecursiveLoop',
    ],
    () => 'Wonderful',
  ),
  'an id or hash of another form': member(['RevisionId', 'CodeSha256', 'UUID'], () => 'abc'),
  'an ARN of another function or layer': arnOf(arn => arn.replace(/(:(?:function|layer):)[^:]+/, '$1somebody-else')),
  'another account in an ARN': arnOf(arn => arn.replace(/:\d{12}:/, ':999999999999:')),
  'another Region in an ARN': arnOf(arn => arn.replace(/:lambda:[a-z0-9-]+:/, ':lambda:ap-south-1:')),
  'a time in milliseconds, or of another age': member(
    ['LastModified', 'CreatedDate', 'CreationTime', 'LastModifiedTime'],
    value =>
      typeof value === 'number'
        ? value * 1000
        : typeof value === 'string'
          ? value.replace(/^\d{4}/, '1999')
          : undefined,
  ),
  'another status of success': line =>
    line.response.status < 300
      ? { ...line, response: { ...line.response, status: line.response.status === 200 ? 201 : 200 } }
      : undefined,
  'a wrong but documented error, its text kept': (line, { action, pick }) => {
    if (line.response.errorType === null || textOf(line.response.body) === '') return undefined
    const other = pick(otherErrors(line, action))
    return other && errorOf(line, other.name, other.status, textOf(line.response.body))
  },
  'a wrong but documented error, with the text of that error': (line, { action, spec, pick, successes: _ }) => {
    if (line.response.errorType === null) return undefined
    const other = pick(otherErrors(line, action))
    void spec
    return other && errorOf(line, other.name, other.status, TEXTS[other.name] ?? 'The request cannot be processed.')
  },
  'a wrong but documented error, with a text that the service has for it': (line, { action, pick, refusals }) => {
    if (line.response.errorType === null) return undefined
    const other = pick(otherErrors(line, action))
    const worded = refusals.filter(one => one.response.errorType === other?.name && textOf(one.response.body) !== '')
    const said = pick(
      worded.some(one => one.operation === line.operation)
        ? worded.filter(one => one.operation === line.operation)
        : worded,
    )
    if (other === undefined || said === undefined) return undefined
    const own = /[^:]+$/.exec(String(line.request?.['FunctionName'] ?? '').replace(/:(\$LATEST|\d+)$/, ''))?.[0]
    const text = textOf(said.response.body)
    return errorOf(
      line,
      other.name,
      other.status,
      own === undefined ? text : text.replace(/(:function:)[^: ]+/g, `$1${own}`),
    )
  },
  'a text that is spelt as another error does': line => {
    const { body, errorType } = line.response
    if (errorType === null || !isObject(body) || !isSpeltAsSent(line)) return undefined
    const { message, Message, ...others } = body
    if (typeof message === 'string') return withBody(line, { ...others, Message: message })
    return typeof Message === 'string' ? withBody(line, { ...others, message: Message }) : undefined
  },
  'a success where an error is due': (line, { action, pick, successes }) => {
    if (line.response.errorType === null) return undefined
    const status = action.responses[0]?.status ?? 200
    const model = pick(successes)
    const asked = /[^:]+$/.exec(String(line.request?.['FunctionName'] ?? '').replace(/:(\$LATEST|\d+)$/, ''))?.[0]
    const body =
      model === undefined
        ? {}
        : JSON.parse(
            asked === undefined
              ? JSON.stringify(model.response.body)
              : JSON.stringify(model.response.body)
                  .replaceAll(/:function:[^:"\\]+/g, `:function:${asked}`)
                  .replaceAll(/"FunctionName":"[^"]*"/g, `"FunctionName":"${asked}"`),
          )
    return { ...line, response: { status, errorType: null, body } }
  },
  'an item listed twice': line => {
    const body = success(line)
    const list = body && Object.values(body).find(value => Array.isArray(value) && isObject(value[0]))
    if (body === undefined || !Array.isArray(list)) return undefined
    list.push(structuredClone(list[0]))
    return withBody(line, body)
  },
  'a member that comes back as another than it was sent': echo,
  'a nested member that comes back as another than it was sent': nestedEcho,
  'another default': defaults,
}

/** What each error says, in general. */
const TEXTS: { readonly [error: string]: string } = {
  ResourceNotFoundException: 'The resource you requested does not exist.',
  ResourceConflictException: 'The resource already exists, or another operation is in progress.',
  InvalidParameterValueException: 'One of the parameters in the request is invalid.',
  PreconditionFailedException: 'The Revision Id provided does not match the latest Revision Id.',
  PolicyLengthExceededException: 'The final policy size is bigger than the limit.',
}

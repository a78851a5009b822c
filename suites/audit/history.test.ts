import { describe, expect, test } from 'vitest'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { createAuditor } from './audit.ts'
import { readLine } from './json-lines.ts'

const spec = loadSpec()
const ARN = 'arn:aws:lambda:eu-west-1:210987654321:function:orders'

interface Call {
  readonly operation: string
  readonly request: object | null
  readonly recorded?: { readonly status: number; readonly errorType: string | null; readonly body: object }
}
const call = (
  operation: string,
  request: object,
  status?: number,
  body: object = {},
  errorType: string | null = null,
): Call => ({
  operation,
  request,
  ...(status === undefined ? {} : { recorded: { status, errorType, body } }),
})
const configuration = (name = 'orders', place = 'eu-west-1:210987654321'): { readonly [member: string]: unknown } => ({
  Architectures: ['x86_64'],
  CodeSha256: 'MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=',
  CodeSize: 512,
  Description: '',
  EphemeralStorage: { Size: 512 },
  FunctionArn: `arn:aws:lambda:${place}:function:${name}`,
  FunctionName: name,
  Handler: 'main.handle',
  LastModified: '2025-03-01T08:00:00.000+0000',
  LastUpdateStatus: 'Successful',
  MemorySize: 128,
  PackageType: 'Zip',
  RevisionId: '0b5c6a3e-52f1-4c0e-9d53-7f0c1f6c2b11',
  Role: `arn:aws:iam::${place.split(':')[1]}:role/orders`,
  Runtime: 'python3.12',
  State: 'Active',
  Timeout: 3,
  TracingConfig: { Mode: 'PassThrough' },
  Version: '$LATEST',
})
const asked = { FunctionName: 'orders' }
const read = call('GetFunctionConfiguration', asked, 200, configuration())
const missing = call(
  'GetFunctionConfiguration',
  asked,
  404,
  { Type: 'User', Message: `Function not found: ${ARN}` },
  'ResourceNotFoundException',
)

/** What the audit says of each call of a sequence whose answer was recorded. */
function audit(...calls: readonly Call[]): readonly (readonly string[])[] {
  const auditor = createAuditor(spec)
  return readLine(spec, JSON.stringify({ test: 't', calls }), 1).flatMap(item => {
    if ('sent' in item) auditor.sent(item.sent)
    return 'exchange' in item ? [auditor.judge(item.exchange).map(one => one.message)] : []
  })
}

describe('a file is one history', () => {
  test('what was deleted does not answer, unless it may have been made again', () => {
    const deleted = call('DeleteFunction', asked, 204)
    expect(audit(read, deleted, read)).toEqual([[], [], ['the function was deleted before, or told to be missing']])
    expect(audit(read, deleted, call('CreateFunction', asked), read)).toEqual([[], [], []])
    expect(audit(read, deleted, missing)).toEqual([[], [], []])
  })

  test('what is there is found, unless it may have been deleted', () => {
    expect(audit(read, missing)).toEqual([[], ['the function was made before, and not deleted']])
    expect(audit(read, call('DeleteFunction', asked), missing)).toEqual([[], []])
  })

  test('what was told to be missing is missing until somebody makes it', () => {
    expect(audit(missing, read)).toEqual([[], ['the function was deleted before, or told to be missing']])
    expect(audit(missing, call('CreateFunction', asked), read)).toEqual([[], []])
    const version = { FunctionName: 'orders', Qualifier: '7' }
    const noVersion = call(
      'GetFunctionConfiguration',
      version,
      404,
      { Type: 'User', Message: `Function not found: ${ARN}:7` },
      'ResourceNotFoundException',
    )
    const seven = call('GetFunctionConfiguration', version, 200, {
      ...configuration(),
      Version: '7',
      FunctionArn: `${ARN}:7`,
    })
    expect(audit(read, noVersion, seven)).toEqual([[], [], ['the version 7 is not there']])
    expect(audit(read, noVersion, call('PublishVersion', asked), seven)).toEqual([[], [], []])
  })

  test('nothing runs without concurrency, unless it was given again', () => {
    const none = call('PutFunctionConcurrency', { ...asked, ReservedConcurrentExecutions: 0 }, 200, {
      ReservedConcurrentExecutions: 0,
    })
    const ran = call('Invoke', asked, 200, { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: 'null' })
    expect(audit(none, ran)).toEqual([[], ['the concurrency of the function is 0']])
    expect(audit(none, call('DeleteFunctionConcurrency', asked), ran)).toEqual([[], []])
  })

  test('the ARN of an answer ends with what was asked for', () => {
    const latest = { FunctionName: 'orders', Qualifier: '$LATEST' }
    const right = { ...configuration(), FunctionArn: `${ARN}:$LATEST` }
    expect(audit(call('GetFunctionConfiguration', latest, 200, right))).toEqual([[]])
    expect(audit(call('GetFunctionConfiguration', latest, 200, configuration()))).toEqual([
      ['the ARN ends with the qualifier that was asked for'],
    ])
  })

  test('a runtime is a language with its version', () => {
    const made = (Runtime: string) =>
      audit(
        call('UpdateFunctionConfiguration', { ...asked, Runtime: 'python3.12' }, 200, { ...configuration(), Runtime }),
      )
    expect(made('python3.14')).toEqual([[]])
    expect(made('python3.12x')).toEqual([['a runtime is a language with its version']])
  })

  test('a function stays in its account and Region', () => {
    const elsewhere = call('GetFunctionConfiguration', asked, 200, configuration('orders', 'eu-west-1:999999999999'))
    expect(audit(read, elsewhere)).toEqual([[], ['the function is where it was before']])
  })

  test('nothing is created twice', () => {
    const alias = call('CreateAlias', { ...asked, Name: 'live', FunctionVersion: '1' }, 201, {
      AliasArn: `${ARN}:live`,
      Description: '',
      FunctionVersion: '1',
      Name: 'live',
      RevisionId: '0b5c6a3e-52f1-4c0e-9d53-7f0c1f6c2b11',
    })
    expect(audit(alias, alias)).toEqual([[], ['the alias was there before']])
    expect(audit(alias, call('DeleteAlias', { ...asked, Name: 'live' }), alias)).toEqual([[], []])
  })
})

describe('what belongs to a function', () => {
  const made = call('CreateFunction', { ...asked, Role: configuration()['Role'], Code: {} })
  const done = (operation: string, request: object, status: number, body: object = {}): Call =>
    call(operation, { ...asked, ...request }, status, body)
  const policy = done('GetPolicy', {}, 200, { Policy: '{"Statement":[]}', RevisionId: configuration()['RevisionId'] })
  const lastOf = (...calls: readonly Call[]): string =>
    audit(...calls)
      .at(-1)
      ?.join() ?? ''

  test('what was never made does not answer, of a function that was made before', () => {
    const alias = done('DeleteProvisionedConcurrencyConfig', { Qualifier: 'live' }, 204)
    expect(lastOf(made, alias)).toMatch('the alias live is not there')
    expect(lastOf(alias)).toBe('')
    expect(lastOf(made, call('CreateAlias', { ...asked, Name: 'live', FunctionVersion: '1' }), alias)).toBe('')
    expect(lastOf(made, policy)).toMatch('the policy is not there')
    expect(lastOf(made, call('AddPermission', { ...asked, StatementId: 's' }), policy)).not.toMatch('is not there')
  })

  test('what was taken away does not answer', () => {
    const gone = done('DeleteFunctionUrlConfig', {}, 204)
    expect(lastOf(gone, gone)).toMatch('the url is not there')
    expect(lastOf(gone, call('CreateFunctionUrlConfig', asked), gone)).toBe('')
    const deleted = done('DeleteFunction', { Qualifier: '1' }, 204)
    // Deleting a version again is no error, but nothing reads it.
    expect(lastOf(deleted, deleted)).toBe('')
    expect(lastOf(deleted, done('Invoke', { Qualifier: '1' }, 200))).toMatch('the version 1 is not there')
  })

  test('a version may come with the code, when it is asked for', () => {
    const first = done('Invoke', { Qualifier: '1' }, 200)
    expect(lastOf(made, first)).toMatch('the version 1 is not there')
    expect(lastOf(made, call('UpdateFunctionCode', { ...asked, Publish: true }), first)).not.toMatch('is not there')
  })

  test('code is of the package type of its function', () => {
    const update = { ImageUri: '210987654321.dkr.ecr.eu-west-1.amazonaws.com/orders:1' }
    const updated = done('UpdateFunctionCode', update, 200, configuration())
    expect(lastOf(read, updated)).toMatch('package type Zip')
    expect(lastOf(updated)).not.toMatch('package type')
  })
})

describe('values that cannot be', () => {
  const changed = (
    change: object,
    request: object = asked,
    operation = 'GetFunctionConfiguration',
    status = 200,
  ): readonly string[] => audit(call(operation, request, status, { ...configuration(), ...change }))[0] ?? []

  test.each([
    [{ LastModified: '1999-03-01T08:00:00.000+0000' }, /there was the service/],
    [{ Role: 'arn:aws:iam::999999999999:role/orders' }, /of one account/],
    [{ PackageType: 'Wonderful' }, /PackageType/],
  ])('%j', (change, message) => {
    expect(changed(change).join()).toMatch(message)
  })

  test('seconds are not milliseconds', () => {
    const mapping = {
      BatchSize: 10,
      EventSourceArn: 'arn:aws:sqs:eu-west-1:210987654321:jobs',
      FunctionArn: ARN,
      FunctionResponseTypes: [],
      LastModified: 1_740_816_000,
      MaximumBatchingWindowInSeconds: 0,
      State: 'Enabled',
      StateTransitionReason: 'USER_INITIATED',
      UUID: '7a1c6c5e-6f8f-4a0e-8f43-1d6f6c1d2a10',
    }
    const asks = { UUID: mapping.UUID }
    expect(audit(call('GetEventSourceMapping', asks, 200, mapping))).toEqual([[]])
    const late = { ...mapping, LastModified: mapping.LastModified * 1000 }
    expect(audit(call('GetEventSourceMapping', asks, 200, late))[0]?.join()).toMatch(/there was the service/)
    expect(audit(call('GetEventSourceMapping', asks, 200, { ...mapping, State: 'Wonderful' }))[0]?.join()).toMatch(
      /a mapping is in a state/,
    )
    const created = { FunctionName: 'orders', EventSourceArn: mapping.EventSourceArn }
    expect(audit(call('CreateEventSourceMapping', created, 202, { ...mapping, State: 'Creating' }))).toEqual([[]])
    expect(
      audit(
        call('CreateEventSourceMapping', created, 202, { ...mapping, State: 'Creating', BatchSize: 100 }),
      )[0]?.join(),
    ).toMatch(/BatchSize is 10/)
  })

  test('what is nested comes back', () => {
    const request = { ...asked, Environment: { Variables: { STAGE: 'one' } } }
    expect(changed({ Environment: { Variables: { STAGE: 'one' } } }, request, 'UpdateFunctionConfiguration')).toEqual(
      [],
    )
    expect(
      changed({ Environment: { Variables: { STAGE: 'two' } } }, request, 'UpdateFunctionConfiguration').join(),
    ).toMatch(/Environment.Variables.STAGE comes back/)
  })
})

describe('refusals', () => {
  const refused = (
    operation: string,
    request: object,
    status: number,
    errorType: string,
    text: string,
  ): readonly string[] =>
    audit(
      call(
        operation,
        request,
        status,
        { Type: 'User', [spec.errorNames[errorType]?.text ?? 'message']: text },
        errorType,
      ),
    )[0] ?? []

  test('a text and its error go together', () => {
    expect(
      refused('GetFunction', asked, 400, 'InvalidParameterValueException', `Function not found: ${ARN}`).join(),
    ).toMatch(/is not what/)
    expect(
      refused(
        'GetFunction',
        asked,
        404,
        'ResourceNotFoundException',
        `Function not found: ${ARN.replace('orders', 'others')}`,
      ).join(),
    ).toMatch(/asked for/)
    expect(refused('PublishVersion', asked, 412, 'PreconditionFailedException', 'no').join()).toMatch(
      /there is no condition/,
    )
  })

  test.each([
    ['GetFunction', { FunctionName: 'ord!ers' }, 400, 'InvalidParameterValueException', 'no', /breaks/],
    [
      'GetFunction',
      { FunctionName: 'orders:1', Qualifier: '2' },
      404,
      'ResourceNotFoundException',
      `Function not found: ${ARN}`,
      /another qualifier/,
    ],
    [
      'Invoke',
      { ...asked, Payload: '{}' },
      413,
      'RequestTooLargeException',
      'Request must be smaller than 1 bytes',
      /not too large/,
    ],
    [
      'Invoke',
      { ...asked, Payload: '{}' },
      400,
      'InvalidRequestContentException',
      'Could not parse payload',
      /the payload is JSON/,
    ],
    ['Invoke', asked, 502, 'EC2AccessDeniedException', 'no', /about the network/],
    [
      'UpdateFunctionCode',
      { ...asked, ZipFile: 'UEsF' },
      409,
      'ResourceConflictException',
      'It already exists',
      /says nothing like/,
    ],
    [
      'GetProvisionedConcurrencyConfig',
      { ...asked, Qualifier: '1' },
      404,
      'ResourceNotFoundException',
      'no',
      /by its ARN/,
    ],
  ] as const)('%s %j is not refused with %i %s %s', (operation, request, status, errorType, text, message) => {
    expect(refused(operation, request, status, errorType, text).join()).toMatch(message)
  })

  test.each([
    [
      'GetFunction',
      { FunctionName: 'ord!ers' },
      400,
      'ValidationException',
      "1 validation error detected: Value 'ord!ers' at 'functionName' failed",
    ],
    ['GetFunction', asked, 403, 'AccessDeniedException', 'no'],
    ['Invoke', { ...asked, Payload: '{' }, 400, 'InvalidRequestContentException', 'Could not parse payload into json'],
    [
      'UpdateFunctionCode',
      { ...asked, ZipFile: 'UEsF' },
      409,
      'ResourceConflictException',
      `An update is in progress for resource: ${ARN}`,
    ],
    [
      'AddPermission',
      { ...asked, StatementId: 's', Action: 'lambda:InvokeFunction', Principal: 's3.amazonaws.com' },
      409,
      'ResourceConflictException',
      'The statement id (s) provided already exists.',
    ],
    [
      'GetFunctionConcurrency',
      { FunctionName: 'orders:1' },
      400,
      'InvalidParameterValueException',
      'This operation is permitted on Lambda functions only.',
    ],
    [
      'DeleteFunction',
      asked,
      400,
      'InvalidParameterValueException',
      'Lambda was unable to delete it because it is a replicated function.',
    ],
    [
      'UpdateEventSourceMapping',
      { UUID: '7a1c6c5e-6f8f-4a0e-8f43-1d6f6c1d2a10', FunctionName: 'orders' },
      409,
      'ResourceConflictException',
      'An event source mapping already exists.',
    ],
    ['Invoke', { ...asked, Payload: '{}' }, 409, 'SnapStartNotReadyException', 'Lambda is initializing your function.'],
  ] as const)('%s %j may be refused with %i %s %s', (operation, request, status, errorType, text) => {
    expect(refused(operation, request, status, errorType, text)).toEqual([])
  })

  test('what cannot be fulfilled is not', () => {
    const done = (operation: string, request: object, status: number): readonly string[] =>
      audit(call(operation, request, status))[0] ?? []
    expect(done('DeleteFunction', { ...asked, Qualifier: '$LATEST' }, 204).join()).toMatch(/is to be refused/)
    expect(done('DeleteFunction', { FunctionName: 'orders:1', Qualifier: '2' }, 204).join()).toMatch(/is to be refused/)
    expect(done('DeleteFunction', { ...asked, Qualifier: '2' }, 204)).toEqual([])
  })
})

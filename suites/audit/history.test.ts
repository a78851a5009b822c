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
    expect(audit(read, deleted, read)).toEqual([[], [], ['the function was deleted before']])
    expect(audit(read, deleted, call('CreateFunction', asked), read)).toEqual([[], [], []])
    expect(audit(read, deleted, missing)).toEqual([[], [], []])
  })

  test('what is there is found, unless it may have been deleted', () => {
    expect(audit(read, missing)).toEqual([[], ['the function was made before, and not deleted']])
    expect(audit(read, call('DeleteFunction', asked), missing)).toEqual([[], []])
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
        { Type: 'User', [errorType === 'ResourceNotFoundException' ? 'Message' : 'message']: text },
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

  test('what cannot be fulfilled is not', () => {
    const done = (operation: string, request: object, status: number): readonly string[] =>
      audit(call(operation, request, status))[0] ?? []
    expect(done('DeleteFunction', { ...asked, Qualifier: '$LATEST' }, 204).join()).toMatch(/is to be refused/)
    expect(done('DeleteFunction', { FunctionName: 'orders:1', Qualifier: '2' }, 204).join()).toMatch(/is to be refused/)
    expect(done('DeleteFunction', { ...asked, Qualifier: '2' }, 204)).toEqual([])
  })
})

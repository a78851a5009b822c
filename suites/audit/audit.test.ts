import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadSpec } from '../../spec/compiler/compile.ts'
import type { Violation } from '../oracle/violation.ts'
import { auditFile, type AuditCounts } from './audit.ts'
import { readHar } from './har.ts'
import { judgeExchange } from './judge.ts'
import { readLine } from './json-lines.ts'

const spec = loadSpec()

/** Written by hand, in the form of recorded ones: what the service answers when all is well. */
const ARN = 'arn:aws:lambda:eu-west-1:210987654321:function:orders'
const configuration = {
  Architectures: ['arm64'],
  CodeSha256: 'MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=',
  CodeSize: 512,
  Description: '',
  Environment: { Variables: { functionname: 'lower case is for users to choose' } },
  EphemeralStorage: { Size: 512 },
  FunctionArn: ARN,
  FunctionName: 'orders',
  Handler: 'main.handle',
  LastModified: '2025-03-01T08:00:00.000+0000',
  MemorySize: 256,
  PackageType: 'Zip',
  RevisionId: '0b5c6a3e-52f1-4c0e-9d53-7f0c1f6c2b11',
  Role: 'arn:aws:iam::210987654321:role/service-role/orders',
  Runtime: 'python3.12',
  State: 'Active',
  LastUpdateStatus: 'Successful',
  Timeout: 10,
  TracingConfig: { Mode: 'PassThrough' },
  Version: '$LATEST',
  VpcConfig: null,
}
const pending = {
  ...configuration,
  State: 'Pending',
  StateReason: 'It is being made.',
  StateReasonCode: 'Creating',
  LastUpdateStatus: undefined,
}
const mapping = {
  BatchSize: 10,
  EventSourceArn: 'arn:aws:sqs:eu-west-1:210987654321:jobs',
  EventSourceMappingArn:
    'arn:aws:lambda:eu-west-1:210987654321:event-source-mapping:7a1c6c5e-6f8f-4a0e-8f43-1d6f6c1d2a10',
  FunctionArn: ARN,
  FunctionResponseTypes: [],
  LastModified: 1740816000.25,
  MaximumBatchingWindowInSeconds: 0,
  State: 'Creating',
  StateTransitionReason: 'USER_INITIATED',
  UUID: '7a1c6c5e-6f8f-4a0e-8f43-1d6f6c1d2a10',
}
const statement = {
  Sid: 'topic',
  Effect: 'Allow',
  Principal: { Service: 'sns.amazonaws.com' },
  Action: 'lambda:InvokeFunction',
  Resource: ARN,
}

interface Recorded {
  readonly operation: string
  readonly request: { readonly [member: string]: unknown } | null
  readonly response: { readonly status: number; readonly errorType?: string | null; readonly body: unknown }
  readonly requestConfidence?: string
  readonly notes?: readonly string[]
}
const ok = (operation: string, request: Recorded['request'], status: number, body: unknown): Recorded => ({
  operation,
  request,
  response: { status, errorType: null, body },
})
const refused = (
  operation: string,
  request: Recorded['request'],
  status: number,
  errorType: string | null,
  body: unknown,
): Recorded => ({ operation, request, response: { status, errorType, body } })

const CREATE = {
  FunctionName: 'orders',
  Role: configuration.Role,
  Runtime: 'python3.12',
  Handler: 'main.handle',
  Code: { ZipFile: 'UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==' },
  Timeout: 10,
  MemorySize: 256,
  Architectures: ['arm64'],
}
const GENUINE: { readonly [name: string]: Recorded } = {
  create: ok('CreateFunction', CREATE, 201, pending),
  'create and publish': ok('CreateFunction', { ...CREATE, Publish: true }, 201, { ...pending, Version: '1' }),
  read: ok('GetFunction', { FunctionName: 'orders' }, 200, {
    Code: { RepositoryType: 'S3', Location: 'https://x' },
    Configuration: configuration,
  }),
  'read by partial ARN': ok('GetFunctionConfiguration', { FunctionName: '210987654321:function:orders:3' }, 200, {
    ...configuration,
    FunctionArn: `${ARN}:3`,
    Version: '3',
  }),
  'read by alias': ok('GetFunctionConfiguration', { FunctionName: 'orders', Qualifier: 'live' }, 200, {
    ...configuration,
    FunctionArn: `${ARN}:live`,
    Version: '3',
  }),
  'a later runtime': ok('GetFunctionConfiguration', null, 200, { ...configuration, Runtime: 'python3.19' }),
  list: ok('ListFunctions', { MaxItems: 2 }, 200, {
    Functions: [{ ...configuration, State: undefined, LastUpdateStatus: undefined }],
    NextMarker: 'x',
  }),
  alias: ok('CreateAlias', { FunctionName: 'orders', Name: 'live', FunctionVersion: '3' }, 201, {
    AliasArn: `${ARN}:live`,
    Name: 'live',
    FunctionVersion: '3',
    Description: '',
    RevisionId: configuration.RevisionId,
  }),
  mapping: ok(
    'CreateEventSourceMapping',
    { FunctionName: 'orders', EventSourceArn: mapping.EventSourceArn },
    202,
    mapping,
  ),
  permission: ok(
    'AddPermission',
    { FunctionName: 'orders', StatementId: 'topic', Action: 'lambda:InvokeFunction', Principal: 'sns.amazonaws.com' },
    201,
    { Statement: JSON.stringify(statement) },
  ),
  policy: ok('GetPolicy', { FunctionName: 'orders' }, 200, {
    Policy: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: [statement] }),
    RevisionId: configuration.RevisionId,
  }),
  layer: ok('GetLayerVersion', { LayerName: 'tools', VersionNumber: 2 }, 200, {
    Content: { CodeSha256: configuration.CodeSha256, CodeSize: 5, Location: 'https://x' },
    CreatedDate: configuration.LastModified,
    Description: '',
    LayerArn: 'arn:aws:lambda:eu-west-1:210987654321:layer:tools',
    LayerVersionArn: 'arn:aws:lambda:eu-west-1:210987654321:layer:tools:2',
    Version: 2,
  }),
  provisioned: ok(
    'PutProvisionedConcurrencyConfig',
    { FunctionName: 'orders', Qualifier: 'live', ProvisionedConcurrentExecutions: 3 },
    202,
    {
      RequestedProvisionedConcurrentExecutions: 3,
      AllocatedProvisionedConcurrentExecutions: 0,
      AvailableProvisionedConcurrentExecutions: 0,
      Status: 'IN_PROGRESS',
      LastModified: configuration.LastModified,
    },
  ),
  invoke: ok('Invoke', { FunctionName: 'orders', Qualifier: '3' }, 200, {
    StatusCode: 200,
    ExecutedVersion: '3',
    Payload: '{"message":"fine"}',
  }),
  'invoke later': ok('Invoke', { FunctionName: 'orders', InvocationType: 'Event' }, 202, {
    StatusCode: 202,
    Payload: '',
  }),
  delete: ok('DeleteFunction', { FunctionName: 'orders' }, 204, {}),
  'not found': refused('GetFunction', { FunctionName: 'nobody' }, 404, 'ResourceNotFoundException', {
    Type: 'User',
    Message: 'Function not found: arn:aws:lambda:eu-west-1:210987654321:function:nobody',
  }),
  invalid: refused('CreateFunction', { FunctionName: 'orders' }, 400, 'ValidationException', {
    message: '1 validation error detected',
  }),
  conflict: refused('CreateFunction', CREATE, 409, 'ResourceConflictException', {
    Type: 'User',
    message: 'Function already exist: orders',
  }),
  denied: refused('CreateFunction', CREATE, 403, 'AccessDeniedException', {}),
}

function judge(recorded: Recorded): readonly Violation[] {
  const [item] = readLine(spec, JSON.stringify(recorded), 1)
  if (item === undefined || !('exchange' in item)) throw new Error(JSON.stringify(item))
  return judgeExchange(spec, item.exchange)
}

describe('genuine exchanges', () => {
  test.each(Object.entries(GENUINE))('%s', (_, recorded) => expect(judge(recorded)).toEqual([]))

  test('what a recording says was guessed or taken out counts against nobody', () => {
    expect(
      judge({
        ...ok('CreateFunction', { ...CREATE, Runtime: 'nodejs20.x' }, 201, pending),
        requestConfidence: 'derived',
      }),
    ).toEqual([])
    expect(
      judge({
        ...ok('GetFunctionConfiguration', { FunctionName: 'other' }, 200, configuration),
        notes: ['request values guessed: FunctionName=x.y()'],
      }),
    ).toEqual([])
    expect(
      judge({
        ...ok('GetPolicy', null, 200, {}),
        notes: ['the test changed or filtered the response before recording it'],
      }),
    ).toEqual([])
    expect(
      judge({
        ...refused('GetFunction', null, 404, 'ResourceNotFoundException', {
          message: 'Function not found: arn:aws:lambda:eu-west-1:210987654321:function:x',
        }),
        notes: ["only Error.Message was recorded; the key's case (message/Message) is not known"],
      }),
    ).toEqual([])
  })
})

describe('what is wrong is found', () => {
  const body = (name: string, change: (body: { [member: string]: any }) => void): Recorded => {
    const copy = structuredClone(GENUINE[name] as { response: { body: { [member: string]: unknown } } } & Recorded)
    change(copy.response.body)
    return copy
  }
  const response = (name: string, change: Partial<Recorded['response']>): Recorded => ({
    ...(GENUINE[name] as Recorded),
    response: { ...(GENUINE[name] as Recorded).response, ...change },
  })
  const request = (name: string, change: object): Recorded => ({
    ...(GENUINE[name] as Recorded),
    request: { ...(GENUINE[name] as Recorded).request, ...change },
  })

  test.each<[string, Recorded, RegExp, string?]>([
    ['wrong status of success', response('create', { status: 200 }), /answers with status 201/],
    ['a body where there is none of its kind', response('create', { body: [] }), /a JSON object/],
    ['empty body', response('create', { body: null }), /a JSON object/],
    ['dropped required member', body('create', one => delete one['FunctionArn']), /FunctionArn always comes/],
    ['null for a required member', body('read', one => (one['Configuration'] = null)), /Configuration always comes/],
    ['text for a number', body('create', one => (one['MemorySize'] = '256')), /MemorySize is an integer/],
    ['number for text', body('read', one => (one['Configuration'].Handler = 7)), /Configuration.Handler is a string/],
    [
      'ISO text for epoch seconds',
      body('mapping', one => (one['LastModified'] = '2025-03-01T08:00:00Z')),
      /LastModified is seconds since 1970/,
    ],
    [
      'epoch seconds for ISO text',
      body('create', one => (one['LastModified'] = 1740816000)),
      /LastModified is a string/,
    ],
    [
      'another form of time',
      body('create', one => (one['LastModified'] = 'yesterday')),
      /LastModified keeps to iso8601/,
    ],
    [
      'misspelt member',
      body('create', one => {
        one['memorySize'] = one['MemorySize']
        delete one['MemorySize']
      }),
      /the member is called MemorySize/,
    ],
    [
      'misspelt member inside',
      body('read', one => {
        one['Configuration'].TracingConfig.mode = 'Active'
        delete one['Configuration'].TracingConfig.Mode
      }),
      /the member is called Mode/,
    ],
    ['value of no list', body('create', one => (one['PackageType'] = 'Tar')), /PackageType keeps to one of/],
    ['state in other letters', body('read', one => (one['Configuration'].State = 'ACTIVE')), /State keeps to one of/],
    [
      'no runtime of any family',
      body('read', one => (one['Configuration'].Runtime = 'cobol85')),
      /Runtime keeps to one of/,
    ],
    ['out of range', body('create', one => (one['MemorySize'] = 64)), /MemorySize keeps to range 128\.\.10240/],
    ['echo broken', body('create', one => (one['Timeout'] = 11)), /Timeout comes back as it was sent/],
    [
      'another role than was sent',
      body('create', one => (one['Role'] = 'arn:aws:iam::210987654321:role/other')),
      /Role comes back as it was sent/,
    ],
    ['no ARN', body('create', one => (one['FunctionArn'] = 'orders')), /FunctionArn/],
    [
      'ARN of another service',
      body('mapping', one => (one['FunctionArn'] = ARN.replace(':lambda:', ':sqs:'))),
      /FunctionArn/,
    ],
    [
      'ARN with a short account',
      body('layer', one => (one['LayerVersionArn'] = 'arn:aws:lambda:eu-west-1:2109:layer:tools:2')),
      /LayerVersionArn/,
    ],
    [
      'another function',
      body(
        'read',
        one =>
          (one['Configuration'] = {
            ...configuration,
            FunctionName: 'bills',
            FunctionArn: ARN.replace('orders', 'bills'),
          }),
      ),
      /is about the FunctionName that was asked for/,
    ],
    [
      'name and ARN differ',
      body('create', one => (one['FunctionName'] = 'bills')),
      /FunctionName has the name of FunctionArn/,
    ],
    [
      'version and ARN differ',
      body('read by partial ARN', one => (one['Version'] = '4')),
      /Version has the version of FunctionArn/,
    ],
    [
      'a number without a suffix',
      body('read', one => (one['Configuration'].Version = '4')),
      /Version is \$LATEST unless qualifier of FunctionArn/,
    ],
    [
      'another qualifier',
      body('read by alias', one => (one['FunctionArn'] = `${ARN}:test`)),
      /FunctionArn has the qualifier of the Qualifier/,
    ],
    ['alias and ARN differ', body('alias', one => (one['AliasArn'] = `${ARN}:test`)), /AliasArn ends with :\{Name\}/],
    [
      'layer version and ARN differ',
      body('layer', one => (one['Version'] = 3)),
      /suffix of LayerVersionArn|VersionNumber that was asked for/,
    ],
    ['another layer', request('layer', { LayerName: 'other' }), /has the name of the LayerName that was asked for/],
    [
      'two accounts in one answer',
      body('list', one =>
        one['Functions'].push({ ...configuration, FunctionArn: ARN.replace('210987654321', '111111111111') }),
      ),
      /belongs to the account and Region/,
    ],
    [
      'an item twice',
      body('list', one => (one['Functions'] = [configuration, configuration])),
      /Functions lists nothing twice/,
    ],
    [
      'a reason without need',
      body('read', one => (one['Configuration'].StateReasonCode = 'Creating')),
      /StateReasonCode is absent when State=Active/,
    ],
    ['a log that is none', body('invoke', one => (one['LogResult'] = '%%%')), /LogResult keeps to base64 text/],
    [
      'a function error of another kind',
      body('invoke', one => (one['FunctionError'] = 'Oops')),
      /FunctionError keeps to one of Unhandled/,
    ],
    ['an event that was waited for', response('invoke later', { status: 200 }), /answers with status 202/],
    [
      'more items than asked for',
      body('list', one => (one['Functions'] = [configuration, configuration, configuration])),
      /at most MaxItems/,
    ],
    [
      'mapping id and ARN differ',
      body('mapping', one => (one['UUID'] = '00000000-6f8f-4a0e-8f43-1d6f6c1d2a10')),
      /EventSourceMappingArn ends with :\{UUID\}/,
    ],
    ['no UUID', body('mapping', one => (one['UUID'] = 'seven')), /UUID keeps to a UUID/],
    ['no revision id', body('policy', one => (one['RevisionId'] = '7')), /RevisionId keeps to a UUID/],
    ['no hash', body('create', one => (one['CodeSha256'] = 'abc')), /CodeSha256 keeps to a SHA-256/],
    [
      'another statement',
      body('permission', one => (one['Statement'] = JSON.stringify({ ...statement, Sid: 'queue' }))),
      /has the Sid of the StatementId/,
    ],
    [
      'a statement without effect',
      body('permission', one => (one['Statement'] = JSON.stringify({ ...statement, Effect: undefined }))),
      /keeps to a statement of IAM/,
    ],
    ['a policy that is no policy', body('policy', one => (one['Policy'] = '{}')), /a JSON document with statements/],
    [
      'another number than was asked for',
      body('provisioned', one => (one['RequestedProvisionedConcurrentExecutions'] = 4)),
      /is the ProvisionedConcurrentExecutions that was asked for/,
    ],
    [
      'ready without being so',
      body('provisioned', one => (one['Status'] = 'READY')),
      /is RequestedProvisionedConcurrentExecutions when Status=READY/,
    ],
    [
      'another version ran',
      body('invoke', one => (one['ExecutedVersion'] = '4')),
      /ExecutedVersion has the version of the Qualifier/,
    ],
    ['status member of another status', body('invoke', one => (one['StatusCode'] = 202)), /StatusCode is the status/],
    [
      'success of a request that breaks the page',
      request('create', { MemorySize: 64 }),
      /refuses a request whose MemorySize/,
      'CreateFunction.request.MemorySize.range',
    ],
    [
      'success without what is required',
      { ...(GENUINE['create'] as Recorded), request: { ...CREATE, Role: undefined } },
      /refuses a request whose Role is missing/,
      'CreateFunction.request.Role.required',
    ],
    ['an error as a success', response('not found', { status: 200 }), /status of 400 or above/],
    [
      'an error as a success without its name',
      response('not found', { status: 200, errorType: null }),
      /status of 400 or above|always comes/,
    ],
    ['a success as an error', response('create', { status: 400 }), /names its error/],
    ['error without a name', response('not found', { errorType: null }), /names its error/],
    ['undocumented error', response('not found', { errorType: 'FunctionGoneException' }), /documented errors only/],
    ['error with another status', response('not found', { status: 400 }), /ResourceNotFoundException has status 404/],
    [
      'text under the other spelling',
      response('not found', { body: { Type: 'User', message: 'x' } }),
      /has its text in Message/,
    ],
    [
      'text under the other spelling, the other way',
      response('conflict', { body: { Type: 'User', Message: 'x' } }),
      /has its text in message/,
    ],
    ['error without a text', response('conflict', { body: { Type: 'User' } }), /a refusal says why/],
    ['type of the other side', response('conflict', { body: { Type: 'Server', message: 'x' } }), /is of type User/],
  ])('%s', (_, recorded, message, clause) => {
    const violations = judge(recorded)
    expect(violations.map(one => one.message)).toEqual(expect.arrayContaining([expect.stringMatching(message)]))
    if (clause !== undefined) expect(violations.map(one => one.clause)).toContain(clause)
    expect(violations.filter(one => !spec.clauses.some(each => each.id === one.clause))).toEqual([])
  })
})

describe('HAR', () => {
  const entry = (
    url: string,
    method: string,
    status: number,
    body: unknown,
    headers: readonly { name: string; value: string }[] = [],
    post?: string,
  ): object => ({
    request: { method, url, headers: [], ...(post === undefined ? {} : { postData: { text: post } }) },
    response: {
      status,
      headers: [{ name: 'Content-Type', value: 'application/json' }, ...headers],
      content: { text: typeof body === 'string' ? body : JSON.stringify(body) },
    },
  })
  const audit = (...entries: object[]): readonly (readonly string[])[] =>
    readHar(spec, { log: { version: '1.2', entries } }).map(item =>
      'exchange' in item
        ? [item.exchange.operation ?? '?', ...judgeExchange(spec, item.exchange).map(one => one.message)]
        : ['unreadable', 'unreadable' in item ? item.unreadable.problem : ''],
    )

  test('requests are read from the wire, other traffic is passed over', () => {
    expect(
      audit(
        entry(
          'https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/orders/configuration',
          'GET',
          200,
          configuration,
        ),
        entry('https://example.com/index.html', 'GET', 200, '<html>'),
        entry('http://localhost:9001/base/2015-03-31/functions', 'POST', 201, pending, [], JSON.stringify(CREATE)),
        entry(
          'https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/orders/invocations?Qualifier=3',
          'POST',
          200,
          '"x"',
          [{ name: 'X-Amz-Executed-Version', value: '3' }],
          '{}',
        ),
        entry(
          'https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/nobody',
          'GET',
          404,
          { Type: 'User', Message: 'Function not found: arn:aws:lambda:eu-west-1:210987654321:function:nobody' },
          [{ name: 'x-amzn-ErrorType', value: 'ResourceNotFoundException' }],
        ),
        entry('https://lambda.eu-west-1.amazonaws.com/2099-01-01/new-things', 'GET', 200, {}),
      ),
    ).toEqual([['GetFunctionConfiguration'], ['CreateFunction'], ['Invoke'], ['GetFunction'], ['?']])
  })

  test('and judged with their headers', () => {
    expect(
      audit(entry('https://x/2015-03-31/functions/orders/configuration', 'GET', 404, { message: 'no' }))[0]?.[1],
    ).toMatch(/names its error/)
    expect(
      audit(
        entry('https://x/2015-03-31/functions/orders/invocations?Qualifier=3', 'POST', 200, '"x"', [
          { name: 'X-Amz-Executed-Version', value: '4' },
        ]),
      )[0]?.[1],
    ).toMatch(/ExecutedVersion has the version of the Qualifier/)
    const html = entry('https://x/2015-03-31/functions/orders/configuration', 'GET', 200, configuration) as {
      response: { headers: { value: string }[] }
    }
    if (html.response.headers[0] !== undefined) html.response.headers[0].value = 'text/html'
    expect(audit(html)[0]).toEqual(['GetFunctionConfiguration', 'a JSON body is announced as such'])
  })

  test('a broken entry does not end the reading', () => {
    expect(
      audit(
        { request: {} },
        { request: { url: 'no url', method: 'GET' }, response: { status: 200 } },
        entry('https://x/2015-03-31/functions', 'GET', 200, { Functions: [] }),
      ),
    ).toMatchObject(
      [['unreadable', /no request or no response/], ['unreadable', /URL/i], ['ListFunctions']].map(([name, text]) =>
        text === undefined ? [name] : [name, expect.stringMatching(text as RegExp)],
      ),
    )
  })
})

describe('files', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'lambdacheck-audit-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  async function audit(text: string): Promise<{ counts: AuditCounts; lines: readonly string[] }> {
    const file = path.join(folder, 'traffic')
    await writeFile(file, text)
    const lines: string[] = []
    const counts = await auditFile(spec, file, {
      exchange: (exchange, violations) => lines.push(`${exchange.line} ${exchange.operation} ${violations.length}`),
      unreadable: ({ line, problem }) => lines.push(`${line} ${problem}`),
    })
    return { counts, lines }
  }

  test('JSON Lines: broken lines are named, the others judged; blank lines and a mark at the beginning are nothing', async () => {
    const good = JSON.stringify(GENUINE['read'])
    const { counts, lines } = await audit(
      `\uFEFF${good}\r\n\n{"operation":\n{"operation":"GetFunction"}\n[1]\n${JSON.stringify(ok('MakeCoffee', {}, 200, {}))}\n${good}`,
    )
    expect(lines).toEqual([
      '1 GetFunction 0',
      expect.stringMatching(/^3 not JSON/),
      '4 response is missing: it is {status, errorType, body}',
      '5 not an object with operation, request and response',
      '6 MakeCoffee 0',
      '7 GetFunction 0',
    ])
    expect(counts).toEqual({ exchanges: 3, unjudged: 1, violating: 0, violations: 0, unreadable: 3 })
  })

  test('a line that breaks the oracle, nests without end or is too long costs that line', async () => {
    const file = path.join(folder, 'hostile.jsonl')
    const good = {
      operation: 'GetFunctionConfiguration',
      request: null,
      response: { status: 200, body: configuration },
    }
    const hostile = [
      {
        ...good,
        response: { status: 400, errorType: 'ServiceException', body: { Type: { toString: null }, message: 'x' } },
      },
      { ...good, request: { FunctionName: { toString: null }, Name: { toString: null }, UUID: { toString: null } } },
      {
        ...good,
        response: { status: 200, body: { ...mapping, UUID: { toString: null }, constructor: 'x', toString: 'y' } },
      },
      { ...good, operation: 'constructor' },
      { ...good, notes: [{ toString: null }] },
    ]
    const deep = `{"operation": "Invoke", "response": {"status": 200, "body": ${'['.repeat(100_000)}${']'.repeat(100_000)}}}`
    const proto =
      '{"operation": "GetFunction", "response": {"status": 200, "body": {"__proto__": {"FunctionName": 1}}}}'
    await writeFile(file, [...hostile.map(one => JSON.stringify(one)), deep, proto, JSON.stringify(good)].join('\n'))
    const problems: string[] = []
    const lines: number[] = []
    const counts = await auditFile(spec, file, {
      exchange: exchange => void lines.push(exchange.line),
      unreadable: one => void problems.push(`${one.line}: ${one.problem}`),
    })
    expect(problems).toEqual(['6: nested 100002 levels deep, more than 500'])
    expect(lines).toEqual([1, 2, 3, 4, 5, 7, 8])
    expect(counts.exchanges).toBe(7)
  })

  test('HAR is known by its beginning, pretty printed or not', async () => {
    const har = {
      log: {
        version: '1.2',
        entries: [
          {
            request: { method: 'GET', url: 'https://x/2015-03-31/functions', headers: [] },
            response: { status: 200, headers: [], content: { text: '{"Functions":[]}' } },
          },
        ],
      },
    }
    for (const text of [JSON.stringify(har), JSON.stringify(har, null, 2)])
      expect((await audit(text)).lines).toEqual(['1 ListFunctions 0'])
    await expect(audit('{"log": {"entries": [')).rejects.toThrow(/cannot be read as HAR/)
  })

  test('no file, or a folder, is said in words', async () => {
    const listener = { exchange() {}, unreadable() {} }
    await expect(auditFile(spec, path.join(folder, 'nothing'), listener)).rejects.toThrow(/there is no such file/)
    await expect(auditFile(spec, folder, listener)).rejects.toThrow(/it is a directory/)
  })
})

test('a request that only names what it reads cannot be refused for a value', () => {
  const found = (params: { readonly [member: string]: unknown }): string =>
    judge(refused('GetFunction', params, 400, 'InvalidParameterValueException', { Type: 'User', message: 'It is so.' }))
      .map(one => one.message)
      .join()
  expect(found({ FunctionName: 'orders' })).toContain('no value that could be wrong')
  expect(found({ FunctionName: 'orders', Qualifier: 'live' })).toContain('no value that could be wrong')
  expect(found({ FunctionName: 'orders:1', Qualifier: 'live' })).not.toContain('no value that could be wrong')
})

test('a wrong signature of a request has nothing to do with signed code', () => {
  const misfits = (errorType: string): readonly string[] =>
    judge(refused('GetFunction', { FunctionName: 'orders' }, 403, errorType, { message: 'The signature is wrong.' }))
      .filter(violation => /signed/.test(violation.message))
      .map(violation => violation.message)
  expect(misfits('InvalidSignatureException')).toEqual([])
  expect(misfits('InvalidCodeSignatureException')).not.toEqual([])
})

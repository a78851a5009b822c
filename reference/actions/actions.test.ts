import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { serviceClient } from '../../test/support/service-client.ts'
import { deploy, functionOf, publishChanged, requester, role, zipOf } from '../../test/support/reference-client.ts'
import type { Answer, Send } from '../../test/support/reference-client.ts'
import { actions } from '../actions.ts'
import { startReference } from '../server.ts'
import type { Reference } from '../server.ts'

let reference: Reference
let send: Send
const files = { 'index.js': 'exports.handler = async event => event' }
const arn = (name: string): string => `arn:aws:lambda:eu-west-1:000000000000:function:${name}`

beforeAll(async () => {
  reference = await startReference({ transitionMs: 5 })
  send = requester(reference.url)
  await deploy(send, 'f', files)
})
afterAll(() => reference.close())

function refused(answer: Answer): string {
  return `${answer.status} ${answer.error} ${answer.message}`
}

test('every action of the pages is carried out', () => {
  expect(Object.keys(loadSpec().actions).filter(name => !actions.has(name))).toEqual([])
})

describe('CreateFunction', () => {
  const create = (more: object): Promise<Answer> =>
    send('POST /2015-03-31/functions', { body: functionOf('new', files, more as { [member: string]: unknown }) })

  test.each([
    [
      { FunctionName: 'x'.repeat(65) },
      /at 'functionName' failed to satisfy constraint: Member must have length less than or equal to 64$/,
    ],
    [{ Runtime: undefined }, /Runtime and Handler are mandatory/],
    [{ Handler: undefined }, /Runtime and Handler are mandatory/],
    [{ Runtime: 'nodejs12.x' }, /^The runtime parameter of nodejs12\.x is no longer supported/],
    [{ Code: {} }, /Please provide a source for function code/],
    [
      { Code: { ZipFile: zipOf(files), S3Bucket: 'bucket', S3Key: 'key' } },
      /do not provide other FunctionCode parameters/,
    ],
    [{ Code: { S3Bucket: 'bucket', S3Key: 'key' } }, /NoSuchBucket/],
    [{ Code: { ImageUri: '000000000000.dkr.ecr.eu-west-1.amazonaws.com/r:t' } }, /don't provide ImageUri/],
    [{ Environment: { Variables: { AWS_REGION: 'x' } } }, /Reserved keys used in this request: AWS_REGION$/],
    [
      { Environment: { Variables: { LARGE: 'x'.repeat(4096) } } },
      /exceeded the 4KB limit\. String measured: \{"LARGE":"x+"\}$/,
    ],
    [{ VpcConfig: { SubnetIds: ['subnet-0123456789abcdef0'], SecurityGroupIds: [] } }, /must coexist/],
    [
      {
        FileSystemConfigs: [
          {
            Arn: 'arn:aws:elasticfilesystem:eu-west-1:000000000000:access-point/fsap-0123456789abcdef0',
            LocalMountPath: '/mnt/data',
          },
        ],
      },
      /configured to execute in a VPC/,
    ],
    [
      { DeadLetterConfig: { TargetArn: 'arn:aws:lambda:eu-west-1:000000000000:function:f' } },
      /SQS queue or an SNS topic/,
    ],
    [
      { Layers: ['arn:aws:lambda:eu-west-1:000000000000:layer:none:1'] },
      /^Layer version arn:aws:lambda:eu-west-1:000000000000:layer:none:1 does not exist\.$/,
    ],
    [
      { Layers: ['arn:aws:lambda:us-east-1:000000000000:layer:none:1'] },
      /^Layers are not in the same region as the function\. Layers are expected to be in region eu-west-1\.$/,
    ],
    [
      { Layers: [1, 2, 3, 4, 5, 6].map(n => `arn:aws:lambda:eu-west-1:000000000000:layer:l${n}:1`) },
      /^Cannot reference more than 5 layers\.$/,
    ],
    [{ FunctionName: 'new:1' }, /must not have a version/],
    [{ Tags: { 'aws:own': 'x' } }, /must not begin with "aws:"/],
  ])('%j is refused', async (more, text) => {
    const answer = await create(more)
    expect(answer).toMatchObject({ status: 400, error: 'InvalidParameterValueException' })
    expect(answer.message).toMatch(text)
    expect((await send('GET /2015-03-31/functions/new')).status).toBe(404)
  })

  test('the environment may have exactly its limit', async () => {
    const value = 'x'.repeat(4096 - '{"LARGE":""}'.length)
    expect((await create({ FunctionName: 'full-env', Environment: { Variables: { LARGE: value } } })).status).toBe(201)
  })

  test('an image has neither runtime nor layers, and a digest of its own', async () => {
    const image = {
      FunctionName: 'image',
      Role: role,
      PackageType: 'Image',
      Code: { ImageUri: '000000000000.dkr.ecr.eu-west-1.amazonaws.com/repo:tag' },
    }
    expect(refused(await send('POST /2015-03-31/functions', { body: { ...image, Runtime: 'nodejs20.x' } }))).toContain(
      'when the intended function PackageType is Image',
    )
    const made = await send('POST /2015-03-31/functions', { body: { ...image, ImageConfig: { Command: ['x'] } } })
    expect(made.json).toMatchObject({
      PackageType: 'Image',
      CodeSize: 0,
      CodeSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      ImageConfigResponse: { ImageConfig: { Command: ['x'] } },
    })
    expect(made.json).not.toHaveProperty('Runtime')
    const { json } = await send('GET /2015-03-31/functions/image')
    expect(json.Code).toEqual({
      RepositoryType: 'ECR',
      ImageUri: image.Code.ImageUri,
      ResolvedImageUri: `000000000000.dkr.ecr.eu-west-1.amazonaws.com/repo@sha256:${made.json.CodeSha256}`,
    })
  })
})

describe('aliases', () => {
  beforeAll(async () => {
    await deploy(send, 'a', files)
    for (const change of [1, 2, 3]) await publishChanged(send, 'a', change)
  })
  const create = (body: object): Promise<Answer> => send('POST /2015-03-31/functions/a/aliases', { body })

  test.each([
    [{ Name: 'x', FunctionVersion: '9' }, '404 ResourceNotFoundException'],
    [{ Name: 'x', FunctionVersion: '1', RoutingConfig: { AdditionalVersionWeights: { 2: 0.1, 3: 0.1 } } }, '400'],
    [
      { Name: 'x', FunctionVersion: '1', RoutingConfig: { AdditionalVersionWeights: { 1: 0.1 } } },
      '400 InvalidParameterValueException',
    ],
    [
      { Name: 'x', FunctionVersion: '1', RoutingConfig: { AdditionalVersionWeights: { 9: 0.1 } } },
      '404 ResourceNotFoundException',
    ],
    [
      { Name: 'x', FunctionVersion: '$LATEST', RoutingConfig: { AdditionalVersionWeights: { 1: 0.1 } } },
      '400 InvalidParameterValueException',
    ],
    [{ Name: '12', FunctionVersion: '1' }, '400 ValidationException'],
  ])('%j is refused', async (body, expected) => {
    expect(refused(await create(body))).toContain(expected)
  })

  test('weights stay until they are taken away', async () => {
    await create({ Name: 'w', FunctionVersion: '1', RoutingConfig: { AdditionalVersionWeights: { 2: 0.5 } } })
    const path = 'PUT /2015-03-31/functions/a/aliases/w'
    expect((await send(path, { body: { Description: 'd' } })).json.RoutingConfig).toEqual({
      AdditionalVersionWeights: { 2: 0.5 },
    })
    const removed = await send(path, { body: { RoutingConfig: { AdditionalVersionWeights: {} } } })
    expect(removed.json).not.toHaveProperty('RoutingConfig')
    expect(removed.json).toMatchObject({ FunctionVersion: '1', Description: 'd' })
  })
})

describe('permissions', () => {
  test('each condition has its place', async () => {
    const added = await send('POST /2015-03-31/functions/f/policy', {
      body: {
        StatementId: 's',
        Action: 'lambda:InvokeFunction',
        Principal: '210987654321',
        SourceArn: 'arn:aws:s3:::b',
        SourceAccount: '210987654321',
        EventSourceToken: 'token',
      },
    })
    expect(JSON.parse(added.json.Statement)).toEqual({
      Sid: 's',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::210987654321:root' },
      Action: 'lambda:InvokeFunction',
      Resource: arn('f'),
      Condition: {
        StringEquals: { 'AWS:SourceAccount': '210987654321', 'lambda:EventSourceToken': 'token' },
        ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::b' },
      },
    })
    expect(Object.keys(JSON.parse(added.json.Statement))).toEqual([
      'Sid',
      'Effect',
      'Principal',
      'Action',
      'Resource',
      'Condition',
    ])
  })

  test('a policy has the revision of its function, and changes it', async () => {
    await deploy(send, 'p', files)
    const revision = async (): Promise<string> =>
      (await send('GET /2015-03-31/functions/p/configuration')).json.RevisionId
    const before = await revision()
    await send('POST /2015-03-31/functions/p/policy', {
      body: { StatementId: 's', Action: 'lambda:InvokeFunction', Principal: '*' },
    })
    const { json } = await send('GET /2015-03-31/functions/p/policy')
    expect(json.RevisionId).not.toBe(before)
    expect(json.RevisionId).toBe(await revision())
    expect(JSON.parse(json.Policy)).toMatchObject({
      Version: '2012-10-17',
      Id: 'default',
      Statement: [{ Sid: 's', Principal: '*' }],
    })
    expect(refused(await send('DELETE /2015-03-31/functions/p/policy/s?RevisionId=stale'))).toBe(
      '412 PreconditionFailedException The Revision Id provided does not match the latest Revision Id. Call the GetPolicy API to retrieve the latest Revision Id',
    )
    expect(refused(await send('DELETE /2015-03-31/functions/p/policy/t'))).toBe(
      '404 ResourceNotFoundException Statement t is not found in resource policy.',
    )
  })

  test.each([
    [{ Principal: 'nobody' }, 400],
    [{ Principal: '*', FunctionUrlAuthType: undefined }, 201],
  ])('%j', async (more, status) => {
    expect(
      (
        await send('POST /2015-03-31/functions/f/policy', {
          body: { StatementId: 'p', Action: 'lambda:InvokeFunction', ...more },
        })
      ).status,
    ).toBe(status)
  })
})

describe('layers', () => {
  const publish = (name: string, more: object = {}): Promise<Answer> =>
    send(`POST /2018-10-31/layers/${name}/versions`, { body: { Content: { ZipFile: zipOf({ x: 'y' }) }, ...more } })

  test('numbers grow also after deletion, and the newest that matches is listed', async () => {
    expect((await publish('l', { CompatibleRuntimes: ['nodejs20.x'] })).json.Version).toBe(1)
    expect((await publish('l', { CompatibleRuntimes: ['python3.12'] })).json.Version).toBe(2)
    expect((await send('DELETE /2018-10-31/layers/l/versions/2')).status).toBe(204)
    expect((await send('DELETE /2018-10-31/layers/l/versions/2')).status).toBe(204)
    expect((await publish('l', { CompatibleRuntimes: ['python3.12'] })).json.Version).toBe(3)
    const versions = async (query: string): Promise<number[]> =>
      (await send(`GET /2018-10-31/layers/l/versions${query}`)).json.LayerVersions.map(
        (version: { Version: number }) => version.Version,
      )
    expect(await versions('')).toEqual([3, 1])
    expect(await versions('?CompatibleRuntime=nodejs20.x')).toEqual([1])
    const layers = async (query: string): Promise<unknown[]> =>
      (await send(`GET /2018-10-31/layers${query}`)).json.Layers.map(
        (layer: { LayerName: string; LatestMatchingVersion: { Version: number } }) => [
          layer.LayerName,
          layer.LatestMatchingVersion.Version,
        ],
      )
    expect(await layers('')).toEqual([['l', 3]])
    expect(await layers('?CompatibleRuntime=nodejs20.x')).toEqual([['l', 1]])
    expect(await layers('?CompatibleArchitecture=arm64')).toEqual([])
  })

  test.each([
    [
      'GET /2018-10-31/layers/none/versions/1',
      '404 ResourceNotFoundException The resource you requested does not exist.',
    ],
    ['GET /2018-10-31/layers/l/versions/0', '400 InvalidParameterValueException Layer Version Cannot be less than 1'],
    [
      'DELETE /2018-10-31/layers/l/versions/-1',
      '400 InvalidParameterValueException Layer Version Cannot be less than 1',
    ],
    ['GET /2018-10-31/layers/l/versions/1/policy', '404 ResourceNotFoundException'],
    ['GET /2018-10-31/layers/l/versions/one', '400 SerializationException'],
  ])('%s', async (target, expected) => {
    expect(refused(await send(target))).toContain(expected)
  })

  test('twice the same layer is once too often', async () => {
    const layer = (await publish('twice')).json.LayerVersionArn
    const answer = await send('PUT /2015-03-31/functions/f/configuration', { body: { Layers: [layer, layer] } })
    expect(refused(answer)).toBe(
      `400 InvalidParameterValueException Two different versions of the same layer are not allowed to be referenced in the same function. ${layer} and ${layer} are versions of the same layer.`,
    )
  })
})

describe('provisioned concurrency', () => {
  beforeAll(async () => {
    await deploy(send, 'pc', files)
    await send('POST /2015-03-31/functions/pc/versions', { body: {} })
    await send('POST /2015-03-31/functions/pc/aliases', { body: { Name: 'live', FunctionVersion: '1' } })
  })
  const put = (qualifier: string, n: number): Promise<Answer> =>
    send(`PUT /2019-09-30/functions/pc/provisioned-concurrency?Qualifier=${qualifier}`, {
      body: { ProvisionedConcurrentExecutions: n },
    })

  test.each([
    [
      '$LATEST',
      1,
      '400 InvalidParameterValueException Provisioned Concurrency Configs cannot be applied to unpublished function versions.',
    ],
    ['9', 1, `404 ResourceNotFoundException Function not found: ${arn('pc')}:9`],
    ['none', 1, `404 ResourceNotFoundException Cannot find alias arn: ${arn('pc')}:none`],
    [
      '1',
      1001,
      "400 InvalidParameterValueException Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [1000].",
    ],
    [
      '1',
      901,
      "400 InvalidParameterValueException Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
    ],
  ])('%s with %d', async (qualifier, n, expected) => {
    expect(refused(await put(qualifier, n))).toBe(expected)
  })

  test('a version has it by itself or by an alias, not both', async () => {
    expect((await put('live', 1)).status).toBe(202)
    expect(refused(await put('1', 1))).toContain('409 ResourceConflictException')
    expect(refused(await send('GET /2019-09-30/functions/pc/provisioned-concurrency?Qualifier=1'))).toBe(
      '404 ProvisionedConcurrencyConfigNotFoundException No Provisioned Concurrency Config found for this function',
    )
    expect(
      (await send('GET /2019-09-30/functions/pc/provisioned-concurrency?List=ALL')).json.ProvisionedConcurrencyConfigs,
    ).toMatchObject([{ FunctionArn: `${arn('pc')}:live` }])
    expect(
      refused(await send('PUT /2017-10-31/functions/pc/concurrency', { body: { ReservedConcurrentExecutions: 0 } })),
    ).toContain("should not be lower than function's total provisioned concurrency [1].")
  })
})

describe('settings of asynchronous invocation', () => {
  const path = '/2019-09-25/functions/f/event-invoke-config'

  test('put replaces, update keeps', async () => {
    expect(refused(await send(`GET ${path}`))).toBe(
      `404 ResourceNotFoundException The function ${arn('f')}:$LATEST doesn't have an EventInvokeConfig`,
    )
    await send(`PUT ${path}`, { body: { MaximumRetryAttempts: 0 } })
    expect(
      (
        await send(`POST ${path}`, {
          body: {
            MaximumEventAgeInSeconds: 60,
            DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:eu-west-1:000000000000:q' } },
          },
        })
      ).json,
    ).toMatchObject({
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: { OnSuccess: {}, OnFailure: { Destination: 'arn:aws:sqs:eu-west-1:000000000000:q' } },
    })
    const replaced = (await send(`PUT ${path}`, { body: { MaximumEventAgeInSeconds: 90 } })).json
    expect(replaced).not.toHaveProperty('MaximumRetryAttempts')
    expect(replaced.DestinationConfig).toEqual({ OnSuccess: {}, OnFailure: {} })
    expect(Math.abs(replaced.LastModified - Date.now() / 1000)).toBeLessThan(5)
    expect((await send(`GET ${path}/list`)).json.FunctionEventInvokeConfigs).toEqual([replaced])
    expect((await send(`DELETE ${path}`)).status).toBe(204)
    expect((await send(`DELETE ${path}`)).status).toBe(404)
  })

  test.each([
    {},
    { DestinationConfig: { OnSuccess: { Destination: 'arn:aws:dynamodb:eu-west-1:000000000000:table/t' } } },
    { DestinationConfig: { OnSuccess: { Destination: arn('f') } } },
  ])('%j is refused', async body => {
    expect(await send(`PUT ${path}`, { body })).toMatchObject({ status: 400, error: 'InvalidParameterValueException' })
  })
})

const streamOnly = {
  BisectBatchOnFunctionError: true,
  MaximumRecordAgeInSeconds: 60,
  MaximumRetryAttempts: 1,
  ParallelizationFactor: 1,
  TumblingWindowInSeconds: 1,
}

describe('event source mappings', () => {
  const kinesis = 'arn:aws:kinesis:eu-west-1:000000000000:stream/s'
  const dynamodb = 'arn:aws:dynamodb:eu-west-1:111111111111:table/t/stream/2025-01-01T00:00:00.000'
  const sqs = 'arn:aws:sqs:eu-west-1:000000000000:q'
  const create = (body: object): Promise<Answer> =>
    send('POST /2015-03-31/event-source-mappings', { body: { FunctionName: 'f', ...body } })
  const makeSources = async (to: Send): Promise<void> => {
    await serviceClient(to, 'AmazonSQS').ask('CreateQueue', { QueueName: 'q' })
    await serviceClient(to, 'Kinesis_20131202').ask('CreateStream', { StreamName: 's', ShardCount: 1 })
  }
  beforeAll(() => makeSources(send))

  test.each<[object, string]>([
    [{}, 'Unrecognized event source.'],
    [{ EventSourceArn: 'arn:aws:s3:::bucket' }, 'Unrecognized event source.'],
    [{ EventSourceArn: sqs, FunctionName: 'none' }, 'Function does not exist'],
    [
      { EventSourceArn: kinesis },
      "Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
    ],
    [
      { EventSourceArn: dynamodb, StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: 1 },
      'Unsupported starting position',
    ],
    [{ EventSourceArn: kinesis, StartingPosition: 'AT_TIMESTAMP' }, 'AT_TIMESTAMP'],
    [{ EventSourceArn: sqs, BatchSize: 11 }, 'Maximum batch window in seconds must be greater than 0'],
    [{ EventSourceArn: `${sqs}.fifo`, BatchSize: 11 }, 'FIFO'],
    [{ EventSourceArn: `${sqs}.fifo`, MaximumBatchingWindowInSeconds: 1 }, 'FIFO'],
    ...Object.entries(streamOnly).map(([member, value]): [object, string] => [
      { EventSourceArn: sqs, [member]: value },
      `Unsupported ${member} parameter`,
    ]),
    [
      { EventSourceArn: sqs, DestinationConfig: { OnSuccess: { Destination: sqs } } },
      'Unsupported DestinationConfig parameter for given event source mapping type.',
    ],
    [{ EventSourceArn: `${kinesis}-none`, StartingPosition: 'LATEST' }, `Stream not found: ${kinesis}-none`],
    [{ EventSourceArn: kinesis.replace('eu-west-1', 'eu-west-2'), StartingPosition: 'LATEST' }, 'Stream not found'],
    [{ EventSourceArn: `${sqs}-none` }, 'AWS.SimpleQueueService.NonExistentQueue'],
    [
      { SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['k:1'] } }, Topics: ['topic'] },
      "Required 'sourceAccessConfigurations' parameter is missing.",
    ],
  ])('%j is refused', async (body, text) => {
    const answer = await create(body)
    expect(answer).toMatchObject({ status: 400, error: 'InvalidParameterValueException' })
    expect(answer.message).toContain(text)
  })

  test.each([
    [
      { EventSourceArn: sqs },
      {
        BatchSize: 10,
        MaximumBatchingWindowInSeconds: 0,
        FunctionResponseTypes: [],
        StateTransitionReason: 'USER_INITIATED',
      },
    ],
    [
      { EventSourceArn: kinesis, StartingPosition: 'LATEST' },
      {
        BatchSize: 100,
        ParallelizationFactor: 1,
        MaximumRecordAgeInSeconds: -1,
        MaximumRetryAttempts: -1,
        BisectBatchOnFunctionError: false,
        DestinationConfig: { OnFailure: {} },
        StateTransitionReason: 'User action',
      },
    ],
    [
      {
        SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['k:1'] } },
        Topics: ['topic'],
        SourceAccessConfigurations: [
          { Type: 'BASIC_AUTH', URI: 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:s' },
        ],
      },
      { BatchSize: 100, StartingPosition: 'TRIM_HORIZON' },
    ],
  ])('the defaults of %j', async (body, defaults) => {
    const made = await create(body)
    expect(made).toMatchObject({
      status: 202,
      json: { ...body, ...defaults, State: 'Creating', FunctionArn: arn('f') },
    })
    const again = await create(body)
    expect(again).toMatchObject({ status: 409, error: 'ResourceConflictException' })
    expect(again.message).toContain(
      `already exists. Please update or delete the existing mapping with UUID ${made.json.UUID}`,
    )
  })

  test('a queue that shows messages again while the function is at work is refused', async () => {
    const queue = serviceClient(send, 'AmazonSQS')
    const { QueueUrl } = await queue.ask('CreateQueue', { QueueName: 'hasty', Attributes: { VisibilityTimeout: '2' } })
    const refusal = await create({ EventSourceArn: `${sqs.slice(0, -1)}hasty` })
    expect(refusal).toMatchObject({
      status: 400,
      error: 'InvalidParameterValueException',
      message: 'Queue visibility timeout: 2 seconds is less than Function timeout: 3 seconds',
    })
    await queue.ask('SetQueueAttributes', { QueueUrl, Attributes: { VisibilityTimeout: '3' } })
    expect((await create({ EventSourceArn: `${sqs.slice(0, -1)}hasty` })).status).toBe(202)
  })

  test('an update in transition is refused, and deleting the function leaves the mapping', async () => {
    const slow = await startReference({ transitionMs: 200 })
    try {
      const sendSlow = requester(slow.url)
      await deploy(sendSlow, 'g', files)
      await makeSources(sendSlow)
      const { json } = await sendSlow('POST /2015-03-31/event-source-mappings', {
        body: { FunctionName: 'g', EventSourceArn: sqs },
      })
      const path = `/2015-03-31/event-source-mappings/${json.UUID}`
      expect(refused(await sendSlow(`PUT ${path}`, { body: { BatchSize: 1 } }))).toContain('400 ResourceInUseException')
      expect(refused(await sendSlow(`DELETE ${path}`))).toContain('400 ResourceInUseException')
      await expect.poll(async () => (await sendSlow(`GET ${path}`)).json.State).toBe('Enabled')
      expect((await sendSlow(`PUT ${path}`, { body: { Enabled: false } })).json.State).toBe('Disabling')
      await expect.poll(async () => (await sendSlow(`GET ${path}`)).json.State).toBe('Disabled')
      await sendSlow('DELETE /2015-03-31/functions/g')
      expect(
        (await sendSlow('GET /2015-03-31/event-source-mappings?FunctionName=g')).json.EventSourceMappings,
      ).toHaveLength(1)
    } finally {
      await slow.close()
    }
  })
})

describe('code signing', () => {
  const config = async (policy: string): Promise<string> =>
    (
      await send('POST /2020-04-22/code-signing-configs', {
        body: {
          AllowedPublishers: {
            SigningProfileVersionArns: ['arn:aws:signer:eu-west-1:000000000000:/signing-profiles/p/abcdef1234'],
          },
          CodeSigningPolicies: { UntrustedArtifactOnDeployment: policy },
        },
      })
    ).json.CodeSigningConfig.CodeSigningConfigArn

  test('an enforcing configuration lets no unsigned code in, a warning one does', async () => {
    const [enforce, warn] = [await config('Enforce'), await config('Warn')]
    await deploy(send, 'signed', files, { CodeSigningConfigArn: warn })
    expect(
      refused(
        await send('POST /2015-03-31/functions', {
          body: functionOf('unsigned', files, { CodeSigningConfigArn: enforce }),
        }),
      ),
    ).toContain('400 CodeVerificationFailedException')
    await send('PUT /2020-06-30/functions/signed/code-signing-config', { body: { CodeSigningConfigArn: enforce } })
    const before = (await send('GET /2015-03-31/functions/signed/configuration')).json.CodeSha256
    expect(
      refused(await send('PUT /2015-03-31/functions/signed/code', { body: { ZipFile: zipOf({ other: '1' }) } })),
    ).toContain('400 CodeVerificationFailedException')
    expect((await send('GET /2015-03-31/functions/signed/configuration')).json.CodeSha256).toBe(before)
    expect(refused(await send(`DELETE /2020-04-22/code-signing-configs/${enforce}`))).toContain(
      '409 ResourceConflictException',
    )
    await send('DELETE /2020-06-30/functions/signed/code-signing-config')
    expect((await send('GET /2020-06-30/functions/signed/code-signing-config')).status).toBe(200)
    expect((await send(`DELETE /2020-04-22/code-signing-configs/${enforce}`)).status).toBe(204)
    expect(
      refused(
        await send('PUT /2020-06-30/functions/signed/code-signing-config', { body: { CodeSigningConfigArn: enforce } }),
      ),
    ).toContain('404 CodeSigningConfigNotFoundException')
    expect(refused(await send(`GET /2020-04-22/code-signing-configs/${enforce}`))).toContain(
      '404 ResourceNotFoundException',
    )
  })
})

describe('UpdateFunctionCode', () => {
  test('a dry run changes nothing', async () => {
    await deploy(send, 'dry', files)
    const before = (await send('GET /2015-03-31/functions/dry/configuration')).json
    const dry = await send('PUT /2015-03-31/functions/dry/code', {
      body: { ZipFile: zipOf({ other: '1' }), DryRun: true },
    })
    expect(dry.status).toBe(200)
    expect(dry.json.CodeSha256).not.toBe(before.CodeSha256)
    expect((await send('GET /2015-03-31/functions/dry/configuration')).json).toEqual(before)
    expect(
      (
        await send('PUT /2015-03-31/functions/dry/code', {
          body: { ZipFile: Buffer.from('no zip').toString('base64'), DryRun: true },
        })
      ).status,
    ).toBe(400)
  })

  test('publishing with it answers with the version', async () => {
    await deploy(send, 'pub', files)
    expect(
      (await send('PUT /2015-03-31/functions/pub/code', { body: { ZipFile: zipOf({ other: '1' }), Publish: true } }))
        .json,
    ).toMatchObject({ Version: '1', FunctionArn: `${arn('pub')}:1`, State: 'Pending' })
  })

  test('a published version cannot be changed', async () => {
    expect((await send('PUT /2015-03-31/functions/pub:1/code', { body: { ZipFile: zipOf(files) } })).status).toBe(400)
    expect((await send('PUT /2015-03-31/functions/pub:1/configuration', { body: { MemorySize: 512 } })).status).toBe(
      400,
    )
  })
})

describe('tags', () => {
  test('belong to functions, by their whole ARN', async () => {
    await deploy(send, 'tagged', files, { Tags: { a: '1' }, Publish: true })
    const path = (resource: string): string => `/2017-03-31/tags/${encodeURIComponent(resource)}`
    expect(await send(`POST ${path(arn('tagged'))}`, { body: { Tags: { b: '2', a: '3' } } })).toMatchObject({
      status: 204,
      text: '',
    })
    expect((await send(`GET ${path(arn('tagged'))}`)).json).toEqual({ Tags: { a: '3', b: '2' } })
    expect((await send(`DELETE ${path(arn('tagged'))}?tagKeys=a&tagKeys=c`)).status).toBe(204)
    expect((await send('GET /2015-03-31/functions/tagged')).json.Tags).toEqual({ b: '2' })
    expect((await send(`POST ${path(`${arn('tagged')}:1`)}`, { body: { Tags: { b: '2' } } })).status).toBe(400)
    expect((await send(`GET ${path('tagged')}`)).status).toBe(400)
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, 'v']))
    expect((await send(`POST ${path(arn('tagged'))}`, { body: { Tags: many } })).status).toBe(400)
    expect((await send(`GET ${path(arn('tagged'))}`)).json).toEqual({ Tags: { b: '2' } })
    expect(refused(await send(`GET ${path(arn('none'))}`))).toBe(
      `404 ResourceNotFoundException Function not found: ${arn('none')}`,
    )
  })
})

describe('function URLs', () => {
  const path = '/2021-10-31/functions/f/url'

  test('one for the function and one for each alias', async () => {
    expect(refused(await send('POST /2021-10-31/functions/none/url', { body: { AuthType: 'NONE' } }))).toBe(
      '404 ResourceNotFoundException Function does not exist',
    )
    const made = await send(`POST ${path}`, { body: { AuthType: 'NONE' } })
    expect(made).toMatchObject({
      status: 201,
      json: {
        AuthType: 'NONE',
        FunctionArn: arn('f'),
        FunctionUrl: expect.stringMatching(/^http:\/\/[0-9a-f]{32}\.lambda-url\.eu-west-1\.localhost:\d+\/$/),
      },
    })
    expect(made.json).not.toHaveProperty('InvokeMode')
    expect(refused(await send(`POST ${path}`, { body: { AuthType: 'NONE' } }))).toBe(
      `409 ResourceConflictException Failed to create function url config for [functionArn = ${arn('f')}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
    )
    expect((await send(`PUT ${path}`, { body: { AuthType: 'AWS_IAM' } })).json).toMatchObject({
      AuthType: 'AWS_IAM',
      FunctionUrl: made.json.FunctionUrl,
    })
    expect((await send(`GET ${path}`)).json).toMatchObject({ AuthType: 'AWS_IAM', InvokeMode: 'BUFFERED' })
    expect((await send('GET /2021-10-31/functions/f/urls')).json.FunctionUrlConfigs).toHaveLength(1)
    expect((await send(`DELETE ${path}`)).status).toBe(204)
    expect(refused(await send(`GET ${path}`))).toBe(
      '404 ResourceNotFoundException The resource you requested does not exist.',
    )
  })
})

test('an action that the pages come to know later is carried out from then on', async () => {
  const spec = loadSpec()
  const { PutFunctionRecursionConfig: put, ...actionsBefore } = spec.actions
  if (!put) throw new Error('the page is gone')
  const before = await startReference({ transitionMs: 1, spec: { ...spec, actions: actionsBefore } })
  try {
    const sendBefore = requester(before.url)
    await deploy(sendBefore, 'f', files)
    expect(
      (await sendBefore('PUT /2024-08-31/functions/f/recursion-config', { body: { RecursiveLoop: 'Allow' } })).error,
    ).toBe('UnknownOperationException')
  } finally {
    await before.close()
  }
  const path = '/2024-08-31/functions/f/recursion-config'
  expect((await send(`GET ${path}`)).json).toEqual({ RecursiveLoop: 'Terminate' })
  expect((await send(`PUT ${path}`, { body: { RecursiveLoop: 'Allow' } })).json).toEqual({ RecursiveLoop: 'Allow' })
  expect((await send(`GET ${path}`)).json).toEqual({ RecursiveLoop: 'Allow' })
})

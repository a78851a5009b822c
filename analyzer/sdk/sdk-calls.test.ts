import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadApplication } from '../load-application.ts'
import { needsOf, usesOf } from './function-code.ts'
import { isWhollyVisible } from './visible-code.ts'

let root = ''
let serial = 0
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'lambdacheck-sdk-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const TEMPLATE = `Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: {Type: AWS::DynamoDB::Table}
  Photos: {Type: AWS::S3::Bucket}
  Jobs: {Type: AWS::SQS::Queue}
  Done: {Type: AWS::SNS::Topic}
  Flow: {Type: AWS::StepFunctions::StateMachine}
  Worker: {Type: AWS::Serverless::Function, Properties: {Runtime: nodejs22.x, Handler: other.handler}}
  Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Worker, FunctionVersion: "1", Name: live}}
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      Environment:
        Variables:
          TABLE: !Ref Orders
          TABLE_ARN: !GetAtt Orders.Arn
          BUCKET: !Ref Photos
          QUEUE: !Ref Jobs
          TOPIC: !Ref Done
          FLOW: !Ref Flow
          WORKER: !Ref Worker
          LIVE: !Ref Live
`

/** The function over its files; `index` is the handler's. */
function fnOf(files: { readonly [file: string]: string } | string) {
  const home = join(root, String(++serial))
  const all = { 'template.yaml': TEMPLATE, ...(typeof files === 'string' ? { 'index.ts': files } : files) }
  for (const [file, text] of Object.entries(all)) {
    mkdirSync(dirname(join(home, file)), { recursive: true })
    writeFileSync(join(home, file), text)
  }
  return loadApplication(home).functions.find(fn => fn.id === 'Fn')!
}

/** Needs as `action resource+below`. */
const needs = (files: Parameters<typeof fnOf>[0]): string[] =>
  needsOf(fnOf(files)).map(need => `${need.action} ${need.resource?.id ?? '?'}${need.below}`)

describe('what the code surely needs', () => {
  it('commands of v3 and of the document client', () => {
    expect(
      needs(`
      import { DynamoDBClient, DescribeTableCommand } from '@aws-sdk/client-dynamodb'
      import { DynamoDBDocumentClient, GetCommand, TransactWriteCommand, BatchGetCommand, paginateScan } from '@aws-sdk/lib-dynamodb'
      const client = DynamoDBDocumentClient.from(new DynamoDBClient({}))
      const TableName = process.env.TABLE
      export const handler = async () => {
        await client.send(new DescribeTableCommand({ TableName: process.env['TABLE_ARN'] }))
        await client.send(new GetCommand({ TableName, Key: {} }))
        await client.send(new TransactWriteCommand({ TransactItems: [{ Put: { TableName, Item: {} } }, { ConditionCheck: { TableName: 'x' } }] }))
        await client.send(new BatchGetCommand({ RequestItems: { [process.env.TABLE!]: { Keys: [] } } }))
        for await (const page of paginateScan({ client }, { TableName, IndexName: 'i' })) console.log(page)
      }`),
    ).toEqual([
      'dynamodb:DescribeTable Orders',
      'dynamodb:GetItem Orders',
      'dynamodb:PutItem Orders',
      'dynamodb:ConditionCheckItem ?',
      'dynamodb:BatchGetItem Orders',
      'dynamodb:Scan Orders/index/*',
    ])
  })

  it('aggregated clients, the clients of v2, and tracers around them', () => {
    expect(
      needs({
        'index.js': `
        const AWSXRay = require('aws-xray-sdk')
        const AWS = AWSXRay.captureAWS(require('aws-sdk'))
        const S3 = require('aws-sdk/clients/s3')
        const { DocumentClient } = require('aws-sdk/clients/dynamodb')
        const { SQS } = require('@aws-sdk/client-sqs')
        const { Tracer } = require('@aws-lambda-powertools/tracer')
        const sqs = new Tracer().captureAWSv3Client(new SQS({}))
        const s3 = new S3({ signatureVersion: 'v4' })
        const db = new DocumentClient()
        const sns = new AWS.SNS()
        exports.handler = async () => {
          await s3.upload({ Bucket: process.env.BUCKET, Key: 'x', ACL: 'private' }).promise()
          s3.getSignedUrl('getObject', { Bucket: process.env.BUCKET, Key: 'x' })
          await s3.waitFor('objectExists', { Bucket: process.env.BUCKET, Key: 'x' }).promise()
          await db.put({ TableName: process.env.TABLE, Item: {} }).promise()
          await sns.publish({ TopicArn: process.env.TOPIC }).promise()
          await sqs.sendMessageBatch({ QueueUrl: process.env.QUEUE, Entries: [] })
        }`,
      }),
    ).toEqual([
      's3:PutObject Photos/*',
      's3:PutObjectAcl Photos/*',
      's3:GetObject Photos/*',
      's3:GetObject Photos/*',
      'dynamodb:PutItem Orders',
      'sns:Publish Done',
      'sqs:SendMessage Jobs',
    ])
  })

  it('helpers: uploads, presigned requests, waiters, parameters of Powertools', () => {
    expect(
      needs(`
      import { S3Client, GetObjectCommand, ListObjectsV2Command, CopyObjectCommand, waitUntilBucketExists } from '@aws-sdk/client-s3'
      import { Upload } from '@aws-sdk/lib-storage'
      import { createPresignedPost } from '@aws-sdk/s3-presigned-post'
      import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
      import { getParameter } from '@aws-lambda-powertools/parameters/ssm'
      const client = new S3Client()
      const Bucket = process.env.BUCKET
      export const handler = async () => {
        await new Upload({ client, params: { Bucket, Key: 'x' } }).done()
        await createPresignedPost(client, { Bucket: Bucket!, Key: 'x' })
        await getSignedUrl(client, new GetObjectCommand({ Bucket, Key: 'x', VersionId: '1' }))
        await waitUntilBucketExists({ client, maxWaitTime: 1 }, { Bucket })
        await client.send(new ListObjectsV2Command({ Bucket }))
        await client.send(new CopyObjectCommand({ Bucket, Key: 'x', CopySource: 'y' }))
        await getParameter('/x')
      }`),
    ).toEqual([
      's3:PutObject Photos/*',
      's3:PutObject Photos/*',
      's3:GetObjectVersion Photos/*',
      's3:ListBucket Photos',
      's3:ListBucket Photos',
      's3:GetObject ?/*',
      's3:PutObject Photos/*',
      'ssm:GetParameter ?',
    ])
  })

  it('follows names through files, classes, configuration and helpers', () => {
    expect(
      needs({
        'index.ts': `
        import { Store } from './store.js'
        import { start } from './flow.js'
        const store = new Store(process.env.TABLE!)
        export const handler = async () => { await store.load(); await store.save(); await start() }`,
        'store.ts': `
        import { DynamoDB } from '@aws-sdk/client-dynamodb'
        import { settings } from './settings.js'
        export class Store {
          private readonly table = settings.tables.orders
          private readonly db: DynamoDB
          constructor(readonly other: string) { this.db = new DynamoDB({}) }
          async load() { return this.db.getItem({ TableName: this.table, Key: {} }) }
          async save() { return this.db.putItem({ TableName: this.other, Item: {} }) }
        }`,
        'flow.ts': `
        import { SFN } from '@aws-sdk/client-sfn'
        import * as settings from './settings.js'
        let client: SFN | undefined
        const flows = () => (client ??= new SFN({ region: settings.region }))
        export async function start() { await flows().startExecution({ stateMachineArn: settings.flow }) }`,
        'settings.ts': `
        const required = (name: string): string => { const value = process.env[name]; if (!value) throw new Error(name); return value }
        export const settings = Object.freeze({ tables: { orders: process.env.TABLE ?? 'orders-local' } })
        export const flow = required('FLOW')
        export const region = process.env.AWS_REGION`,
      }),
    ).toEqual(['dynamodb:GetItem Orders', 'dynamodb:PutItem ?', 'states:StartExecution Flow'])
  })

  it('tells functions from their versions and aliases', () => {
    expect(
      needs(`
      import { LambdaClient, InvokeCommand } from '@aws-sdk/client-lambda'
      const client = new LambdaClient({})
      export const handler = async () => {
        await client.send(new InvokeCommand({ FunctionName: process.env.WORKER }))
        await client.send(new InvokeCommand({ FunctionName: process.env.WORKER, Qualifier: 'live' }))
        await client.send(new InvokeCommand({ FunctionName: process.env.LIVE }))
      }`),
    ).toEqual(['lambda:InvokeFunction Worker', 'lambda:InvokeFunction Worker:*', 'lambda:InvokeFunction ?'])
  })

  it('reads PartiQL by its verb, and nothing where it cannot', () => {
    expect(
      needs(`
      import { DynamoDBClient, ExecuteStatementCommand } from '@aws-sdk/client-dynamodb'
      const client = new DynamoDBClient({})
      export const handler = async (event) => {
        await client.send(new ExecuteStatementCommand({ Statement: \`SELECT * FROM "\${process.env.TABLE}"\` }))
        await client.send(new ExecuteStatementCommand({ Statement: event.statement }))
      }`),
    ).toEqual(['dynamodb:PartiQLSelect ?'])
  })

  it('clients that types declare, and text messages', () => {
    expect(
      needs(`
      import { SNS } from '@aws-sdk/client-sns'
      const send = (client: SNS, PhoneNumber: string) => client.publish({ PhoneNumber, Message: 'x' })
      export const handler = async () => send(new SNS({}), '1')`),
    ).toEqual(['sns:Publish ?'])
  })

  it('routes of frameworks', () => {
    expect(
      needs({
        'index.js': `
        const express = require('express')
        const serverless = require('serverless-http')
        const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs')
        const sqs = new SQSClient({})
        const app = express()
        app.post('/jobs', async (request, response) => {
          await sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE, MessageBody: request.body }))
          response.end()
        })
        process.on('exit', () => sqs.send(new SendMessageCommand({})))
        exports.handler = serverless(app)`,
      }),
    ).toEqual(['sqs:SendMessage Jobs'])
  })

  it.each([
    ['with credentials', 'new S3Client({ credentials: x })'],
    ['with an endpoint', "new S3Client({ endpoint: 'http://localhost' })"],
    ['with what is spread', 'new S3Client({ ...settings })'],
    ['with what a function makes', 'new S3Client(make())'],
    ['that is not made here', 'x.client'],
  ])('says nothing of clients %s', (_what, client) => {
    expect(
      needs(`
      import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3'
      import { x, settings, make } from 'somewhere'
      const client = ${client}
      export const handler = async () => client.send(new GetObjectCommand({ Bucket: process.env.BUCKET, Key: 'x' }))`),
    ).toEqual([])
  })

  it('says nothing of code that the handler does not reach, nor of v2 with credentials for all', () => {
    expect(
      needs(`
      import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3'
      const client = new S3Client({})
      export const unused = async () => client.send(new GetObjectCommand({ Bucket: 'x', Key: 'x' }))
      if (require.main === module) client.send(new GetObjectCommand({ Bucket: 'y', Key: 'x' }))
      export const handler = async () => 1`),
    ).toEqual([])
    expect(
      needs({
        'index.js': `
      const AWS = require('aws-sdk')
      AWS.config.update({ region: 'x', credentials: provider })
      const s3 = new AWS.S3()
      exports.handler = () => s3.getObject({ Bucket: 'x', Key: 'x' }).promise()`,
      }),
    ).toEqual([])
  })
})

describe('what the code may use', () => {
  const uses = (files: Parameters<typeof fnOf>[0]) => usesOf(fnOf(files).entry!)

  it('counts calls that are not reached, clients that are handed on, and names of commands', () => {
    const { actions, open } = uses(`
      import { S3, S3Client } from '@aws-sdk/client-s3'
      import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs'
      const commands = [SendMessageCommand]
      const work = (tools) => tools.store.deleteObject({})
      export const handler = async () => work({ store: new S3({}), client: new SQSClient({}), commands })`)
    expect([...actions]).toEqual(expect.arrayContaining(['s3:DeleteObject', 'sqs:SendMessage']))
    expect([...open]).toEqual([])
  })

  it('is open where a value chooses what is called', () => {
    expect([
      ...uses(`
      import { S3 } from '@aws-sdk/client-s3'
      const s3 = new S3({})
      export const handler = async ({ name, input }) => s3[name](input)`).open,
    ]).toEqual(['s3'])
    expect([
      ...uses({
        'index.js': `
      const AWS = require('aws-sdk')
      exports.handler = async ({ service }) => new AWS[service]()`,
      }).open,
    ]).toContain('*')
  })
})

describe('whether all code can be read', () => {
  it.each([
    [
      'sources, built-ins, the SDK and plain libraries',
      true,
      "import { join } from 'node:path'\nimport z from 'zod'\nimport { S3 } from '@aws-sdk/client-s3'\nimport type { X } from 'unknown'\nexport const handler = async () => [join, z, S3]",
    ],
    ['a package that may do anything', false, "import { x } from 'some-orm'\nexport const handler = async () => x"],
    ['a file that is not there', false, "import { x } from './missing'\nexport const handler = async () => x"],
    ['a module that a value chooses', false, 'export const handler = async ({ name }) => import(name)'],
    [
      'other programs',
      false,
      "import { execSync } from 'node:child_process'\nexport const handler = async () => execSync('aws s3 ls')",
    ],
    [
      'credentials of other roles',
      false,
      "import { fromTemporaryCredentials } from '@aws-sdk/credential-providers'\nexport const handler = async () => fromTemporaryCredentials",
    ],
    [
      'requests that the code signs',
      false,
      "import { SignatureV4 } from '@smithy/signature-v4'\nexport const handler = async () => SignatureV4",
    ],
  ])('%s: %s', (_what, answer, code) => {
    expect(isWhollyVisible(fnOf(code))).toBe(answer)
  })
})

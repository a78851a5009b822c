/**
 * Mistakes that the samples of the guide make, each in a small project of our own: the named rule finds it at the place where it is
 * made, and is silent once that place is mended.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { lintOptions } from '../analyzer/fixtures/project.ts'
import { lint } from '../analyzer/lint.ts'
import type { Finding } from '../reports/evidence.ts'

interface Sample {
  readonly rule: string
  /** The guide's page that makes the mistake. */
  readonly page: string
  readonly files: { readonly [path: string]: string }
  /** The mistake as it is written, once in all files: the finding is on its line. */
  readonly mistake: string
  readonly mended: string
}

/** A function of SAM with events and further properties, in YAML flow style. */
const sam = (properties: string, more = ''): string => `Transform: AWS::Serverless-2016-10-31
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: app.handler
      CodeUri: src/
      ${properties}
${more}`

const idle = 'exports.handler = async () => undefined\n'
const trigger = (type: string, properties: string): string =>
  `Events: {Source: {Type: ${type}, Properties: {${properties}}}}`
const stream = trigger(
  'DynamoDB',
  'Stream: "arn:aws:dynamodb:eu-west-1:123456789012:table/t/stream/1", StartingPosition: LATEST',
)
const records = trigger(
  'Kinesis',
  'Stream: "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks", StartingPosition: LATEST',
)
const uploads = trigger('S3', 'Bucket: !Ref Photos, Events: "s3:ObjectCreated:*"')
const bucket = '  Photos: {Type: AWS::S3::Bucket}\n'
const topic = trigger('SNS', 'Topic: "arn:aws:sns:eu-west-1:123456789012:news"')
const route = trigger('Api', 'Path: /visits, Method: get')

const role = (statement: string): string =>
  JSON.stringify(
    {
      Resources: {
        Role: {
          Type: 'AWS::IAM::Role',
          Properties: {
            AssumeRolePolicyDocument: {
              Statement: [
                { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
              ],
            },
            Policies: [{ PolicyName: 'work', PolicyDocument: { Version: '2012-10-17', Statement: ['STATEMENT'] } }],
          },
        },
      },
    },
    null,
    1,
  ).replace('"STATEMENT"', statement)

const machine = `Resources:
  Orders:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: Charge
        States:
          Charge:
            Type: Task
            Resource: arn:aws:lambda:eu-west-1:123456789012:function:charge
            Next: Paid
            Retry:
              - ErrorEquals: [Lambda.ServiceException, Lambda.AWSLambdaException, Lambda.SdkClientException, Lambda.TooManyRequestsException]
              - ErrorEquals: [Lambda.TooManyRequestsException, CardDeclined]
          Paid:
            Type: Choice
            Choices: [{Variable: $.paid, BooleanEquals: true, Next: Done}]
            Default: Done
          Done: {Type: Succeed}
`

const permission = (principal: string): string => `Resources:
  Worker:
    Type: AWS::Lambda::Function
    Properties: {Runtime: nodejs22.x, Handler: app.handler, Code: {ZipFile: ""}, Role: "arn:aws:iam::123456789012:role/worker"}
  Allowed:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref Worker
      Principal: ${principal}
`

const SAMPLES: readonly Sample[] = [
  {
    rule: 'log-process-env',
    page: 'nodejs-logging',
    mistake: 'console.log(process.env)',
    mended: 'console.log(process.env.AWS_REGION)',
    files: { 'app.js': 'exports.handler = async (event) => {\n  console.log(process.env)\n  return event\n}\n' },
  },
  {
    rule: 'log-process-env',
    page: 'samples-blank',
    mistake: 'JSON.stringify(process.env)',
    mended: 'JSON.stringify(event)',
    files: {
      'app.js':
        "exports.handler = async (event) => {\n  console.log('environment: ' + JSON.stringify(process.env))\n  return event\n}\n",
    },
  },
  {
    rule: 'iam-wildcard-resource',
    page: 'services-apigateway-tutorial',
    mistake: '"Resource": "*"',
    mended: '"Resource": "arn:aws:dynamodb:eu-west-1:123456789012:table/visits"',
    files: {
      'template.json': role('{"Effect": "Allow", "Action": ["dynamodb:PutItem", "dynamodb:Query"],\n "Resource": "*"}'),
    },
  },
  {
    rule: 'iam-wildcard-action',
    page: 'with-cloudtrail-example',
    mistake: '"logs:*"',
    mended: '"logs:PutLogEvents"',
    files: {
      'template.json': role('{"Effect": "Allow", "Action": [\n "logs:*"\n], "Resource": "arn:aws:logs:*:*:*"}'),
    },
  },
  {
    rule: 'iam-wildcard-action',
    page: 'with-sqs-cross-account-example',
    mistake: '"sqs:*"',
    mended: '"sqs:ReceiveMessage"',
    files: {
      'template.json': role(
        '{"Effect": "Allow", "Action": [\n "sqs:*"\n], "Resource": "arn:aws:sqs:eu-west-1:123456789012:jobs"}',
      ),
    },
  },
  {
    rule: 'iam-full-access-policy',
    page: 'services-apigateway-template',
    mistake: 'AmazonDynamoDBFullAccess',
    mended: 'AmazonDynamoDBReadOnlyAccess',
    files: { 'template.yaml': sam('Policies: [AmazonDynamoDBFullAccess]'), 'src/app.js': idle },
  },
  {
    rule: 'permission-without-source',
    page: 'services-alb',
    mistake: 'Principal: elasticloadbalancing.amazonaws.com',
    mended: 'Principal: elasticloadbalancing.amazonaws.com\n      SourceArn: !Ref Group',
    files: {
      'template.yaml':
        permission('elasticloadbalancing.amazonaws.com') +
        '  Group: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {TargetType: lambda}}\n',
    },
  },
  {
    rule: 'permission-without-source',
    page: 'services-iot',
    mistake: 'Principal: iot.amazonaws.com',
    mended: 'Principal: iot.amazonaws.com\n      SourceArn: "arn:aws:iot:eu-west-1:123456789012:rule/doors"',
    files: { 'template.yaml': permission('iot.amazonaws.com') },
  },
  {
    rule: 'permission-without-source',
    page: 'services-iotevents',
    mistake: 'Principal: iotevents.amazonaws.com',
    mended:
      'Principal: iotevents.amazonaws.com\n      SourceArn: "arn:aws:iotevents:eu-west-1:123456789012:detectorModel/doors"',
    files: { 'template.yaml': permission('iotevents.amazonaws.com') },
  },
  {
    rule: 'swallowed-error-async-event',
    page: 'with-s3-tutorial',
    mistake: '} catch (problem) {',
    mended: '} finally {',
    files: {
      'template.yaml': sam(uploads, bucket),
      'src/app.js':
        "const { shrink } = require('./shrink')\n\nexports.handler = async (event) => {\n  try {\n    await shrink(event.Records)\n  } catch (problem) {\n    console.log('no thumbnail')\n    return\n  }\n}\n",
      'src/shrink.js': 'exports.shrink = async (records) => records.length\n',
    },
  },
  {
    rule: 's3-key-not-decoded',
    page: 'with-cloudtrail-create-package',
    mistake: 'Key: photo.object.key',
    mended: "Key: decodeURIComponent(photo.object.key.replace(/\\+/g, ' '))",
    files: {
      'template.yaml': sam(uploads, bucket),
      'src/app.js':
        "const { S3Client, GetObjectCommand } = require('@aws-sdk/client-s3')\nconst s3 = new S3Client({})\n\nexports.handler = async (event) => {\n  for (const { s3: photo } of event.Records) {\n    await s3.send(new GetObjectCommand({\n      Bucket: photo.bucket.name,\n      Key: photo.object.key\n    }))\n  }\n}\n",
    },
  },
  {
    rule: 'batch-first-record-only',
    page: 'with-sns-create-package',
    mistake: 'event.Records[0].body',
    mended: 'event.Records.map((record) => record.body)',
    files: {
      'template.yaml': sam(trigger('SQS', 'Queue: "arn:aws:sqs:eu-west-1:123456789012:jobs"')),
      'src/app.js':
        'exports.handler = async (event) => {\n  const text = event.Records[0].body\n  console.log(text)\n}\n',
    },
  },
  {
    rule: 'event-field-case',
    page: 'with-ddb-create-package',
    mistake: 'dynamodb.sequenceNumber',
    mended: 'dynamodb.SequenceNumber',
    files: {
      'template.yaml': sam(stream),
      'src/app.js':
        'exports.handler = async (event) => {\n  for (const record of event.Records) {\n    console.log(record.dynamodb.sequenceNumber)\n  }\n}\n',
    },
  },
  {
    rule: 'event-field-case',
    page: 'with-sns-create-package',
    mistake: 'record.sns',
    mended: 'record.Sns',
    files: {
      'template.yaml': sam(topic),
      'src/app.js':
        'exports.handler = async (event) => {\n  for (const record of event.Records) {\n    console.log(record.sns)\n  }\n}\n',
    },
  },
  {
    rule: 'kinesis-data-not-decoded',
    page: 'with-kinesis-create-package',
    mistake: "toString('ascii')",
    mended: "toString('utf8')",
    files: {
      'template.yaml': sam(records),
      'src/app.js':
        "exports.handler = async (event) => {\n  for (const record of event.Records) {\n    console.log(Buffer.from(record.kinesis.data, 'base64').toString('ascii'))\n  }\n}\n",
    },
  },
  {
    rule: 'apigw-status-code-missing',
    page: 'services-apigateway-blueprint',
    mistake: "statusCode: '400'",
    mended: 'statusCode: 400',
    files: {
      'template.yaml': sam(route),
      'src/app.js':
        "exports.handler = async (event) => {\n  if (!event.body) return { statusCode: '400', body: 'no body' }\n  return { statusCode: 200, body: event.body }\n}\n",
    },
  },
  {
    rule: 'sfn-retry-missing',
    page: 'services-stepfunctions',
    mistake: 'ErrorEquals: [Lambda.TooManyRequestsException, CardDeclined]',
    mended: 'ErrorEquals: [CardDeclined]',
    files: { 'template.yaml': `Transform: AWS::Serverless-2016-10-31\n${machine}` },
  },
  {
    rule: 'sqs-queue-without-redrive',
    page: 'with-sqs-example-use-app-spec',
    mistake: 'Properties: {VisibilityTimeout: 60}',
    mended:
      'Properties: {RedrivePolicy: {deadLetterTargetArn: "arn:aws:sqs:eu-west-1:123456789012:failed", maxReceiveCount: 5}}',
    files: {
      'template.yaml': sam(
        trigger('SQS', 'Queue: !GetAtt Jobs.Arn'),
        '  Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 60}}\n',
      ),
      'src/app.js': idle,
    },
  },
  {
    rule: 'callback-unsupported-runtime',
    page: 'nodejs-handler',
    mistake: '(event, context, callback)',
    mended: '(event, context)',
    files: {
      'template.yaml': `Transform: AWS::Serverless-2016-10-31
Resources:
  Check: {Type: AWS::Serverless::Function, Properties: {Handler: app.handler, Runtime: nodejs22.x}}
`,
      'app.js':
        "exports.handler = (event, context, callback) => {\n  const { get } = require('node:https')\n  get(event.url, (answer) => callback(null, answer.statusCode))\n}\n",
    },
  },
  {
    rule: 'deprecated-runtime',
    page: 'lambda-nodejs',
    mistake: 'nodejs12.x',
    mended: 'nodejs22.x',
    files: {
      'serverless.yml':
        'service: visits\nprovider:\n  name: aws\n  runtime: nodejs12.x\nfunctions:\n  count: {handler: app.handler}\n',
      'app.js': idle,
    },
  },
]

let folder = ''
let serial = 0
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lambdacheck-samples-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function findingsOf(rule: string, files: Sample['files']): Promise<readonly Finding[]> {
  const root = join(folder, String(++serial))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const { findings, notes } = await lint(lintOptions(root, { preset: 'strict' }))
  expect(notes.filter(note => note.startsWith('rule '))).toEqual([])
  return findings.filter(finding => finding.rule === rule)
}

it.each(SAMPLES)(
  '$rule finds the mistake of $page, and nothing once it is mended',
  async ({ rule, files, mistake, mended }) => {
    const [path, text] = Object.entries(files).find(([, body]) => body.includes(mistake))!
    const line = text.slice(0, text.indexOf(mistake)).split('\n').length
    const found = await findingsOf(rule, files)
    expect(found.map(finding => `${finding.location.file}:${finding.location.line}`)).toEqual([`${path}:${line}`])
    expect(await findingsOf(rule, { ...files, [path]: text.replace(mistake, () => mended) })).toEqual([])
  },
)

it('sfn-retry-missing finds the choice without a default of stepfunctions-patterns', async () => {
  const text = `Transform: AWS::Serverless-2016-10-31\n${machine.replace('Lambda.TooManyRequestsException, CardDeclined', 'CardDeclined')}`
  expect(await findingsOf('sfn-retry-missing', { 'template.yaml': text })).toEqual([])
  const found = await findingsOf('sfn-retry-missing', {
    'template.yaml': text.replace('            Default: Done\n', ''),
  })
  expect(found.map(finding => text.split('\n')[finding.location.line - 1]!.trim())).toEqual(['Paid:'])
})

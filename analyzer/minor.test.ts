/**
 * What only `strict` says, or whoever configures the rule: right, and of use to few. Beside each stands the same where
 * it is of use to all.
 */
import { describe, expect, it } from 'vitest'
import { loadKnowledge } from './data/pages.ts'
import { runRules } from './engine/run.ts'
import { applicationOf } from './fixtures/project.ts'
import { rules } from './rules/index.ts'

const { quota } = loadKnowledge()

function count(id: string, files: { readonly [file: string]: string }, isThorough: boolean): number {
  const { findings } = runRules(
    applicationOf(files),
    rules.filter(rule => rule.id === id),
    { severity: () => 'warning', quota, isThorough: () => isThorough },
  )
  return findings.length
}

const CODE = `import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3'
export const handler = async event => {
  const s3 = new S3Client({})
  try {
    await s3.send(new GetObjectCommand({ Bucket: 'b', Key: event.key }))
  } catch (error) {
    console.log(error)
  }
}
`
const runBy = (type: string, properties: string): { readonly [file: string]: string } => ({
  'app.mjs': CODE,
  'template.yaml': `Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: ., Handler: app.handler, Runtime: nodejs22.x, Events: {E: {Type: ${type}, Properties: ${properties}}}}
`,
})
const TOPIC = '{Topic: "arn:aws:sns:eu-west-1:111122223333:t"}'
const QUEUE = '{Queue: "arn:aws:sqs:eu-west-1:111122223333:q"}'

/** Answers like a request, and no event is told; beside it stands a function of an API, or none. */
const byName = (beside: string): { readonly [file: string]: string } => ({
  'app.mjs': CODE.replace('\n}\n', '\n  return { statusCode: 200 }\n}\n'),
  'template.yaml': `Transform: AWS::Serverless-2016-10-31
Resources:
  F: {Type: AWS::Serverless::Function, Properties: {CodeUri: ., Handler: app.handler, Runtime: nodejs22.x}}
${beside}`,
})
const API =
  '  A: {Type: AWS::Serverless::Function, Properties: {CodeUri: ., Handler: api.handler, Runtime: nodejs22.x, Events: {E: {Type: Api, Properties: {Path: /, Method: get}}}}}\n'
const lasting = (seconds: number): { readonly [file: string]: string } => ({
  'template.yaml': `Transform: AWS::Serverless-2016-10-31
Resources:
${API.replace('Events:', `Timeout: ${seconds}, Events:`)}`,
})

const bucket = (name: string): { readonly [file: string]: string } => ({
  'template.yaml': `Parameters: {Name: {Type: String, Default: To_Be_Given}}
Resources:
  B: {Type: AWS::S3::Bucket, Properties: {BucketName: ${name}}}
  F: {Type: AWS::Lambda::Function, Properties: {Code: {S3Bucket: b, S3Key: k}, Handler: a.b, Runtime: nodejs22.x, Role: "arn:aws:iam::111122223333:role/r"}}
`,
})
const role = (service: string, resource: string): { readonly [file: string]: string } => ({
  'template.yaml': `Parameters: {Table: {Type: String, Default: "*"}}
Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: ${service}}}]}
      Policies:
        - PolicyName: p
          PolicyDocument:
            {Version: "2012-10-17", Statement: [{Effect: Allow, Action: ["ssm:GetParameter", "dynamodb:PutItem"], Resource: ${resource}}]}
`,
})
/** A right that can be allowed on everything alone, on something named. */
const granted = (action: string): { readonly [file: string]: string } => {
  const { 'template.yaml': text = '' } = role(
    'lambda.amazonaws.com',
    '"arn:aws:dynamodb:eu-west-1:111122223333:table/t"',
  )
  return { 'template.yaml': text.replace('["ssm:GetParameter", "dynamodb:PutItem"]', action) }
}
const PARAMETER = '"arn:aws:ssm:eu-west-1:111122223333:parameter/p"'

describe('said by strict alone', () => {
  it.each([
    ['client-inside-handler', 'for a topic', runBy('SNS', TOPIC), 'for a queue', runBy('SQS', QUEUE)],
    ['client-inside-handler', 'called by name', byName(API), 'of which no template says more', byName('')],
    ['timeout-over-caller-limit', 'by a second', lasting(30), 'by two', lasting(31)],
    [
      'swallowed-error-async-event',
      'for a schedule',
      runBy('Schedule', '{Schedule: rate(1 hour)}'),
      'for a queue',
      runBy('SQS', QUEUE),
    ],
    ['resource-property-value', 'of a default', bucket('!Ref Name'), 'of what is written', bucket('To_Be_Given')],
    [
      'policy-resource-mismatch',
      'for a task',
      role('ecs-tasks.amazonaws.com', PARAMETER),
      'for a function',
      role('lambda.amazonaws.com', PARAMETER),
    ],
    [
      'policy-resource-mismatch',
      'that lists streams',
      granted('dynamodb:ListStreams'),
      'that lists secrets',
      granted('secretsmanager:ListSecrets'),
    ],
    [
      'iam-wildcard-resource',
      'by a default',
      role('lambda.amazonaws.com', '!Ref Table'),
      'by what is written',
      role('lambda.amazonaws.com', '"*"'),
    ],
  ] as const)('%s %s', (id, _minor, minor, _major, major) => {
    expect([count(id, minor, true), count(id, minor, false)]).toEqual([1, 0])
    expect([count(id, major, true), count(id, major, false)]).toEqual([1, 1])
  })
})

import { describe, expect, it } from 'vitest'
import { applicationOf, lintOptions, projectWith } from '../fixtures/project.ts'
import { lint } from '../lint.ts'

const network = (name: string): string => `Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties: {VisibilityTimeout: 30}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
      Policies: [{PolicyName: p, PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'sqs:*', Resource: !GetAtt Queue.Arn}]}}]
Outputs:
  QueueArn: {Value: !GetAtt Queue.Arn, Export: {Name: ${name}-queue}}
  RoleArn: {Value: !GetAtt Role.Arn, Export: {Name: ${name}-role}}
  Table: {Value: orders, Export: {Name: ${name}-table}}
`
const worker = `Parameters:
  Network: {Type: String, Default: shared}
Resources:
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      Timeout: 60
      Role: !ImportValue shared-role
      Code: {S3Bucket: code, S3Key: k}
      Environment: {Variables: {TABLE: !ImportValue shared-table, OTHER: !ImportValue gone}}
  Role:
    Type: AWS::SQS::Queue
    DependsOn: Queue
  Queue:
    Type: AWS::SQS::Queue
    Properties: {KmsMasterKeyId: !ImportValue shared-queue}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref Worker
      EventSourceArn: !ImportValue {'Fn::Sub': '\${Network}-queue'}
`

describe('imported values', () => {
  it('are what another template of the tree exports', () => {
    // In either order: the one that imports is found before the other, and after it.
    for (const path of ['a.yaml', 'z.yaml']) {
      const app = applicationOf({ [path]: worker, 'network.yaml': network('shared') })
      const [fn] = app.functions
      expect(fn?.environment.at('TABLE').string()).toBe('orders')
      expect(fn?.environment.at('OTHER').isUnknown).toBe(true)
      expect(fn?.events.map(event => [event.kind, event.resource?.template.source.path])).toEqual([
        ['sqs', 'network.yaml'],
      ])
      expect(fn?.permissions).toMatchObject({ kind: 'explicit', open: false })
    }
  })

  it('are unknown where two templates export them, or nobody does', () => {
    const twice = applicationOf({ 'a.yaml': worker, 'b.yaml': network('shared'), 'c.yaml': network('shared') })
    expect(twice.functions[0]?.environment.at('TABLE').isUnknown).toBe(true)
    expect(twice.functions[0]?.permissions).toMatchObject({ kind: 'unknown', open: true })
    const other = applicationOf({ 'a.yaml': worker, 'b.yaml': network('other') })
    expect(other.functions[0]?.environment.at('TABLE').isUnknown).toBe(true)
  })

  it('tie templates together, and make no circle of resources that are called alike', async () => {
    const root = projectWith({ 'app.yaml': worker, 'network.yaml': network('shared') })
    const { findings } = await lint(lintOptions(root))
    const found = findings.map(one => `${one.rule} ${one.location.file}`)
    expect(found).toContain('sqs-visibility-below-timeout network.yaml')
    expect(
      found.filter(one => /^(circular-dependency|reference-unknown|sdk-permission|esm-permission)/.test(one)),
    ).toEqual([])
  })
})

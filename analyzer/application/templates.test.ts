import { describe, expect, it } from 'vitest'
import { applicationOf, at } from '../fixtures/project.ts'
import type { Application } from './model.ts'

const sam = (body: string): Application =>
  applicationOf({ 'template.yaml': `Transform: AWS::Serverless-2016-10-31\n${body}` })
const cloudFormation = (body: string): Application => applicationOf({ 'template.yaml': body })

/** A template whose only bucket has the value as its name. */
function evaluated(expression: string, sections = ''): ReturnType<Application['resources'][number]['property']> {
  const app = cloudFormation(
    `${sections}\nResources:\n  Other:\n    Type: AWS::SQS::Queue\n  Bucket:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: ${expression}\n`,
  )
  expect(app.problems).toEqual([])
  return app.ofType('AWS::S3::Bucket')[0]!.property('BucketName')
}

describe('intrinsic functions', () => {
  const parameters = `Parameters:
  Stage: {Type: String, Default: dev}
  Count: {Type: Number, Default: "3"}
  Names: {Type: CommaDelimitedList, Default: "a, b"}
  Free: {Type: String}
  Choice: {Type: String, AllowedValues: [x, y]}
  Stored: {Type: "AWS::SSM::Parameter::Value<String>", Default: /path}
Mappings:
  ByRegion:
    eu-west-1: {Name: one}
    us-east-1: {Name: two}
Conditions:
  Production: !Equals [!Ref Stage, prod]
  Chosen: !Equals [!Ref Free, yes]
  Either: !Or [!Condition Production, !Not [!Condition Production]]
  Looping: !Not [!Condition Looping]`
  const value = (expression: string): ReturnType<typeof evaluated> => evaluated(expression, parameters)

  it('resolves what defaults tell, and remembers that', () => {
    expect(value('!Ref Stage').string()).toBe('dev')
    expect(value('!Ref Stage').via).toMatchObject([{ kind: 'parameter', name: 'Stage' }])
    expect(value('!Ref Count').number()).toBe(3)
    expect(
      value('!Ref Names')
        .items()
        .map(item => item.string()),
    ).toEqual(['a', 'b'])
    expect(value('!Sub "${Stage}-x-${!Literal}"').string()).toBe('dev-x-${Literal}')
    expect(value('!Join ["-", [a, !Ref Stage]]').string()).toBe('a-dev')
    expect(value('!Select [1, !Split [".", "a.b.c"]]').string()).toBe('b')
    expect(value('!FindInMap [ByRegion, eu-west-1, Name]').string()).toBe('one')
    expect(value('!If [Production, a, b]').string()).toBe('b')
    expect(value('!If [Either, a, b]').string()).toBe('a')
    expect(value('{"Fn::Sub": ["${A}/${Stage}", {"A": {"Ref": "Count"}}]}').string()).toBe('3/dev')
  })

  it('takes what it cannot resolve for unknown, neither empty nor zero', () => {
    for (const expression of [
      '!Ref Free',
      '!Ref Stored',
      '!ImportValue x',
      '!If [Chosen, a, b]',
      '!If [Looping, a, b]',
      '!Select [9, [a]]',
      '!GetAtt Other.Arn',
      '!Transform {Name: x}',
      '!FindInMap [ByRegion, !Ref AWS::Region, Name]',
      '!Own thing',
      '!Sub "x-${AWS::Region}"',
      '!GetAZs ""',
    ]) {
      const unknown = value(expression)
      expect(unknown.isUnknown, expression).toBe(true)
      expect([unknown.string(), unknown.number(), unknown.boolean()], expression).toEqual([
        undefined,
        undefined,
        undefined,
      ])
      expect(unknown.why, expression).toBeTruthy()
    }
  })

  it('knows what an undecided value may turn out to be', () => {
    expect(
      value('!If [Chosen, a, b]')
        .possible()
        .map(one => one.string()),
    ).toEqual(['a', 'b'])
    expect(
      value('!FindInMap [ByRegion, !Ref AWS::Region, Name]')
        .possible()
        .map(one => one.string()),
    ).toEqual(['one', 'two'])
    expect(
      value('!Ref Choice')
        .possible()
        .map(one => one.string()),
    ).toEqual(['x', 'y'])
    expect(
      value('!If [Chosen, !If [Chosen, a, c], !Ref AWS::NoValue]')
        .possible()
        .map(one => one.kind),
    ).toEqual(['string', 'string', 'absent'])
  })

  it('takes NoValue for absent', () => {
    expect(value('!Ref AWS::NoValue').isAbsent).toBe(true)
    expect(value('!If [Chosen, !Ref AWS::NoValue, !Ref AWS::NoValue]').isAbsent).toBe(true)
    expect(value('[a, !Ref AWS::NoValue]').items()).toHaveLength(1)
  })

  it('keeps the parts of a text', () => {
    const text = value('!Sub "arn:aws:s3:::${Stage}-${AWS::AccountId}/*"')
    expect(text.kind).toBe('joined')
    expect(text.text('?')).toBe('arn:aws:s3:::dev-?/*')
    expect(text.references().map(one => one.reference?.id)).toEqual(['AWS::AccountId'])
    expect(value('!GetAtt Other.Arn').resource?.type).toBe('AWS::SQS::Queue')
    expect(value('!GetAtt [Other, Arn]').reference).toMatchObject({ id: 'Other', attribute: 'Arn' })
  })

  it('survives parameters, conditions and references in circles', () => {
    const app = cloudFormation(`Parameters:
  A: {Type: String, Default: !Ref A}
Conditions:
  C: !Condition D
  D: !Condition C
Resources:
  One: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref Two, RedrivePolicy: {deadLetterTargetArn: !GetAtt Two.Arn}}}
  Two: {Type: AWS::SQS::Queue, Properties: {QueueName: !If [C, !Ref One, !Ref A], RedrivePolicy: {deadLetterTargetArn: !GetAtt One.Arn}}}
`)
    for (const queue of app.ofType('AWS::SQS::Queue')) queue.properties.walk(() => undefined)
    expect(app.ofType('AWS::SQS::Queue')[1]!.property('QueueName').isUnknown).toBe(true)
  })
})

describe('values', () => {
  const queue = cloudFormation(`Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: "30"
      FifoQueue: "true"
      Tags:
        - {Key: a, Value: b}
  Open:
    Type: AWS::SQS::Queue
    Properties:
      Fn::Transform: {Name: AWS::Include}
      QueueName: x
`).resources

  it('never is null, and says where something is missing', () => {
    const missing = queue[0]!.property('RedrivePolicy', 'maxReceiveCount')
    expect(missing.isAbsent).toBe(true)
    expect(at(queue[0]!.property('RedrivePolicy').loc)).toBe('template.yaml:4:5')
    expect(queue[0]!.property('Tags', 5, 'Key').isAbsent).toBe(true)
    expect(queue[0]!.property('VisibilityTimeout', 'x').isAbsent).toBe(true)
  })

  it('reads scalars as CloudFormation does', () => {
    expect(queue[0]!.property('VisibilityTimeout').number()).toBe(30)
    expect(queue[0]!.property('FifoQueue').boolean()).toBe(true)
    expect(queue[0]!.property('Tags', 0, 'Value').string()).toBe('b')
    expect(queue[0]!.property('Tags', 0, 'Value').path).toEqual([
      'Resources',
      'Queue',
      'Properties',
      'Tags',
      '0',
      'Value',
    ])
  })

  it('does not know what is below something unknown', () => {
    expect(evaluated('!ImportValue x').at('Anything', 3).isUnknown).toBe(true)
    expect(evaluated('!GetAtt Other.Arn').at('Anything').isUnknown).toBe(true)
  })

  it('does not know what an open map lacks', () => {
    expect(queue[1]!.property('QueueName').string()).toBe('x')
    expect(queue[1]!.property('RedrivePolicy').isUnknown).toBe(true)
  })
})

describe('SAM', () => {
  const app = sam(`Globals:
  Function:
    Runtime: nodejs22.x
    Timeout: 20
    Layers: [arn:one]
    Environment: {Variables: {A: "1", B: "2"}}
Resources:
  Table: {Type: AWS::DynamoDB::Table}
  Policy: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Statement: {Effect: Allow, Action: s3:GetObject, Resource: "*"}}}}
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.handler
      Layers: [arn:two]
      Environment: {Variables: {B: "3"}}
      DeadLetterQueue: {Type: SQS, TargetArn: arn:dlq}
      EventInvokeConfig: {MaximumRetryAttempts: 1, DestinationConfig: {OnFailure: {Type: SQS, Destination: arn:failed}}}
      FunctionUrlConfig: {AuthType: NONE}
      Policies:
        - AWSLambdaBasicExecutionRole
        - DynamoDBCrudPolicy: {TableName: !Ref Table}
        - Statement: [{Effect: Allow, Action: [sqs:SendMessage], Resource: !GetAtt Table.Arn}]
        - !Ref Policy
      Events:
        Stream: {Type: DynamoDB, Properties: {Stream: !GetAtt Table.StreamArn, StartingPosition: LATEST}}
        Http: {Type: Api, Properties: {Path: /, Method: get}}
        Daily: {Type: Schedule, Properties: {Schedule: rate(1 day)}}
`)
  const [fn] = app.functions

  it('merges globals as the transform does', () => {
    expect(app.templates[0]!.format).toBe('sam')
    expect(fn!.timeout.number()).toBe(20)
    expect(fn!.timeout.via).toMatchObject([{ kind: 'global' }])
    expect(at(fn!.timeout.loc)).toBe('template.yaml:5:14')
    expect(fn!.layers.items().map(item => item.string())).toEqual(['arn:one', 'arn:two'])
    expect(fn!.environment.toPlain()).toEqual({ A: '1', B: '3' })
    expect(fn!.memory.number()).toBe(128)
    expect(fn!.memory.isDefault).toBe(true)
  })

  it('reads events, dead letters and asynchronous settings', () => {
    expect(fn!.events.map(event => [event.id, event.kind, event.invocation])).toEqual([
      ['Stream', 'dynamodb', 'poll'],
      ['Http', 'rest-api', 'sync'],
      ['Daily', 'schedule', 'async'],
      ['FunctionUrl', 'url', 'sync'],
    ])
    expect(fn!.events[0]!.resource?.id).toBe('Table')
    expect(fn!.events[0]!.property('StartingPosition').string()).toBe('LATEST')
    expect(fn!.deadLetter.string()).toBe('arn:dlq')
    expect(fn!.asyncConfig.maximumRetryAttempts.number()).toBe(1)
    expect(fn!.asyncConfig.onFailure.string()).toBe('arn:failed')
  })

  it('reads its policies', () => {
    const { permissions } = fn!
    expect(permissions.kind).toBe('generated')
    expect(permissions.managed.map(one => one.string())).toEqual(['AWSLambdaBasicExecutionRole'])
    expect(permissions.templates.map(one => one.name)).toEqual(['DynamoDBCrudPolicy'])
    expect(
      permissions.policies.flatMap(policy =>
        policy.statements.flatMap(statement => statement.actions.map(action => action.string())),
      ),
    ).toEqual(['sqs:SendMessage', 's3:GetObject'])
    expect(permissions.open).toBe(false)
  })
})

describe('CloudFormation', () => {
  const app = cloudFormation(`Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
      ManagedPolicyArns: [!Sub "arn:\${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]
      Policies: [{PolicyName: a, PolicyDocument: {Statement: [{Effect: Allow, Action: [s3:GetObject], Resource: "*"}]}}]
  Attached:
    Type: AWS::IAM::Policy
    Properties: {PolicyName: b, Roles: [!Ref Role], PolicyDocument: {Statement: [{Effect: Allow, Action: [sqs:ReceiveMessage], Resource: "*"}]}}
  Queue: {Type: AWS::SQS::Queue}
  Topic: {Type: AWS::SNS::Topic}
  Fn:
    Type: AWS::Lambda::Function
    Properties: {Handler: index.handler, Runtime: nodejs22.x, Role: !GetAtt Role.Arn, Code: {ZipFile: ""}, FunctionName: named}
  Imported:
    Type: AWS::Lambda::Function
    Properties: {Handler: index.handler, Runtime: nodejs22.x, Role: !ImportValue role, Code: {S3Bucket: code, S3Key: k}}
  Alias: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Fn, Name: live, FunctionVersion: "1"}}
  Mapping: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref Alias, BatchSize: 5}}
  Sub: {Type: AWS::SNS::Subscription, Properties: {Protocol: lambda, Endpoint: !GetAtt Fn.Arn, TopicArn: !Ref Topic}}
  Rule: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day), Targets: [{Arn: !GetAtt Fn.Arn, Id: x}]}}
  Invoke: {Type: AWS::Lambda::EventInvokeConfig, Properties: {FunctionName: named, MaximumRetryAttempts: 0, Qualifier: $LATEST}}
  Permission: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !GetAtt Fn.Arn, Action: lambda:InvokeFunction, Principal: sns.amazonaws.com}}
`)
  const [fn, imported] = app.functions

  it('ties triggers to functions, through aliases and names', () => {
    expect(fn!.events.map(event => [event.id, event.kind])).toEqual([
      ['Mapping', 'sqs'],
      ['Sub', 'sns'],
      ['Rule', 'schedule'],
    ])
    expect(fn!.events[0]!.resource?.id).toBe('Queue')
    expect(fn!.events[0]!.property('BatchSize').number()).toBe(5)
    expect(fn!.asyncConfig.maximumRetryAttempts.number()).toBe(0)
    expect(app.invokePermissions[0]!.function).toBe(fn)
  })

  it('gathers what a role allows, and admits what it cannot see', () => {
    expect(fn!.permissions).toMatchObject({ kind: 'explicit', open: false })
    expect(
      fn!.permissions.policies.flatMap(policy => policy.statements.map(statement => statement.actions[0]!.string())),
    ).toEqual(['s3:GetObject', 'sqs:ReceiveMessage'])
    expect(imported!.permissions).toMatchObject({ kind: 'unknown', open: true })
  })

  it('lists every policy document by kind', () => {
    expect(app.policies.map(policy => policy.kind)).toEqual(['trust', 'identity', 'identity'])
  })
})

describe('other files', () => {
  it('takes policy documents for policies, and leaves other YAML and JSON alone', () => {
    const app = applicationOf({
      'policy.json': '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}',
      'bucket-policy.json':
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}]}',
      'data.json': '{"Statement": "no policy", "Version": 1}',
      'compose.yaml': 'services: {web: {image: x}}',
      'broken.yaml': 'a: [',
    })
    expect(app.policies.map(policy => [policy.loc.source.path, policy.kind])).toEqual([
      ['bucket-policy.json', 'resource'],
      ['policy.json', 'identity'],
    ])
    expect(app.problems).toEqual([])
    expect(app.templates).toEqual([])
  })
})

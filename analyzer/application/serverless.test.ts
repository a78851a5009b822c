import { describe, expect, it } from 'vitest'
import { applicationOf, at } from '../fixtures/project.ts'

const files = {
  'serverless.yml': `service: shop
frameworkVersion: "3"
custom:
  stage: \${opt:stage, 'test'}
  timeouts: {test: 12, prod: 30}
  table: \${self:service}-\${self:custom.stage}-orders
  loop: \${self:custom.loop}
  ring: \${self:custom.gnir}
  gnir: \${self:custom.ring}
provider:
  name: aws
  runtime: nodejs22.x
  stage: \${self:custom.stage}
  memorySize: 512
  tracing: {lambda: true}
  environment:
    TABLE: \${self:custom.table}
    REGION: \${aws:region}
    SECRET: \${ssm:/secret}
    HOME_PAGE: \${env:HOME_PAGE, 'https://example.org'}
  iam:
    role:
      managedPolicies: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
      statements:
        - Effect: Allow
          Action: dynamodb:PutItem
          Resource: !GetAtt Orders.Arn
functions:
  api:
    handler: src/api.handler
    timeout: \${self:custom.timeouts.\${self:custom.stage}}
    environment: {TABLE: own}
    reservedConcurrency: 5
    onError: !GetAtt Dead.Arn
    url: true
    events:
      - http: GET /orders
      - httpApi: {path: /x, method: post}
      - schedule: rate(1 hour)
      - eventBridge: {pattern: {source: [x]}}
  worker-two:
    handler: src/worker.handler
    maximumRetryAttempts: 1
    destinations: {onFailure: arn:aws:sqs:eu-west-1:123456789012:failed}
    events:
      - sqs: {arn: !GetAtt Jobs.Arn, batchSize: 20, maximumBatchingWindow: 5, functionResponseType: ReportBatchItemFailures}
      - stream: {type: dynamodb, arn: !GetAtt Orders.StreamArn, maximumRetryAttempts: 3, destinations: {onFailure: {arn: !GetAtt Dead.Arn, type: sqs}}}
      - s3: {bucket: uploads, event: "s3:ObjectCreated:*", rules: [{prefix: in/}, {suffix: .jpg}]}
      - sns: arn:aws:sns:eu-west-1:123456789012:topic
  included: \${file(functions/included.yml):included}
  looping:
    handler: x.handler
    timeout: \${self:custom.loop}
    memorySize: \${self:custom.ring}
resources:
  - Resources:
      Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: "\${self:service}-jobs", KmsMasterKeyId: !Sub "arn:\${AWS::Partition}:\${self:custom.stage}"}}
      Dead: {Type: AWS::SQS::Queue}
  - \${file(resources.json)}
`,
  'functions/included.yml': 'included:\n  handler: src/included.handler\n  timeout: 45\n',
  'resources.json':
    '{"Resources": {"Orders": {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "${self:custom.table}"}}}}',
}

describe('serverless.yml', () => {
  const app = applicationOf(files)
  const [api, worker, included, looping] = app.functions

  it('finds functions, also those that are included', () => {
    expect(app.problems).toEqual([])
    expect(app.functions.map(fn => [fn.id, fn.resource.id])).toEqual([
      ['api', 'ApiLambdaFunction'],
      ['worker-two', 'WorkerDashtwoLambdaFunction'],
      ['included', 'IncludedLambdaFunction'],
      ['looping', 'LoopingLambdaFunction'],
    ])
    expect(included!.timeout.number()).toBe(45)
    expect(at(included!.timeout.loc)).toBe('functions/included.yml:3:12')
  })

  it('resolves variables, and remembers which a deployment may give', () => {
    expect(api!.timeout.number()).toBe(12)
    expect(at(api!.timeout.loc)).toBe('serverless.yml:31:14')
    expect(api!.environment.at('HOME_PAGE').string()).toBe('https://example.org')
    expect(
      api!.environment.at('HOME_PAGE').via.some(via => via.kind === 'parameter' && via.name === 'env:HOME_PAGE'),
    ).toBe(true)
    expect(api!.environment.at('SECRET').isUnknown).toBe(true)
    expect(api!.environment.at('REGION').isUnknown).toBe(true)
    expect(app.ofType('AWS::SQS::Queue')[0]!.property('QueueName').string()).toBe('shop-jobs')
    expect(app.ofType('AWS::SQS::Queue')[0]!.property('KmsMasterKeyId').text()).toBe('arn:*:test')
    expect(app.ofType('AWS::DynamoDB::Table')[0]!.property('TableName').string()).toBe('shop-test-orders')
    expect(worker!.name.string()).toBe('shop-test-worker-two')
  })

  it('takes what every stage that is named gives, where a deployment says which it is', () => {
    const service = (more: string, memory: string): readonly (number | undefined)[] => {
      const app = applicationOf({
        'serverless.yml': `service: shop\n${more}\nfunctions:\n  api: {handler: src/api.handler, memorySize: "${memory}"}\n`,
        'config.dev.yml': 'memory: 128\n',
        'config.prod.yml': 'memory: 512\n',
      })
      const value = app.functions[0]?.memory
      expect(value?.number()).toBeUndefined()
      return value?.possible().map(one => one.number()) ?? []
    }
    const provider = 'provider: {name: aws, runtime: nodejs22.x, stage: "${opt:stage}"}'
    const table = `custom: {memory: {dev: 256, prod: 20000}, dev: {memory: 300}, prod: {memory: 400}, stage: "\${opt:stage}"}\n${provider}`
    expect(service(table, '${self:custom.memory.${opt:stage}}')).toEqual([256, 20000])
    expect(service(table, '${self:custom.memory.${sls:stage}}')).toEqual([256, 20000])
    expect(service(table, '${self:custom.memory.${self:provider.stage}}')).toEqual([256, 20000])
    expect(service(table, '${self:custom.memory.${self:custom.stage}}')).toEqual([256, 20000])
    expect(service(table, '${self:custom.${opt:stage}.memory}')).toEqual([300, 400])
    expect(service(`custom: {stages: [dev, prod]}\n${provider}`, '${file(config.${opt:stage}.yml):memory}')).toEqual([
      128, 512,
    ])
    const params = `params: {default: {memory: 1024}, dev: {memory: 128}, prod: {other: 1}}\n${provider}`
    expect(service(params, '${param:memory}')).toEqual([1024, 128, 1024])
    // Nothing names a stage.
    expect(service(provider, '${self:custom.memory.${opt:stage}}')).toEqual([undefined])
  })

  it('survives variables in circles', () => {
    expect(looping!.timeout.isUnknown).toBe(true)
    expect(looping!.memory.isUnknown).toBe(true)
  })

  it('merges what the provider says, with the defaults of the framework', () => {
    expect(api!.environment.keys()).toEqual(['TABLE', 'REGION', 'SECRET', 'HOME_PAGE'])
    expect(api!.environment.at('TABLE').string()).toBe('own')
    expect(worker!.environment.at('TABLE').string()).toBe('shop-test-orders')
    expect(api!.memory.number()).toBe(512)
    expect(worker!.timeout.number()).toBe(6)
    expect(worker!.timeout.isDefault).toBe(true)
    expect(api!.tracing.string()).toBe('Active')
    expect(api!.reservedConcurrency.number()).toBe(5)
    expect(api!.deadLetter.resource?.id).toBe('Dead')
    expect(worker!.asyncConfig.onFailure.string()).toBe('arn:aws:sqs:eu-west-1:123456789012:failed')
  })

  it('reads events with the names of CloudFormation', () => {
    expect(api!.events.map(event => event.kind)).toEqual(['rest-api', 'http-api', 'schedule', 'eventbridge', 'url'])
    expect(api!.events[0]!.property('Method').string()).toBe('GET')
    expect(api!.events[2]!.property('Schedule').string()).toBe('rate(1 hour)')
    const [sqs, stream, s3, sns] = worker!.events
    expect(sqs!.resource?.id).toBe('Jobs')
    expect(sqs!.properties.toPlain()).toMatchObject({
      BatchSize: 20,
      MaximumBatchingWindowInSeconds: 5,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    })
    expect(stream!.kind).toBe('dynamodb')
    expect(stream!.property('MaximumRetryAttempts').number()).toBe(3)
    expect(stream!.property('DestinationConfig', 'OnFailure', 'Destination').resource?.id).toBe('Dead')
    expect(stream!.property('StartingPosition').isDefault).toBe(true)
    expect(s3!.property('Filter', 'S3Key', 'Rules').toPlain()).toEqual([
      { Name: 'prefix', Value: 'in/' },
      { Name: 'suffix', Value: '.jpg' },
    ])
    expect(sns!.source.string()).toContain('topic')
  })

  it('reads the statements of the shared role', () => {
    expect(api!.permissions.kind).toBe('generated')
    expect(api!.permissions.policies[0]!.statements[0]!.actions[0]!.string()).toBe('dynamodb:PutItem')
    expect(api!.permissions.policies[0]!.statements[0]!.resources[0]!.resource?.id).toBe('Orders')
    expect(api!.permissions.open).toBe(false)
  })

  it('reads no file outside the project, and runs none', () => {
    const outside = applicationOf({
      'serverless.yml':
        'service: a\nprovider: {name: aws}\nfunctions:\n  f:\n    handler: a.b\n    timeout: ${file(../../../../etc/passwd.yml):x}\n    memorySize: ${file(evil.js):x}\n',
      'evil.js': 'throw new Error("executed")',
    })
    expect(outside.functions[0]!.timeout.why).toContain('outside')
    expect(outside.functions[0]!.memory.isUnknown).toBe(true)
  })
})

it('a file of another name with sections of its own belongs to another tool', () => {
  const service = `service: jobs
provider: {name: aws, runtime: python3.13}
functions: {tick: {handler: app.tick}}
`
  const formats = (file: string, text: string): readonly string[] =>
    applicationOf({ [file]: text }).templates.map(template => template.format)
  expect(formats('jobs.yml', service)).toEqual(['serverless'])
  expect(formats('jobs.yml', `${service}providers: {local: {region: local}}\n`)).toEqual([])
  expect(formats('serverless.yml', `${service}providers: {local: {region: local}}\n`)).toEqual(['serverless'])
})

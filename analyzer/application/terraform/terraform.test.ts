import { describe, expect, it } from 'vitest'
import { applicationOf, at } from '../../fixtures/project.ts'

const module = {
  variable: { timeout: { default: 20 }, free: {} },
  locals: { prefix: 'shop' },
  data: {
    archive_file: { code: { type: 'zip', source_dir: '${path.module}/src', output_path: '${path.module}/code.zip' } },
    aws_iam_policy_document: {
      doc: { statement: [{ actions: ['sqs:ReceiveMessage'], resources: ['${aws_sqs_queue.jobs.arn}'] }] },
    },
  },
  resource: {
    aws_lambda_function: {
      worker: {
        function_name: '${local.prefix}-worker',
        handler: 'app.handler',
        runtime: 'nodejs22.x',
        timeout: '${var.timeout}',
        memory_size: '${var.free}',
        role: '${aws_iam_role.role.arn}',
        filename: '${data.archive_file.code.output_path}',
        reserved_concurrent_executions: -1,
        environment: { variables: { QUEUE: '${aws_sqs_queue.jobs.url}', STAGE: 'test' } },
        tracing_config: [{ mode: 'Active' }],
      },
    },
    aws_sqs_queue: { jobs: { name: 'jobs', visibility_timeout_seconds: 10 }, dead: {} },
    aws_sqs_queue_redrive_policy: {
      jobs: {
        queue_url: '${aws_sqs_queue.jobs.id}',
        redrive_policy: '{"deadLetterTargetArn": "x", "maxReceiveCount": 3}',
      },
    },
    aws_lambda_event_source_mapping: {
      jobs: {
        event_source_arn: '${aws_sqs_queue.jobs.arn}',
        function_name: '${aws_lambda_function.worker.arn}',
        batch_size: 5,
      },
    },
    aws_iam_role: { role: { name: 'worker', assume_role_policy: '{"Statement": []}' } },
    aws_iam_role_policy: {
      more: { role: '${aws_iam_role.role.id}', policy: '${data.aws_iam_policy_document.doc.json}' },
    },
    aws_iam_role_policy_attachment: {
      logs: {
        role: '${aws_iam_role.role.name}',
        policy_arn: 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
      },
    },
    aws_cloudwatch_event_rule: { daily: { schedule_expression: 'rate(1 day)' } },
    aws_cloudwatch_event_target: {
      daily: { rule: '${aws_cloudwatch_event_rule.daily.name}', arn: '${aws_lambda_function.worker.arn}' },
    },
    aws_s3_bucket_notification: {
      uploads: {
        bucket: 'uploads',
        lambda_function: [
          {
            lambda_function_arn: '${aws_lambda_function.worker.arn}',
            events: ['s3:ObjectCreated:*'],
            filter_prefix: 'in/',
          },
        ],
      },
    },
    aws_lambda_permission: {
      s3: {
        function_name: '${aws_lambda_function.worker.function_name}',
        action: 'lambda:InvokeFunction',
        principal: 's3.amazonaws.com',
      },
    },
  },
}

describe('.tf.json', () => {
  const app = applicationOf({
    'infra/main.tf.json': JSON.stringify(module, null, 2),
    'infra/src/app.js': 'exports.handler = async (event) => event',
  })
  const [worker] = app.functions

  it('reads functions with the names of CloudFormation', () => {
    expect(app.problems).toEqual([])
    expect(worker!.id).toBe('aws_lambda_function.worker')
    expect(worker!.name.string()).toBe('shop-worker')
    expect(worker!.timeout.number()).toBe(20)
    expect(worker!.timeout.via.some(via => via.kind === 'parameter' && via.name === 'timeout')).toBe(true)
    expect(worker!.memory.isUnknown).toBe(true)
    expect(worker!.reservedConcurrency.isAbsent).toBe(true)
    expect(worker!.tracing.string()).toBe('Active')
    expect(worker!.environment.at('STAGE').string()).toBe('test')
    expect(worker!.environment.at('QUEUE').resource?.id).toBe('aws_sqs_queue.jobs')
    expect(at(worker!.environment.at('STAGE').loc)).toMatch(/^infra\/main\.tf\.json:\d+:\d+$/)
  })

  it('puts together what Terraform keeps apart', () => {
    const jobs = app.ofType('AWS::SQS::Queue').find(queue => queue.id === 'aws_sqs_queue.jobs')!
    expect(jobs.property('VisibilityTimeout').number()).toBe(10)
    expect(jobs.property('RedrivePolicy', 'maxReceiveCount').number()).toBe(3)
    expect(worker!.events.map(event => event.kind).sort()).toEqual(['s3', 'schedule', 'sqs'])
    expect(worker!.events.find(event => event.kind === 'sqs')!.resource).toBe(jobs)
    expect(app.invokePermissions[0]!.function).toBe(worker)
  })

  it('gathers what the role allows', () => {
    expect(worker!.permissions.kind).toBe('explicit')
    expect(worker!.permissions.open).toBe(false)
    expect(worker!.permissions.managed.map(one => one.string())).toEqual([
      'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
    ])
    expect(
      worker!.permissions.policies.flatMap(policy =>
        policy.statements.flatMap(statement => statement.actions.map(action => action.string())),
      ),
    ).toEqual(['sqs:ReceiveMessage'])
    expect(worker!.permissions.policies[0]!.statements[0]!.resources[0]!.resource?.id).toBe('aws_sqs_queue.jobs')
  })

  it('finds the handler through the archive that Terraform makes', () => {
    expect(worker!.lookup.found || worker!.lookup.why).toBe(true)
    expect(worker!.entry?.file.path).toBe('infra/src/app.js')
  })
})

describe('a plan', () => {
  const plan = {
    format_version: '1.2',
    terraform_version: '1.9.0',
    planned_values: {
      root_module: {
        resources: [
          {
            address: 'aws_sqs_queue.jobs',
            mode: 'managed',
            type: 'aws_sqs_queue',
            name: 'jobs',
            values: { name: 'jobs', visibility_timeout_seconds: 30, redrive_policy: null },
          },
          {
            address: 'aws_lambda_event_source_mapping.jobs',
            mode: 'managed',
            type: 'aws_lambda_event_source_mapping',
            name: 'jobs',
            values: { batch_size: 10, starting_position: null },
          },
        ],
        child_modules: [
          {
            address: 'module.worker',
            resources: [
              {
                address: 'module.worker.aws_lambda_function.this[0]',
                mode: 'managed',
                type: 'aws_lambda_function',
                name: 'this',
                values: {
                  function_name: 'worker',
                  handler: 'a.b',
                  runtime: 'nodejs22.x',
                  timeout: 60,
                  environment: [{ variables: { A: '1' } }],
                },
              },
            ],
          },
        ],
      },
    },
    resource_changes: [
      {
        address: 'aws_lambda_event_source_mapping.jobs',
        change: { after_unknown: { event_source_arn: true, function_name: false } },
      },
      {
        address: 'module.worker.aws_lambda_function.this[0]',
        change: { after_unknown: { role: true, environment: [{ variables: { B: true } }] } },
      },
    ],
    configuration: {
      root_module: {
        resources: [
          {
            address: 'aws_lambda_event_source_mapping.jobs',
            expressions: { event_source_arn: { references: ['aws_sqs_queue.jobs.arn', 'aws_sqs_queue.jobs'] } },
          },
        ],
        module_calls: {
          worker: {
            module: {
              resources: [
                { address: 'aws_lambda_function.this', expressions: { role: { references: ['aws_iam_role.r.arn'] } } },
              ],
            },
          },
        },
      },
    },
  }
  const app = applicationOf({ 'plan.json': JSON.stringify(plan) })

  it('knows what is known, and not what comes after apply', () => {
    const [fn] = app.functions
    expect(fn!.id).toBe('module.worker.aws_lambda_function.this')
    expect(fn!.timeout.number()).toBe(60)
    expect(fn!.environment.at('A').string()).toBe('1')
    expect(fn!.environment.at('B').isUnknown).toBe(true)
    expect(fn!.environment.at('C').isAbsent).toBe(true)
    expect(fn!.permissions).toMatchObject({ kind: 'unknown', open: true })
    expect(app.ofType('AWS::SQS::Queue')[0]!.property('RedrivePolicy').isAbsent).toBe(true)
    const mapping = app.ofType('AWS::Lambda::EventSourceMapping')[0]!
    expect(mapping.property('EventSourceArn').resource?.id).toBe('aws_sqs_queue.jobs')
    expect(mapping.property('StartingPosition').isAbsent).toBe(true)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applicationOf, at } from '../../fixtures/project.ts'
import type { LambdaFunction } from '../model.ts'

const HANDLER = 'exports.handler = async (event) => event\n'

const fn = (functions: readonly LambdaFunction[], id: string): LambdaFunction => {
  const found = functions.find(one => one.id === id)
  if (!found) throw new Error(`${id} is not among ${functions.map(one => one.id).join(', ')}`)
  return found
}

const actionsOf = (one: LambdaFunction): readonly (string | undefined)[] =>
  one.permissions.policies.flatMap(policy =>
    policy.statements.flatMap(statement => statement.actions.map(action => action.string())),
  )

describe('a module of .tf files', () => {
  const app = applicationOf({
    'infra/variables.tf': `
variable "stage" {
  type    = string
  default = "dev"
}
variable "timeout" { default = 20 }
variable "free" {}
variable "extra" { default = {} }
`,
    'infra/terraform.tfvars': 'timeout = 45\n',
    'infra/staging.tfvars': 'timeout = 5\n',
    'infra/main.tf': `
# a comment with \${nothing} in it
locals {
  name   = "shop-\${var.stage}"
  common = { LOG_LEVEL = "info", QUEUE = aws_sqs_queue.jobs.url }
}

data "aws_caller_identity" "current" {}

data "archive_file" "code" {
  type        = "zip"
  source_dir  = "\${path.module}/src"
  output_path = "\${path.module}/code.zip"
}

resource "aws_lambda_function" "worker" {
  function_name    = "\${local.name}-worker"
  handler          = "app.handler"
  runtime          = "nodejs22.x"
  timeout          = var.timeout
  memory_size      = var.free
  role             = aws_iam_role.worker.arn
  filename         = data.archive_file.code.output_path
  source_code_hash = filebase64sha256(data.archive_file.code.output_path)
  environment {
    variables = merge(local.common, { STAGE = upper(var.stage), TABLE = "t-\${data.aws_caller_identity.current.account_id}" }, var.extra)
  }
  dynamic "vpc_config" {
    for_each = var.stage == "prod" ? [1] : []
    content { subnet_ids = ["subnet-1"] }
  }
  dynamic "tracing_config" {
    for_each = ["Active"]
    content { mode = tracing_config.value }
  }
}

resource "aws_sqs_queue" "jobs" {
  name                       = "jobs"
  visibility_timeout_seconds = 6 * var.timeout
  redrive_policy = <<-EOF
    {
      "deadLetterTargetArn": "\${aws_sqs_queue.dead.arn}",
      "maxReceiveCount": 3
    }
  EOF
}
resource "aws_sqs_queue" "dead" { name = "dead" }

resource "aws_lambda_event_source_mapping" "jobs" {
  event_source_arn = aws_sqs_queue.jobs.arn
  function_name    = aws_lambda_function.worker.arn
  scaling_config { maximum_concurrency = 5 }
}

resource "aws_iam_role" "worker" {
  name               = "worker"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}
data "aws_iam_policy_document" "queue" {
  statement {
    actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage"]
    resources = [aws_sqs_queue.jobs.arn]
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}
resource "aws_iam_role_policy" "queue" {
  role   = aws_iam_role.worker.id
  policy = data.aws_iam_policy_document.queue.json
}
resource "aws_iam_role_policy" "text" {
  role   = aws_iam_role.worker.name
  policy = <<POLICY
{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "\${aws_sqs_queue.dead.arn}"}]}
POLICY
}
`,
    'infra/src/app.js': HANDLER,
  })
  const worker = fn(app.functions, 'aws_lambda_function.worker')
  const queue = app.ofType('AWS::SQS::Queue').find(one => one.id === 'aws_sqs_queue.jobs')

  it('is read without a problem, as one template', () => {
    expect(app.problems).toEqual([])
    expect(app.templates.map(template => [template.format, template.open])).toEqual([['terraform', false]])
  })

  it('knows variables by their defaults and by terraform.tfvars, and locals', () => {
    expect(worker.name.string()).toBe('shop-dev-worker')
    expect(worker.name.via.map(via => `${via.kind} ${via.name}`)).toContain('parameter stage')
    expect(worker.timeout.number()).toBe(45)
    expect(worker.memory.isUnknown).toBe(true)
    expect(worker.memory.why).toBe('variable free has no default')
    expect(at(worker.timeout.loc)).toBe('infra/main.tf:20:22')
  })

  it('merges maps, and makes of dynamic blocks what they would be', () => {
    expect(worker.environment.keys()).toEqual(['LOG_LEVEL', 'QUEUE', 'STAGE', 'TABLE'])
    expect(worker.environment.at('STAGE').string()).toBe('DEV')
    expect(worker.environment.at('QUEUE').resource).toBe(queue)
    expect(worker.environment.at('TABLE').text(part => `<${part.reference?.id}>`)).toBe('t-<AWS::AccountId>')
    expect(worker.environment.at('OTHER').isAbsent).toBe(true)
    expect(worker.vpc.isAbsent).toBe(true)
    expect(worker.tracing.string()).toBe('Active')
  })

  it('calculates, and reads documents that stand in texts', () => {
    expect(queue?.property('VisibilityTimeout').number()).toBe(270)
    expect(queue?.property('RedrivePolicy', 'maxReceiveCount').number()).toBe(3)
    expect(queue?.property('RedrivePolicy', 'deadLetterTargetArn').resource?.id).toBe('aws_sqs_queue.dead')
    expect(worker.events[0]?.property('ScalingConfig', 'MaximumConcurrency').number()).toBe(5)
  })

  it('gathers what the role allows, however the policy is written', () => {
    expect(worker.permissions).toMatchObject({ kind: 'explicit', open: false })
    expect(actionsOf(worker)).toEqual(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:SendMessage'])
    const resources = worker.permissions.policies.flatMap(policy => policy.statements.flatMap(one => one.resources))
    expect(resources.map(one => one.resource?.id)).toEqual(['aws_sqs_queue.jobs', 'aws_sqs_queue.dead'])
    expect(worker.permissions.policies[0]?.statements[0]?.condition.keys()).toEqual(['StringEquals'])
    expect(worker.permissions.role?.property('AssumeRolePolicyDocument', 'Statement', 0, 'Action').string()).toBe(
      'sts:AssumeRole',
    )
  })

  it('finds the handler', () => {
    expect(worker.entry?.file.path).toBe('infra/src/app.js')
  })
})

describe('many of one kind', () => {
  const app = applicationOf({
    'main.tf': `
variable "on" { default = true }
locals {
  functions = {
    orders = { handler = "orders.handler", timeout = 10 }
    stock  = { handler = "stock.handler", timeout = 30 }
  }
}
resource "aws_lambda_function" "each" {
  for_each      = local.functions
  function_name = each.key
  handler       = each.value.handler
  runtime       = "nodejs22.x"
  timeout       = each.value.timeout
  role          = aws_iam_role.role[0].arn
  filename      = "code.zip"
}
resource "aws_iam_role" "role" {
  count = var.on ? 1 : 0
  name  = "role"
}
resource "aws_iam_role_policy_attachment" "basic" {
  for_each   = toset(["arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/B"])
  role       = aws_iam_role.role[0].name
  policy_arn = each.value
}
resource "aws_sqs_queue" "shards" {
  count = 3
  name  = "shard-\${count.index}"
}
resource "aws_sqs_queue" "off" {
  count = var.on ? 0 : 1
}
resource "aws_lambda_event_source_mapping" "shards" {
  count            = length(aws_sqs_queue.shards)
  event_source_arn = aws_sqs_queue.shards[count.index].arn
  function_name    = aws_lambda_function.each["stock"].arn
}
resource "aws_lambda_permission" "each" {
  for_each      = aws_lambda_function.each
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  function_name = each.value.function_name
}
output "arns" { value = { for name, one in aws_lambda_function.each : name => one.arn } }
`,
  })

  it('makes one function of each element', () => {
    expect(app.functions.map(one => [one.id, one.name.string(), one.timeout.number()])).toEqual([
      ['aws_lambda_function.each["orders"]', 'orders', 10],
      ['aws_lambda_function.each["stock"]', 'stock', 30],
    ])
  })

  it('makes as many as count says, none for nought', () => {
    expect(app.ofType('AWS::SQS::Queue').map(one => one.property('QueueName').string())).toEqual([
      'shard-0',
      'shard-1',
      'shard-2',
    ])
    const stock = fn(app.functions, 'aws_lambda_function.each["stock"]')
    expect(stock.events.map(event => event.resource?.id)).toEqual([
      'aws_sqs_queue.shards[0]',
      'aws_sqs_queue.shards[1]',
      'aws_sqs_queue.shards[2]',
    ])
    expect(app.functions[0]?.events).toEqual([])
  })

  it('follows references to one of many', () => {
    expect(app.functions[0]?.permissions.role?.id).toBe('aws_iam_role.role')
    expect(app.functions[0]?.permissions.managed.map(one => one.string())).toEqual([
      'arn:aws:iam::aws:policy/A',
      'arn:aws:iam::aws:policy/B',
    ])
    expect(app.invokePermissions.map(one => one.function?.id)).toEqual(app.functions.map(one => one.id))
  })
})

describe('modules', () => {
  const app = applicationOf({
    'infra/main.tf': `
module "orders" {
  source   = "../modules/fn"
  name     = "orders"
  folder   = "\${path.root}/../src/orders"
  policies = [data.aws_iam_policy_document.own.json]
}
module "missing" {
  source  = "somebody/thing/aws"
  version = "1.0.0"
}
data "aws_iam_policy_document" "own" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}
resource "aws_sns_topic_subscription" "orders" {
  topic_arn = module.missing.arn
  protocol  = "lambda"
  endpoint  = module.orders.arn
}
`,
    'modules/fn/main.tf': `
variable "name" {}
variable "folder" {}
variable "timeout" { default = 12 }
variable "policies" { default = [] }
data "archive_file" "zip" {
  type        = "zip"
  source_dir  = var.folder
  output_path = "/tmp/\${var.name}.zip"
}
resource "aws_lambda_function" "this" {
  function_name = var.name
  handler       = "index.handler"
  runtime       = "nodejs22.x"
  timeout       = var.timeout
  role          = aws_iam_role.this.arn
  filename      = data.archive_file.zip.output_path
}
resource "aws_iam_role" "this" { name = "\${var.name}-role" }
resource "aws_iam_role_policy" "this" {
  count  = length(var.policies)
  role   = aws_iam_role.this.id
  policy = var.policies[count.index]
}
output "arn" { value = aws_lambda_function.this.arn }
`,
    'src/orders/index.js': HANDLER,
  })

  it('are read where they are called, with what they are given', () => {
    const [orders] = app.functions
    expect(app.functions.map(one => one.id)).toEqual(['module.orders.aws_lambda_function.this'])
    expect(orders?.name.string()).toBe('orders')
    expect(orders?.timeout.number()).toBe(12)
    expect(orders && actionsOf(orders)).toEqual(['s3:GetObject'])
    expect(orders?.events.map(event => event.kind)).toEqual(['sns'])
    expect(orders?.entry?.file.path).toBe('src/orders/index.js')
  })

  it('that are not there leave the template open', () => {
    expect(app.templates.map(template => template.open)).toEqual([true])
  })

  it('of the registry are known when they make functions', () => {
    const [made] = applicationOf({
      'main.tf': `
module "hello" {
  source        = "terraform-aws-modules/lambda/aws"
  version       = "~> 7.0"
  function_name = "hello"
  handler       = "index.handler"
  runtime       = "nodejs22.x"
  source_path   = "./src"
  environment_variables = { A = "1" }
  attach_policy_statements = true
  policy_statements = {
    read = { effect = "Allow", actions = ["s3:GetObject"], resources = ["arn:aws:s3:::b/*"] }
  }
  event_source_mapping = {
    q = { event_source_arn = aws_sqs_queue.q.arn, batch_size = 5 }
  }
  allowed_triggers = {
    rule = { principal = "events.amazonaws.com", source_arn = aws_cloudwatch_event_rule.r.arn }
  }
}
resource "aws_sqs_queue" "q" {}
resource "aws_cloudwatch_event_rule" "r" { schedule_expression = "rate(1 day)" }
resource "aws_cloudwatch_event_target" "t" {
  rule = aws_cloudwatch_event_rule.r.name
  arn  = module.hello.lambda_function_arn
}
`,
      'src/index.js': HANDLER,
    }).functions
    expect(made?.id).toBe('module.hello.aws_lambda_function.this')
    expect(made?.environment.at('A').string()).toBe('1')
    expect(made && actionsOf(made)).toEqual([
      'logs:CreateLogGroup',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:GetObject',
    ])
    expect(new Map(made?.events.map(event => [event.kind, event.property('BatchSize').number()]))).toEqual(
      new Map([
        ['sqs', 5],
        ['schedule', undefined],
      ]),
    )
    expect(made?.entry?.file.path).toBe('src/index.js')
  })

  it('that call each other in a circle end', () => {
    const own = (other: string): string => `module "m" { source = "../${other}" }\nresource "aws_sqs_queue" "q" {}\n`
    const circle = applicationOf({
      'a/main.tf': own('b'),
      'b/main.tf': own('a'),
      'main.tf': 'module "a" { source = "./a" }',
    })
    expect(circle.ofType('AWS::SQS::Queue').length).toBeGreaterThan(1)
  })
})

describe('a zip that something else makes', () => {
  const of = (zip: string): string =>
    `resource "aws_lambda_function" "f" {\n  function_name = "f"\n  handler = "index.handler"\n  runtime = "nodejs22.x"\n  filename = "${zip}"\n}\n`
  const entryOf = (files: { readonly [path: string]: string }): string | undefined =>
    applicationOf(files).functions[0]?.entry?.file.path

  it('has the sources of the only file that can be meant', () => {
    expect(entryOf({ 'main.tf': of('dist/x.zip'), 'app/index.js': HANDLER, 'web/index.js': 'render()\n' })).toBe(
      'app/index.js',
    )
  })
  it('has those of the folder that is called like it', () => {
    expect(entryOf({ 'main.tf': of('dist/b.zip'), 'a/index.js': HANDLER, 'b/src/index.js': HANDLER })).toBe(
      'b/src/index.js',
    )
  })
  it('has none where several can be meant', () => {
    expect(entryOf({ 'main.tf': of('dist/x.zip'), 'a/index.js': HANDLER, 'b/index.js': HANDLER })).toBeUndefined()
  })
})

describe('what is not known', () => {
  const valueWritten = (expression: string, more = ''): ReturnType<LambdaFunction['property']> =>
    fn(
      applicationOf({
        'main.tf': `${more}\nresource "aws_lambda_function" "f" {\n  function_name = "f"\n  description = ${expression}\n}\n`,
      }).functions,
      'aws_lambda_function.f',
    ).property('Description')

  it.each([
    ['var.nobody', undefined],
    ['data.external.x.result["a"]', undefined],
    ['uuid()', undefined],
    ['"a" == "b" ? "x" : "y"', 'y'],
    ['var.u ? "x" : "y"', undefined],
    ['local.self', undefined],
    ['try(local.none.x, "z")', undefined],
    ['coalesce("", "b")', 'b'],
    ['join("-", ["a", "b"])', 'a-b'],
    ['format("%s-%d", "a", 3)', 'a-3'],
    ['lookup({ a = "1" }, "b", "2")', '2'],
    ['element(["a", "b"], 3)', 'b'],
    ['[for x in ["a", "b"] : upper(x) if x != "a"][0]', 'B'],
    ['{ for k, v in { a = "x" } : v => k }["x"]', 'a'],
    ['replace("a.b", ".", "-")', 'a-b'],
    ['split(",", "a,b")[1]', 'b'],
    ['trimsuffix("a.zip", ".zip")', 'a'],
    ['jsonencode({ a = 1 })', '{"a":1}'],
    ['(1 + 2) * 3', '9'],
    ['([{ id = "p" }, { id = "q" }][*].id)[1]', 'q'],
    ['"%{ if true }x%{ endif }"', undefined],
  ])('%s', (expression, text) => {
    expect(valueWritten(expression, 'variable "u" {}\nlocals { self = local.self }').string()).toBe(text)
  })

  it('of a template file is what is given to it', () => {
    const app = applicationOf({
      'infra/main.tf': `
resource "aws_iam_role" "r" { name = "r" }
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.r.id
  policy = templatefile("\${path.module}/policy.json.tftpl", { queue = aws_sqs_queue.q.arn, action = "sqs:SendMessage" })
}
resource "aws_sqs_queue" "q" {}
`,
      'infra/policy.json.tftpl': '{"Statement": [{"Effect": "Allow", "Action": "${action}", "Resource": "${queue}"}]}',
    })
    const [statement] = app.policies.flatMap(policy => policy.statements)
    expect(statement?.actions.map(one => one.string())).toEqual(['sqs:SendMessage'])
    expect(statement?.resources.map(one => one.resource?.id)).toEqual(['aws_sqs_queue.q'])
  })

  it('both sides of a condition are possible', () => {
    expect(
      valueWritten('var.u ? "x" : "y"', 'variable "u" {}')
        .possible()
        .map(one => one.string()),
    ).toEqual(['x', 'y'])
  })
})

describe('broken files', () => {
  it('are told, and the rest is read', () => {
    const app = applicationOf({
      'main.tf': 'resource "aws_sqs_queue" "a" {\n  name = \n}\nresource "aws_sqs_queue" "b" {\n  name = "b"\n}\n',
    })
    expect(app.problems.map(problem => [problem.rule, problem.message])).toEqual([
      ['template-unreadable', expect.any(String)],
    ])
    expect(app.resources.some(resource => resource.id === 'aws_sqs_queue.b')).toBe(true)
  })

  it('of any kind never throw', () => {
    const piece = fc.constantFrom(
      'resource "aws_lambda_function" "f" {',
      '}',
      'timeout = ',
      '"${',
      'var.a[',
      '<<-EOF\n',
      'EOF\n',
      '[for x in ',
      '{ a = ',
      'jsonencode(',
      ')',
      '\n',
      'dynamic "x" {',
      'for_each = ',
      '...',
      'module "m" { source = "./" }',
      'toString',
      '__proto__',
      '%{ if',
      '\u0000',
      '1e999',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }), parts => {
        const app = applicationOf({ 'main.tf': parts.join(' ') })
        for (const one of app.functions) void [one.name.string(), one.environment.keys(), one.timeout.number()]
      }),
      { numRuns: 150 },
    )
  })
})

describe('an archive that a function names', () => {
  const tied = (filename: string, more = ''): string | undefined =>
    applicationOf({
      'main.tf': `
data "archive_file" "code" {
  type        = "zip"
  source_dir  = "src"
  output_path = "\${path.module}/code.zip"
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  handler       = "index.handler"
  runtime       = "nodejs22.x"
  role          = "arn:aws:iam::111122223333:role/r"
  filename      = "${filename}"
  ${more}
}
`,
      'src/index.js': HANDLER,
      'other/index.js': HANDLER,
    }).functions[0]?.entry?.file.path

  it.each([
    ['by its path', 'code.zip', ''],
    ['by its path from the module', './code.zip', ''],
    ['by its hash', '${var.name}.zip', 'source_code_hash = data.archive_file.code.output_base64sha256'],
  ])('%s', (_how, filename, more) => expect(tied(filename, more)).toBe('src/index.js'))

  it('is none of another name', () => expect(tied('other.zip')).toBe('other/index.js'))
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runRules } from '../engine/run.ts'
import { applicationOf, at } from '../fixtures/project.ts'
import { rules } from '../rules/index.ts'
import { botoCalls } from '../sdk/boto3.ts'
import { readPython } from './file.ts'
import { literalOf, parsePython } from './syntax.ts'

const template = (handler: string, more = '', policies = '[]'): string => `
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: ${handler}
      CodeUri: src/
      Policies: ${policies}
${more}
  Table:
    Type: AWS::DynamoDB::Table
    Properties: {TableName: orders}
`

/** `rule line: message` of the findings of some rules. */
function findings(files: { readonly [path: string]: string }, ...ids: readonly string[]): readonly string[] {
  const app = applicationOf(files)
  const run = runRules(
    app,
    rules.filter(rule => ids.includes(rule.id)),
    { severity: () => 'error', quota: () => 1 },
  )
  expect(run.crashes).toEqual([])
  return run.findings
    .filter(finding => !finding.suppressed)
    .map(finding => `${finding.rule} ${finding.location.file}:${finding.location.line}: ${finding.message}`)
}

describe('a handler', () => {
  const found = (handler: string, files: { readonly [path: string]: string }) =>
    applicationOf({ 'template.yaml': template(handler), ...files }).functions[0]?.lookup

  it.each([
    ['app.handler', 'src/app.py', 'def handler(event, context):\n    return 1\n'],
    ['pkg.app.run', 'src/pkg/app.py', 'async def run(event, context): ...\n'],
    ['pkg/app.run', 'src/pkg/app.py', 'run = lambda event, context: 1\n'],
    ['pkg.run', 'src/pkg/__init__.py', 'from .app import run\n'],
    ['app.handler', 'src/app.py', 'app = App()\nhandler = Mangum(app)\n'],
    ['app.handler', 'src/app.py', 'try:\n    from x import handler\nexcept ImportError:\n    handler = None\n'],
  ])('%s is found in %s', (handler, path, text) => {
    const lookup = found(handler, { [path]: text })
    expect(lookup && !lookup.found && lookup.python?.file.path).toBe(path)
  })

  it('in a package that a build installs is that of the only folder that has it', () => {
    const lookup = (...homes: readonly string[]) =>
      found('shop.orders.handler', {
        'src/pyproject.toml': '',
        'src/setup.py': '',
        ...Object.fromEntries(homes.map(home => [`${home}/shop/orders.py`, 'def handler(event, context): ...\n'])),
      })
    const tied = (...homes: readonly string[]) => {
      const one = lookup(...homes)
      return one && !one.found ? one.python?.file.path : undefined
    }
    expect(tied('src/lib')).toBe('src/lib/shop/orders.py')
    expect(tied('src/lib', 'src/old')).toBeUndefined()
    expect(tied('other')).toBeUndefined()
  })

  it('that is not defined, or whose file is not there, is told', () => {
    expect(found('app.main', { 'src/app.py': 'def handler(e, c): ...\n' })).toMatchObject({ reason: 'missing-export' })
    expect(found('other.main', { 'src/app.py': 'def handler(e, c): ...\n' })).toMatchObject({ reason: 'missing-file' })
  })

  it('that may come from elsewhere is not', () => {
    expect(found('app.main', { 'src/app.py': 'from somewhere import *\n' })).toMatchObject({ reason: 'unknown' })
  })
})

describe('environment variables', () => {
  const of = (code: string, environment = '{A: 1}'): readonly string[] =>
    findings(
      {
        'template.yaml': template('app.handler', `      Environment: {Variables: ${environment}}`),
        'src/app.py': `import os\nfrom os import environ\nimport boto3\n${code}\ndef handler(event, context):\n    return used()\ndef used():\n    return 1\n`,
      },
      'env-var-undeclared',
      'env-var-unused',
    ).map(text => text.replace(/^(\S+) \S+: .*?(\w+)(?:, which.*)?$/, '$1 $2'))

  it.each([
    ["X = os.environ['B']\nY = os.environ['A']", ['env-var-undeclared B']],
    ["X = environ['B'] + environ['A']", ['env-var-undeclared B']],
    ["X = os.environ.get('B')\nY = os.getenv('A', '1')", []],
    ["def never(): return os.environ['B']\nY = os.environ['A']", []],
    ["try:\n    X = os.environ['B']\nexcept KeyError:\n    X = os.environ['A']", []],
    ["X = os.environ['B'] if 'B' in os.environ else os.environ['A']", []],
    ["os.environ['B'] = os.environ['A']", []],
    ["X = os.environ['AWS_REGION'] + os.environ['A']", []],
    ['X = 1', ['env-var-unused A']],
    ['X = dict(os.environ)', []],
  ])('%s', (code, expected) => {
    expect(of(code)).toEqual(expected)
  })
})

describe('calls of boto3', () => {
  const callsOf = (code: string): readonly string[] => {
    const app = applicationOf({
      'template.yaml': template('app.handler'),
      'src/app.py': `import boto3\nfrom clients import shared\n${code}\n`,
      'src/clients.py': "import boto3 as b\nshared = b.client('sqs')\n",
    })
    return app.python
      .handlers()
      .flatMap(botoCalls)
      .map(call => `${call.object.client}.${call.operation}${call.object.byRole ? '' : ' (other credentials)'}`)
  }
  const inHandler = (line: string, before = ''): string => `${before}\ndef handler(event, context):\n    ${line}`

  it.each([
    ["boto3.client('s3').get_object(Bucket='b', Key='k')", '', ['s3.GetObject']],
    ["c.put_item(TableName='t')", "c = boto3.client('dynamodb')", ['dynamodb.PutItem']],
    ['table.query()', "table = boto3.resource('dynamodb').Table('t')", ['dynamodb.Query']],
    ["shared.send_message(QueueUrl='q')", '', ['sqs.SendMessage']],
    [
      "s.client('secretsmanager').get_secret_value(SecretId='x')",
      's = boto3.Session()',
      ['secrets-manager.GetSecretValue'],
    ],
    ["s.client('s3').list_buckets()", "s = boto3.Session(profile_name='p')", ['s3.ListBuckets (other credentials)']],
    ["c.get_paginator('list_objects_v2').paginate(Bucket='b')", "c = boto3.client('s3')", ['s3.ListObjectsV2']],
    ["c.upload_file('f', 'b', 'k')", "c = boto3.client('s3')", ['s3.PutObject']],
    ["c.start_execution(stateMachineArn='x')", "c = boto3.client('stepfunctions')", ['sfn.StartExecution']],
    ["b.objects.filter(Prefix='x')", "b = boto3.resource('s3').Bucket('b')", ['s3.ListObjectsV2']],
    ['unknown.get_object()', '', []],
  ])('%s', (line, before, expected) => {
    expect(callsOf(inHandler(line, before))).toEqual(expected)
  })

  it('are held against the role, with the thing that they name', () => {
    const run = (policies: string, code: string): readonly string[] =>
      findings(
        {
          'template.yaml': template('app.handler', '      Environment: {Variables: {TABLE: !Ref Table}}', policies),
          'src/app.py': code,
        },
        'sdk-permission-missing',
        'sdk-permission-unused',
        'sdk-resource-mismatch',
      )
    const code = `import os
import boto3
table = boto3.resource('dynamodb').Table(os.environ['TABLE'])
def handler(event, context):
    return table.get_item(Key={'id': event['id']})
`
    const grant = (action: string): string =>
      `[{Version: '2012-10-17', Statement: [{Effect: Allow, Action: '${action}', Resource: !GetAtt Table.Arn}]}]`
    expect(run(grant('dynamodb:GetItem'), code)).toEqual([])
    expect(run('[]', code)).toEqual([
      expect.stringContaining(
        'sdk-permission-missing src/app.py:5: Fn calls GetItem on Table, and its role does not allow dynamodb:GetItem',
      ),
    ])
    expect(run(grant('dynamodb:PutItem'), code)).toEqual([
      expect.stringContaining('sdk-permission-missing src/app.py:5'),
      expect.stringContaining('sdk-permission-unused template.yaml:11: dynamodb:PutItem is granted'),
    ])
  })
})

describe('what comes with an event', () => {
  const of = (body: string, more = ''): readonly string[] =>
    findings(
      {
        'template.yaml': template('app.handler', '      Events: {Api: {Type: HttpApi}}'),
        'src/app.py': `import json, os, re, shlex, subprocess, requests\n${more}\ndef handler(event, context):\n${body
          .split('\n')
          .map(line => `    ${line}`)
          .join('\n')}\n`,
      },
      'tainted-input',
    ).map(text => text.replace(/^.*?: /, ''))

  it.each([
    [
      "os.system(f\"convert {event['queryStringParameters']['file']}\")",
      'event.queryStringParameters.file becomes part of a command as it comes',
    ],
    [
      "os.system(f\"c {event['requestContext']['requestId']} {event['body']}\")",
      'event.body becomes part of a command as it comes',
    ],
    ["subprocess.run('ls ' + event['body'], shell=True)", 'event.body becomes part of a command as it comes'],
    [
      "body = json.loads(event['body'])\nname = body.get('name')\ncursor.execute('select * from t where n = %s' % name)",
      'event.body.name becomes part of an SQL statement as it comes',
    ],
    [
      "cursor.execute('insert into log values (\\'{}\\')'.format(json.loads(event['body'])['x']))",
      'event.body.x becomes part of an SQL statement as it comes',
    ],
    ["eval(event['body'])", 'event.body becomes code that is run as it comes'],
    [
      "requests.get(event['queryStringParameters']['url'])",
      'event.queryStringParameters.url becomes the host that is asked as it comes',
    ],
    ["run(event['body'])", 'event.body becomes part of a command as it comes'],
    [
      "command = ['sh', '-c', 'ls ' + event['body']]\nsubprocess.run(command)",
      'event.body becomes part of a command as it comes',
    ],
  ])('%s', (body, message) => {
    expect(of(body, 'def run(command):\n    os.system("x " + command)')).toEqual([message])
  })

  it.each([
    ["subprocess.run(['ls', event['body']])"],
    ["command = ['ls', '-l', f\"/tmp/{event['body']}\"]\nsubprocess.run(command, stdout=subprocess.PIPE)"],
    ["cursor.execute('select * from t where n = %s', (event['body'],))"],
    ["os.system('ls ' + shlex.quote(event['body']))"],
    ["os.system(f\"ls {event['requestContext']['requestId']}\")"],
    ["n = event['body']\nif not re.fullmatch('[a-z]+', n): raise ValueError()\nos.system('ls ' + n)"],
    ["os.system('ls ' + str(int(event['body'])))"],
    ['requests.get(f"https://api.example.com/{event[\'body\']}")'],
  ])('%s is none of our business', body => {
    expect(of(body)).toEqual([])
  })
})

describe('other rules', () => {
  const of = (code: string, ...ids: readonly string[]): readonly string[] =>
    findings({ 'template.yaml': template('app.handler'), 'src/app.py': code }, ...ids)

  it('see clients that are made for every invocation', () => {
    expect(
      of(
        "import boto3\ndef handler(event, context):\n    s3 = boto3.client('s3')\n    s3.list_buckets()\n",
        'client-inside-handler',
      ),
    ).toHaveLength(1)
    expect(
      of(
        "import boto3\ns3 = None\ndef handler(event, context):\n    global s3\n    s3 = boto3.client('s3')\n",
        'client-inside-handler',
      ),
    ).toEqual([])
    expect(
      of(
        "import boto3\ndef handler(event, context):\n    return boto3.client('s3', region_name=event['r']).list_buckets()\n",
        'client-inside-handler',
      ),
    ).toEqual([])
  })

  it('see the environment in the log, and secrets in the code', () => {
    expect(of('import os\ndef handler(event, context):\n    print(os.environ)\n', 'log-process-env')).toHaveLength(1)
    expect(
      of(
        "import os\ndef handler(event, context):\n    print(os.environ['A'], os.environ.get('B'))\n",
        'log-process-env',
      ),
    ).toEqual([])
    expect(
      of("KEY = 'AKIAIOSFODNN7ZZZZZZZ'\ndef handler(event, context): ...\n", 'secret-in-env-or-code'),
    ).toHaveLength(1)
  })

  it('can be suppressed with a reason', () => {
    const code = '# lambdacheck-ignore log-process-env: a sandbox\n    print(os.environ)'
    expect(of(`import os\ndef handler(event, context):\n    ${code}\n`, 'log-process-env')).toEqual([])
  })
})

describe('the syntax', () => {
  const source = (text: string) => ({ path: 'a.py', absolute: '/a.py', text })

  it('gives literals as they are meant, and places as they are written', () => {
    const { root } = parsePython(source('ä = ("a" "b")\nx = f"{y}"\n'))
    const values = root.children.map(one => one.children[0]?.field('right'))
    expect(values.map(literalOf)).toEqual(['ab', undefined])
    expect(at(values[1]?.loc ?? root.loc)).toBe('a.py:2:5')
  })

  it('of any text never throws', () => {
    const piece = fc.constantFrom(
      'def f(',
      ':\n',
      '    ',
      'import ',
      'x = ',
      '"',
      "'''",
      '{',
      'f"{',
      'lambda',
      'boto3.client(',
      ')',
      'os.environ[',
      '\n',
      'event',
      '.',
      'for ',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 40 }), parts => {
        readPython(source(parts.join('')))
      }),
      { numRuns: 200 },
    )
  })
})

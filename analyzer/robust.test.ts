/** Hostile, broken and huge projects: one finding or none, never a crash or a hang. */
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../reports/evidence.ts'
import { guarded } from './application/guard.ts'
import { loadApplication } from './load-application.ts'
import { runRules } from './engine/run.ts'
import { lintOptions, projectWith } from './fixtures/project.ts'
import { lint } from './lint.ts'
import type { LintOptions, LintResult } from './lint.ts'

const lintOf = (files: { readonly [path: string]: string }, more?: Partial<LintOptions>): Promise<LintResult> =>
  lint(lintOptions(projectWith(files), more))
const ids = (findings: readonly Finding[]): string[] =>
  findings.map(finding => `${finding.location.file} ${finding.rule}`)
const unreadable = (result: LintResult): string[] =>
  ids(result.findings).filter(one => /unreadable|unparsable/.test(one))

describe('templates that are no good', () => {
  it('broken YAML and JSON are one finding each', async () => {
    const result = await lintOf({
      'a.yaml': 'Resources:\n  Q:\n    Type: AWS::SQS::Queue\n   x: [\n}{\n',
      'b.json': '{"Resources": {"Q": {"Type": "AWS::SQS::Queue"},,,}',
      'serverless.yml': 'service: x\nprovider: {name: aws\nfunctions: [',
    })
    expect(unreadable(result)).toEqual([
      'a.yaml template-unreadable',
      'b.json template-unreadable',
      'serverless.yml template-unreadable',
    ])
    expect(result.notes).toEqual([])
  })

  it('a bomb of aliases is refused, not expanded', async () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
    for (let level = 1; level < 30; level++)
      lines.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
      )
    const result = await lintOf({
      'bomb.yaml': `${lines.join('\n')}\nResources:\n  Q: {Type: AWS::SQS::Queue, Properties: {Tags: *a29}}\n`,
    })
    expect(unreadable(result)).toEqual(['bomb.yaml template-unreadable'])
    expect(result.findings[0]!.message).toMatch(/aliases/)
  })

  it('an alias of itself ends', async () => {
    const result = await lintOf({ 'self.yaml': 'Resources: &r\n  Q: {Type: AWS::SQS::Queue}\n  R: *r\n' })
    expect(result.notes).toEqual([])
  })

  it('nesting without end is refused in both languages', async () => {
    const result = await lintOf({
      'deep.json': `{"AWSTemplateFormatVersion": "x", "Resources": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      'deep.yaml': `AWSTemplateFormatVersion: x\nResources: ${'['.repeat(50_000)}${']'.repeat(50_000)}\n`,
    })
    expect(unreadable(result)).toEqual(['deep.json template-unreadable', 'deep.yaml template-unreadable'])
  })

  it('JSON of 50 MB is passed over, and said when it calls itself a template', async () => {
    const filler = `"${'x'.repeat(1000)}",`.repeat(51_000)
    const result = await lintOf({
      'data.json': `[${filler}1]`,
      'template.json': `{"AWSTemplateFormatVersion": "2010-09-09", "x": [${filler}1]}`,
    })
    expect(unreadable(result)).toEqual(['template.json template-unreadable'])
    expect(result.findings[0]!.message).toMatch(/larger than 32 MB/)
  })

  it('binary files with the names of templates and code are passed over', async () => {
    const bytes = `AWSTemplateFormatVersion\0\u0001\u0002 exports.handler = async (event) => 1`
    const result = await lintOf({ 'a.yaml': bytes, 'b.json': bytes, 'c.js': bytes })
    expect(result.findings).toEqual([])
    expect(result.notes).toEqual([])
  })

  it('values of the wrong kind in every place break no rule', async () => {
    const wrong = [
      '1',
      '"text"',
      'true',
      'null',
      '[]',
      '{}',
      '[[]]',
      '!Ref X',
      '{a: {b: [1]}}',
      '!If [A, B]',
      '!Sub []',
      '!GetAtt {}',
      '!Join x',
    ]
    const properties = [
      'Handler',
      'Runtime',
      'Timeout',
      'MemorySize',
      'Environment',
      'Layers',
      'Policies',
      'Events',
      'VpcConfig',
      'DeadLetterQueue',
      'EventInvokeConfig',
      'Architectures',
      'Role',
      'CodeUri',
      'Code',
      'Tracing',
      'ReservedConcurrentExecutions',
      'FunctionUrlConfig',
    ]
    const resources = wrong.flatMap((value, index) => [
      ...properties.map(
        property =>
          `  F${property}${index}:\n    Type: AWS::Serverless::Function\n    Properties:\n      ${property}: ${value}\n`,
      ),
      ...['Events', 'Environment'].map(
        property =>
          `  G${property}${index}:\n    Type: AWS::Lambda::Function\n    Properties:\n      ${property}: {X: ${value}}\n`,
      ),
      ...[
        'AWS::SQS::Queue',
        'AWS::IAM::Role',
        'AWS::Lambda::EventSourceMapping',
        'AWS::Events::Rule',
        'AWS::S3::Bucket',
        'AWS::Lambda::Permission',
        'AWS::Serverless::Function',
        'AWS::StepFunctions::StateMachine',
        'AWS::CloudWatch::Alarm',
        'AWS::DynamoDB::Table',
        'AWS::Serverless::StateMachine',
      ].map(type => `  T${type.replace(/::/g, '')}${index}:\n    Type: ${type}\n    Properties: ${value}\n`),
    ])
    const result = await lintOf(
      {
        'template.yaml': `Transform: AWS::Serverless-2016-10-31\nGlobals: {Function: []}\nResources:\n${resources.join('')}`,
      },
      { preset: 'strict' },
    )
    expect(result.notes).toEqual([])
    for (const value of wrong) {
      const sls = await lintOf(
        {
          'serverless.yml': `service: x\nprovider: {name: aws, iam: ${value}, environment: ${value}}\nplugins: ${value}\ncustom: ${value}\nfunctions:\n  a: ${value}\n  b: {handler: ${value}, events: ${value}, environment: ${value}, timeout: ${value}}\n  c: {handler: a.b, events: [${value}, {sqs: ${value}}, {http: ${value}}, {stream: ${value}}, {s3: ${value}}, {schedule: ${value}}]}\nresources: {Resources: ${value}}\n`,
        },
        { preset: 'strict' },
      )
      expect(sls.notes, value).toEqual([])
    }
  }, 60_000)
})

describe('names that every object has, and functions that go in circles', () => {
  const OWN_NAMES = ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf']

  it('are names like any other', async () => {
    const events = OWN_NAMES.map(name => `        E${name}: {Type: ${name}, Properties: {Queue: x}}\n`).join('')
    const resources = OWN_NAMES.map(name => `  R${name}: {Type: ${name}, Properties: {Role: ${name}}}\n`).join('')
    const result = await lintOf(
      {
        'template.yaml': `Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: app.handler\n      Runtime: constructor\n      DeadLetterQueue: {Type: constructor, TargetArn: !Sub 'arn:aws:constructor:us-east-1:1:x'}\n      EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: toString, Destination: x}}}\n      Policies: [{constructor: {toString: x}}, constructor]\n      Events:\n${events}${resources}`,
        'serverless.yml': `service: x\nprovider: {name: aws}\nfunctions:\n  a:\n    handler: app.handler\n    events: [${OWN_NAMES.map(name => `${name}, {${name}: {arn: x}}`).join(', ')}]\n`,
        'main.tf.json': JSON.stringify({
          resource: Object.fromEntries(OWN_NAMES.map(name => [name, { toString: { name } }])),
        }),
        'package.json':
          '{"name":{"toString":null},"dependencies":{"a":{"toString":null}},"engines":{"node":{"toString":null}}}',
        'app.js': `const { S3Client, ${OWN_NAMES.slice(0, 2).join(', ')} } = require('@aws-sdk/client-s3')\nconst s3 = new S3Client()\nexports.handler = async event => { await s3.constructor({}); await s3.waitFor('constructor', {}); await s3.toString(); return event.constructor.toString }`,
      },
      { preset: 'strict' },
    )
    expect(result.notes).toEqual([])
    expect(result.counts.functions).toBe(2)
  })

  it('end, however often one is built on another', async () => {
    const levels = Array.from({ length: 60 }, (_, at) => at)
    const conditions = levels.map(at => `  C${at}: !And [!Condition C${at + 1}, !Condition C${at + 1}]\n`).join('')
    const doubled = levels.map(at => `  a${at}: \${self:custom.a${at + 1}}\${self:custom.a${at + 1}}\n`).join('')
    const sub = (depth: number): string =>
      depth === 0 ? `'x'` : `!Sub ['${'${a}'.repeat(10)}', {a: ${sub(depth - 1)}}]`
    const started = performance.now()
    const result = await lintOf(
      {
        'template.yaml': `Mappings:\n  M: {a: {b: !FindInMap [M, a, b], c: [!FindInMap [M, a, c], !FindInMap [M, a, c]]}}\nParameters:\n  P: {Type: String, Default: !Ref P}\nConditions:\n${conditions}  C60: !Equals [!FindInMap [M, a, b], x]\n  Self: !Not [!Condition Self]\nResources:\n  F:\n    Type: AWS::Lambda::Function\n    Condition: C0\n    Properties:\n      Handler: !FindInMap [M, a, b]\n      Layers: !FindInMap [M, a, c]\n      Runtime: !If [C0, !If [Self, a, b], !Ref P]\n      Description: ${sub(12)}\n`,
        'serverless.yml': `service: x\nprovider: {name: aws, environment: {A: '\${self:custom.a0}'}}\ncustom:\n${doubled}  a60: x\nfunctions: {f: {handler: a.b, description: '\${self:custom.a0}'}}\n`,
      },
      { preset: 'strict' },
    )
    expect(result.notes).toEqual([])
    expect(performance.now() - started).toBeLessThan(20_000)
  }, 60_000)
})

describe('long texts', () => {
  const SIZE = 900_000
  const fill = (piece: string): string => piece.repeat(Math.ceil(SIZE / piece.length))

  it.each<[string, string]>([
    ['variables of Fn::Sub without an end', '${a'],
    ['blanks after a brace', '${ '],
    ['blanks', ' '],
    ['opened brackets in ARNs', 'arn:aws:s3:::${'],
    ['wildcards', '*?'],
    ['digits', '1'],
    ['variables of the framework', '${self:'],
    ['calls of the framework', '${a('],
    ['ends of comments', ' */'],
    ['quotes', `"'`],
  ])(
    'of %s take no longer than others',
    async (_, piece) => {
      const text = JSON.stringify(fill(piece))
      const started = performance.now()
      const result = await lintOf(
        {
          'template.json': `{"Resources": {"F": {"Type": "AWS::Serverless::Function", "Properties": {"Handler": {"Fn::Sub": ${text}}, "Timeout": ${text}, "Role": ${text}, "Policies": [{"Statement": [{"Effect": "Allow", "Action": ${text}, "Resource": ${text}}]}], "Environment": {"Variables": {"A": ${text}, "B": {"Fn::Sub": ${text}}}}}}}}`,
          'serverless.yml': `service: x\nprovider: {name: aws, environment: {A: ${text}}}\nfunctions: {f: {handler: ${text}}}\n`,
          'app.js': `// lambdacheck-ignore x: ${fill(piece)}\nexports.handler = async event => ${text}\n// ${fill(piece)}`,
          'package.json': `{"engines": {"node": ${text}}}`,
        },
        { preset: 'strict' },
      )
      expect(result.notes).toEqual([])
      expect(performance.now() - started).toBeLessThan(20_000)
    },
    60_000,
  )
})

describe('code that is no good', () => {
  it('is one finding, and only when a handler reaches it', async () => {
    const result = await lintOf({ 'app.js': 'exports.handler = async (event) => {{{', 'other.js': '((((' })
    expect(unreadable(result)).toEqual(['app.js code-unparsable'])
  })

  it('survives an expression that nests without end', async () => {
    const result = await lintOf({
      'app.js': `exports.handler = async (event) => ${'('.repeat(3000)}1${')'.repeat(3000)}`,
      'sum.js': `exports.handler = async (event) => ${'1 + '.repeat(20_000)}1`,
    })
    const why = 'it nests too deep to be read'
    expect(result.notes).toEqual([`app.js: ${why}`, `sum.js: ${why}`])
  })

  it('needs nothing installed', async () => {
    const result = await lintOf({
      'app.ts':
        "import { DynamoDBClient } from '@aws-sdk/client-dynamodb'\nimport x from './missing'\nconst client = new DynamoDBClient({})\nexport const handler = async (event: unknown) => { await client.send(x) }",
    })
    expect(result.notes).toEqual([])
    expect(result.counts.handlers).toBe(1)
  })
})

describe('folders that are no good', () => {
  it('links in circles and out of the project are not followed', async () => {
    const root = projectWith({ 'src/app.js': 'exports.handler = async (event) => 1' })
    symlinkSync('..', join(root, 'src/up'))
    symlinkSync('/', join(root, 'everything'))
    symlinkSync('nowhere', join(root, 'dangling.yaml'))
    const result = await lint(lintOptions(root))
    expect(result.counts.files).toBe(1)
  })

  it('an empty one has no findings', async () => {
    const result = await lintOf({})
    expect(result.findings).toEqual([])
    expect(result.counts).toMatchObject({ functions: 0, handlers: 0, templates: 0 })
  })
})

describe('many', () => {
  // What grew with the square of them would take longer than the runner waits.
  it('four thousand functions in one template are read', async () => {
    const functions = Array.from(
      { length: 4000 },
      (_, index) =>
        `  F${index}:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: app.handler\n      Timeout: ${index % 1000 === 7 ? 1000 : 30}\n      Environment: {Variables: {A: "${index}"}}\n      Events:\n        Q: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}\n`,
    )
    const result = await lintOf({
      'template.yaml': `Transform: AWS::Serverless-2016-10-31\nGlobals: {Function: {Runtime: nodejs22.x}}\nResources:\n  Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 180}}\n${functions.join('')}`,
      'app.js': 'exports.handler = async (event) => process.env.A',
    })
    expect(result.counts.functions).toBe(4000)
    expect(result.findings.filter(finding => finding.rule === 'timeout-out-of-range')).toHaveLength(4)
  }, 120_000)
})

describe('a template that breaks the reader', () => {
  it('is named among what was lost, and the others are read', () => {
    const lost: string[] = []
    expect(
      guarded('a.yaml', lost, () => {
        throw new RangeError('Maximum call stack size exceeded')
      }),
    ).toBeUndefined()
    expect(guarded('b.yaml', lost, () => 1)).toBe(1)
    expect(lost).toEqual([
      expect.stringMatching(
        /^a\.yaml was left out, for it broke the analyzer: Maximum call stack size exceeded \(at .*\)$/,
      ),
    ])
  })
})

describe('a rule that breaks', () => {
  it('is named in a note, and the others go on', () => {
    const app = loadApplication(projectWith({ 'app.js': 'exports.handler = async (event) => 1' }))
    const { findings, crashes } = runRules(
      app,
      [
        {
          id: 'broken',
          visit: {
            ArrowFunction: () => {
              throw new Error('oops')
            },
          },
        },
        { id: 'fine', handler: (handler, code) => code.report({ at: handler.node, message: 'seen' }) },
      ],
      { severity: () => 'warning', quota: () => 0 },
    )
    expect(crashes).toHaveLength(1)
    expect(crashes[0]).toMatch(/rule broken broke on app\.js: oops/)
    expect(ids(findings)).toEqual(['app.js fine'])
  })
})

describe('the cache', () => {
  const files = {
    'app.js': 'exports.handler = async (event) => console.log(process.env)\n',
    'template.yaml': 'Resources:\n  Q: {Type: AWS::SQS::Queue}\n',
  }

  it('answers only while nothing that a result hangs on has changed', async () => {
    const root = projectWith(files)
    mkdirSync(join(root, 'node_modules'))
    const run = (more: Partial<LintOptions> = {}): Promise<LintResult> =>
      lint(lintOptions(root, { cache: true, ...more }))
    const first = await run()
    expect(first.cached).toBe(false)
    const second = await run()
    expect(second.cached).toBe(true)
    expect(second.findings).toEqual(first.findings)
    // A checkout changes times, not contents.
    utimesSync(join(root, 'app.js'), new Date(), new Date())
    expect((await run()).cached).toBe(true)
    expect((await run({ preset: 'strict' })).cached).toBe(false)
    expect(
      (await run({ levels: new Map([['log-process-env', 'off']]) })).findings.map(finding => finding.rule),
    ).not.toContain('log-process-env')
    writeFileSync(join(root, 'app.js'), files['app.js'].replace('process.env', 'process.ENV'))
    const changed = await run()
    expect(changed.cached).toBe(false)
    expect(changed.findings.map(finding => finding.rule)).not.toContain('log-process-env')
    writeFileSync(join(root, 'more.js'), 'exports.handler = async (event) => 1')
    expect((await run()).cached).toBe(false)
    expect((await run()).cached).toBe(true)
    writeFileSync(join(root, 'tsconfig.json'), '{}')
    expect((await run()).cached).toBe(false)
  })
})

describe('fingerprints', () => {
  it('stay the same when other lines change, and differ from one another', async () => {
    const code = 'exports.handler = async (event) => {\n  console.log(process.env)\n  console.log(process.env)\n}\n'
    const template =
      'Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: app.handler\n      Timeout: 901\n'
    const fingerprints = async (files: { readonly [path: string]: string }): Promise<string[]> =>
      (await lintOf(files)).findings
        .filter(finding => /log-process-env|timeout-out/.test(finding.rule))
        .map(finding => finding.fingerprint)
    const before = await fingerprints({ 'app.js': code, 'template.yaml': template })
    const after = await fingerprints({
      'app.js': `// a comment\nconst x = 1\n\n${code}`,
      'template.yaml': template.replace('Resources:\n', 'Resources:\n  Q: {Type: AWS::SQS::Queue}\n'),
    })
    expect(before).toHaveLength(3)
    expect(new Set(before).size).toBe(3)
    expect(after).toEqual(before)
  })
})

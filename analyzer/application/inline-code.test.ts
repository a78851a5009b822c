import { describe, expect, it } from 'vitest'
import { loadKnowledge } from '../data/pages.ts'
import { runRules } from '../engine/run.ts'
import { applicationOf } from '../fixtures/project.ts'
import { rules } from '../rules/index.ts'

const { quota } = loadKnowledge()

/** `rule line:column` of what is found in the only file. */
function findingsIn(file: string, text: string): readonly string[] {
  const { findings, crashes } = runRules(applicationOf({ [file]: text }), rules, { severity: () => 'warning', quota })
  expect(crashes).toEqual([])
  return findings.map(
    finding => `${finding.rule} ${finding.location.file}:${finding.location.line}:${finding.location.column}`,
  )
}

const sam = (property: string, handler = 'index.handler'): string => `Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Handler: ${handler}
      Runtime: nodejs22.x
${property}
`

describe('code in a template', () => {
  it('is linted at its places in a block', () => {
    const found = findingsIn(
      'template.yaml',
      sam(
        "      InlineCode: |\n        const AWS = require('aws-sdk')\n        exports.handler = async () => { console.log(process.env) }\n",
      ),
    )
    expect(found).toContain('log-process-env template.yaml:10:53')
    expect(found.some(one => one.startsWith('sdk-v2-not-in-runtime template.yaml:9:'))).toBe(true)
  })

  it('is held against the handler', () => {
    const found = findingsIn('template.yaml', sam('      InlineCode: |\n        exports.handlr = async () => 1\n'))
    expect(found).toContain('handler-not-found template.yaml:6:16')
    expect(findingsIn('template.yaml', sam('      InlineCode: exports.handler = async () => 1')).join()).not.toContain(
      'handler-not-found',
    )
  })

  it.each([
    ['plain', '      InlineCode: exports.handler = async () => console.log(process.env)'],
    [
      'single quotes',
      "      InlineCode: 'exports.handler = async () => { const a = ''x''; console.log(process.env, a) }'",
    ],
    [
      'double quotes',
      '      InlineCode: "exports.handler = async () => {\\n // a remark\\n console.log(process.env) }"',
    ],
    ['folded', '      InlineCode: >-\n        exports.handler = async () => console.log(process.env)'],
  ])('is found in %s', (_name, property) => {
    const lines = sam(property).split('\n')
    const line = lines.findIndex(one => one.includes('process.env'))
    expect(findingsIn('template.yaml', sam(property))).toContain(
      `log-process-env template.yaml:${line + 1}:${lines[line]!.indexOf('process.env') + 1}`,
    )
  })

  it('is found in a synthesized template', () => {
    const code = 'exports.handler = async () => {\n  // it\'s "so"\n  console.log(process.env)\n}'
    const template = JSON.stringify({
      Resources: {
        F: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            Code: { ZipFile: code },
            Handler: 'index.handler',
            Runtime: 'nodejs22.x',
            Role: 'arn:aws:iam::111122223333:role/r',
          },
        },
      },
    })
    const found = findingsIn('cdk.out/App.template.json', template)
    const column = template.indexOf('process.env') + 1
    expect(found).toContain(`log-process-env cdk.out/App.template.json:1:${column}`)
  })

  it('tells two functions of one template apart', () => {
    const two = `Resources:
  A: {Type: AWS::Lambda::Function, Properties: {Handler: index.handler, Runtime: nodejs22.x, Role: "arn:aws:iam::111122223333:role/r", Code: {ZipFile: "exports.handler = async () => console.log(process.env)"}}}
  B: {Type: AWS::Lambda::Function, Properties: {Handler: index.handler, Runtime: nodejs22.x, Role: "arn:aws:iam::111122223333:role/r", Code: {ZipFile: "exports.handler = async () => 1"}}}
`
    expect(findingsIn('template.yaml', two).filter(one => one.startsWith('log-process-env'))).toHaveLength(1)
  })

  it('is left alone in another language, and where it cannot be known', () => {
    const app = applicationOf({ 'template.yaml': sam('      InlineCode: !Join ["", [a, b]]') })
    expect(app.functions[0]!.lookup.found).toBe(false)
  })
})

describe('Python in a template', () => {
  const code = [
    'import os',
    "TABLE = os.environ['TABLE_NAME']",
    'def handler(event, context):',
    '    print(os.environ)',
  ]
  const read = (file: string, text: string): readonly string[] =>
    findingsIn(file, text).filter(one =>
      /^(env-var-undeclared|log-process-env|handler-not-found|code-unparsable) /.test(one),
    )
  const python = (property: string, handler = 'index.handler'): string =>
    sam(property, handler).replace('nodejs22.x', 'python3.13')

  it('is read at its places in a block, however far it stands in', () => {
    const block = `      InlineCode: |\n${code.map(line => `          ${line}`).join('\n')}\n`
    expect(read('template.yaml', python(block))).toEqual([
      'env-var-undeclared template.yaml:10:19',
      'log-process-env template.yaml:12:21',
    ])
  })

  it('is read in a text with escapes', () => {
    const found = read('template.yaml', python(`      InlineCode: ${JSON.stringify(`${code.join('\n')}\n`)}`))
    expect(found.map(one => one.replace(/:\d+$/, ''))).toEqual([
      'env-var-undeclared template.yaml:8',
      'log-process-env template.yaml:8',
    ])
  })

  it('is held against the handler', () => {
    const block = '      InlineCode: |\n        def handler(event, context):\n            return 1\n'
    expect(read('template.yaml', python(block))).toEqual([])
    expect(read('template.yaml', python(block, 'index.main'))).toEqual(['handler-not-found template.yaml:6:16'])
  })

  it('is read in the archive of Terraform, as JavaScript is', () => {
    const terraform = (runtime: string, file: string, lines: readonly string[]): string => `
data "archive_file" "code" {
  type        = "zip"
  output_path = "code.zip"
  source {
    filename = "${file}"
    content  = <<-EOF
${lines.map(line => `      ${line}`).join('\n')}
    EOF
  }
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  filename      = data.archive_file.code.output_path
  handler       = "app.handler"
  runtime       = "${runtime}"
  role          = "arn:aws:iam::111122223333:role/r"
}
`
    expect(read('main.tf', terraform('python3.13', 'app.py', code))).toEqual([
      'env-var-undeclared main.tf:9:15',
      'log-process-env main.tf:11:17',
    ])
    expect(
      read(
        'main.tf',
        terraform('nodejs22.x', 'app.mjs', ['export const handler = async () => process.env.TABLE.length']),
      ),
    ).toEqual(['env-var-undeclared main.tf:8:42'])
  })
})

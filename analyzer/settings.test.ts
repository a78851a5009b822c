import { expect, test } from 'vitest'
import type { LintOptions } from './lint.ts'
import { lint } from './lint.ts'
import { lintOptions, projectWith } from './fixtures/project.ts'

const handler = (body: string): string => `import boto3

def handler(event, context):
    s3 = boto3.client('s3')
    s3.delete_object(Bucket='b', Key=event['key'])
    ${body}
`
const TEMPLATE = `Transform: AWS::Serverless-2016-10-31
Resources:
  F: {Type: AWS::Serverless::Function, Properties: {CodeUri: ., Handler: app.handler, Runtime: python3.13}}
`
const countOf = async (body: string, more: Partial<LintOptions> = {}): Promise<number> => {
  const files = { 'app.py': handler(body), 'template.yaml': TEMPLATE }
  const { findings } = await lint(lintOptions(projectWith(files), more))
  return findings.filter(finding => finding.rule === 'client-inside-handler').length
}

test('what is of use to few is said by strict, and by whoever asks for the rule', async () => {
  expect(await countOf('return None')).toBe(0)
  expect(await countOf('return None', { preset: 'strict' })).toBe(1)
  expect(await countOf('return None', { levels: new Map([['client-inside-handler', 'error']]) })).toBe(1)
  expect(await countOf('return None', { config: { rules: { 'client-inside-handler': 'warning' } } })).toBe(1)
  expect(await countOf("return {'statusCode': 200}")).toBe(1)
})

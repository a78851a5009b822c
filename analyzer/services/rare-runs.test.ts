import { expect, test } from 'vitest'
import { applicationOf } from '../fixtures/project.ts'
import { isSeldomRun, isSeldomScheduled, servesTraffic } from './rare-runs.ts'

const scheduled = (...schedules: readonly string[]): boolean => {
  const events = schedules.map((one, index) => `E${index}: {Type: Schedule, Properties: {Schedule: "${one}"}}`)
  const [fn] = applicationOf({
    'template.yaml': `Transform: AWS::Serverless-2016-10-31
Resources:
  F: {Type: AWS::Serverless::Function, Properties: {Runtime: nodejs24.x, Handler: a.b, CodeUri: ., Events: {${events}}}}
`,
  }).functions
  return fn !== undefined && isSeldomScheduled(fn)
}

test.each(['rate(1 hour)', 'rate(6 minutes)', 'rate(2 days)', 'cron(0 12 * * ? *)', 'cron(0/15 * * * ? *)'])(
  '%s finds no warm environment',
  schedule => expect(scheduled(schedule)).toBe(true),
)
test.each(['rate(1 minute)', 'rate(5 minutes)', 'cron(* * * * ? *)', 'cron(0/2 * * * ? *)', 'whenever'])(
  '%s may',
  schedule => expect(scheduled(schedule)).toBe(false),
)

test('what something else runs as well, or nothing that is seen, may find a warm one', () => {
  expect(scheduled('rate(1 hour)', 'rate(1 minute)')).toBe(false)
  expect(scheduled('${Rate}')).toBe(false)
  expect(scheduled()).toBe(false)
})

test('the handlers of custom resources, operation and rotation are told by what they read', () => {
  expect(isSeldomRun('if (message.LifecycleHookName) return complete(message.LifecycleActionToken)')).toBe(true)
  expect(isSeldomRun(`job = event['CodePipeline.job']['id']`)).toBe(true)
  expect(isSeldomRun(`if event['RequestType'] == 'Delete'`)).toBe(true)
  expect(isSeldomRun('const { SecretId, ClientRequestToken, Step } = event')).toBe(true)
  expect(isSeldomRun('secrets.get_secret_value(SecretId=name)')).toBe(false)
})

test.each([
  'return { statusCode: 200, body }',
  'export const handler = async (event: SQSEvent) => {}',
  'handler = Mangum(app)',
  "for record in event['Records']: table.put(record['messageId'])",
])('%s serves traffic', text => expect(servesTraffic(text)).toBe(true))
test.each(["instance = event['detail']['instance-id']", 'def handler(_event, _context):'])('%s may not', text =>
  expect(servesTraffic(text)).toBe(false),
)

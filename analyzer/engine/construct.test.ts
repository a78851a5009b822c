import { expect, test } from 'vitest'
import { applicationOf } from '../fixtures/project.ts'
import { runRules } from './run.ts'

test('a finding in what the CDK wrote names the construct that it came from', () => {
  const app = applicationOf({
    'cdk.out/Stack.template.json': JSON.stringify({
      Resources: {
        FnA1B2C3: {
          Type: 'AWS::Lambda::Function',
          Properties: { Handler: 'index.handler', Runtime: 'nodejs22.x', Code: { ZipFile: '' }, Timeout: 901 },
          Metadata: { 'aws:cdk:path': 'Stack/Orders/Fn/Resource' },
        },
      },
      Metadata: {},
    }),
  })
  const { findings } = runRules(
    app,
    [
      {
        id: 'seen',
        resource: {
          'AWS::Lambda::Function': (fn, { report }) =>
            report({ at: fn, message: 'seen', related: [{ at: fn.property('Timeout'), message: 'also' }] }),
        },
      },
    ],
    { severity: () => 'warning', quota: () => 0 },
  )
  expect(findings.map(one => one.message)).toEqual(['seen (construct Stack/Orders/Fn)'])
  expect(findings[0]?.related[0]?.message).toBe('also (construct Stack/Orders/Fn)')
})

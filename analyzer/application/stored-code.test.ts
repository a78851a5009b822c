import { describe, expect, it } from 'vitest'
import { applicationOf } from '../fixtures/project.ts'

const PY = 'def handler(event, context):\n    return event\n'
const JS = 'exports.handler = async event => event\n'

/** Where the code of the one function is found, when the template says but where its zip lies. */
function homeOf(code: string, files: Record<string, string>, more = '', id = 'Fn'): string | undefined {
  const template = `Resources:
  ${id}:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: ${Object.keys(files).some(path => path.endsWith('.py')) ? 'python3.13' : 'nodejs22.x'}
      Handler: index.handler
      Role: arn:aws:iam::123456789012:role/r
      Code: ${code}
${more}`
  const [fn] = applicationOf({ 'infra/stack.yaml': template, ...files }).functions
  if (!fn) return undefined
  return fn.lookup.found ? fn.lookup.handler.file.path : fn.lookup.python?.file.path
}

describe('a function whose zip lies in a bucket', () => {
  it('has the code of the folder that is called like its zip', () => {
    const files = { 'src/orders/index.js': JS, 'src/billing/index.js': JS }
    expect(homeOf('{S3Bucket: b, S3Key: orders.zip}', files)).toBe('src/orders/index.js')
    expect(homeOf('{S3Bucket: b, S3Key: lambdas/billing-1.4.2.zip}', files)).toBe('src/billing/index.js')
    expect(homeOf('{S3Bucket: b, S3Key: !Sub "${Stage}/billing/package.zip"}', files)).toBe('src/billing/index.js')
    expect(homeOf('s3://b/billing.zip', files)).toBe('src/billing/index.js')
  })

  it('has the code of the folder that is called like itself', () => {
    const files = { 'src/orders/index.py': PY, 'src/billing/index.py': PY }
    expect(homeOf('{S3Bucket: b, S3Key: !Ref Key}', files, '', 'OrdersFunction')).toBe('src/orders/index.py')
    expect(homeOf('{S3Bucket: b, S3Key: !Ref Key}', files, '      FunctionName: billing-lambda\n')).toBe(
      'src/billing/index.py',
    )
  })

  it('has no code where its names say one thing and another', () => {
    const files = { 'src/orders/index.js': JS, 'src/billing/index.js': JS }
    expect(homeOf('{S3Bucket: b, S3Key: billing.zip}', files, '', 'OrdersFunction')).toBeUndefined()
  })

  it('has no code where nothing says which', () => {
    expect(homeOf('{S3Bucket: b, S3Key: release.zip}', { 'src/index.js': JS })).toBeUndefined()
    expect(homeOf('{S3Bucket: b, S3Key: shop.zip}', { 'src/a/index.js': JS, 'src/b/index.js': JS })).toBeUndefined()
    expect(
      homeOf('{S3Bucket: b, S3Key: orders.zip}', { 'src/orders/index.js': JS, 'old/orders/index.js': JS }),
    ).toBeUndefined()
  })
})

import { describe, expect, test } from 'vitest'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { misquoted } from './refusal-quotes.ts'

const spec = loadSpec()

const ARN = 'arn:aws:lambda:eu-west-1:210987654321'
const orders = { FunctionName: 'orders' }

/** Action, request, and the text that the real service has for it. */
const genuine: readonly (readonly [string, { readonly [member: string]: unknown } | null, string])[] = [
  ['GetFunction', orders, `Function not found: ${ARN}:function:orders`],
  ['GetFunction', { ...orders, Qualifier: '7' }, `Function not found: ${ARN}:function:orders:7`],
  ['Invoke', orders, `Function not found: ${ARN}:function:orders:$LATEST`],
  ['CreateAlias', { ...orders, Name: 'live', FunctionVersion: '3' }, `Function not found: ${ARN}:function:orders:3`],
  ['GetAlias', { ...orders, Name: 'live' }, `Cannot find alias arn: ${ARN}:function:orders:live`],
  [
    'CreateFunction',
    { FunctionName: 'arn:aws:lambda:us-east-2:210987654321:function:orders' },
    "Functions from 'us-east-2' are not reachable in this region ('eu-west-1')",
  ],
  ['CreateFunction', null, 'Function already exist: orders'],
  [
    'PublishVersion',
    { ...orders, CodeSha256: 'abc' },
    'CodeSHA256 (abc) is different from current CodeSHA256 in $LATEST (def). Please try again with the CodeSHA256 in $LATEST.',
  ],
]

/** The same, with a text that somebody else was told. */
const strange: readonly (readonly [string, { readonly [member: string]: unknown } | null, string])[] = [
  ['GetFunction', { ...orders, Qualifier: '7' }, `Function not found: ${ARN}:function:orders:8`],
  ['GetFunction', { ...orders, Qualifier: '7' }, `Function not found: ${ARN}:function:orders:$LATEST`],
  ['GetProvisionedConcurrencyConfig', { ...orders, Qualifier: '7' }, `Cannot find alias arn: ${ARN}:function:orders:7`],
  ['CreateFunction', orders, "Functions from 'us-east-2' are not reachable in this region ('eu-west-1')"],
  ['CreateAlias', null, 'Function already exist: orders'],
  ['PutFunctionConcurrency', null, `Cannot find alias arn: ${ARN}:function:orders:live`],
  [
    'UpdateFunctionCode',
    { ...orders, ZipFile: 'UEs=' },
    'Error occurred while GetObject. S3 Error Code: NoSuchBucket.',
  ],
  ['GetFunction', orders, 'The derived qualifier from the function name does not match the specified qualifier.'],
  [
    'PutProvisionedConcurrencyConfig',
    { ...orders, Qualifier: '1', ProvisionedConcurrentExecutions: 5 },
    "Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [1000].",
  ],
]

/** The error that says so, told by the beginning of the text. */
const errorOf = (text: string): string =>
  /^Function already/.test(text)
    ? 'ResourceConflictException'
    : /^(Function|Cannot|Alias)/.test(text) && !text.startsWith('Functions')
      ? 'ResourceNotFoundException'
      : 'InvalidParameterValueException'

describe('a text of a refusal', () => {
  test.each(genuine)('%s %j may say: %s', (name, params, text) => {
    expect(misquoted(spec, { name }, params, { name: errorOf(text), text })).toBeUndefined()
  })

  test.each(strange)('%s %j cannot say: %s', (name, params, text) => {
    expect(misquoted(spec, { name }, params, { name: errorOf(text), text })).toBeDefined()
  })
})

import { expect, test } from 'vitest'
import { loadSpec } from './compiler/compile.ts'
import { defaultIn, defaultNumber, defaultOf, defaultsFor } from './default-of.ts'

test('the page of an action says what it takes when nothing is said', () => {
  const spec = loadSpec()
  expect(defaultNumber(spec, 'CreateFunction', 'Timeout')).toBe(3)
  expect(defaultOf(spec, 'CreateFunction', 'TracingConfig')).toEqual({ Mode: 'PassThrough' })
  expect(() => defaultOf(spec, 'CreateFunction', 'Role')).toThrow(
    'spec/api/CreateFunction.md states no default of Role',
  )
  expect(() => defaultNumber(spec, 'CreateFunction', 'PackageType')).toThrow('is no number')
  expect(defaultIn(spec, 'CreateFunction', 'EphemeralStorage', 'Size')).toBe(512)
  expect(() => defaultIn(spec, 'CreateFunction', 'TracingConfig', 'Size')).toThrow('has no Size')
  // What holds for some sources only is no default of every mapping.
  expect(() => defaultOf(spec, 'CreateEventSourceMapping', 'BatchSize')).toThrow('states no default of BatchSize')
})

test('what hangs on the request is a default of the requests that it speaks of', () => {
  const of = (service: string): object =>
    defaultsFor(loadSpec(), 'CreateEventSourceMapping', { EventSourceArn: `arn:aws:${service}:eu-west-1:1:x` })
  expect(of('sqs')).toEqual({ BatchSize: 10, MaximumBatchingWindowInSeconds: 0 })
  expect(of('kinesis')).toEqual(of('dynamodb'))
  expect(of('kinesis')).toMatchObject({ BatchSize: 100, MaximumRetryAttempts: -1, ParallelizationFactor: 1 })
  expect(of('kafka')).toEqual({ BatchSize: 100 })
  expect(defaultsFor(loadSpec(), 'CreateEventSourceMapping', {})).toEqual({ BatchSize: 100 })
  expect(defaultsFor(loadSpec(), 'NoSuchAction', {})).toEqual({})
})

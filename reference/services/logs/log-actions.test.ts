import { expect, test } from 'vitest'
import { loadSpec } from '../../../spec/compiler/compile.ts'
import { readFiguresOfServices } from '../figures.ts'
import { logActions, type LogCall } from './log-actions.ts'
import { logWriter } from './log-group.ts'

const place: LogCall['place'] = {
  region: 'eu-west-1',
  accountId: '111122223333',
  logGroups: new Map(),
  figures: readFiguresOfServices(loadSpec().figures),
}

const ask = (action: string, input: object): Record<string, unknown> =>
  (logActions[action] as (call: object, input: object) => Record<string, unknown>)({ place, now: 1000 }, input)

test('what an environment writes is there line by line, also when it came in pieces', () => {
  const write = logWriter(place, '/aws/lambda/f', 'one')
  write('the first\nthe sec')
  write(Buffer.from('ond\n\nunfinished'))
  const { events } = ask('GetLogEvents', { logGroupName: '/aws/lambda/f', logStreamName: 'one', startFromHead: true })
  expect(events).toMatchObject([{ message: 'the first\n' }, { message: 'the second\n' }])
})

test('events are found by text and stream, page by page', () => {
  logWriter(place, '/aws/lambda/g', 'a')('x 1\nx 2\ny\n')
  logWriter(place, '/aws/lambda/g', 'b')('x 3\n')
  const input = { logGroupName: '/aws/lambda/g', filterPattern: '"x"', limit: 2 }
  const first = ask('FilterLogEvents', input)
  expect(first['events']).toMatchObject([{ message: 'x 1\n' }, { message: 'x 2\n' }])
  expect(ask('FilterLogEvents', { ...input, nextToken: first['nextToken'] })).toMatchObject({
    events: [{ message: 'x 3\n', logStreamName: 'b' }],
  })
  expect(ask('FilterLogEvents', { logGroupName: '/aws/lambda/g', logStreamNames: ['b'] })['events']).toHaveLength(1)
})

test('reading forward ends where the stream ends, and reading backward where it began', () => {
  ask('CreateLogGroup', { logGroupName: 'own' })
  ask('CreateLogStream', { logGroupName: 'own', logStreamName: 's' })
  const logEvents = [1, 2, 3].map(timestamp => ({ timestamp, message: String(timestamp) }))
  ask('PutLogEvents', { logGroupName: 'own', logStreamName: 's', logEvents })
  const input = { logGroupName: 'own', logStreamName: 's', limit: 2 }
  const last = ask('GetLogEvents', input)
  expect(last['events']).toMatchObject([{ message: '2' }, { message: '3' }])
  const before = ask('GetLogEvents', { ...input, nextToken: last['nextBackwardToken'] })
  expect(before['events']).toMatchObject([{ message: '1' }])
  expect(ask('GetLogEvents', { ...input, nextToken: last['nextForwardToken'] })['events']).toEqual([])
})

test('a group has its retention, is named once, and goes when it is deleted', () => {
  ask('CreateLogGroup', { logGroupName: 'kept' })
  expect(() => ask('CreateLogGroup', { logGroupName: 'kept' })).toThrow('already exists')
  ask('PutRetentionPolicy', { logGroupName: 'kept', retentionInDays: 7 })
  expect(() => ask('PutRetentionPolicy', { logGroupName: 'kept', retentionInDays: 8 })).toThrow('retentionInDays')
  expect(ask('DescribeLogGroups', { logGroupNamePrefix: 'kept' })['logGroups']).toMatchObject([
    { logGroupName: 'kept', retentionInDays: 7, arn: 'arn:aws:logs:eu-west-1:111122223333:log-group:kept:*' },
  ])
  ask('DeleteLogGroup', { logGroupName: 'kept' })
  expect(() => ask('DescribeLogStreams', { logGroupName: 'kept' })).toThrow('does not exist')
})

import { expect, test } from 'vitest'
import { parseConstraint } from '../../spec/compiler/constraint.ts'
import type { Constraint, Member } from '../../spec/model.ts'
import { action, member, SOURCE } from '../testing/spec.ts'
import { disagreements } from './agreements.ts'

const ARN = 'arn:aws:lambda:eu-west-1:123456789012'

function says(...spans: readonly string[]): readonly Constraint[] {
  return spans.map(span => {
    const parsed = parseConstraint(span)
    if (!('constraint' in parsed)) throw new Error(span)
    return { ...parsed.constraint, source: SOURCE }
  })
}

const text = (name: string, ...spans: readonly string[]): Member =>
  member(name, 'string', { constraints: says(...spans) })

const found = (
  members: readonly Member[],
  answer: { readonly [member: string]: unknown },
  params: { readonly [member: string]: unknown } | null = {},
): readonly string[] =>
  disagreements({ types: {} }, { action: action('GetThing', 'GET', '/'), params }, members, answer, () => true).map(
    one => one.message,
  )

const arn = (...spans: readonly string[]): readonly Member[] => [text('FunctionArn', ...spans)]

test.each([
  ['arn lambda:function', `${ARN}:function:a`, []],
  ['arn lambda:function', `${ARN}:layer:a`, ['FunctionArn is the ARN of what its name says']],
  ['arn', 'arn:aws:s3:::bucket', []],
  ['arn', 'bucket', ['FunctionArn is an ARN']],
  ['arn', '', []],
])('%s: %s', (span, value, messages) => {
  expect(found(arn(span), { FunctionArn: value })).toEqual(messages)
})

test('an ARN is as the request gave it', () => {
  const role = 'arn::iam::939392261513:role/@_'
  const messages = ['FunctionArn is an ARN']
  expect(found(arn('arn'), { FunctionArn: role }, { Role: role })).toEqual([])
  expect(found(arn('arn'), { FunctionArn: role }, { Role: `${role}a` })).toEqual(messages)
})

test.each([
  [{ FunctionName: 'a' }, []],
  [{ FunctionName: `${ARN}:function:a` }, []],
  [{ FunctionName: '123456789012:function:a:prod' }, []],
  [{ FunctionName: 'b' }, ['FunctionArn is about the FunctionName that was asked for: its name']],
  [
    { FunctionName: '999999999999:function:a' },
    ['FunctionArn is about the FunctionName that was asked for: its account'],
  ],
  [{}, []],
  [null, []],
])('same function as the request: %j', (params, messages) => {
  expect(found(arn('same function as request.FunctionName'), { FunctionArn: `${ARN}:function:a` }, params)).toEqual(
    messages,
  )
})

test.each([
  ['a:3', '3', '3', []],
  ['a', '3', '$LATEST', ['Version has the version of the Qualifier that was asked for']],
  ['a:prod', 'prod', '7', []],
  ['a:prod', 'other', '7', ['FunctionArn has the qualifier of the Qualifier that was asked for']],
  ['a:4', undefined, '5', ['Version has the version of FunctionArn']],
  ['a', undefined, '5', ['Version is $LATEST unless qualifier of FunctionArn']],
])('the version and the qualifier: %s asked as %s, version %s', (name, qualifier, version, messages) => {
  const members = [
    text('FunctionArn', 'same qualifier as request.Qualifier'),
    text(
      'Version',
      'same version as FunctionArn',
      'same version as request.Qualifier',
      'equals $LATEST unless qualifier of FunctionArn',
    ),
  ]
  const answer = { FunctionArn: `${ARN}:function:${name}`, Version: version }
  expect(found(members, answer, qualifier === undefined ? {} : { Qualifier: qualifier })).toEqual(messages)
})

test('a name in a request is no qualifier', () => {
  const members = [text('ExecutedVersion', 'same version as request.FunctionName')]
  expect(found(members, { ExecutedVersion: '2' }, { FunctionName: 'three3' })).toEqual([])
  expect(found(members, { ExecutedVersion: '2' }, { FunctionName: 'three3:3' })).toHaveLength(1)
})

test('ends, prefixes, bounds and absence', () => {
  const members = [
    text('LayerArn', 'prefix of LayerVersionArn'),
    text('LayerVersionArn', 'ends with :{Version}'),
    member('Version', 'integer', { constraints: says('at most Most unless Status=BUSY') }),
    text('Reason', 'absent when Status=READY'),
  ]
  const good = { LayerArn: 'a', LayerVersionArn: 'a:2', Version: 2, Most: 2, Status: 'READY' }
  expect(found(members, good)).toEqual([])
  expect(found(members, { ...good, LayerArn: 'b' })).toEqual(['LayerArn begins LayerVersionArn'])
  expect(found(members, { ...good, LayerVersionArn: 'a:3' })).toEqual(['LayerVersionArn ends with :{Version}'])
  expect(found(members, { ...good, Most: 1 })).toEqual(['Version is at most Most unless Status=BUSY'])
  expect(found(members, { ...good, Most: 1, Status: 'BUSY' })).toEqual([])
  expect(found(members, { ...good, Reason: 'x' })).toEqual(['Reason is absent when Status=READY'])
})

test('statements are those that were added, lists have nothing twice, and all belongs to one account', () => {
  const statement = [text('Statement', 'same Sid as request.StatementId')]
  expect(found(statement, { Statement: '{"Sid":"a"}' }, { StatementId: 'a' })).toEqual([])
  expect(found(statement, { Statement: '{"Sid":"b"}' }, { StatementId: 'a' })).toHaveLength(1)
  const list = [member('Things', { kind: 'list', of: { kind: 'json' } }, { constraints: says('unique by Id') })]
  expect(found(list, { Things: [{ Id: 1 }, { Id: 2 }] })).toEqual([])
  expect(found(list, { Things: [{ Id: 1 }, { Id: 1 }] })).toHaveLength(1)
  const own = [text('FunctionArn', 'own'), text('AliasArn', 'own')]
  expect(found(own, { FunctionArn: `${ARN}:function:a`, AliasArn: `${ARN}:function:a:b` })).toEqual([])
  const other = 'arn:aws:lambda:eu-west-1:999999999999:function:a:b'
  expect(found(own, { FunctionArn: `${ARN}:function:a`, AliasArn: other })).toHaveLength(1)
})

test('only what binds is looked at', () => {
  const members = [text('FunctionArn', 'recorded arn', 'arn lambda:function')]
  const seen = disagreements(
    { types: {} },
    { action: action('GetThing', 'GET', '/'), params: null },
    members,
    { FunctionArn: 'x' },
    one => one.origin === 'guide',
  )
  expect(seen).toHaveLength(1)
  expect(seen[0]).toMatchObject({ path: ['FunctionArn'], source: SOURCE })
})

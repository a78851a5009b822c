import { describe, expect, it } from 'vitest'
import { applicationOf, projectWith } from '../fixtures/project.ts'
import { lint } from '../lint.ts'
import type { HandlerLookup } from './model.ts'

function lookUp(
  runtime: string,
  handler: string,
  files: { readonly [path: string]: string },
  code = 'CodeUri: .',
): HandlerLookup['found'] | string {
  const template = `Transform: AWS::Serverless-2016-10-31
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties: {Runtime: ${runtime}, Handler: '${handler}', ${code}}
`
  const lookup = applicationOf({ 'template.yaml': template, ...files }).functions[0]?.lookup
  if (!lookup) throw new Error('no function')
  return lookup.found || lookup.reason
}

describe('handlers in languages that are not read', () => {
  const java = (more: string): { readonly [path: string]: string } => ({
    'src/main/java/a/One.java': `package a;\npublic class One ${more}\n`,
  })

  it('are missing where the sources of their own package lack them', () => {
    expect(lookUp('java21', 'a.Two::run', java('{}'))).toBe('missing-file')
    expect(lookUp('java21', 'a.One::run', java('{ void other() {} }'))).toBe('missing-export')
    expect(lookUp('java21', 'a.One::run', java('implements RequestHandler<A, B> { }'))).toBe('missing-export')
    expect(lookUp('dotnet8', 'A::A.B.Two::Run', { 'B/One.cs': 'namespace A.B;\nclass One {}\n' })).toBe('missing-file')
    expect(lookUp('ruby3.3', 'app.run', { 'app.rb': 'def handler(event:, context:)\nend\n' })).toBe('missing-export')
  })

  it.each([
    ['a library', 'java21', 'b.Two::run', java('{}')],
    ['a base class', 'java21', 'a.One::run', java('extends Base {}')],
    ['an interface', 'java21', 'a.One::run', java('implements Runs {}')],
    ['a generator', 'java21', 'a.One::run', java('{ @Delegate Runs runs; }')],
    ['a class within another', 'java21', 'a.One$Two::run', java('{}')],
    ['a type beside', 'java21', 'a.Two::run', { 'A.java': 'package a;\nclass One {}\nclass Two { void run() {} }\n' }],
    ['no source at all', 'java21', 'a.One::run', {}],
    ['a part elsewhere', 'dotnet8', 'A::A.One::Run', { 'One.cs': 'namespace A;\npublic partial class One\n{\n}\n' }],
    [
      'another language',
      'dotnet8',
      'A::A.Two::Run',
      { 'One.cs': 'namespace A;\nclass One {}\n', 'Two.fs': 'module A' },
    ],
    ['a test', 'java21', 'a.Two::run', { 'src/test/java/a/One.java': 'package a;\nclass One {}\n' }],
    ['what runs makes', 'ruby3.3', 'app.run', { 'app.rb': 'define_method(:a) {}\n' }],
    ['a folder of a build', 'ruby3.3', 'app.run', { 'lib/app.js': '' }],
  ])('are not said to be missing where they may come from %s', (_what, runtime, handler, files) => {
    expect(lookUp(runtime, handler, files)).toBe('unknown')
  })

  it('are not looked for in archives that are elsewhere', () => {
    expect(lookUp('java21', 'a.Two::run', java('{}'), 'CodeUri: s3://bucket/key')).toBe('unknown')
  })

  it('are told to be unread', async () => {
    const root = projectWith({
      'template.yaml':
        'Resources: {Fn: {Type: AWS::Lambda::Function, Properties: {Runtime: java21, Handler: a.B, Role: "arn:aws:iam::123456789012:role/r", Code: {S3Bucket: b, S3Key: k}}}}\n',
    })
    const options = { root, paths: [], templates: [], preset: 'recommended', levels: new Map(), config: {} } as const
    const { notes, lint: record } = await lint({ ...options, cache: false })
    const note = '1 function runs on Java: its handlers were looked for, and its code was not read'
    expect(notes).toContain(note)
    expect(record.unread).toContain(note)
  })
})

import { describe, expect, it } from 'vitest'
import { applicationOf, at } from '../fixtures/project.ts'
import { locOf } from './code.ts'
import type { Application, LambdaFunction } from './model.ts'

const template = (handler: string, more = ''): string => `Transform: AWS::Serverless-2016-10-31
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs22.x, Handler: ${handler}, CodeUri: .}
${more}`

function functionOf(handler: string, files: { readonly [path: string]: string }, more?: string): LambdaFunction {
  return applicationOf({ 'template.yaml': template(handler, more), ...files }).functions[0]!
}

/** The place of the function that does the work, and its wrappers. */
function found(
  handler: string,
  files: { readonly [path: string]: string },
): { readonly at: string | undefined; readonly wrappers: readonly string[] } {
  const { entry, lookup } = functionOf(handler, files)
  if (!entry) throw new Error(lookup.found ? 'found' : lookup.why)
  const home = entry.files.find(file => file.ast === entry.fn?.getSourceFile())
  return { at: entry.fn && home && at(locOf(home, entry.fn)), wrappers: entry.wrappers }
}

describe('handlers', () => {
  it('are found however they are exported', () => {
    const js = (text: string): string | undefined => found('app.handler', { 'app.js': text }).at
    expect(js('exports.handler = async (event) => 1')).toBe('app.js:1:19')
    expect(js('module.exports.handler = function (event, context, callback) {}')).toBe('app.js:1:26')
    expect(js('const handler = async () => 1\nmodule.exports = { handler }')).toBe('app.js:1:17')
    expect(js('module.exports = { async handler(event) { return 1 } }')).toBe('app.js:1:20')
    expect(js('export async function handler() {}')).toBe('app.js:1:1')
    expect(js('const h = async () => 1\nexport { h as handler }')).toBe('app.js:1:11')
    expect(js('class App { async run(event) {} }\nconst app = new App()\nexports.handler = app.run.bind(app)')).toBe(
      'app.js:1:13',
    )
    expect(js('exports.handler = exports.main = async () => 1')).toBe('app.js:1:34')
    expect(found('app.api.handler', { 'app.js': 'exports.api = { handler: async () => 1 }' }).at).toBe('app.js:1:26')
    expect(
      found('app.handler', {
        'app.ts': 'class App { handler = async (e: unknown): Promise<void> => {} }\nexport = new App()',
      }).at,
    ).toBe('app.ts:1:23')
  })

  it('are followed through wrappers', () => {
    const ts = (text: string): ReturnType<typeof found> => found('app.handler', { 'app.ts': text })
    expect(
      ts('import middy from "@middy/core"\nconst base = async () => 1\nexport const handler = middy(base).use(json())'),
    ).toEqual({ at: 'app.ts:2:14', wrappers: ['middy.use', 'middy'] })
    expect(
      ts('import middy from "@middy/core"\nexport const handler = middy().use(x()).handler(async () => 1)').at,
    ).toBe('app.ts:2:49')
    expect(ts('export const handler = Sentry.wrapHandler(tracer.captureLambdaHandler(async () => 1))')).toEqual({
      at: 'app.ts:1:71',
      wrappers: ['Sentry.wrapHandler', 'tracer.captureLambdaHandler'],
    })
    expect(
      ts(
        'const withErrors = (fn) => async (e) => fn(e)\nconst inner = async (e) => 1\nexport const handler = withErrors(inner)',
      ),
    ).toEqual({ at: 'app.ts:2:15', wrappers: ['withErrors'] })
    expect(
      ts('function make(table: string) { return async (event: unknown) => table }\nexport const handler = make("t")'),
    ).toEqual({ at: 'app.ts:1:39', wrappers: ['make'] })
  })

  it('are followed across files', () => {
    expect(
      found('app.handler', {
        'app.js': "exports.handler = require('./lib').run",
        'lib/index.js': 'exports.run = async () => 1',
      }).at,
    ).toBe('lib/index.js:1:15')
    expect(
      found('app.handler', {
        'app.ts': "export { run as handler } from './lib.js'",
        'lib.ts': 'export const run = async () => 1',
      }).at,
    ).toBe('lib.ts:1:20')
    expect(
      found('app.handler', { 'app.ts': "export * from './lib'", 'lib.ts': 'export const handler = async () => 1' }).at,
    ).toBe('lib.ts:1:24')
    expect(
      found('app.handler', {
        'app.ts': "import { run } from '@/lib'\nexport const handler = run",
        'src/lib.ts': 'export const run = async () => 1',
        'tsconfig.json': '{"compilerOptions": {"paths": {"@/*": ["./src/*"]}}}',
      }).at,
    ).toBe('src/lib.ts:1:20')
  })

  it('are taken from the source, not from what a build made of it', () => {
    expect(
      found('dist/app.handler', {
        'dist/app.js': 'exports.handler = async () => 1\n//# sourceMappingURL=app.js.map',
        'src/app.ts': 'export const handler = async () => 1',
      }).at,
    ).toBe('src/app.ts:1:24')
  })

  it('are what a bundle says that it exports, minified or not', () => {
    const of = (text: string): { readonly [name: string]: string } => ({ 'app.js': text })
    const plain = `var app_exports = {};
__export(app_exports, { handler: () => handler2 });
module.exports = __toCommonJS(app_exports);
var handler2 = async (event) => event;
0 && (module.exports = {
  handler
});
`
    const reason = (handler: string, text: string): string => {
      const { lookup } = functionOf(handler, of(text))
      return lookup.found ? 'found' : lookup.reason
    }
    expect(found('app.handler', of(plain)).at).toBe('app.js:4:16')
    expect(reason('app.other', plain)).toBe('missing-export')
    const minified =
      'var o=Object.defineProperty;var r={};module.exports=u(r);var n=async e=>e;0&&(module.exports={handler});'
    expect(reason('app.other', minified)).toBe('missing-export')
    expect(reason('app.handler', minified)).toBe('found')
    const unsaid = 'var o=Object.defineProperty;var r={};module.exports=u(r);var n=async e=>e;'
    expect(reason('app.handler', unsaid)).toBe('unknown')
    const whole = '0&&(module.exports={handler,...require("./more")});'
    expect(reason('app.other', whole)).toBe('unknown')
  })

  it('are taken from the entry points of a bundler, and from behind the handlers of agents', () => {
    const esbuild = `Transform: AWS::Serverless-2016-10-31
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Metadata: {BuildMethod: esbuild, BuildProperties: {EntryPoints: [src/orders/app.ts, src/users/app.ts]}}
    Properties: {Runtime: nodejs22.x, Handler: users/app.handler, CodeUri: .}
  Watched:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs22.x, Handler: /opt/nodejs/node_modules/datadog-lambda-js/handler.handler, CodeUri: src/users, Environment: {Variables: {DD_LAMBDA_HANDLER: app.handler}}}
  Layered:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs22.x, Handler: newrelic-lambda-wrapper.handler, CodeUri: src/users, Layers: [arn:layer]}
`
    const app = applicationOf({
      'template.yaml': esbuild,
      'src/orders/app.ts': 'export const handler = async () => 1',
      'src/users/app.ts': 'export const handler = async () => 2',
    })
    expect(app.functions.map(fn => fn.entry?.file.path ?? (fn.lookup.found || fn.lookup.reason))).toEqual([
      'src/users/app.ts',
      'src/users/app.ts',
      'unknown',
    ])
  })

  it('that are not there are told from those that cannot be looked for', () => {
    const lookup = (fn: LambdaFunction): unknown => (fn.lookup.found ? 'found' : fn.lookup.reason)
    expect(lookup(functionOf('app.handler', { 'other.js': '' }))).toBe('missing-file')
    expect(lookup(functionOf('app.handler', { 'app.js': 'exports.hander = async () => 1' }))).toBe('missing-export')
    expect(lookup(functionOf('app.handler', { 'app.js': "module.exports = require('somewhere')" }))).toBe('unknown')
    expect(lookup(functionOf('app.handler', { 'app.js': "export * from 'somewhere'" }))).toBe('unknown')
    expect(lookup(functionOf('dist/app.handler', { 'package.json': '{"scripts": {"build": "tsc"}}' }))).toBe('unknown')
    expect(
      lookup(
        applicationOf({ 'template.yaml': template('app.handler').replace('nodejs22.x', 'ruby3.3') }).functions[0]!,
      ),
    ).toBe('unknown')
    expect(
      lookup(
        applicationOf({ 'template.yaml': template('app.handler').replace('CodeUri: .', 'CodeUri: s3://bucket/key') })
          .functions[0]!,
      ),
    ).toBe('unknown')
  })

  it('reach the files that they import, in circles too', () => {
    const { entry } = functionOf('app.handler', {
      'app.ts': "import { a } from './a.ts'\nimport type { T } from './types.ts'\nexport const handler = async () => a",
      'a.ts': "import './b.ts'\nexport const a = 1",
      'b.ts': "import { a } from './a.ts'\nconst lazy = () => import('./lazy.ts')",
      'lazy.ts': '',
      'types.ts': 'export type T = 1',
      'unrelated.ts': '',
    })
    expect(entry!.files.map(file => file.path)).toEqual(['app.ts', 'a.ts', 'b.ts', 'lazy.ts'])
  })
})

describe('handlers without a template', () => {
  const handlers = (app: Application): string[] =>
    app.handlers.map(handler => `${handler.file.path}#${handler.exportName}`)

  it('are told by name, signature and types', () => {
    expect(
      handlers(
        applicationOf({
          'a.js': 'exports.handler = async (event, context) => 1',
          'b.ts':
            "import type { SQSHandler } from 'aws-lambda'\nexport const consume: SQSHandler = async (event) => {}\nexport const helper = (x: number) => x",
          'c.ts': "import type { S3Event } from 'aws-lambda'\nexport async function onUpload(event: S3Event) {}",
          'd.mjs': 'export const lambdaHandler = async (event) => event',
          'express.js': 'exports.handler = (req, res, next) => next()',
          'cli.js': "const yargs = require('yargs')\nexports.handler = (argv) => {}",
          'a.test.js': 'exports.handler = async (event) => 1',
          'other.js': 'exports.run = async (event) => 1',
          'compiled.js':
            '"use strict";\nexports.handler = void 0;\nconst handler = async (event) => 1;\nexports.handler = handler;\n',
          'reads.ts':
            "import type { APIGatewayProxyEvent } from 'aws-lambda'\nexport function userOf(event: APIGatewayProxyEvent) { return event.requestContext.authorizer }",
          'load.ts':
            "import type { APIGatewayProxyEvent } from 'aws-lambda'\nexport async function loadUser(event: APIGatewayProxyEvent) { return event.body }",
          'uses.ts': "import { loadUser } from './load'\nexport const print = (event) => loadUser(event)",
        }),
      ),
    ).toEqual(['a.js#handler', 'b.ts#consume', 'c.ts#onUpload', 'compiled.js#handler', 'd.mjs#lambdaHandler'])
  })

  it('are told by their parameters under any name, where the SDK is at hand', () => {
    const sdk = "const { DynamoDB } = require('@aws-sdk/client-dynamodb')\n"
    expect(
      handlers(
        applicationOf({
          'replica.js': `${sdk}async function onEvent(event) { return event.ResourceProperties.TableName }\nexports.onEvent = onEvent\n`,
          'query.mjs':
            "import { DynamoDB } from '@aws-sdk/client-dynamodb'\nexport const query = async (event, context) => 1\n",
          'plain.js': 'exports.query = async (event, context) => 1\n',
          'shared.js': `${sdk}exports.query = async (event, context) => 1\n`,
          'user.js': `${sdk}const { query } = require('./shared')\nexports.all = async () => query()\n`,
          'wraps.js': `${sdk}exports.run = (event, context, callback) => new Promise(callback)\n`,
          'listener.js': `${sdk}exports.onClick = (event) => event.target\n`,
        }),
      ),
    ).toEqual(['query.mjs#query', 'replica.js#onEvent'])
  })

  it('are not what takes an event and a context of something else', () => {
    const sdk = "const { S3 } = require('@aws-sdk/client-s3')\n"
    expect(
      handlers(
        applicationOf({
          'bus.js': `${sdk}const bus = require('./bus')\nexports.onOrder = async (event, context) => 1\nbus.on('order', exports.onOrder)\n`,
          'emitter.js': `${sdk}const { EventEmitter } = require('node:events')\nasync function onSaved(event, context) {}\nnew EventEmitter().on('saved', onSaved)\nmodule.exports = { onSaved }\n`,
          'listener.js': `${sdk}exports.onClick = (event, context) => { context.clicked = event.target }\n`,
          'upload.tsx':
            "import { S3 } from '@aws-sdk/client-s3'\nexport const onDrop = async (event: DragEvent, context: Ctx) => <p/>\n",
          'use-upload.ts':
            "import { useState } from 'react'\nimport { S3 } from '@aws-sdk/client-s3'\nexport const onDrop = async (event: DragEvent, context: Ctx) => 1\n",
          'store.js': `import { S3 } from '@aws-sdk/client-s3'\nimport { ref } from 'vue'\nexport const upload = async (event, context) => 1\nexport const other = async (event, ctx) => 1\n`,
          'app.js': `${sdk}const express = require('express')\nexports.audit = (event, context) => (req, res, next) => next()\n`,
          'middleware.js': `${sdk}exports.log = (req, res, next) => next()\n`,
          'pubsub.js': `${sdk}require('@google-cloud/functions-framework')\nexports.onMessage = async (event, context) => 1\n`,
          'mocks.js': `${sdk}const { vi } = require('vitest')\nexports.invoke = async (event, context) => 1\n`,
          'pieces.js': `${sdk}exports.parse = (event, context) => event.body\nexports.all = events => events.map(event => exports.parse(event, {}))\n`,
        }),
      ),
    ).toEqual([])
  })

  it('are told by what Lambda alone gives, where nothing comes back', () => {
    const sdk = "const { S3 } = require('@aws-sdk/client-s3')\n"
    expect(
      handlers(
        applicationOf({
          'old.js': `${sdk}exports.copy = (event, context) => { copyAll(event.Records) }\n`,
          'done.js': `${sdk}exports.sweep = function (event, context) { deleteOld(() => context.done()) }\n`,
          'promise.js': `${sdk}exports.list = (event, context) => new S3().listBuckets({})\n`,
        }),
      ),
    ).toEqual(['done.js#sweep', 'old.js#copy', 'promise.js#list'])
  })
})

describe('the CDK', () => {
  it('leads from assets to the sources behind them', () => {
    const stack = JSON.stringify({
      Resources: {
        Bundled: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            Runtime: 'nodejs22.x',
            Handler: 'index.handler',
            Code: { S3Bucket: 'b', S3Key: 'k' },
            Role: 'r',
          },
          Metadata: { 'aws:asset:path': 'asset.1', 'aws:asset:property': 'Code' },
        },
        Retention: {
          Type: 'AWS::Lambda::Function',
          Properties: { Runtime: 'nodejs22.x', Handler: 'index.handler' },
          Metadata: { 'aws:cdk:path': 'Stack/LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8a/Resource' },
        },
        BucketNotificationsHandler050a0587b7544547bf325f094a3db8347ECC3691: {
          Type: 'AWS::Lambda::Function',
          Properties: { Runtime: 'nodejs22.x', Handler: 'index.handler' },
        },
        Copied: {
          Type: 'AWS::Lambda::Function',
          Properties: { Runtime: 'nodejs22.x', Handler: 'app.handler', Code: { S3Bucket: 'b', S3Key: 'k' }, Role: 'r' },
          Metadata: { 'aws:asset:path': 'asset.2', 'aws:asset:property': 'Code' },
        },
      },
    })
    const app = applicationOf({
      'cdk.out/manifest.json': '{}',
      'cdk.out/Stack.template.json': stack,
      'cdk.out/asset.1/index.js':
        '"use strict";\nvar __defProp = Object.defineProperty;\n\n// node_modules/x/index.js\nvar x = 1;\n\n// lambda/hello.ts\nvar handler = async () => 1;\nexports.handler = handler;\n',
      'cdk.out/asset.2/app.js': 'exports.handler = async (event) => event\n',
      'lambda/hello.ts': 'export const handler = async () => 1\n',
      'functions/app.js': 'exports.handler = async (event) => event\n',
    })
    expect(app.templates.map(one => one.format)).toEqual(['cdk'])
    expect(app.functions.map(fn => fn.entry?.file.path)).toEqual(['lambda/hello.ts', 'functions/app.js'])
    expect(app.code.every(file => !file.generated)).toBe(true)
  })
})

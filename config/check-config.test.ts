import { readFileSync } from 'node:fs'
import path from 'node:path'
import { globSync } from 'tinyglobby'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { CAPABILITIES } from '../spec/compiler/vocabulary.ts'
import { checkConfig, checkEndpointFile } from './check-config.ts'

const root = path.resolve(import.meta.dirname, '..')
const url = 'http://127.0.0.1:1'

function problemsOf(value: unknown): readonly string[] {
  try {
    checkConfig(value, 'f')
    return []
  } catch (error) {
    return (error as Error).message.split('\n').map(line => line.replace(/^f: /, ''))
  }
}

test('everything that may be said is taken, $schema too', () => {
  const endpoint = {
    $schema: 'https://example.com/schema.json',
    name: 'n',
    url: 'https://[::1]:3000/base',
    region: 'us-gov-west-1',
    account: '123456789012',
    role: 'arn:aws-cn:iam::123456789012:role/path/name',
    capabilities: { python: false, invoke: true },
    actions: { ListTags: 'unsupported' },
    expectedFailures: ['alias.*'],
    limits: { concurrency: 256, rate: 0.5, requestTimeoutMs: 100, maxResponseBytes: 1024 },
    probes: { echo: 'name' },
    start: {
      command: 'x',
      ready: { log: '(?<url>x)' },
      timeout: 1.5,
      env: { A: 'b' },
      cwd: '..',
      setup: [{ method: 'PUT', path: '/x', headers: { a: 'b' }, body: [{}] }],
    },
  }
  for (const credentials of [{ profile: 'p' }, { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' }])
    expect(problemsOf({ $schema: 'x', endpoint: 'n', endpoints: { n: { ...endpoint, credentials } } })).toEqual([])
  const rules = { a: 'off', b: ['error', { most: 1 }] }
  const overrides = [{ files: ['x'], rules: { a: 'info' } }]
  expect(problemsOf({ lint: { preset: 'strict', rules, ignore: ['x'], templates: ['y'], overrides } })).toEqual([])
  expect(problemsOf({})).toEqual([])
  expect(problemsOf({ endpoint: undefined, lint: { preset: undefined } })).toEqual([])
})

test.each([
  [[], 'the file must hold a mapping, not a list'],
  ['x', 'the file must hold a mapping, not "x"'],
  [{ endpoint: 5 }, 'endpoint must be a text, not the number 5'],
  [{ endpoint: '' }, 'endpoint must be a text, not an empty text'],
  [{ endpoints: { a: {} } }, 'endpoints.a.url is missing'],
  [{ endpoints: { a: null } }, 'endpoints.a must be a mapping, not null'],
  [{ endpoints: { a: { url, urll: 1 } } }, 'endpoints.a.urll is not a key of endpoints.a; did you mean url?'],
  [
    { endpoints: { a: { url: 'ftp://x' } } },
    'endpoints.a.url must be an http or https url such as http://127.0.0.1:4566, not "ftp://x"',
  ],
  [
    { endpoints: { a: { url: 'http://' } } },
    'endpoints.a.url must be an http or https url such as http://127.0.0.1:4566, not "http://"',
  ],
  [
    { endpoints: { a: { url, account: 123456789012 } } },
    'endpoints.a.account must be twelve digits in quotes, not the number 123456789012',
  ],
  [
    { endpoints: { a: { url, capabilities: { pyhton: true } } } },
    'endpoints.a.capabilities.pyhton is not known here; did you mean python?',
  ],
  [
    { endpoints: { a: { url, capabilities: { python: 'yes' } } } },
    'endpoints.a.capabilities.python must be true or false, not "yes"',
  ],
  [
    { endpoints: { a: { url, actions: { X: 'supporte' } } } },
    'endpoints.a.actions.X must be supported or unsupported, not "supporte"; did you mean supported?',
  ],
  [
    { endpoints: { a: { url, credentials: { profile: 'a', accessKeyId: 'b' } } } },
    'endpoints.a.credentials.accessKeyId is not a key of endpoints.a.credentials; there are profile',
  ],
  [
    { endpoints: { a: { url, credentials: { accessKeyId: 'b' } } } },
    'endpoints.a.credentials.secretAccessKey is missing',
  ],
  [
    { endpoints: { a: { url, limits: { concurrency: 0 } } } },
    'endpoints.a.limits.concurrency must be a whole number from 1 to 256, not the number 0',
  ],
  [
    { endpoints: { a: { url, limits: { rate: '1' } } } },
    'endpoints.a.limits.rate must be a number of 0 or more, not "1"',
  ],
  [
    { endpoints: { a: { url, expectedFailures: ['x', 1] } } },
    'endpoints.a.expectedFailures[1] must be a text, not the number 1',
  ],
  [
    { endpoints: { a: { url, start: { command: 'x', ready: {} } } } },
    'endpoints.a.start.ready must have exactly one of url, port and log, not a mapping'.replace(', not a mapping', ''),
  ],
  [
    { endpoints: { a: { url, start: { command: 'x', setup: [{ path: 'x' }] } } } },
    'endpoints.a.start.setup[0].path must be a path that begins with /, not "x"',
  ],
  [{ lint: { presets: 'strict' } }, 'lint.presets is not a key of lint; did you mean preset?'],
  [{ lint: { rules: { a: 'loud' } } }, 'lint.rules.a must be error or warning or info or off, not "loud"'],
  [{ lint: { rules: { a: ['loud'] } } }, 'lint.rules.a[0] must be error or warning or info or off, not "loud"'],
  [{ lint: { overrides: [{ rules: {} }] } }, 'lint.overrides[0].files is missing'],
  [{ lint: { overrides: {} } }, 'lint.overrides must be a list, not a mapping'],
])('%j', (value, problem) => {
  expect(problemsOf(value)).toEqual([problem])
})

test('every mistake is told in one go', () => {
  expect(problemsOf({ endpoint: 1, endpoints: { a: {} }, x: 1 })).toHaveLength(3)
})

test('the capabilities are those of the pages', () => {
  const schema = JSON.parse(readFileSync(path.join(root, 'config/config.schema.json'), 'utf8'))
  expect(schema.$defs.endpoint.properties.capabilities.propertyNames.enum).toEqual([...CAPABILITIES])
})

test('the endpoint files of this project are right, and the schema is published', () => {
  const files = globSync('endpoints/*.yaml', { cwd: root })
  expect(files.length).toBeGreaterThan(3)
  for (const file of files) checkEndpointFile(parse(readFileSync(path.join(root, file), 'utf8')), file)
  const { files: published } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  expect(published).toContain('config/*.schema.json')
})

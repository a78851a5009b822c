import { describe, expect, it } from 'vitest'
import { applicationOf, at } from '../fixtures/project.ts'

const HELLO = {
  'src/functions/hello/handler.ts': 'export const main = async () => ({ statusCode: 200, body: "" })\n',
  'src/functions/hello/index.ts': `import { handlerPath } from '@libs/handler-resolver'
export default {
  handler: \`\${handlerPath(__dirname)}/handler.main\`,
  timeout: 20,
  events: [{ http: { method: 'post', path: 'hello' } }],
}
`,
  'src/functions/index.ts': `export { default as hello } from './hello'\n`,
  'src/libs/handler-resolver.ts': 'export const handlerPath = (context: string) => context\n',
  'tsconfig.json':
    '{"compilerOptions": {"baseUrl": ".", "paths": {"@functions/*": ["src/functions/*"], "@libs/*": ["src/libs/*"]}}}',
}
const SERVICE = `import type { AWS } from '@serverless/typescript'
import hello from '@functions/hello'
const region = 'eu-west-1'
const shared = { memorySize: 512 } as const
const extra = makeThem()

const serverlessConfiguration: AWS = {
  service: 'shop',
  provider: {
    name: 'aws',
    runtime: 'nodejs22.x',
    timeout: -1 + 2,
    ...shared,
    environment: { TABLE: \`orders-\${region}\`, MODE: mode(), STAGE: '\${opt:stage}' },
  },
  functions: { hello, other: { handler: 'src/other.main', timeout: 30, layers: [...extra, 'arn:aws:lambda:eu-west-1:111122223333:layer:l:1'] } },
} satisfies AWS

module.exports = serverlessConfiguration
`

describe('a service that is written as a module', () => {
  const app = applicationOf({ ...HELLO, 'serverless.ts': SERVICE })
  const [hello, other] = app.functions

  it('has the functions of the modules that it takes in', () => {
    expect(app.templates.map(one => one.format)).toEqual(['serverless'])
    expect(app.functions.map(fn => fn.id)).toEqual(['hello', 'other'])
    expect(hello?.handler.string()).toBe('src/functions/hello/handler.main')
    expect(hello?.timeout.number()).toBe(20)
    expect(hello?.lookup.found).toBe(true)
    expect(hello?.events.map(event => event.kind)).toEqual(['rest-api'])
  })

  it('knows literals, constants and what is spread', () => {
    expect(hello?.memory.number()).toBe(512)
    expect(other?.timeout.number()).toBe(30)
    expect(other?.environment.at('TABLE').string()).toBe('orders-eu-west-1')
  })

  it('knows nothing of what a call makes', () => {
    expect(other?.environment.at('MODE').isUnknown).toBe(true)
    expect(other?.property('Layers').items()[0]?.isUnknown).toBe(true)
  })

  it('has its places where the module says it', () => {
    const timeout = other?.timeout
    expect(timeout && at(timeout.loc)).toBe('serverless.ts:16:68')
  })
})

describe('no service', () => {
  it.each([
    ['of another cloud', `export default { service: 's', provider: { name: 'google' } }`],
    ['made by a call', `module.exports = make({ service: 's', provider: { name: 'aws' } })`],
    ['no object', `export default 5`],
    ['broken', `export default { service: `],
    ['of a circle', `const a = b\nconst b = a\nexport default a`],
    ['spread into itself', `const a = { ...a }\nexport default a`],
    ['of modules in a circle', `export { default } from './serverless'`],
  ])('%s', (_how, text) => expect(applicationOf({ 'serverless.ts': text }).templates).toEqual([]))
})

/** The short part of `npm run hostile`. */
import { describe, expect, it } from 'vitest'
import { createClient } from '../../suites/wire/client.ts'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { fuzz } from './fuzz.ts'
import { SERVERS, startServer } from './servers.ts'

const spec = loadSpec()
const LIMITS = { concurrency: 2, rate: 0, requestTimeoutMs: 400, maxResponseBytes: 20_000_000 }

describe('the client against every server that is none', () => {
  it.each(Object.keys(SERVERS))('%s: an answer or a failure, in time', async name => {
    const server = await startServer(SERVERS[name]!)
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
    const client = createClient({ endpoint: { url: server.url, region: 'us-east-1', credentials, limits: LIMITS } })
    try {
      const started = performance.now()
      const answer = await client.call(spec.actions['ListTags']!, { Resource: 'arn:aws:lambda:us-east-1:1:function:x' })
      expect(answer.failure !== undefined || answer.status !== undefined).toBe(true)
      expect(performance.now() - started).toBeLessThan(5000)
    } finally {
      server.close()
      await client.close()
    }
  })
})

describe('fuzzing', () => {
  it('finds nothing in two thousand inputs', { timeout: 120_000 }, async () => {
    const results = []
    for await (const one of fuzz({ seed: 20_261_128, inputs: 2000 })) results.push(one)
    expect(results.filter(one => one.crash !== undefined)).toEqual([])
    expect(results.reduce((sum, one) => sum + one.inputs, 0)).toBeGreaterThanOrEqual(2000)
  })
})

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { newRunName } from '../ownership.ts'
import { createClient } from '../wire/client.ts'
import { sweep, type Swept } from './sweep.ts'

const spec = loadSpec()
const name = `${newRunName()}-function-1`

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

/** Sweeps an endpoint with one function whose deletion is never answered, or only after a time in which all is over. */
async function sweepOf(deletes: boolean, answersAfterMs?: number): Promise<Swept> {
  let there = true
  server = createServer((request, response) => {
    if (request.method === 'DELETE') {
      if (deletes) there = false
      if (answersAfterMs !== undefined) setTimeout(() => response.writeHead(204).end(), answersAfterMs)
      return
    }
    const lists = request.url?.startsWith('/2015-03-31/functions') === true
    const functions = lists && there ? [{ FunctionName: name }] : []
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(
        JSON.stringify(
          lists ? { Functions: functions } : { EventSourceMappings: [], Layers: [], CodeSigningConfigs: [] },
        ),
      )
  })
  await new Promise<void>(resolve => server?.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const endpoint = { url, region: 'eu-west-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }
  const limits = { concurrency: 2, rate: 0, requestTimeoutMs: 5000, maxResponseBytes: 100_000 }
  const client = createClient({ endpoint: { ...endpoint, limits } })
  try {
    return await sweep({ spec, client, endpoint, services: [], timeMs: 800 })
  } finally {
    await client.close()
  }
}

test('what is gone although nobody heard of it is not said to be left', async () => {
  expect(await sweepOf(true)).toEqual({ deleted: [`function ${name}`], left: [], unread: [] })
})

test('what is still there is said, with the command that deletes it', async () => {
  const { deleted, left } = await sweepOf(false)
  expect(deleted).toEqual([])
  expect(left.join()).toMatch(new RegExp(`^function ${name}: .*delete-function --function-name ${name} `))
})

test('what is listed still is said, though its deletion was answered and the time is over', async () => {
  const { deleted, left } = await sweepOf(false, 790)
  expect(deleted).toEqual([])
  expect(left.join()).toMatch(new RegExp(`^function ${name}: .*delete-function --function-name ${name} `))
  expect((await sweepOf(true, 790)).left).toEqual([])
})

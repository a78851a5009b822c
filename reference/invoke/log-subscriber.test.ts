import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createSubscriber, type Subscriber } from './log-subscriber.ts'

const open: (() => unknown)[] = []
afterEach(() => Promise.all(open.splice(0).map(close => close())))

/** A subscriber of 25 ms whose extension takes `answerMs` for a batch; `texts`: what it was given, in order. */
async function slowExtension(answerMs: number): Promise<{ subscriber: Subscriber; texts: string[] }> {
  const texts: string[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    texts.push(...(JSON.parse(body) as { record: string }[]).map(one => one.record))
    setTimeout(() => response.end(), answerMs)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const subscriber = createSubscriber({
    schemaVersion: '2020-08-15',
    types: ['function'],
    buffering: { timeoutMs: 25, maxBytes: 262_144, maxItems: 1000 },
    destination: { protocol: 'HTTP', port, path: '/', method: 'POST' },
  })
  open.push(
    () => subscriber.close(),
    () => server.close(),
  )
  return { subscriber, texts }
}

const record = (text: string): Parameters<Subscriber['add']>[0] => ({ time: '', type: 'function', record: text })

test.each([0, 60, 300])('what comes while a batch is under way for %i ms is delivered by itself', async answerMs => {
  const { subscriber, texts } = await slowExtension(answerMs)
  const sent = Array.from({ length: 8 }, (_, at) => `line ${at}`)
  for (const text of sent) {
    subscriber.add(record(text))
    await new Promise(resolve => setTimeout(resolve, 30))
  }
  await expect.poll(() => texts, { timeout: 5000 }).toEqual(sent)
})

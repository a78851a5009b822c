import { describe, expect, test } from 'vitest'
import type { Answer, Client } from '../case.ts'
import { journalView, readJournal, type JournalEntry } from './journal.ts'

const entry = (at: number, ...notes: readonly string[]): JournalEntry => ({
  id: `e${at}`,
  at,
  bytes: 10,
  event: { Records: notes.map(note => ({ messageId: note, body: JSON.stringify({ note, do: [] }) })) },
})

describe('what a page sees of a journal', () => {
  test('calls in their order, with the notes of their records', () => {
    const view = journalView([entry(1500, 'b', 'a'), entry(1000, 'a')])
    expect(view).toMatchObject({
      count: 2,
      batches: [['a'], ['b', 'a']],
      notes: ['a', 'b', 'a'],
      firsts: ['a', 'b'],
      tries: { a: 2, b: 1 },
      sizes: [1, 2],
    })
    expect(view['calls']).toMatchObject([
      { since: 0, size: 1 },
      { since: 500, size: 2 },
    ])
  })

  test('notes stand in data of streams and in items of tables as well', () => {
    const program = JSON.stringify({ note: 'x', do: [] })
    const records = [
      { kinesis: { data: Buffer.from(program).toString('base64') } },
      { dynamodb: { NewImage: { program: { S: program } } } },
      { dynamodb: { OldImage: { program: { S: program } } } },
      { body: 'no program' },
      null,
    ]
    expect(journalView([{ id: 'e', at: 1, bytes: 1, event: { Records: records } }])['notes']).toEqual([
      'x',
      'x',
      'x',
      '',
      '',
    ])
  })

  test('a call whose event was too large is still a call', () => {
    expect(journalView([{ id: 'e', at: 1, bytes: 900_000 }])).toMatchObject({ count: 1, sizes: [0] })
  })
})

describe('the queue of a journal', () => {
  const answers = (...bodies: readonly object[]): Pick<Client, 'http'> & { readonly asked: string[] } => {
    const left = [...bodies]
    const asked: string[] = []
    return {
      asked,
      http(request) {
        const action = String(request.headers['x-amz-target'])
        asked.push(action)
        const json = action.endsWith('ReceiveMessage') ? (left.shift() ?? {}) : {}
        return Promise.resolve({ status: 200, headers: {}, json } as unknown as Answer)
      },
    }
  }

  test('is read to its end and emptied; what is told twice is one call', async () => {
    const message = (one: unknown) => ({ Body: JSON.stringify(one), ReceiptHandle: 'h' })
    const client = answers(
      { Messages: [message(entry(2)), message(entry(1))] },
      { Messages: [message(entry(2)), message('nonsense'), { Body: 'none' }] },
    )
    const known = new Map<string, JournalEntry>()
    await readJournal(client, 'http://q', known)
    expect([...known.keys()]).toEqual(['e2', 'e1'])
    expect(client.asked.map(one => one.replace('AmazonSQS.', ''))).toEqual([
      'ReceiveMessage',
      'DeleteMessageBatch',
      'ReceiveMessage',
      'DeleteMessageBatch',
      'ReceiveMessage',
    ])
  })

  test('ends with a refusal', async () => {
    const refused = { status: 400, headers: {} } as unknown as Answer
    const known = new Map<string, JournalEntry>()
    expect(await readJournal({ http: () => Promise.resolve(refused) }, 'http://q', known)).toBe(refused)
    expect(known.size).toBe(0)
  })
})

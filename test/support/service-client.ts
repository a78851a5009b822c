import type { Answer, Send } from './reference-client.ts'

/** Asks another service of the endpoint by its JSON protocol: `AmazonSQS.SendMessage`. The answer must be a success, unless errors are wanted. */
export type Ask = (action: string, input?: { readonly [member: string]: unknown }) => Promise<any>

export function serviceClient(
  send: Send,
  service: 'AmazonSQS' | 'Kinesis_20131202',
): {
  readonly ask: Ask
  readonly refusal: (action: string, input?: { readonly [member: string]: unknown }) => Promise<Answer>
} {
  const call = (action: string, input: object = {}): Promise<Answer> =>
    send('POST /', {
      body: input,
      headers: { 'x-amz-target': `${service}.${action}`, 'content-type': 'application/x-amz-json-1.0' },
    })
  return {
    async ask(action, input) {
      const answer = await call(action, input)
      if (answer.status !== 200) throw new Error(`${action}: ${answer.status} ${answer.text}`)
      return answer.json
    },
    refusal: call,
  }
}

/** Reads until the condition holds, for ten seconds at most. */
export async function eventually<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  let value = await read()
  for (const end = Date.now() + 10_000; !holds(value); value = await read()) {
    if (Date.now() > end) throw new Error(`it has not come to that in time: ${JSON.stringify(value)?.slice(0, 500)}`)
    await new Promise(resolve => setTimeout(resolve, 25))
  }
  return value
}

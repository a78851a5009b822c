import type { Input } from '../protocol/inputs.ts'
import { PassThrough } from 'node:stream'
import { writeStreamMessage } from '../../base/event-stream.ts'
import { handler } from './call.ts'
import type { Outcome } from '../invoke/invoker.ts'
import { readInvocation } from './invoke.ts'

/**
 * https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html; a function that does not stream is
 * answered with one chunk.
 */
export const invokeWithResponseStream = handler(async (call, input: Input<'InvokeWithResponseStream'>) => {
  const invocation = readInvocation(call, input, call.world.limits.payloadSync)
  if (input.InvocationType === 'DryRun') return { status: 204 }
  const body = new PassThrough()
  // Who is refused before the function runs gets an error and no stream.
  const executedVersion = await new Promise<string>((resolve, reject) => {
    const outcome = call.invoker.invoke({
      ...invocation,
      onBegin: resolve,
      onChunk(chunk) {
        // A function may go on writing when its time is over.
        if (!body.writableEnded) body.write(chunkMessage(chunk))
      },
    })
    outcome.then(
      ended => body.end(lastMessages(ended, input.LogType === 'Tail')),
      (error: unknown) => {
        reject(error)
        body.destroy()
      },
    )
  })
  return {
    status: 200,
    headers: {
      'Content-Type': 'application/vnd.amazon.eventstream',
      'X-Amz-Executed-Version': executedVersion,
    },
    body,
  }
})

function lastMessages(outcome: Outcome, wantsLog: boolean): Buffer {
  const { functionError, payload, logTail } = outcome
  const complete = {
    ...(functionError !== undefined && { ErrorCode: functionError, ErrorDetails: payload.toString('utf8') }),
    ...(wantsLog && { LogResult: logTail.toString('base64') }),
  }
  const rest = functionError === undefined && payload.length > 0 ? [chunkMessage(payload)] : []
  return Buffer.concat([...rest, message('InvokeComplete', 'application/json', Buffer.from(JSON.stringify(complete)))])
}

function chunkMessage(chunk: Buffer): Buffer {
  return message('PayloadChunk', 'application/octet-stream', chunk)
}

function message(type: string, contentType: string, payload: Buffer): Buffer {
  return writeStreamMessage({
    headers: { ':message-type': 'event', ':event-type': type, ':content-type': contentType },
    payload,
  })
}

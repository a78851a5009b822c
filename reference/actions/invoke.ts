import type { Input } from '../protocol/inputs.ts'
import { functionArn, readFunctionReference } from '../protocol/arn.ts'
import type { FunctionReference } from '../protocol/arn.ts'
import { handler } from './call.ts'
import type { Call } from './call.ts'
import { refuse } from '../protocol/errors.ts'
import { jsonFault } from '../protocol/json-fault.ts'
import type { Invocation } from '../invoke/invoker.ts'
import { resolveQualifier } from '../store/find.ts'
import type { Target } from '../store/find.ts'
import { isSettled } from '../store/revision.ts'

/** https://docs.aws.amazon.com/lambda/latest/dg/API_Invoke.html */
export const invoke = handler(async (call, input: Input<'Invoke'>) => {
  const { world } = call
  const type = input.InvocationType ?? 'RequestResponse'
  const limit = type === 'Event' ? world.limits.payloadAsync : world.limits.payloadSync
  const invocation = readInvocation(call, input, limit)
  if (type === 'DryRun') return { status: 204 }
  if (type === 'Event') {
    call.invoker.enqueue(invocation)
    return { status: 202, body: Buffer.alloc(0) }
  }
  const outcome = await call.invoker.invoke(invocation)
  return {
    status: 200,
    headers: {
      'X-Amz-Executed-Version': outcome.executedVersion,
      ...(outcome.functionError && { 'X-Amz-Function-Error': outcome.functionError }),
      ...(input.LogType === 'Tail' && { 'X-Amz-Log-Result': outcome.logTail.toString('base64') }),
    },
    body: outcome.payload,
  }
})

/**
 * What a request calls, and with what. Refuses a payload over `limit` bytes or that is no JSON, and then what cannot be
 * called; whether it is called at all is not said here.
 */
export function readInvocation(
  call: Call,
  input: Pick<Input<'Invoke'>, 'FunctionName' | 'Qualifier' | 'Payload' | 'ClientContext' | 'LogType'>,
  limit: number,
): Invocation {
  const { world } = call
  const reference = readFunctionReference(world, input.FunctionName, input.Qualifier)
  const payload = input.Payload ?? Buffer.from('{}')
  if (payload.length > limit)
    refuse('RequestTooLargeException', `Request must be smaller than ${limit} bytes for the InvokeFunction operation`)
  refuseUnlessJson(payload)
  const clientContext =
    input.ClientContext === undefined ? undefined : readClientContext(input.ClientContext, world.limits.clientContext)
  return {
    world,
    target: invocable(call, reference),
    payload,
    requestId: call.requestId,
    clientContext,
    wantsLog: input.LogType === 'Tail',
    trace: call.headers['x-amzn-trace-id'] as string | undefined,
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/API_InvokeAsync.html */
export const invokeAsync = handler((call, input: Input<'InvokeAsync'>) => {
  const { world } = call
  const payload = input.InvokeArgs ?? Buffer.alloc(0)
  if (payload.length > world.limits.payloadAsync)
    refuse(
      'RequestTooLargeException',
      `Request must be smaller than ${world.limits.payloadAsync} bytes for the InvokeAsync operation`,
    )
  refuseUnlessJson(payload)
  const target = invocable(call, readFunctionReference(world, input.FunctionName))
  call.invoker.enqueue({ world, target, payload, requestId: call.requestId })
  return { status: 202, body: Buffer.alloc(0) }
})

/** The target of an invocation. The refusal of an unknown one names `$LATEST` when the caller named no qualifier. */
function invocable(call: Call, { name, qualifier }: FunctionReference): Target {
  const { world } = call
  const fn = world.functions.get(name)
  const target =
    (fn && resolveQualifier(fn, qualifier)) ??
    refuse('ResourceNotFoundException', `Function not found: ${functionArn(world, name, qualifier ?? '$LATEST')}`)
  const { revision } = target.version
  if (revision.transition === 'creating' && !isSettled(revision, call.now))
    refuse(
      'ResourceConflictException',
      'The operation cannot be performed at this time. The function is currently in the following state: Pending',
    )
  return target
}

function refuseUnlessJson(payload: Buffer): void {
  const wrong = jsonFault(payload)
  if (wrong !== undefined)
    refuse(
      'InvalidRequestContentException',
      `Could not parse request body into json: Could not parse payload into json: ${wrong}`,
    )
}

/** JSON text in base64. */
function readClientContext(base64: string, limit: number): string {
  if (base64.length > limit)
    refuse('InvalidRequestContentException', `Client context must be no more than ${limit} bytes when base64-encoded.`)
  try {
    const text = Buffer.from(base64, 'base64').toString('utf8')
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || typeof JSON.parse(text) !== 'object') throw new Error('no object')
    return text
  } catch {
    return refuse('InvalidRequestContentException', 'Client context must be a valid Base64-encoded JSON object.')
  }
}

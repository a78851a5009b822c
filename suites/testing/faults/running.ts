/** Faults in how functions run: what they see, and how their failures are told. */
import type { Answered, Behaviour, Fault } from './fault.ts'

/** The text of what a function answers, changed. */
export const payloadChanged =
  (change: (text: string, params: { readonly [member: string]: unknown }) => string): Behaviour =>
  async (request, forward) => {
    const given = await forward()
    if (request.action !== 'Invoke') return given
    return { ...given, body: Buffer.from(change(given.body.toString('utf8'), request.params)) }
  }

const functionError = (given: Answered): string | undefined => given.headers['x-amz-function-error']

export const RUNNING_FAULTS: readonly Fault[] = [
  {
    id: 'exit-told-as-timeout',
    wrong: 'a function whose process ended is said to have timed out',
    caught: { property: ['function-failures.exit#property'] },
    behaviour: () =>
      payloadChanged(text =>
        /exit/i.test(text) && text.includes('errorMessage')
          ? JSON.stringify({ errorMessage: '2025-01-01T00:00:00.000Z 1 Task timed out after 20.00 seconds' })
          : text,
      ),
  },
  {
    id: 'stream-of-each-call',
    wrong: 'every call is told another log stream',
    caught: { property: ['function-environment.stream-kept#property'] },
    behaviour: () => {
      let calls = 0
      return payloadChanged(text => text.replace(/("logStreamName":")/, `$1${String((calls += 1))}`))
    },
  },
  {
    id: 'thrown-is-handled',
    wrong: 'an error that a function threw is labelled as handled',
    caught: { property: ['function-failures.thrown#property'] },
    behaviour: () => async (request, forward) => {
      const given = await forward()
      return request.action === 'Invoke' && functionError(given) !== undefined
        ? { ...given, headers: { ...given.headers, 'x-amz-function-error': 'Handled' } }
        : given
    },
  },
  {
    id: 'late-result-counts',
    wrong: 'a result counts that comes up to two seconds after the timeout',
    caught: { property: ['function-failures.just-late#property'] },
    behaviour: () => async (request, forward) => {
      const given = await forward()
      const slept = /"sleep":(\d+)/.exec(request.body.toString('utf8'))?.[1]
      if (
        request.action !== 'Invoke' ||
        functionError(given) === undefined ||
        slept === undefined ||
        Number(slept) > 3000
      )
        return given
      const { 'x-amz-function-error': _, ...headers } = given.headers
      return { ...given, headers, body: Buffer.from('"late"') }
    },
  },
  {
    id: 'context-of-another-account',
    wrong: 'the ARN in the context has the account of somebody else',
    caught: { property: ['function-environment.invoked-arn#property'] },
    behaviour: () =>
      payloadChanged(text => text.replace(/("invokedFunctionArn":"arn:aws:lambda:[^:]+:)\d{12}/g, '$1123456789012')),
  },
  {
    id: 'log-group-untold',
    wrong: 'the variable with the log group is missing from the environment',
    caught: { property: ['function-environment.log-group#property'] },
    behaviour: () =>
      payloadChanged(text => text.replace(/"AWS_LAMBDA_LOG_GROUP_NAME":"[^"]*"/, '"AWS_LAMBDA_LOG_GROUP_NAME":null')),
  },
  {
    id: 'handler-shortened',
    wrong: 'the variable with the handler has the file alone',
    caught: { property: ['function-environment.handler#property'] },
    behaviour: () => payloadChanged(text => text.replace(/("_HANDLER":"[^".]+)[^"]*"/, '$1"')),
  },
  {
    id: 'time-stands-still',
    wrong: 'the remaining time is always the same',
    caught: {
      property: ['function-environment.remaining-time#property', 'function-environment.python-context#property'],
    },
    behaviour: () =>
      payloadChanged(text => text.replace(/"remainingTimeInMillis": ?\d+/g, '"remainingTimeInMillis":9000')),
  },
  {
    id: 'refused-and-run',
    wrong: 'a call that is refused runs the function all the same',
    caught: { property: ['invoke.sync.refused-not-run#property'] },
    behaviour: () => async (request, forward) => {
      const given = await forward()
      if (request.action === 'Invoke' && given.status >= 400)
        await forward({ target: request.target.split('?', 1)[0] ?? '', body: Buffer.from('{"Records":[]}') })
      return given
    },
  },
  {
    id: 'dry-run-of-anything',
    wrong: 'a dry run of a qualifier that names nothing succeeds',
    caught: { property: ['function-failures.dry-run-qualifier#property'] },
    behaviour: () => async (request, forward) => {
      const given = await forward()
      return request.action === 'Invoke' &&
        request.headers['x-amz-invocation-type'] === 'DryRun' &&
        given.status === 404
        ? { status: 204, headers: {}, body: Buffer.alloc(0) }
        : given
    },
  },
  {
    id: 'ran-off-with-nothing',
    wrong: 'a function that runs off its end answers with no body',
    caught: { property: ['python-handlers.types#property'] },
    behaviour: () => async (request, forward) => {
      const given = await forward()
      return request.action === 'Invoke' && request.body.toString('utf8') === '"run off"'
        ? { ...given, body: Buffer.alloc(0) }
        : given
    },
  },
]

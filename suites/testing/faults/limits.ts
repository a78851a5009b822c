/** Faults in limits: they lie elsewhere, or nobody is told. */
import { answer, jsonOf, refusal, withJson, type Fault } from './fault.ts'

const caught = (...ids: readonly string[]): Fault['caught'] => ({ property: ids.map(id => `${id}#property`) })

export const LIMIT_FAULTS: readonly Fault[] = [
  {
    id: 'events-of-four-megabytes',
    wrong: 'an event has four megabytes at most',
    caught: caught('invoke.sync.payload-too-large'),
    behaviour: () => async (request, forward) =>
      request.action === 'Invoke' && request.body.length > 4_000_000
        ? refusal(413, 'RequestTooLargeException')
        : forward(),
  },
  {
    id: 'results-of-four-megabytes',
    wrong: 'a result has four megabytes at most',
    caught: caught('invoke.sync.response-too-large'),
    behaviour: () => async (request, forward) => {
      const given = await forward()
      if (request.action !== 'Invoke' || given.body.length <= 4_000_000) return given
      return answer(200, { errorType: 'Function.ResponseSizeTooLarge' }, { 'x-amz-function-error': 'Unhandled' })
    },
  },
  {
    id: 'policy-of-twenty-statements',
    wrong: 'a policy has room for twenty statements',
    caught: caught('function-permission.too-long'),
    behaviour: () => {
      const added = new Map<string, number>()
      return async (request, forward) => {
        if (request.action !== 'AddPermission') return forward()
        const name = String(request.params['FunctionName'])
        const count = (added.get(name) ?? 0) + 1
        added.set(name, count)
        return count > 20 ? refusal(400, 'PolicyLengthExceededException') : forward()
      }
    },
  },
  {
    id: 'little-storage',
    wrong: 'an account may store 50 MB',
    caught: caught('get-account-settings.sizes'),
    behaviour: () => async (request, forward) => {
      const given = await forward()
      return request.action === 'GetAccountSettings'
        ? withJson(given, value => ({
            ...value,
            AccountLimit: { ...(value['AccountLimit'] as object), TotalCodeSize: 52_428_800 },
          }))
        : given
    },
  },
  {
    id: 'limit-unexplained',
    wrong: 'who gives too many variables is not told of the limit',
    caught: caught('function.variables-message'),
    behaviour: () => async (_, forward) => {
      const given = await forward()
      return given.status === 400 && String(jsonOf(given)?.['message']).includes('KB limit')
        ? withJson(given, value => ({ ...value, message: 'The request could not be processed.' }))
        : given
    },
  },
  {
    id: 'values-measured-alone',
    wrong: 'of variables the letters of their values are counted, and nothing else',
    caught: caught('function.variables-measured'),
    behaviour: () => async (request, forward) => {
      const given = await forward()
      const { Variables = {} } = (request.params['Environment'] ?? {}) as { readonly Variables?: object }
      return given.status === 400 && Object.values(Variables).join('').length <= 4096
        ? answer(200, { Environment: { Variables } })
        : given
    },
  },
  {
    id: 'any-architecture',
    wrong: 'every runtime is said to run on arm64',
    caught: {
      error: [
        'CreateFunction.error.InvalidParameterValueException.arm64-nodejs10#error',
        'CreateFunction.error.InvalidParameterValueException.arm64-python37#error',
      ],
    },
    behaviour: () => async (request, forward) => {
      const given = await forward()
      return request.action === 'CreateFunction' && given.status === 400 && request.body.includes('"arm64"')
        ? answer(201, { FunctionName: request.params['FunctionName'] })
        : given
    },
  },
]

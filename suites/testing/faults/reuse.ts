/** Faults in which environment a call runs, and how many may run. */
import { refusal, type Behaviour, type Fault } from './fault.ts'
import { requestsChanged, weightsOf, withMembers } from './requests.ts'
import { payloadChanged } from './running.ts'

const fault = (id: string, wrong: string, caught: readonly string[], behaviour: () => Behaviour): Fault => ({
  id,
  wrong,
  caught: { property: caught.map(one => `function-reuse.${one}#property`) },
  behaviour,
})

export const REUSE_FAULTS: readonly Fault[] = [
  fault('state-lost', 'every call runs in an environment that nobody used before', ['state'], () =>
    payloadChanged(text => text.replace(/^\{"results":\[\d+,/, '{"results":[1,')),
  ),
  fault('temporary-files-of-one-call', 'the temporary folder is emptied after every call', ['state'], () =>
    payloadChanged(text => text.replace('"here"', 'null')),
  ),
  fault('loaded-with-every-call', 'the code is loaded with every call', ['loaded-once'], () =>
    payloadChanged(text => text.replace(/"loads":1/, '"loads":2')),
  ),
  fault(
    'one-environment-for-all',
    'calls of all versions run in one environment, side by side',
    ['parallel', 'versions', 'update'],
    () => payloadChanged(text => text.replace(/"[0-9a-f]{32}"/g, `"${'a'.repeat(32)}"`)),
  ),
  fault('configuration-of-before', 'after an update calls have the configuration of before', ['update'], () =>
    payloadChanged(text => text.replace('"PROBE_WORD":"after"', '"PROBE_WORD":"before"')),
  ),
  fault('update-stops-calls', 'a function cannot be called while it is updated', ['while-updating'], () => {
    let updated = false
    return async (request, forward) => {
      if (request.action === 'UpdateFunctionConfiguration') updated = true
      return request.action === 'Invoke' && updated ? refusal(409, 'ResourceConflictException') : forward()
    }
  }),
  fault(
    'reserve-of-ten',
    'reserved concurrency is ten times what it says',
    ['throttled'],
    () => async (request, forward) => {
      const given = await (request.action === 'PutFunctionConcurrency'
        ? forward(withMembers(request, () => ({ ReservedConcurrentExecutions: 10 })))
        : forward())
      return /FunctionConcurrency$/.test(request.action ?? '') && given.status === 200
        ? { ...given, body: Buffer.from('{"ReservedConcurrentExecutions":1}') }
        : given
    },
  ),
  fault(
    'place-never-freed',
    'a call that is over keeps its place',
    ['throttled'],
    () => async (request, forward) =>
      request.action === 'Invoke' && request.body.includes('"return":2')
        ? refusal(429, 'TooManyRequestsException')
        : forward(),
  ),
  fault('weights-ignored', 'all calls of an alias go to its first version', ['weights'], () =>
    requestsChanged(['CreateAlias', 'UpdateAlias'], () => ({ RoutingConfig: undefined })),
  ),
  fault('weights-by-half', 'calls of an alias are divided by half, whatever its weights', ['weights'], () => {
    const none: Behaviour = (request, forward) =>
      request.action === 'UpdateAlias' ? forward(withMembers(request, () => ({ RoutingConfig: undefined }))) : forward()
    return none
  }),
  fault('every-weight-a-half', 'whatever their weight, half of the calls come to the further version', ['share'], () =>
    requestsChanged(['CreateAlias'], alias => {
      const weights = weightsOf(alias)
      return weights === undefined
        ? {}
        : {
            RoutingConfig: {
              AdditionalVersionWeights: Object.fromEntries(Object.keys(weights).map(version => [version, 0.5])),
            },
          }
    }),
  ),
  fault('initialised-on-demand', 'provisioned environments say that they were made on demand', ['provisioned'], () =>
    payloadChanged(text => text.replace('"type":"provisioned-concurrency"', '"type":"on-demand"')),
  ),
  fault('provisioned-when-called', 'provisioned environments are made when they are called', ['provisioned'], () =>
    payloadChanged(text => text.replace(/"before":\d+/, '"before":3')),
  ),
  {
    id: 'nothing-beyond-provisioned',
    wrong: 'calls beyond what is provisioned are refused',
    caught: { property: ['provisioned-concurrency.beyond#property'] },
    behaviour: () => {
      let busy = 0
      return async (request, forward) => {
        if (request.action !== 'Invoke') return forward()
        if (busy > 0) return refusal(429, 'TooManyRequestsException')
        busy++
        return forward().finally(() => busy--)
      }
    },
  },
  fault('provisioned-beside-reserve', 'what is provisioned is no part of the reserve', ['all-provisioned'], () =>
    requestsChanged(['PutFunctionConcurrency'], () => ({ ReservedConcurrentExecutions: 5 })),
  ),
]

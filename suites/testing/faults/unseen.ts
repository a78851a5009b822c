/** Faults that show only in requests, or in sequences of them, of which each part alone is answered rightly. */
import { loadSpec } from '../../../spec/compiler/compile.ts'
import { examineMembers } from '../../oracle/legal.ts'
import { jsonOf, refusal, type Behaviour, type Fault, type Passing } from './fault.ts'
import { withMembers } from './requests.ts'

export const UNSEEN_FAULTS: readonly Fault[] = [
  {
    id: 'second-fault-crashes',
    wrong: 'a request that is wrong in two members is answered with a server error',
    caught: {
      'two-faults': [
        'CreateFunction.request.faults#two-faults',
        'UpdateFunctionConfiguration.request.faults#two-faults',
        'PutFunctionEventInvokeConfig.request.faults#two-faults',
        'ListFunctions.request.faults#two-faults',
      ],
    },
    behaviour: () => async (request, forward) =>
      wrongMembers(request).size > 1 ? refusal(500, 'ServiceException') : forward(),
  },
  {
    id: 'second-fault-excuses-the-first',
    wrong: 'a request that is wrong in two members is answered as one that is right',
    caught: {
      'two-faults': [
        'UpdateAlias.request.faults#two-faults',
        'PutProvisionedConcurrencyConfig.request.faults#two-faults',
      ],
    },
    behaviour: secondFaultExcuses,
  },
  {
    id: 'dead-until-seen',
    wrong:
      'an alias that is made again before anybody has looked for it has the description of the one that was deleted',
    caught: { model: ['alias.model#model'] },
    behaviour: deadUntilSeen,
  },
  {
    id: 'updates-overtake-each-other',
    wrong: 'an update reads what there is, and writes all of it a moment later',
    caught: { law: ['event-invoke-config.law.parallel#law'] },
    behaviour: updatesOvertake,
  },
]

/** Names of the members of a request that are surely illegal. */
function wrongMembers({ action = '', params }: Passing): ReadonlySet<string | undefined> {
  const spec = loadSpec()
  const members = spec.actions[action]?.request ?? []
  return new Set(
    examineMembers(spec, members, params, 'request')
      .filter(one => one.sure)
      .map(one => one.path[0]),
  )
}

function secondFaultExcuses(): Behaviour {
  const last = new Map<string | undefined, Awaited<ReturnType<Parameters<Behaviour>[1]>>>()
  return async (request, forward) => {
    const given = await forward()
    if (given.status < 300) last.set(request.action, given)
    return given.status >= 400 && wrongMembers(request).size > 1 ? (last.get(request.action) ?? given) : given
  }
}

function deadUntilSeen(): Behaviour {
  const living = new Map<string, unknown>()
  const dead = new Map<string, unknown>()
  return async (request, forward) => {
    const { action = '', params } = request
    if (!/^(Create|Update|Delete|Get)Alias$/.test(action)) return forward()
    const name = `${String(params['FunctionName'])} ${String(params['Name'])}`
    if (action === 'GetAlias') dead.delete(name)
    const isHaunted = action === 'CreateAlias' && params['Description'] === undefined && dead.has(name)
    const given = await forward(isHaunted ? withMembers(request, () => ({ Description: dead.get(name) })) : {})
    if (given.status >= 300) return given
    if (action === 'DeleteAlias') {
      dead.set(name, living.get(name))
      living.delete(name)
    } else if (params['Description'] !== undefined) living.set(name, params['Description'])
    return given
  }
}

function updatesOvertake(): Behaviour {
  return async (request, forward) => {
    if (request.action !== 'UpdateFunctionEventInvokeConfig') return forward()
    const before = jsonOf(await forward({ method: 'GET', body: Buffer.alloc(0) }))
    if (before?.['FunctionArn'] === undefined) return forward()
    await new Promise(resolve => setTimeout(resolve, 60))
    const { LastModified: _, FunctionArn: __, ...settings } = before
    const body = { ...settings, ...jsonOf(request) }
    return forward({ method: 'PUT', body: Buffer.from(JSON.stringify(body)) })
  }
}

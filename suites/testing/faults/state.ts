/** Faults in what is done: the answers look right, the state behind them is wrong. */
import { answer, jsonOf, refusal, withJson, type Answered, type Behaviour, type Fault, type Passing } from './fault.ts'
import { weightsOf, withMembers } from './requests.ts'

const bodyWithout = (request: Passing, member: string): Buffer => {
  const { [member]: _, ...rest } = jsonOf(request) ?? {}
  return Buffer.from(JSON.stringify(rest))
}

const targetWithout = (request: Passing, parameter: string): string => {
  const [path = '/', search = ''] = request.target.split('?', 2)
  const left = search.split('&').filter(pair => pair !== '' && !pair.startsWith(`${parameter}=`))
  return left.length === 0 ? path : `${path}?${left.join('&')}`
}

/** The request without a member of its body or its query. */
function without(actions: readonly string[], member: string): () => Behaviour {
  return () => async (request, forward) => {
    if (request.action === undefined || !actions.includes(request.action)) return forward()
    return forward({
      target: targetWithout(request, member),
      ...(jsonOf(request)?.[member] === undefined ? {} : { body: bodyWithout(request, member) }),
    })
  }
}

export const STATE_FAULTS: readonly Fault[] = [
  {
    id: 'stale-read',
    wrong: 'an alias reads as it was when it was first read',
    caught: {
      law: ['alias.law.mutable#law', 'alias.law.revision#law'],
      model: ['alias.model#model'],
      property: ['alias.update-empty#property'],
    },
    behaviour: () => {
      const seen = new Map<string, Answered>()
      return async (request, forward) => {
        const given = await forward()
        if (request.action !== 'GetAlias' || given.status !== 200) return given
        const known = seen.get(request.target) ?? given
        seen.set(request.target, known)
        return known
      }
    },
  },
  {
    id: 'lost-update',
    wrong: 'UpdateAlias answers as if it had been done, and is not',
    caught: {
      law: ['alias.law.mutable#law', 'alias.law.revision#law'],
      model: ['alias.model#model'],
      property: ['alias.move#property', 'alias.update-partial#property'],
    },
    behaviour: () => async (request, forward) => {
      if (request.action !== 'UpdateAlias') return forward()
      const read = await forward({ method: 'GET', body: Buffer.alloc(0) })
      return read.status !== 200 ? forward() : withJson(read, value => ({ ...value, ...jsonOf(request) }))
    },
  },
  {
    id: 'update-forgets-the-rest',
    wrong: 'an update of an asynchronous configuration drops what it does not name',
    caught: {
      law: ['event-invoke-config.law.mutable#law'],
      model: ['event-invoke-config.model#model'],
      property: ['event-invoke-config.update#property'],
    },
    // The update goes the way of the put, which replaces all.
    behaviour: () => (request, forward) =>
      request.action === 'UpdateFunctionEventInvokeConfig' ? forward({ method: 'PUT' }) : forward(),
  },
  {
    id: 'update-resets-tracing',
    wrong: 'an update of the configuration that does not name the tracing mode takes it back to what it is by default',
    caught: { law: ['function.law.mutable#keeps'] },
    behaviour: () => (request, forward) => {
      const given = jsonOf(request)
      if (request.action !== 'UpdateFunctionConfiguration' || given === undefined || 'TracingConfig' in given)
        return forward()
      return forward({ body: Buffer.from(JSON.stringify({ ...given, TracingConfig: { Mode: 'PassThrough' } })) })
    },
  },
  {
    id: 'code-takes-description',
    wrong: 'new code takes the description of a function away',
    caught: { law: ['function.law.guarded#UpdateFunctionCode'] },
    behaviour: () => async (request, forward) => {
      const given = await forward()
      if (request.action !== 'UpdateFunctionCode' || given.status !== 200) return given
      const taking = {
        target: request.target.replace('/code', '/configuration'),
        body: Buffer.from(JSON.stringify({ Description: '' })),
      }
      // The update of the code is under way for a moment, and no other is let in.
      while ((await forward(taking)).status === 409) await new Promise(resolve => setTimeout(resolve, 5))
      return given
    },
  },
  {
    id: 'list-shows-other-sizes',
    wrong: 'lists of versions show another size of the code than the version has',
    caught: { law: ['version.law.list-items#complete'] },
    behaviour: () => async (request, forward) => {
      const given = await forward()
      if (request.action !== 'ListVersionsByFunction') return given
      return withJson(given, value => ({
        ...value,
        Versions: (value['Versions'] as readonly object[] | undefined)?.map(one => ({ ...one, CodeSize: 1 })),
      }))
    },
  },
  {
    id: 'url-of-function-taken',
    wrong: 'what is done with the URL of an alias is done with that of its function',
    caught: { property: ['function-urls.own#property'] },
    behaviour: without(['UpdateFunctionUrlConfig', 'DeleteFunctionUrlConfig'], 'Qualifier'),
  },
  {
    id: 'any-pattern-taken',
    wrong: 'what is no pattern of a filter is taken',
    caught: { property: ['sqs-event-source.no-pattern#property'] },
    behaviour: () => async (request, forward) => {
      const given = await forward()
      return request.action === 'UpdateEventSourceMapping' && given.status === 400 ? answer(202, {}) : given
    },
  },
  {
    id: 'pending-without-reason',
    wrong: 'a function that is being made does not say why it cannot be used yet',
    caught: { property: ['states.create-pending#property'] },
    behaviour: () => async (request, forward) => {
      const given = await forward()
      if (request.action !== 'CreateFunction') return given
      return withJson(given, ({ StateReason: _, StateReasonCode: __, ...rest }) => rest)
    },
  },
  {
    id: 'delete-not-deleting',
    wrong: 'DeleteAlias answers 204 and deletes nothing',
    caught: {
      law: ['alias.law.read-deleted#law', 'alias.law.list-items#complete'],
      model: ['alias.model#model'],
      property: ['alias.delete-leaves-version#property'],
    },
    behaviour: () => async (request, forward) => (request.action === 'DeleteAlias' ? answer(204, {}) : forward()),
  },
  {
    id: 'deletes-too-much',
    wrong: 'deleting a version deletes the function',
    caught: { model: ['version.model#model'], property: ['version.delete-one#property'] },
    behaviour: without(['DeleteFunction'], 'Qualifier'),
  },
  {
    id: 'conflict-not-reported',
    wrong: 'an alias can be created twice: the second answers like the first',
    caught: {
      error: ['CreateAlias.error.ResourceConflictException.name-taken#error'],
      law: ['alias.law.create-twice#law'],
      model: ['alias.model#model'],
    },
    behaviour: () => {
      const made = new Map<string, Answered>()
      return async (request, forward) => {
        const given = await forward()
        if (request.action !== 'CreateAlias') return given
        const id = `${request.target} ${String(request.params['Name'])}`
        if (given.status === 201) made.set(id, given)
        return given.status === 409 ? (made.get(id) ?? given) : given
      }
    },
  },
  {
    id: 'revision-ignored',
    wrong: 'writes are done whatever revision id comes with them',
    caught: {
      error: [
        'UpdateAlias.error.PreconditionFailedException.stale-revision#error',
        'PublishVersion.error.PreconditionFailedException.stale-revision#error',
      ],
      law: [
        'alias.law.guarded#UpdateAlias',
        'alias.law.guarded#race',
        'function.law.guarded#UpdateFunctionCode',
        'function-permission.law.guarded#AddPermission',
      ],
      property: ['revision.alias-guard#property', 'function-permission.revision-qualified#property'],
    },
    behaviour: without(
      [
        'UpdateAlias',
        'UpdateFunctionConfiguration',
        'UpdateFunctionCode',
        'PublishVersion',
        'AddPermission',
        'RemovePermission',
      ],
      'RevisionId',
    ),
  },
  {
    id: 'race-lets-two-win',
    wrong: 'of writes at the same time with the same revision id more than one is done',
    caught: { law: ['alias.law.guarded#race', 'function-permission.law.guarded#race'] },
    behaviour: () => {
      const racing = new Map<string, number>()
      return async (request, forward) => {
        const revision = request.params['RevisionId']
        if ((request.action !== 'UpdateAlias' && request.action !== 'AddPermission') || revision === undefined)
          return forward()
        const id = `${request.target} ${String(revision)}`
        racing.set(id, (racing.get(id) ?? 0) + 1)
        // Long enough for the others to arrive, as between a comparison and the write that it allows.
        await new Promise(resolve => setTimeout(resolve, 60))
        const alone = racing.get(id) === 1
        setTimeout(() => racing.delete(id), 200)
        return alone
          ? forward()
          : forward({ target: targetWithout(request, 'RevisionId'), body: bodyWithout(request, 'RevisionId') })
      }
    },
  },
  {
    id: 'nobody-wins',
    wrong: 'a write with the current revision id is refused like one with an old one',
    caught: { law: ['alias.law.guarded#UpdateAlias', 'alias.law.guarded#race'] },
    behaviour: () => async (request, forward) => {
      if (request.action !== 'UpdateAlias' || request.params['RevisionId'] === undefined) return forward()
      return answer(
        412,
        { Type: 'User', message: 'not the latest' },
        { 'x-amzn-errortype': 'PreconditionFailedException' },
      )
    },
  },
  {
    id: 'version-mutated',
    wrong: 'a published version reads as the function does now',
    caught: { property: ['version.immutable#property', 'version.code-immutable#property', 'version.listed#property'] },
    behaviour: () => async (request, forward) => {
      const given = await forward()
      if (request.action === 'ListVersionsByFunction') {
        return withJson(given, value => {
          const versions = (value['Versions'] ?? []) as { [member: string]: unknown }[]
          const latest = versions.find(one => one['Version'] === '$LATEST')
          return {
            ...value,
            Versions: versions.map(one => ({ ...one, Timeout: latest?.['Timeout'] ?? one['Timeout'] })),
          }
        })
      }
      if (
        request.action !== 'GetFunctionConfiguration' ||
        !/^\d+$/.test(String(request.params['Qualifier'])) ||
        given.status !== 200
      )
        return given
      const latest = jsonOf(await forward({ target: targetWithout(request, 'Qualifier') })) ?? {}
      return withJson(given, value => ({ ...latest, Version: value['Version'], FunctionArn: value['FunctionArn'] }))
    },
  },
  {
    id: 'resurrection',
    wrong: 'an alias that is created again under its old name has its old description',
    caught: { model: ['alias.model#model'] },
    behaviour: () => {
      const first = new Map<string, unknown>()
      return async (request, forward) => {
        const given = await forward()
        const id = `${String(request.params['FunctionName'])} ${String(request.params['Name'])}`
        if (request.action === 'CreateAlias' && given.status === 201 && !first.has(id))
          first.set(id, request.params['Description'] ?? '')
        else if (request.action === 'CreateAlias' && given.status === 201) first.set(`again ${id}`, true)
        if (request.action !== 'GetAlias' || !first.has(`again ${id}`)) return given
        return withJson(given, value => ({ ...value, Description: first.get(id) }))
      }
    },
  },
  {
    id: 'tags-replaced',
    wrong: 'tagging takes all other tags away',
    caught: { property: ['function-tags.merge#property'] },
    behaviour: () => {
      const known = new Map<string, Set<string>>()
      return async (request, forward) => {
        if (request.action !== 'TagResource') return forward()
        const read = await forward({ method: 'GET', body: Buffer.alloc(0) })
        const keys = Object.keys((jsonOf(read)?.['Tags'] ?? {}) as object)
        known.set(request.target, new Set(keys))
        if (keys.length > 0)
          await forward({
            method: 'DELETE',
            target: `${request.target}?${keys.map(key => `tagKeys=${encodeURIComponent(key)}`).join('&')}`,
            body: Buffer.alloc(0),
          })
        return forward()
      }
    },
  },
  {
    id: 'weights-forgotten',
    wrong: 'aliases have no weights, whatever they are given',
    caught: { property: ['alias.weights-kept#property', 'alias.weights-extremes#property'] },
    behaviour: () => {
      const strip = without(['CreateAlias', 'UpdateAlias'], 'RoutingConfig')()
      return (request, forward) => strip(request, forward)
    },
  },
  {
    id: 'weights-added',
    wrong: 'weights that are given to an alias come to those that it has',
    caught: { property: ['alias.weights-kept#property'] },
    behaviour: () => {
      const given = new Map<string, object>()
      return async (request, forward) => {
        const name = String(request.params['Name'])
        const asked = weightsOf(jsonOf(request))
        const answered = await forward()
        if (!['CreateAlias', 'UpdateAlias', 'GetAlias'].includes(request.action ?? '') || answered.status >= 300)
          return answered
        const all = { ...given.get(name), ...asked }
        given.set(name, all)
        return withJson(answered, value =>
          weightsOf(value) === undefined ? value : { ...value, RoutingConfig: { AdditionalVersionWeights: all } },
        )
      }
    },
  },
  {
    id: 'reserves-for-two',
    wrong: 'no more than two functions have a reserve',
    caught: { property: ['reserved-concurrency.several#property'] },
    behaviour: () => {
      const reserved = new Set<unknown>()
      return (request, forward) => {
        if (request.action !== 'PutFunctionConcurrency') return forward()
        const name = request.params['FunctionName']
        if (reserved.size >= 2 && !reserved.has(name))
          return Promise.resolve(refusal(400, 'InvalidParameterValueException'))
        reserved.add(name)
        return forward()
      }
    },
  },
  {
    id: 'deleted-layer-stays-listed',
    wrong: 'a function may keep a deleted layer when others come beside it',
    caught: { property: ['layer.deleted-in-use#property'] },
    behaviour: () => async (request, forward) => {
      const given = await forward()
      const layers = request.params['Layers']
      const beside = request.action === 'UpdateFunctionConfiguration' && Array.isArray(layers) && layers.length > 1
      return beside && given.status === 400 ? forward(withMembers(request, () => ({ Layers: undefined }))) : given
    },
  },
  {
    id: 'reserve-without-effect',
    wrong: 'reserved concurrency is accepted and reported, and throttles nothing',
    caught: { property: ['reserved-concurrency.zero#property', 'reserved-concurrency.ceiling#property'] },
    behaviour: () => {
      const reserves = new Map<string, unknown>()
      return async (request, forward) => {
        const name = String(request.params['FunctionName'])
        if (request.action === 'PutFunctionConcurrency') {
          reserves.set(name, request.params['ReservedConcurrentExecutions'])
          return answer(200, { ReservedConcurrentExecutions: request.params['ReservedConcurrentExecutions'] })
        }
        if (request.action === 'GetFunctionConcurrency' && reserves.has(name))
          return answer(200, { ReservedConcurrentExecutions: reserves.get(name) })
        return forward()
      }
    },
  },
  {
    id: 'publishes-unchanged',
    wrong: 'the list shows one version more for each publication, changed or not',
    caught: { property: ['version.unchanged#property'] },
    behaviour: () => {
      const published = new Map<string, number>()
      return async (request, forward) => {
        const given = await forward()
        if (request.action !== 'PublishVersion' || given.status !== 201) return given
        const version = (published.get(request.target) ?? 0) + 1
        published.set(request.target, version)
        return withJson(given, value => ({
          ...value,
          Version: String(version),
          FunctionArn: String(value['FunctionArn']).replace(/\d+$/, String(version)),
        }))
      }
    },
  },
  {
    id: 'publication-described-anew',
    wrong: 'publishing again with another description, and nothing else changed, answers that description',
    caught: { property: ['version.description-no-change#property'] },
    behaviour: () => async (request, forward) => {
      const given = await forward()
      const { Description } = request.params
      if (request.action !== 'PublishVersion' || given.status !== 201 || Description === undefined) return given
      return withJson(given, value => ({ ...value, Description }))
    },
  },
  {
    id: 'code-update-ignored',
    wrong: 'UpdateFunctionCode answers and leaves the code as it was',
    caught: { property: ['function.code-hash#property', 'function.code-publish#property'] },
    behaviour: () => async (request, forward) => {
      if (request.action !== 'UpdateFunctionCode' || request.params['DryRun'] === true) return forward()
      return forward({
        method: 'GET',
        target: request.target.replace(/\/code$/, '/configuration'),
        body: Buffer.alloc(0),
      })
    },
  },
  {
    id: 'dry-run-is-real',
    wrong: 'a dry run of a code update replaces the code',
    caught: { property: ['function.code-dry-run#property'] },
    behaviour: without(['UpdateFunctionCode'], 'DryRun'),
  },
]

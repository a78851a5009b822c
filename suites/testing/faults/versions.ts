/** Faults in versions and aliases, and in what a name with one behind it means. */
import {
  answer,
  jsonOf,
  refusal,
  withJson,
  type Behaviour,
  type Fault,
  type Forward,
  type Passing,
  type Reply,
} from './fault.ts'
import { answersChanged, requestsChanged, type Members } from './requests.ts'

const caught = (...ids: readonly string[]): Fault['caught'] => ({ property: ids.map(id => `${id}#property`) })

const isOf = (request: Passing, ...actions: readonly string[]): boolean =>
  request.action !== undefined && actions.includes(request.action)

const unqualified = ({ target }: Passing): string => target.split('?', 1)[0] ?? target

/** The whole list, page by page. */
async function allOf(request: Passing, forward: Forward, list: string, marker = ''): Promise<readonly Members[]> {
  const page = jsonOf(await forward({ target: `${unqualified(request)}?Marker=${encodeURIComponent(marker)}` })) ?? {}
  const items = (page[list] ?? []) as readonly Members[]
  const next = page['NextMarker']
  return typeof next === 'string' && next !== '' ? [...items, ...(await allOf(request, forward, list, next))] : items
}

/** What is refused is said to have been done. */
const taken =
  (action: string, isTaken: (request: Passing) => boolean, status = 200): Behaviour =>
  async (request, forward) => {
    const given = await forward()
    return isOf(request, action) && given.status >= 400 && isTaken(request) ? answer(status, {}) : given
  }

export const VERSION_FAULTS: readonly Fault[] = [
  {
    id: 'first-version-bare',
    wrong: 'a version that is published at birth has the settings that a function has by default',
    caught: caught('function.create-publish'),
    behaviour: () => async (request, forward) => {
      const given = await forward()
      return isOf(request, 'GetFunctionConfiguration') && request.params['Qualifier'] === '1'
        ? withJson(given, value => ({ ...value, MemorySize: 128, Timeout: 3 }))
        : given
    },
  },
  {
    id: 'revision-ignores-code',
    wrong: 'new code leaves the revision id as it was',
    caught: caught('function.code-hash'),
    behaviour: () => {
      const seen = new Map<unknown, unknown>()
      return async (request, forward) => {
        const given = await forward()
        if (!isOf(request, 'GetFunctionConfiguration', 'UpdateFunctionCode')) return given
        const name = jsonOf(given)?.['FunctionName']
        if (!seen.has(name)) seen.set(name, jsonOf(given)?.['RevisionId'])
        return withJson(given, value => ({ ...value, RevisionId: seen.get(name) }))
      }
    },
  },
  {
    id: 'version-takes-settings',
    wrong: 'a version takes variables and a tracing mode',
    caught: caught('version.configuration-locked'),
    behaviour: () =>
      taken('UpdateFunctionConfiguration', request =>
        ['Environment', 'TracingConfig'].some(name => request.params[name] !== undefined),
      ),
  },
  {
    id: 'dead-letters-of-latest',
    wrong: 'a version has the dead-letter setting of the function',
    caught: caught('version.dead-letters-locked'),
    behaviour: () => async (request, forward) => {
      const given = await forward()
      if (!isOf(request, 'GetFunctionConfiguration') || request.params['Qualifier'] === undefined) return given
      const latest = jsonOf(await forward({ target: unqualified(request) }))
      return withJson(given, value => ({ ...value, DeadLetterConfig: latest?.['DeadLetterConfig'] }))
    },
  },
  {
    id: 'deleted-version-listed',
    wrong: 'a version that was deleted stays in the list',
    caught: caught('version.listed'),
    behaviour: () => {
      const known = new Map<string, Members>()
      return async (request, forward) => {
        const given = await forward()
        if (!isOf(request, 'ListVersionsByFunction')) return given
        return withJson(given, value => {
          for (const one of (value['Versions'] ?? []) as readonly Members[]) known.set(String(one['FunctionArn']), one)
          return { ...value, Versions: [...known.values()] }
        })
      }
    },
  },
  {
    id: 'pages-without-end',
    wrong: 'pages of functions and of versions are as long as was asked for',
    caught: caught('version.page-cap', 'pagination.fifty-functions'),
    behaviour: () => async (request, forward) => {
      if (!isOf(request, 'ListVersionsByFunction', 'ListFunctions') || Number(request.params['MaxItems']) < 1000)
        return forward()
      const list = request.action === 'ListFunctions' ? 'Functions' : 'Versions'
      return answer(200, { [list]: await allOf(request, forward, list) })
    },
  },
  {
    id: 'alias-unknown-by-arn',
    wrong: 'an alias is not found by the ARN of its function',
    caught: caught('function.arn-everywhere'),
    behaviour: () => (request, forward) =>
      isOf(request, 'GetAlias') && String(request.params['FunctionName']).startsWith('arn:')
        ? Promise.resolve(refusal(404, 'ResourceNotFoundException'))
        : forward(),
  },
  {
    id: 'statement-removed-everywhere',
    wrong: 'a statement that is removed from an alias is removed from the function too',
    caught: caught('function-permission.qualified'),
    behaviour: () => async (request, forward) => {
      const given = await forward()
      if (isOf(request, 'RemovePermission') && given.status === 204) await forward({ target: unqualified(request) })
      return given
    },
  },
  {
    id: 'alias-tagged',
    wrong: 'an alias takes tags',
    caught: caught('function-tags.not-on-versions'),
    behaviour: () => taken('TagResource', ({ params }) => /:[a-z][^:]*$/i.test(String(params['Resource'])), 204),
  },
  {
    id: 'weights-stay',
    wrong: 'weights that are taken away go on dividing calls',
    caught: caught('function-reuse.weights'),
    behaviour: () => (request, forward) =>
      isOf(request, 'UpdateAlias') && /"AdditionalVersionWeights":\{\}/.test(request.body.toString('utf8'))
        ? forward({ body: Buffer.from('{}') })
        : forward(),
  },
  {
    id: 'reserve-for-each-version',
    wrong: 'a version may run besides what is reserved for the function',
    caught: caught('reserved-concurrency.all-versions'),
    behaviour: () => async (request, forward) => {
      const given = await forward()
      return isOf(request, 'Invoke') && given.status === 429 && request.body.includes('"sleep"')
        ? answer(200, { n: 1 })
        : given
    },
  },
  {
    id: 'reads-disagree',
    wrong: 'the full read tells another architecture than the configuration read',
    caught: caught('function.reads-agree'),
    behaviour: () =>
      answersChanged(['GetFunction'], value => ({
        ...value,
        Configuration: { ...(value['Configuration'] as object), Architectures: ['arm64'] },
      })),
  },
  {
    id: 'code-makes-no-version',
    wrong: 'publishing after new code gives the version before',
    caught: caught('version.numbers'),
    behaviour: () => {
      let last: Promise<Reply> | undefined
      let isCode = false
      return async (request, forward) => {
        if (isOf(request, 'UpdateFunctionCode')) isCode = true
        if (!isOf(request, 'PublishVersion')) return forward()
        if (isCode && last !== undefined) return last
        last = forward()
        return last
      }
    },
  },
  {
    id: 'allocated-before-it-is',
    wrong: 'what is being provisioned is said to be allocated',
    caught: caught('provisioned-concurrency.progress'),
    behaviour: () =>
      answersChanged(['PutProvisionedConcurrencyConfig'], value => ({
        ...value,
        Status: 'IN_PROGRESS',
        AllocatedProvisionedConcurrentExecutions: 1,
      })),
  },
  {
    id: 'layer-version-without-number',
    wrong: 'the answer to a publication has the ARN of the layer in the place of that of the version',
    caught: caught('publish-layer-version.first'),
    behaviour: () =>
      answersChanged(['PublishLayerVersion'], value => ({ ...value, LayerVersionArn: value['LayerArn'] })),
  },
  {
    id: 'layer-published-in-silence',
    wrong: 'the answer to a publication leaves out what was said of the layer',
    caught: caught('publish-layer-version.first'),
    behaviour: () => answersChanged(['PublishLayerVersion'], ({ Description: _, LicenseInfo: __, ...value }) => value),
  },
  {
    id: 'publication-names-latest',
    wrong: 'the answer to a publication has an ARN without the number',
    caught: caught('version.arn'),
    behaviour: () =>
      answersChanged(['PublishVersion'], value => ({
        ...value,
        FunctionArn: String(value['FunctionArn']).replace(/:\d+$/, ''),
      })),
  },
  {
    id: 'layer-by-arn-made-when-read',
    wrong: 'a layer that is read by its ARN was made when it was asked for',
    caught: caught('layer.read-by-arn'),
    behaviour: () =>
      answersChanged(['GetLayerVersionByArn'], value => ({
        ...value,
        CreatedDate: new Date().toISOString().replace('Z', '+0000'),
      })),
  },
  {
    id: 'alias-read-as-latest',
    wrong: 'the full read of an alias is that of the unpublished version',
    caught: caught('alias.points-to-version'),
    behaviour: () => (request, forward) =>
      isOf(request, 'GetFunction') ? forward({ target: unqualified(request) }) : forward(),
  },
  {
    id: 'provisioned-to-the-last',
    wrong: 'all that is unreserved in the account may be provisioned',
    caught: caught('provisioned-concurrency.pool'),
    behaviour: () =>
      taken(
        'PutProvisionedConcurrencyConfig',
        ({ params }) => Number(params['ProvisionedConcurrentExecutions']) > 100,
        202,
      ),
  },
  {
    id: 'provisioned-twice',
    wrong: 'a version is provisioned by itself and by its aliases',
    caught: caught('provisioned-concurrency.once'),
    behaviour: () => taken('PutProvisionedConcurrencyConfig', () => true, 202),
  },
  {
    id: 'qualified-put-keeps',
    wrong: 'putting how events of a version are treated keeps what it does not name',
    caught: caught('event-invoke-config.put-qualified'),
    behaviour: () => async (request, forward) => {
      if (!isOf(request, 'PutFunctionEventInvokeConfig') || request.params['Qualifier'] === undefined) return forward()
      const updated = await forward({ method: 'POST' })
      return updated.status === 404 ? forward() : updated
    },
  },
  {
    id: 'signing-of-before',
    wrong: 'the first code signing configuration of a function stays, whatever is put in its place',
    caught: caught('function-code-signing.changed', 'function-code-signing.replace'),
    behaviour: () => {
      const signed = new Set<unknown>()
      return async (request, forward) => {
        const given = await forward(
          isOf(request, 'PutFunctionCodeSigningConfig') && signed.has(request.params['FunctionName'])
            ? { method: 'GET', body: Buffer.alloc(0) }
            : {},
        )
        if (isOf(request, 'PutFunctionCodeSigningConfig')) signed.add(request.params['FunctionName'])
        if (isOf(request, 'CreateFunction') && request.params['CodeSigningConfigArn'] !== undefined)
          signed.add(request.params['FunctionName'])
        return given
      }
    },
  },
  {
    id: 'signing-policy-stays',
    wrong: 'another policy of a code signing configuration is confirmed and not kept',
    caught: caught('function-code-signing.changed', 'code-signing-config.update'),
    behaviour: () => (request, forward) =>
      isOf(request, 'UpdateCodeSigningConfig') ? forward({ method: 'GET', body: Buffer.alloc(0) }) : forward(),
  },
  {
    id: 'layer-versions-follow',
    wrong: 'every version of a layer says of itself what the latest says',
    caught: caught('layer.immutable'),
    behaviour: () => {
      const said = new Map<unknown, unknown>()
      return async (request, forward) => {
        const given = await forward()
        const layer = request.params['LayerName']
        if (isOf(request, 'PublishLayerVersion')) said.set(layer, request.params['Description'])
        return isOf(request, 'GetLayerVersion') && given.status === 200
          ? withJson(given, value => ({ ...value, Description: said.get(layer) }))
          : given
      }
    },
  },
  {
    id: 'enforced-unless-told',
    wrong: 'a code signing configuration without a policy refuses what is not signed',
    caught: caught('function-code-signing.warned', 'code-signing-config.warns'),
    behaviour: () =>
      requestsChanged(['CreateCodeSigningConfig'], ({ CodeSigningPolicies: policies }) => ({
        CodeSigningPolicies: policies ?? { UntrustedArtifactOnDeployment: 'Enforce' },
      })),
  },
]

/** Faults in what is answered: the server does the right thing and says it wrongly. */
import { answer, jsonOf, refusal, withJson, type Answered, type Behaviour, type Fault, type Passing } from './fault.ts'

/** A behaviour that changes the answers of some actions and remembers nothing. */
function changing(
  actions: readonly string[],
  change: (given: Answered, request: Passing) => Answered,
): () => Behaviour {
  return () => async (request, forward) => {
    const given = await forward()
    return request.action !== undefined && actions.includes(request.action) ? change(given, request) : given
  }
}

const succeeded = (given: Answered): boolean => given.status < 300

export const ANSWER_FAULTS: readonly Fault[] = [
  {
    id: 'throttled-without-reason',
    wrong: 'a call beyond the reserve of a function is refused without the limit that it is over',
    caught: { property: ['reserved-concurrency.reason#property'] },
    behaviour: changing(['Invoke'], given =>
      given.status === 429 ? withJson(given, ({ Reason: _, ...rest }) => rest) : given,
    ),
  },
  {
    id: 'account-of-nobody',
    wrong: 'the account in the name of a function is not looked at',
    caught: { property: ['function.another-account#property'] },
    behaviour: changing(['GetFunctionConfiguration'], (given, { target }) =>
      given.status >= 400 && target.includes('999999999999') ? answer(200, { Version: '$LATEST' }) : given,
    ),
  },
  {
    id: 'type-called-unreadable',
    wrong: 'a body under another type is refused as if it were no JSON',
    caught: { property: ['invoke.content-type#property'] },
    behaviour: changing(['Invoke'], (given, { headers }) =>
      headers['content-type'] === 'text/xml' ? refusal(400, 'InvalidRequestContentException') : given,
    ),
  },
  {
    id: 'wrong-status',
    wrong: 'CreateAlias answers 200 instead of 201',
    caught: { valid: ['CreateAlias.answer#valid'] },
    behaviour: changing(['CreateAlias'], given => (given.status === 201 ? { ...given, status: 200 } : given)),
  },
  {
    id: 'dropped-member',
    wrong: 'GetFunctionConfiguration leaves the memory size out',
    caught: {
      valid: ['GetFunctionConfiguration.answer#valid'],
      law: ['function.law.mutable#law'],
      property: ['function.defaults#property'],
    },
    behaviour: changing(['GetFunctionConfiguration'], given => withJson(given, ({ MemorySize: _, ...rest }) => rest)),
  },
  {
    id: 'wrong-type',
    wrong: 'GetFunctionConfiguration answers the timeout as text',
    caught: { valid: ['GetFunctionConfiguration.answer#valid'], property: ['function.defaults#property'] },
    behaviour: changing(['GetFunctionConfiguration'], given =>
      withJson(given, value => ({ ...value, Timeout: String(value['Timeout']) })),
    ),
  },
  {
    id: 'status-in-capitals',
    wrong: 'the state of the last update is told in capitals',
    caught: { valid: ['UpdateFunctionConfiguration.answer#valid'] },
    behaviour: changing(['UpdateFunctionConfiguration'], given =>
      withJson(given, value => ({ ...value, LastUpdateStatus: String(value['LastUpdateStatus']).toUpperCase() })),
    ),
  },
  {
    id: 'misspelt-member',
    wrong: 'GetAlias answers `functionVersion`',
    caught: { valid: ['GetAlias.answer#valid'], property: ['alias.points-to-version#property'] },
    behaviour: changing(['GetAlias'], given =>
      withJson(given, ({ FunctionVersion, ...rest }) =>
        FunctionVersion === undefined ? rest : { ...rest, functionVersion: FunctionVersion },
      ),
    ),
  },
  {
    id: 'echo-altered',
    wrong: 'descriptions come back in capitals',
    caught: {
      valid: ['UpdateAlias.answer#valid'],
      law: ['alias.law.mutable#law', 'alias.law.read-written#law'],
      model: ['alias.model#model'],
      property: ['alias.update-partial#property'],
    },
    behaviour: changing(['CreateAlias', 'UpdateAlias', 'GetAlias'], given =>
      withJson(given, value =>
        typeof value['Description'] === 'string'
          ? { ...value, Description: value['Description'].toUpperCase() }
          : value,
      ),
    ),
  },
  {
    id: 'seconds-for-milliseconds',
    wrong: 'the last change of a configuration of asynchronous events is told in milliseconds',
    caught: { law: ['event-invoke-config.law.modified#law'] },
    behaviour: changing(['GetFunctionEventInvokeConfig'], given =>
      withJson(given, value => ({ ...value, LastModified: Number(value['LastModified']) * 1000 })),
    ),
  },
  {
    id: 'change-of-another-day',
    wrong: 'the last change of a function is 20 days ago',
    caught: { law: ['function.law.modified#law', 'version.law.modified#law'] },
    behaviour: changing(['GetFunctionConfiguration'], given =>
      withJson(given, value => ({
        ...value,
        ...(typeof value['LastModified'] === 'string' && {
          LastModified: new Date(Date.parse(value['LastModified']) - 20 * 86_400_000)
            .toISOString()
            .replace('Z', '+0000'),
        }),
      })),
    ),
  },
  {
    id: 'list-forgets',
    wrong: 'ListFunctions answers the default timeout for every function',
    caught: { law: ['function.law.list-items#complete'] },
    behaviour: changing(['ListFunctions'], given =>
      withJson(given, value => ({
        ...value,
        Functions: (value['Functions'] as readonly object[]).map(one => ({ ...one, Timeout: 3 })),
      })),
    ),
  },
  {
    id: 'update-answers-old-state',
    wrong: 'UpdateFunctionEventInvokeConfig answers another number of attempts than it has written',
    caught: { law: ['event-invoke-config.law.mutable#law'] },
    behaviour: changing(['UpdateFunctionEventInvokeConfig'], given =>
      withJson(given, ({ MaximumRetryAttempts, ...rest }) =>
        MaximumRetryAttempts === undefined
          ? rest
          : { ...rest, MaximumRetryAttempts: (Number(MaximumRetryAttempts) + 1) % 3 },
      ),
    ),
  },
  {
    id: 'server-error-on-success',
    wrong: 'ListAliases answers 500',
    caught: { valid: ['ListAliases.answer#valid'], law: ['alias.law.list-items#complete'] },
    behaviour: changing(['ListAliases'], () => refusal(500, 'ServiceException')),
  },
  {
    id: 'html-on-success',
    wrong: 'ListTags answers a web page with status 200',
    caught: { valid: ['ListTags.answer#valid'], property: ['function-tags.merge#property'] },
    behaviour: changing(['ListTags'], given =>
      succeeded(given)
        ? { status: 200, headers: { 'content-type': 'text/html' }, body: Buffer.from('<html><body>ok</body></html>') }
        : given,
    ),
  },
  {
    id: 'missing-request-id',
    wrong: 'no answer has a request id',
    caught: { property: ['headers.request-id#property'] },
    behaviour: () => async (_, forward) => {
      const given = await forward()
      const { 'x-amzn-requestid': __, ...headers } = given.headers
      return { ...given, headers }
    },
  },
  {
    id: 'constraint-not-enforced',
    wrong: 'CreateAlias and UpdateAlias answer a made-up success to what they refuse',
    caught: {
      'one-fault': [
        'CreateAlias.request.Name.required#one-fault.missing',
        'CreateAlias.request.Name.pattern#one-fault.bad-pattern',
        'CreateAlias.request.Description.length#one-fault.above-max',
        'UpdateAlias.request.RoutingConfig.type#one-fault.wrong-type',
        'CreateAlias.request.syntax#one-fault.malformed-json',
      ],
      error: ['CreateAlias.error.ResourceNotFoundException.unknown-function#error'],
      law: ['alias.law.update-unknown#law', 'alias.law.create-twice#law'],
      property: ['alias.unknown-version#property', 'alias.weights-two#property', 'alias.weights-share#property'],
    },
    behaviour: changing(['CreateAlias', 'UpdateAlias'], (given, { action, params }) =>
      given.status >= 400 && given.status < 500
        ? answer(action === 'CreateAlias' ? 201 : 200, {
            AliasArn: `arn:aws:lambda:us-east-1:000000000000:function:x:${String(params['Name'])}`,
            Name: params['Name'],
            FunctionVersion: '1',
            Description: '',
            RevisionId: 'made-up',
          })
        : given,
    ),
  },
  {
    id: 'range-not-enforced',
    wrong: 'UpdateFunctionConfiguration answers a made-up success to what it refuses',
    caught: {
      'one-fault': [
        'UpdateFunctionConfiguration.request.MemorySize.range#one-fault.above-max',
        'UpdateFunctionConfiguration.request.Timeout.type#one-fault.wrong-type',
        'UpdateFunctionConfiguration.request.Description.type#one-fault.wrong-type',
        'UpdateFunctionConfiguration.request.Environment.Variables.{}.type#one-fault.wrong-type',
        'UpdateFunctionConfiguration.request.Layers.[].type#one-fault.wrong-type',
      ],
      quota: [
        'quota.memory-max#quota.UpdateFunctionConfiguration.MemorySize',
        'quota.timeout-max#quota.UpdateFunctionConfiguration.Timeout',
        'quota.environment#quota.UpdateFunctionConfiguration.Environment.Variables',
      ],
      error: ['UpdateFunctionConfiguration.error.PreconditionFailedException.stale-revision#error'],
      law: ['function.law.guarded#UpdateFunctionConfiguration'],
    },
    behaviour: changing(['UpdateFunctionConfiguration'], (given, { params }) =>
      given.status >= 400 && given.status < 500
        ? answer(200, {
            FunctionName: params['FunctionName'],
            FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:x',
            MemorySize: 128,
            Timeout: 3,
            RevisionId: 'made-up',
            State: 'Active',
            LastUpdateStatus: 'Successful',
          })
        : given,
    ),
  },
  {
    id: 'server-error-on-bad-input',
    wrong: 'requests that break a constraint are answered with 500',
    caught: {
      'one-fault': [
        'UpdateAlias.request.Description.length#one-fault.above-max',
        'CreateAlias.request.syntax#one-fault.malformed-json',
      ],
      quota: ['quota.tags#quota.TagResource.Tags'],
    },
    behaviour: changing(['CreateAlias', 'UpdateAlias', 'TagResource'], given =>
      given.status === 400 ? refusal(500, 'InternalFailure') : given,
    ),
  },
  {
    id: 'undocumented-refusal',
    wrong: "refusals have an error name of the server's own",
    caught: {
      'one-fault': ['CreateAlias.request.Name.pattern#one-fault.bad-pattern'],
      error: ['GetAlias.error.ResourceNotFoundException.unknown-alias#error'],
      law: ['alias.law.read-unknown#law', 'alias.law.read-deleted#law', 'alias.law.create-twice#law'],
      model: ['alias.model#model'],
      property: ['alias.delete-leaves-version#property'],
    },
    behaviour: changing(['CreateAlias', 'GetAlias'], given =>
      given.status >= 400 && given.status < 500
        ? { ...given, headers: { ...given.headers, 'x-amzn-errortype': 'BadThing' } }
        : given,
    ),
  },
  {
    id: 'wrong-error-status',
    wrong: 'not found is answered with 400',
    caught: {
      error: [
        'GetAlias.error.ResourceNotFoundException.unknown-alias#error',
        'GetFunction.error.ResourceNotFoundException.unknown-function#error',
      ],
      law: ['alias.law.read-unknown#law'],
      property: ['headers.error-type#property'],
    },
    behaviour: changing(['GetAlias', 'GetFunction'], given =>
      given.status === 404 ? { ...given, status: 400 } : given,
    ),
  },
  {
    id: 'not-found-is-empty-success',
    wrong: 'what does not exist reads as an empty structure',
    caught: {
      error: ['GetAlias.error.ResourceNotFoundException.unknown-alias#error'],
      law: ['alias.law.read-unknown#law', 'alias.law.read-deleted#law'],
      model: ['alias.model#model'],
      property: ['alias.delete-leaves-version#property'],
    },
    behaviour: changing(['GetAlias'], given => (given.status === 404 ? answer(200, {}) : given)),
  },
  {
    id: 'boundary-too-tight',
    wrong: 'the greatest memory size and the longest description are refused',
    caught: {
      boundary: [
        'UpdateFunctionConfiguration.request.MemorySize.range#boundary.max',
        'UpdateFunctionConfiguration.request.Description.length#boundary.max',
      ],
      quota: ['quota.memory-max#quota.UpdateFunctionConfiguration.MemorySize'],
    },
    behaviour: () => async (request, forward) => {
      const { MemorySize, Description } = request.params
      const greatest = MemorySize === 10240 || (typeof Description === 'string' && Description.length === 256)
      return request.action === 'UpdateFunctionConfiguration' && greatest
        ? refusal(400, 'InvalidParameterValueException')
        : forward()
    },
  },
  {
    id: 'list-misses-last',
    wrong: 'lists of aliases, functions and versions lack their last item',
    caught: {
      law: ['alias.law.list-items#complete', 'version.law.list-items#complete'],
      model: ['alias.model#model'],
      property: ['alias.list-by-version#property', 'version.listed#property'],
    },
    behaviour: changing(['ListAliases', 'ListVersionsByFunction'], given =>
      withJson(given, value =>
        Object.fromEntries(
          Object.entries(value).map(([name, list]) => [
            name,
            Array.isArray(list) && value['NextMarker'] === undefined ? list.slice(0, -1) : list,
          ]),
        ),
      ),
    ),
  },
  {
    id: 'page-forgets',
    wrong: 'pages after the first begin one item too late',
    caught: { law: ['alias.law.list-items#pages'] },
    behaviour: changing(['ListAliases'], (given, { params }) =>
      params['Marker'] === undefined
        ? given
        : withJson(given, value => ({ ...value, Aliases: (value['Aliases'] as unknown[]).slice(1) })),
    ),
  },
  {
    id: 'page-too-long',
    wrong: 'the number of items that was asked for is not heeded',
    caught: { law: ['alias.law.list-items#pages'], property: ['pagination.max-items#property'] },
    behaviour: () => async (request, forward) => {
      if (request.action !== 'ListAliases' && request.action !== 'ListFunctions') return forward()
      return forward({ target: request.target.replace(/MaxItems=\d+/, 'MaxItems=50') })
    },
  },
  {
    id: 'revision-stands-still',
    wrong: 'the revision id of an alias is always the same',
    caught: { law: ['alias.law.revision#law'], property: ['alias.update-empty#property'] },
    behaviour: changing(['CreateAlias', 'UpdateAlias', 'GetAlias'], given =>
      withJson(given, value =>
        value['RevisionId'] === undefined ? value : { ...value, RevisionId: '11111111-1111-4111-8111-111111111111' },
      ),
    ),
  },
  {
    id: 'arn-of-another',
    wrong: 'the ARN of an alias lacks its name',
    caught: { property: ['alias.arn#property'] },
    behaviour: changing(['GetAlias', 'CreateAlias'], (given, { params }) =>
      withJson(given, value =>
        typeof value['AliasArn'] === 'string'
          ? { ...value, AliasArn: value['AliasArn'].replace(`:${String(params['Name'])}`, ':alias') }
          : value,
      ),
    ),
  },
  {
    id: 'payload-altered',
    wrong: 'functions answer with their numbers rounded to tens and their text in capitals',
    caught: {
      property: [
        'invoke.sync.round-trip#property',
        'invoke.sync.default#property',
        'event.s3.delivery#property',
        'event.sns.delivery#property',
      ],
    },
    behaviour: changing(['Invoke'], given => {
      const text = given.body.toString('utf8')
      return succeeded(given)
        ? {
            ...given,
            body: Buffer.from(
              text
                .replace(/\d+/g, digits => String(Math.round(Number(digits) / 10) * 10))
                .toUpperCase()
                .replaceAll('NULL', 'null')
                .replaceAll('TRUE', 'true')
                .replaceAll('FALSE', 'false'),
            ),
          }
        : given
    }),
  },
  {
    id: 'nulls-dropped',
    wrong: 'members of an event that are null do not reach the function',
    caught: { property: ['event.apigateway-v1.delivery#property', 'event.rabbitmq.delivery#property'] },
    behaviour: changing(['Invoke'], given => ({
      ...given,
      body: Buffer.from(given.body.toString('utf8').replace(/"\w+":null,?/g, '')),
    })),
  },
  {
    id: 'function-error-hidden',
    wrong: 'the header that tells of a function error is missing',
    caught: { property: ['invoke.sync.function-error#property', 'invoke.sync.timeout#property'] },
    behaviour: changing(['Invoke'], given => {
      const { 'x-amz-function-error': _, ...headers } = given.headers
      return { ...given, headers }
    }),
  },
  {
    id: 'executed-version-is-the-alias',
    wrong: 'the version that ran is called by the qualifier that was asked for',
    caught: { property: ['alias.invoke#property'] },
    behaviour: changing(['Invoke'], (given, { params }) =>
      params['Qualifier'] === undefined
        ? given
        : { ...given, headers: { ...given.headers, 'x-amz-executed-version': String(params['Qualifier']) } },
    ),
  },
  {
    id: 'policy-as-object',
    wrong: 'GetPolicy answers the policy as an object instead of text',
    caught: { valid: ['GetPolicy.answer#valid'], property: ['function-permission.policy#property'] },
    behaviour: changing(['GetPolicy'], given =>
      withJson(given, value =>
        typeof value['Policy'] === 'string'
          ? { ...value, Policy: jsonOf({ body: Buffer.from(value['Policy']) }) }
          : value,
      ),
    ),
  },
]

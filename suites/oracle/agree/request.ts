/** Members of an answer that must agree with the request. */
import { parseJson } from '../../../base/parse-json.ts'
import { textOf } from '../../../base/text-of.ts'
import { isObject } from '../../../base/is-object.ts'
import type { Action } from '../../../spec/model.ts'
import { show } from '../violation.ts'
import { parseFunctionArn, parseFunctionName, parseLayerArn } from './arn.ts'
import type { Disagreement } from './within.ts'

type Members = { readonly [member: string]: unknown }

/** All places where a success answer speaks of something else than the request asked for. */
export function disagreementsWithRequest(action: Action, params: Members, members: Members): readonly Disagreement[] {
  return [
    ...functionAsked(params, members),
    ...qualifierAsked(action, params, members),
    ...keysAsked(params, members),
    ...layerAsked(params, members),
    ...pageAsked(action, params, members),
    ...statementAsked(params, members),
    ...provisionedAsked(params, members),
  ]
}

function differs(
  path: readonly string[],
  message: string,
  expected: unknown,
  actual: unknown,
): readonly Disagreement[] {
  return [{ path, message, expected: show(expected), actual: show(actual) }]
}

/** The answer is about the function that the request names. */
function functionAsked(params: Members, members: Members): readonly Disagreement[] {
  const asked = parseFunctionName(params['FunctionName'] ?? params['Resource'])
  if (asked === null) return []
  const found: Disagreement[] = []
  for (const [path, struct] of functionStructs(members)) {
    const arn = parseFunctionArn(struct['FunctionArn'] ?? struct['AliasArn'])
    const member = struct['FunctionArn'] === undefined ? 'AliasArn' : 'FunctionArn'
    const name =
      arn?.name ??
      (typeof struct['FunctionName'] === 'string' ? parseFunctionName(struct['FunctionName'])?.name : undefined)
    if (name !== undefined && name !== asked.name) {
      found.push(
        ...differs(
          [...path, arn === null ? 'FunctionName' : member],
          'the answer is about the function that was asked for',
          asked.name,
          name,
        ),
      )
    }
    if (arn !== null && asked.account !== undefined && asked.account !== arn.account) {
      found.push(
        ...differs([...path, member], 'the function is in the account that was asked for', asked.account, arn.account),
      )
    }
    if (arn !== null && asked.region !== undefined && asked.region !== arn.region) {
      found.push(
        ...differs([...path, member], 'the function is in the Region that was asked for', asked.region, arn.region),
      )
    }
  }
  return found.slice(0, 3)
}

/** The structures of an answer that are about a function: itself, its configuration, the items of a list. */
function functionStructs(members: Members): readonly (readonly [readonly string[], Members])[] {
  const structs: (readonly [readonly string[], Members])[] = [[[], members]]
  for (const name of [
    'Configuration',
    'Versions',
    'Aliases',
    'EventSourceMappings',
    'FunctionEventInvokeConfigs',
    'ProvisionedConcurrencyConfigs',
  ]) {
    const value = members[name]
    if (isObject(value)) structs.push([[name], value])
    if (Array.isArray(value)) for (const one of value) if (isObject(one)) structs.push([[name, '[]'], one])
  }
  return structs
}

/** Asked for a version or an alias, the answer is that version, or the ARN ends with the alias. */
function qualifierAsked(action: Action, params: Members, members: Members): readonly Disagreement[] {
  const qualifier = params['Qualifier'] ?? parseFunctionName(params['FunctionName'])?.qualifier
  if (typeof qualifier !== 'string' || qualifier === '') return []
  if (action.name === 'Invoke') {
    const executed = members['ExecutedVersion']
    const numbered = /^(\d+|\$LATEST)$/.test(qualifier)
    return numbered && typeof executed === 'string' && executed !== qualifier
      ? differs(['ExecutedVersion'], 'the version that was asked for is the one that ran', qualifier, executed)
      : []
  }
  if (action.method !== 'GET') return []
  const [path, struct] = isObject(members['Configuration'])
    ? (['Configuration', members['Configuration']] as const)
    : ([undefined, members] as const)
  const at = (member: string): readonly string[] => (path === undefined ? [member] : [path, member])
  const arn = parseFunctionArn(struct['FunctionArn'])
  if (arn?.qualifier !== undefined && arn.qualifier !== qualifier)
    return differs(
      at('FunctionArn'),
      'the ARN ends with the qualifier that was asked for',
      `…:${qualifier}`,
      struct['FunctionArn'],
    )
  if (/^\d+$/.test(qualifier) && typeof struct['Version'] === 'string' && struct['Version'] !== qualifier)
    return differs(at('Version'), 'the version is the one that was asked for', qualifier, struct['Version'])
  return []
}

/**
 * Without a suffix in its ARN a function is its unpublished version; only who creates and publishes at once is told the number.
 * `params` null: not known.
 */
export function disagreementsOfVersion(
  action: Action,
  params: Members | null,
  members: Members,
): readonly Disagreement[] {
  const nested = members['Configuration']
  const [path, struct] = isObject(nested) ? [['Configuration', 'Version'], nested] : [['Version'], members]
  const { FunctionArn, Version } = struct
  const arn = parseFunctionArn(FunctionArn)
  if (arn === null || arn.qualifier !== undefined || typeof Version !== 'string' || Version === '$LATEST') return []
  const publishes =
    /^(Create|Publish)/.test(action.name) &&
    (params === null || params['Publish'] === true || action.name !== 'CreateFunction')
  return publishes && /^\d+$/.test(Version)
    ? []
    : differs(path, 'a function without a suffix in its ARN is the unpublished version', '$LATEST', Version)
}

/** Ids and names by which one thing was asked for. */
function keysAsked(params: Members, members: Members): readonly Disagreement[] {
  const pairs: readonly (readonly [string, readonly string[]])[] = [
    ['UUID', ['UUID']],
    ['Name', ['Name']],
    ['VersionNumber', ['Version']],
    ['CodeSigningConfigArn', ['CodeSigningConfig', 'CodeSigningConfigArn']],
    ['CodeSigningConfigArn', ['CodeSigningConfigArn']],
    ['Arn', ['LayerVersionArn']],
  ]
  return pairs.flatMap(([asked, path]) => {
    const sent = params[asked]
    const came = path.reduce<unknown>((value, step) => (isObject(value) ? value[step] : undefined), members)
    if (sent === undefined || sent === null || came === undefined || came === null || textOf(sent) === textOf(came))
      return []
    return differs(path, `the answer is about the ${asked} that was asked for`, sent, came)
  })
}

function layerAsked(params: Members, members: Members): readonly Disagreement[] {
  const sent = params['LayerName']
  if (typeof sent !== 'string') return []
  const asked = parseLayerArn(sent)?.name ?? sent
  const items = Array.isArray(members['LayerVersions']) ? members['LayerVersions'].filter(isObject) : []
  return [members, ...items].flatMap(struct => {
    const layer = parseLayerArn(struct['LayerArn'] ?? struct['LayerVersionArn'])
    return layer === null || layer.name === asked
      ? []
      : differs(
          [struct === members ? 'LayerArn' : 'LayerVersions'],
          'the answer is about the layer that was asked for',
          asked,
          layer.name,
        )
  })
}

/** A page has no more items than were asked for. */
function pageAsked(action: Action, params: Members, members: Members): readonly Disagreement[] {
  const { pagination } = action
  const size = pagination?.size === undefined ? undefined : params[pagination.size]
  const items = pagination === undefined ? undefined : members[pagination.items]
  if (typeof size !== 'number' || !Array.isArray(items) || items.length <= size) return []
  return differs(
    [pagination?.items ?? ''],
    `a page has at most ${pagination?.size} items`,
    `at most ${size}`,
    items.length,
  )
}

/** The statement that comes back is the one that was added. */
function statementAsked(params: Members, members: Members): readonly Disagreement[] {
  const sid = params['StatementId']
  if (typeof sid !== 'string' || typeof members['Statement'] !== 'string') return []
  const statement = parseJson(members['Statement'])
  if (!isObject(statement)) return []
  if (statement['Sid'] !== undefined && statement['Sid'] !== sid)
    return differs(['Statement', 'Sid'], 'the statement has the id that it was given', sid, statement['Sid'])
  const action = params['Action']
  if (typeof action === 'string' && typeof statement['Action'] === 'string' && statement['Action'] !== action)
    return differs(['Statement', 'Action'], 'the statement allows what it was given', action, statement['Action'])
  return []
}

function provisionedAsked(params: Members, members: Members): readonly Disagreement[] {
  const [sent, came] = [params['ProvisionedConcurrentExecutions'], members['RequestedProvisionedConcurrentExecutions']]
  return typeof sent === 'number' && typeof came === 'number' && sent !== came
    ? differs(['RequestedProvisionedConcurrentExecutions'], 'as much is requested as was asked for', sent, came)
    : []
}

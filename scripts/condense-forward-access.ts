/**
 * Writes analyzer/data/forward-access.json: the operations of each SDK client whose input can hand on something of
 * another service: a bucket, a secret, a topic. Such a service often uses the rights of whoever calls it.
 *
 *     npx jiti scripts/condense-forward-access.ts --botocore DIRECTORY
 *
 * `DIRECTORY` is the `data` folder of Python's botocore (Apache-2.0), whose service models name the members of every
 * input.
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import type { ForwardAccessFile } from '../analyzer/permissions/forward-access.ts'

/** How members are called that name a thing of a service, by IAM prefix. */
const NAMED: readonly (readonly [service: string, member: RegExp])[] = [
  ['s3', /s3|bucket(name|$)|bucketArn/i],
  ['secretsmanager', /secrets?(manager)?_?(arn|id$|name)|credentials?(arn|parameter|provider)|secretsManager/i],
  ['sns', /[tT]opicAr[nN]|TopicARN|^sns|Sns|SNS|[nN]otification(Channel|TargetArn)/],
  ['sqs', /sqs|queue_?(url|arn)/i],
  ['lambda', /lambda|function_?arn/i],
  ['kinesis', /kinesis|stream_?arn/i],
  ['firehose', /firehose|delivery_?stream/i],
  ['dynamodb', /dynamo/i],
  ['states', /state_?machine_?arn/i],
  ['events', /event_?bus/i],
  ['ssm', /parameter_?store|ssm(parameter|document)/i],
  ['ecr', /^ecr|E[cC][rR][A-Z]|[iI]mageUri|[rR]epositoryUri/],
  ['codecommit', /code_?commit/i],
  ['glue', /glue/i],
  ['athena', /athena/i],
  ['sagemaker', /sagemaker/i],
  ['bedrock', /bedrock|foundation_?model|inference_?profile|guardrail|model_?arn/i],
  ['codeconnections', /connection_?arn/i],
  ['codestar-connections', /connection_?arn/i],
  ['acm', /certificate_?arn/i],
  ['cognito-idp', /user_?pool/i],
  ['route53', /hosted_?zone/i],
]

interface Model {
  readonly metadata: { readonly serviceId: string }
  readonly operations: { readonly [name: string]: { readonly input?: { readonly shape: string } } }
  readonly shapes: {
    readonly [name: string]: {
      readonly type: string
      readonly members?: { readonly [name: string]: { readonly shape: string } }
      readonly member?: { readonly shape: string }
      readonly key?: { readonly shape: string }
      readonly value?: { readonly shape: string }
    }
  }
}

/** The services of which an operation of a model may be handed something. */
function handedOn(model: Model, operation: string): ReadonlySet<string> {
  const services = new Set<string>()
  const seen = new Set<string>()
  const walk = (shape: string | undefined): void => {
    if (shape === undefined || seen.has(shape)) return
    seen.add(shape)
    const found = model.shapes[shape]
    for (const [name, member] of Object.entries(found?.members ?? {})) {
      for (const [service, pattern] of NAMED) if (pattern.test(name)) services.add(service)
      walk(member.shape)
    }
    walk(found?.member?.shape)
    walk(found?.value?.shape)
  }
  walk(model.operations[operation]?.input?.shape)
  return services
}

/** Every client with the services that its operations may be handed something of, and those operations. */
export function condenseForwardAccess(
  botocore: string,
  prefixes: { readonly [client: string]: string },
): ForwardAccessFile {
  const clients: { [client: string]: { [service: string]: string[] } } = {}
  for (const name of readdirSync(botocore).sort()) {
    const folder = join(botocore, name)
    if (!statSync(folder).isDirectory()) continue
    const path = join(folder, readdirSync(folder).sort().at(-1) ?? '', 'service-2.json.gz')
    if (!existsSync(path)) continue
    const model = JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as Model
    const client = model.metadata.serviceId.toLowerCase().replace(/ /g, '-')
    const own = prefixes[client]
    const byService: { [service: string]: string[] } = {}
    for (const operation of Object.keys(model.operations).sort())
      for (const service of handedOn(model, operation)) if (service !== own) (byService[service] ??= []).push(operation)
    if (Object.keys(byService).length) clients[client] = byService
  }
  return clients
}

if (process.argv[1]?.endsWith('condense-forward-access.ts')) {
  const at = process.argv.indexOf('--botocore')
  if (at === -1) throw new Error('say where the data of botocore is: --botocore DIRECTORY')
  const data = new URL('../analyzer/data/', import.meta.url)
  const { clients } = JSON.parse(readFileSync(new URL('iam.json', data), 'utf8')) as {
    clients: { [client: string]: string }
  }
  const lines = Object.entries(condenseForwardAccess(process.argv[at + 1] ?? '', clients)).map(
    ([client, services]) => `  ${JSON.stringify(client)}: ${JSON.stringify(services)}`,
  )
  writeFileSync(fileURLToPath(new URL('forward-access.json', data)), `{\n${lines.join(',\n')}\n}\n`)
}

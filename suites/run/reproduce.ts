/** Commands that show a failure again. */
import { isObject } from '../../base/is-object.ts'
import type { Exchange, Reproduction } from '../../reports/evidence.ts'
import type { Spec } from '../../spec/model.ts'
import type { CaseOutline, Endpoint } from '../case.ts'
import { readRequest } from '../wire/read-request.ts'
import { curlOf, quote } from '../wire/reproduce.ts'
import { withSmallPackage } from './small-package.ts'

/** Broken in a way that the AWS command line refuses to send. */
const REFUSED_BY_CLI = new Set(['required', 'type', 'syntax', 'length', 'range', 'items', 'entries'])
const LONGEST_COMMAND = 8000

/** What the lines that repeat a failure must say. */
export interface ReproduceOptions {
  readonly endpoint: Pick<Endpoint, 'url' | 'region' | 'probe' | 'uninvoked'>
  /** The command line that leads to this endpoint, without what chooses cases. */
  readonly command: string
  readonly spec: Pick<Spec, 'actions'>
  readonly seed: number
  readonly path?: string | undefined
}

/** The last exchange is the one that shows it. */
export function reproduce(one: CaseOutline, exchanges: readonly Exchange[], options: ReproduceOptions): Reproduction {
  const shown = exchanges.at(-1)
  const last = shown && withSmallPackage(shown, options.endpoint)
  const curl = last === undefined ? undefined : curlOf(last, options.endpoint.region)
  const aws = last === undefined || REFUSED_BY_CLI.has(one.clause.kind) ? undefined : awsOf(last, options)
  return {
    ...(curl === undefined ? {} : { curl }),
    ...(aws === undefined ? {} : { aws }),
    replay: replayOf(one, options),
  }
}

function replayOf(one: CaseOutline, { command, seed, path }: ReproduceOptions): string {
  return [
    command,
    `--clause ${quote(one.id)}`,
    `--seed ${seed}`,
    ...(path === undefined ? [] : [`--path ${quote(path)}`]),
  ].join(' ')
}

function awsOf({ request }: Exchange, { endpoint, spec }: ReproduceOptions): string | undefined {
  const action = request.action === undefined ? undefined : spec.actions[request.action]
  if (action === undefined || isCut(request) || request.bodyEncoding !== undefined || !URL.canParse(request.url))
    return undefined
  const url = new URL(request.url)
  const base = new URL(endpoint.url).pathname.replace(/\/$/, '')
  const params = readRequest(action, {
    path: url.pathname.slice(base.length),
    query: [...url.searchParams],
    headers: request.headers,
    body: request.body,
  })
  if (params === null) return undefined
  const payload = action.request.find(member => member.in === 'payload')?.name
  const { [payload ?? '']: body, ...members } = params
  const { zip, rest } = withoutZip(members)
  // The command line sends no other bytes as a package.
  if (zip !== undefined && !zip.startsWith('UEs')) return undefined
  // Bytes go through files: the versions of the command line disagree about how they are written in JSON.
  const blobs = [
    ...(zip === undefined ? [] : [`--zip-file fileb://<(base64 -d <<< ${quote(zip)})`]),
    ...(body === undefined ? [] : [`--payload fileb://<(printf %s ${quote(String(body))})`]),
  ]
  const command = kebab(action.name)
  // Where a file for the answer is named, JSON does not count as naming the function.
  const input =
    payload === undefined
      ? [`--cli-input-json ${quote(JSON.stringify(rest))}`]
      : Object.entries(rest).map(([name, value]) => `--${kebab(name)} ${quote(String(value))}`)
  const out = payload === undefined ? [] : ['/dev/stdout']
  return fitting(
    [
      `aws lambda ${command}`,
      `--endpoint-url ${quote(endpoint.url)}`,
      `--region ${endpoint.region}`,
      ...input,
      ...blobs,
      ...out,
    ].join(' '),
  )
}

function kebab(name: string): string {
  return name.replace(/(?<=[a-z0-9])[A-Z]/g, '-$&').toLowerCase()
}

/** The package of a function or layer, which has an option of its own, apart from the other members. */
function withoutZip(members: { readonly [member: string]: unknown }): {
  readonly zip: string | undefined
  readonly rest: { readonly [member: string]: unknown }
} {
  for (const holder of ['Code', 'Content']) {
    const content = members[holder]
    if (!isObject(content) || typeof content['ZipFile'] !== 'string' || Object.keys(content).length > 1) continue
    const { [holder]: _, ...rest } = members
    return { zip: content['ZipFile'], rest }
  }
  const { ZipFile, ...rest } = members
  return typeof ZipFile === 'string' ? { zip: ZipFile, rest } : { zip: undefined, rest: members }
}

/** Evidence keeps the beginning of large bodies only. */
function isCut(request: Exchange['request']): boolean {
  const kept = Buffer.byteLength(request.body, request.bodyEncoding === 'base64' ? 'base64' : 'utf8')
  return kept < request.bodyBytes
}

function fitting(command: string): string | undefined {
  return command.length > LONGEST_COMMAND ? undefined : command
}

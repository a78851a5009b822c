/** Commands that show a failure again. */
import type { Exchange, Reproduction } from '../../reports/evidence.ts'
import type { Spec } from '../../spec/model.ts'
import type { Case, Endpoint } from '../case.ts'
import { readRequest } from '../wire/read.ts'
import { curlOf, quote } from '../wire/reproduce.ts'
import { withSmallPackage } from './small-package.ts'

/** Broken in a way that the AWS command line refuses to send. */
const REFUSED_BY_CLI = new Set(['required', 'type', 'syntax', 'length', 'range', 'items', 'entries'])
const LONGEST_COMMAND = 8000

export interface ReproduceOptions {
  readonly endpoint: Pick<Endpoint, 'url' | 'region' | 'probe'>
  /** The command line that leads to this endpoint, without what chooses cases. */
  readonly command: string
  readonly spec: Pick<Spec, 'actions'>
  readonly seed: number
  readonly path?: string | undefined
}

/** The last exchange is the one that shows it. */
export function reproduce(one: Case, exchanges: readonly Exchange[], options: ReproduceOptions): Reproduction {
  const last = exchanges.length === 0 ? undefined : withSmallPackage(exchanges.at(-1)!, options.endpoint.probe)
  const curl = last === undefined ? undefined : curlOf(last, options.endpoint.region)
  const aws = last === undefined || REFUSED_BY_CLI.has(one.clause.kind) ? undefined : awsOf(last, options)
  return {
    ...(curl === undefined ? {} : { curl }),
    ...(aws === undefined ? {} : { aws }),
    replay: replayOf(one, options),
  }
}

function replayOf(one: Case, { command, seed, path }: ReproduceOptions): string {
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
  const shown = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      name === payload && value !== undefined ? Buffer.from(String(value)).toString('base64') : value,
    ]),
  )
  const command = action.name.replace(/(?<=[a-z0-9])[A-Z]/g, '-$&').toLowerCase()
  const out = payload === undefined ? [] : ['/dev/stdout']
  return fitting(
    [
      `aws lambda ${command}`,
      `--endpoint-url ${quote(endpoint.url)}`,
      `--region ${endpoint.region}`,
      `--cli-input-json ${quote(JSON.stringify(shown))}`,
      ...out,
    ].join(' '),
  )
}

/** Evidence keeps the beginning of large bodies only. */
function isCut(request: Exchange['request']): boolean {
  const kept = Buffer.byteLength(request.body, request.bodyEncoding === 'base64' ? 'base64' : 'utf8')
  return kept < request.bodyBytes
}

function fitting(command: string): string | undefined {
  return command.length > LONGEST_COMMAND ? undefined : command
}

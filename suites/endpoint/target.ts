/** Which endpoint is meant: from the command line, the environment, the configuration file, or the embedded one. */
import path from 'node:path'
import { existsSync } from 'node:fs'
import { didYouMean } from '../../base/suggest.ts'
import { readArtifact } from './artifact.ts'
import { readProfile } from './aws-profile.ts'
import type { EndpointConfig, Limits } from '../../config/config.ts'
import { credentialWarning, resolveCredentials } from './credentials.ts'
import { isAwsHost } from '../wire/hosts.ts'
import { type LoadedConfig, loadConfig, loadEndpointFile } from '../../config/load-config.ts'
import { UsageError } from '../../base/usage-error.ts'

/** An endpoint chosen, not yet asked anything. */
export interface Target {
  readonly name: string
  readonly config: EndpointConfig
  readonly region: string
  readonly credentials: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string
  }
  readonly limits: Limits
  /** Folder that `start` is relative to. */
  readonly folder: string
  /** Where the choice comes from, for people. */
  readonly origin: string
  /** What it is started from, when its configuration says so. */
  readonly artifact?: { readonly name: string; readonly sha256: string }
}

/** What the command line says of an endpoint, beside the configuration. */
export interface TargetOptions {
  /** URL, name in the configuration, or a file. */
  readonly endpoint?: string | undefined
  readonly cwd: string
  readonly env: { readonly [name: string]: string | undefined }
  readonly allowAws: boolean
  /** What stands in when nothing names an endpoint; also known by its name. */
  readonly embedded?: EndpointConfig | undefined
  /** The configuration file; absent: the one that is found. */
  readonly configFile?: string | undefined
  readonly concurrency?: number | undefined
  /** Told what a person should know before anything is sent. */
  readonly warn?: (text: string) => void
}

/**
 * How an endpoint is treated when nobody says otherwise: requests in flight and per second, milliseconds per request.
 */
export const DEFAULT_LIMITS: Limits = {
  concurrency: 8,
  rate: 0,
  // A function may take ten seconds to be initialised, three to run, and some to be started on a busy machine.
  requestTimeoutMs: 20_000,
  // The largest answer of AWS is a payload of 6 MB; what is held of several larger ones at once would take gigabytes.
  maxResponseBytes: 8 * 1024 * 1024,
}

const EMBEDDED = 'embedded'

/**
 * Throws a `UsageError` when nothing fits, the configuration is wrong, or the host is AWS's own and that was not
 * allowed.
 */
export async function findTarget(options: TargetOptions): Promise<Target> {
  const chosen = await choose(options)
  const { config } = chosen
  if (isAwsHost(config.url) && !options.allowAws) {
    throw new UsageError(
      `${config.url} is AWS itself: functions would be created and invoked in a real account, which costs money.\n` +
        `Say --allow-aws if that is what you want.`,
    )
  }
  const profile = readProfile(
    options.env,
    'credentials' in config && config.credentials !== undefined && 'profile' in config.credentials
      ? config.credentials.profile
      : undefined,
  )
  const region =
    config.region ?? options.env['AWS_REGION'] ?? options.env['AWS_DEFAULT_REGION'] ?? profile.region ?? 'us-east-1'
  const limits = {
    ...DEFAULT_LIMITS,
    ...config.limits,
    ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
  }
  const credentials = await resolveCredentials(config, region, options.env)
  const warning = credentialWarning(config.url, credentials)
  if (warning !== undefined) options.warn?.(warning)
  const artifact = config.artifact === undefined ? undefined : readArtifact(config.artifact, chosen.folder)
  return { ...chosen, region, limits, credentials, ...(artifact && { artifact }) }
}

type Choice = Pick<Target, 'name' | 'config' | 'folder' | 'origin'>

async function choose(options: TargetOptions): Promise<Choice> {
  const { endpoint, cwd, env, embedded } = options
  if (endpoint !== undefined) return chooseNamed(endpoint, options)
  for (const variable of ['AWS_ENDPOINT_URL_LAMBDA', 'AWS_ENDPOINT_URL']) {
    const url = env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true' ? undefined : env[variable]
    if (url !== undefined && url !== '') return byUrl(url, variable, cwd)
  }
  const { config, file } = await loadConfigOf(options)
  const names = Object.keys(config.endpoints ?? {})
  const only = config.endpoint ?? (names.length === 1 ? names[0] : undefined)
  if (only !== undefined)
    return only === EMBEDDED && embedded !== undefined && !names.includes(only)
      ? embeddedChoice(embedded, cwd)
      : fromConfig(only, config.endpoints ?? {}, file ?? cwd, cwd)
  if (names.length > 1)
    throw new UsageError(
      `${path.relative(cwd, file ?? '')}: several endpoints are named (${names.join(', ')}); ` +
        `say which with --endpoint NAME, or with a key \`endpoint\` in that file`,
    )
  const profile = readProfile(env, undefined)
  if (profile.endpointUrl !== undefined) return byUrl(profile.endpointUrl, `the AWS profile ${profile.name}`, cwd)
  if (embedded !== undefined) return embeddedChoice(embedded, cwd)
  throw new UsageError(
    'which endpoint? Say --endpoint URL, set AWS_ENDPOINT_URL_LAMBDA, or write a lambdacheck.config.yaml',
  )
}

async function chooseNamed(endpoint: string, options: TargetOptions): Promise<Choice> {
  const { cwd, embedded } = options
  if (endpoint.includes('://')) return byUrl(endpoint, '--endpoint', cwd)
  if (/^(\[[\da-f:]+\]|[\w.-]+):\d+(\/.*)?$/i.test(endpoint)) return byUrl(`http://${endpoint}`, '--endpoint', cwd)
  if (/\.(ya?ml|json)$/.test(endpoint) || endpoint.includes('/') || endpoint.includes(path.sep)) {
    const config = loadEndpointFile(endpoint, cwd)
    const name = config.name ?? path.basename(endpoint).replace(/\.\w+$/, '')
    return { name, config, folder: path.dirname(path.resolve(cwd, endpoint)), origin: endpoint }
  }
  const { config, file } = await loadConfigOf(options)
  const known = config.endpoints ?? {}
  if (known[endpoint] === undefined) {
    if (endpoint === EMBEDDED && embedded !== undefined) return embeddedChoice(embedded, cwd)
    const beside = path.join('endpoints', `${endpoint}.yaml`)
    if (existsSync(path.join(cwd, beside))) return chooseNamed(beside, options)
  }
  return fromConfig(endpoint, known, file ?? cwd, cwd)
}

function loadConfigOf({ cwd, configFile, warn }: TargetOptions): Promise<LoadedConfig> {
  return loadConfig(cwd, { code: true, named: configFile, warn })
}

function fromConfig(
  name: string,
  known: { readonly [name: string]: EndpointConfig },
  file: string,
  cwd: string,
): Choice {
  const config = known[name]
  if (config === undefined) {
    const names = Object.keys(known)
    const where =
      names.length === 0 ? 'no configuration file names any' : `${path.relative(cwd, file)} names ${names.join(', ')}`
    throw new UsageError(
      `there is no endpoint ${JSON.stringify(name)}: ${where}${didYouMean(name, [...names, EMBEDDED])}. ` +
        'Say --endpoint with a url, a name or a file.',
    )
  }
  return { name, config, folder: path.dirname(file), origin: `${path.relative(cwd, file)}` }
}

function embeddedChoice(config: EndpointConfig, cwd: string): Choice {
  return { name: EMBEDDED, config, folder: cwd, origin: 'the embedded endpoint' }
}

function byUrl(url: string, origin: string, cwd: string): Choice {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError(
      `${origin}: ${JSON.stringify(url.slice(0, 200))} is not an http or https url such as http://127.0.0.1:4566`,
    )
  }
  const parsed = new URL(url)
  if (parsed.username !== '' || parsed.password !== '')
    throw new UsageError(
      `${origin}: a url must not hold a name and password; credentials come from the AWS configuration or the ` +
        'endpoint file',
    )
  return { name: parsed.host, config: { url: parsed.href.replace(/\/$/, '') }, folder: cwd, origin }
}

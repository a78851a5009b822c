/** Holds a configuration against its shape: every mistake in one go, each with file, key path and what was probably meant. */
import { textOf } from '../../base/text-of.ts'
import { isObject } from '../../base/is-object.ts'
import { didYouMean } from '../../base/suggest.ts'
import { CAPABILITIES } from './capability-names.ts'
import type { Config, EndpointConfig } from './config.ts'
import { UsageError } from './usage-error.ts'

type Check = (value: unknown, path: string, problems: string[]) => void

/** Throws a `UsageError` that names `file` and the path of every key that is wrong. */
export function checkConfig(value: unknown, file: string): Config {
  return checked(value, file, config) as Config
}

/** The same for a file that holds one endpoint. */
export function checkEndpointFile(value: unknown, file: string): EndpointConfig {
  return checked(value, file, endpoint) as EndpointConfig
}

function checked(value: unknown, file: string, check: Check): unknown {
  const problems: string[] = []
  check(value, '', problems)
  if (problems.length > 0) throw new UsageError(problems.map(problem => `${file}: ${problem}`).join('\n'))
  return value
}

const text: Check = (value, path, problems) => {
  if (typeof value !== 'string' || value === '') problems.push(`${path} must be a text, not ${kind(value)}`)
}

function matching(pattern: RegExp, what: string): Check {
  return (value, path, problems) => {
    if (typeof value !== 'string' || !pattern.test(value)) problems.push(`${path} must be ${what}, not ${kind(value)}`)
  }
}

const url: Check = (value, path, problems) => {
  const parsed = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    problems.push(`${path} must be an http or https url such as http://127.0.0.1:4566, not ${kind(value)}`)
  }
}

const boolean: Check = (value, path, problems) => {
  if (typeof value !== 'boolean') problems.push(`${path} must be true or false, not ${kind(value)}`)
}

function number(least: number, whole: boolean, most = Number.MAX_SAFE_INTEGER): Check {
  return (value, path, problems) => {
    if (
      typeof value !== 'number' ||
      !Number.isFinite(value) ||
      value < least ||
      value > most ||
      (whole && !Number.isInteger(value))
    ) {
      const end = most === Number.MAX_SAFE_INTEGER ? ` of ${least} or more` : ` from ${least} to ${most}`
      problems.push(`${path} must be a ${whole ? 'whole ' : ''}number${end}, not ${kind(value)}`)
    }
  }
}

function oneOf(values: readonly string[]): Check {
  return (value, path, problems) => {
    if (typeof value === 'string' && values.includes(value)) return
    const hint = typeof value === 'string' ? didYouMean(value, values) : ''
    problems.push(`${path} must be ${values.join(' or ')}, not ${kind(value)}${hint}`)
  }
}

function list(of: Check): Check {
  return (value, path, problems) => {
    if (!Array.isArray(value)) problems.push(`${path} must be a list, not ${kind(value)}`)
    else value.forEach((one, index) => of(one, `${path}[${index}]`, problems))
  }
}

/** A mapping of any keys, or of `known` ones. */
function map(of: Check, known?: readonly string[]): Check {
  return (value, path, problems) => {
    if (!isObject(value)) return void problems.push(`${path} must be a mapping, not ${kind(value)}`)
    for (const [key, one] of Object.entries(value)) {
      if (known !== undefined && !known.includes(key))
        problems.push(`${join(path, key)} is not known here${didYouMean(key, known)}`)
      else if (one !== undefined) of(one, join(path, key), problems)
    }
  }
}

function shape(members: { readonly [key: string]: Check }, required: readonly string[] = []): Check {
  const known = Object.keys(members)
  return (value, path, problems) => {
    if (!isObject(value))
      return void problems.push(`${path === '' ? 'the file' : path} must hold a mapping, not ${kind(value)}`)
    for (const [key, one] of Object.entries(value)) {
      const check = members[key]
      if (check === undefined)
        problems.push(
          `${join(path, key)} is not a key of ${path === '' ? 'this file' : path}${didYouMean(key, known) || `; there are ${known.join(', ')}`}`,
        )
      else if (one !== undefined) check(one, join(path, key), problems)
    }
    for (const key of required)
      if ((value as { [key: string]: unknown })[key] === undefined) problems.push(`${join(path, key)} is missing`)
  }
}

const anything: Check = () => {}

const credentials: Check = (value, path, problems) => {
  const byProfile = isObject(value) && 'profile' in value
  const check = byProfile
    ? shape({ profile: text }, ['profile'])
    : shape({ accessKeyId: text, secretAccessKey: text, sessionToken: text }, ['accessKeyId', 'secretAccessKey'])
  check(value, path, problems)
}

const ready: Check = (value, path, problems) => {
  shape({ url, port: number(1, true, 65_535), log: text })(value, path, problems)
  if (isObject(value) && Object.keys(value).length !== 1)
    problems.push(`${path} must have exactly one of url, port and log`)
  const pattern = isObject(value) ? value['log'] : undefined
  if (typeof pattern === 'string') {
    try {
      new RegExp(pattern)
    } catch (error) {
      problems.push(
        `${join(path, 'log')} is not a regular expression: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }
}

const start = shape(
  {
    command: text,
    ready,
    timeout: number(1, false),
    env: map(text),
    cwd: text,
    setup: list(
      shape(
        {
          method: matching(/^[A-Z]+$/, 'an HTTP method in capitals'),
          path: matching(/^\//, 'a path that begins with /'),
          headers: map(text),
          body: anything,
        },
        ['path'],
      ),
    ),
  },
  ['command'],
)

const limits = shape({
  concurrency: number(1, true, 256),
  rate: number(0, false),
  requestTimeoutMs: number(100, true),
  maxResponseBytes: number(1024, true),
})

const endpoint = shape(
  {
    name: text,
    url,
    region: matching(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as eu-central-1'),
    account: matching(/^\d{12}$/, 'twelve digits in quotes'),
    role: matching(
      /^arn:[^:]+:iam::\d{12}:role\/.+$/,
      'the ARN of a role, such as arn:aws:iam::000000000000:role/lambda',
    ),
    credentials,
    capabilities: map(boolean, CAPABILITIES),
    actions: map(oneOf(['supported', 'unsupported'])),
    expectedFailures: list(text),
    limits,
    probes: map(text),
    start,
  },
  ['url'],
)

const config = shape({ endpoint: text, endpoints: map(endpoint), lint: map(anything) })

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}

function kind(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  if (typeof value === 'string')
    return value === '' ? 'an empty text' : JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
  return `${typeof value === 'number' ? 'the number ' : ''}${textOf(value).slice(0, 60)}`
}

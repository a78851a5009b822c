/**
 * What the shared AWS configuration files say of a profile. A test holds the reading of them against AWS's own loader.
 */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'

/** What a profile of the AWS command line says of Region and endpoint. */
export interface Profile {
  readonly name: string
  readonly region?: string
  /** Its `endpoint_url`, that of the service `lambda` before the general one. */
  readonly endpointUrl?: string
}

type Env = { readonly [name: string]: string | undefined }

/** Files that are missing or unreadable say nothing. `profile` absent: `AWS_PROFILE`, then `default`. */
export function readProfile(env: Env, profile: string | undefined): Profile {
  const name = profile ?? env['AWS_PROFILE'] ?? 'default'
  const sections = readIni(env['AWS_CONFIG_FILE'] ?? '~/.aws/config', true)
  const section: Section = {
    ...readIni(env['AWS_SHARED_CREDENTIALS_FILE'] ?? '~/.aws/credentials', false).get(name),
    ...sections.get(name),
  }
  const services = section['services'] === undefined ? undefined : sections.get(`services ${section['services']}`)
  const endpointUrl = services?.['lambda.endpoint_url'] ?? section['endpoint_url']
  return {
    name,
    ...(section['region'] === undefined ? {} : { region: section['region'] }),
    ...(endpointUrl === undefined ||
    section['ignore_configured_endpoint_urls'] === 'true' ||
    env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true'
      ? {}
      : { endpointUrl }),
  }
}

interface Section {
  readonly [key: string]: string | undefined
}

function readIni(file: string, isConfig: boolean): ReadonlyMap<string, Section> {
  try {
    return sectionsOf(readFileSync(file.replace(/^~(?=\/)/, homedir()), 'utf8'), isConfig)
  } catch {
    return new Map()
  }
}

/**
 * The sections of a shared file: profiles by their bare name, others by type and name (`services local`). What is
 * indented below a key without a value is written with that key before it: `lambda.endpoint_url`.
 *
 * @param isConfig in `config`, only `default` and `[profile NAME]` are profiles; in `credentials` every section is
 */
export function sectionsOf(text: string, isConfig: boolean): ReadonlyMap<string, Section> {
  const sections = new Map<string, { [key: string]: string }>()
  let current: string | undefined
  let parent: string | undefined
  for (const line of text.split(/\r?\n/)) {
    const words = (line.split(/(?:^|\s)[;#]/)[0] ?? '').trim()
    if (/^\[.*\]$/.test(words)) {
      current = sectionName(words.slice(1, -1), isConfig)
      parent = undefined
      continue
    }
    const at = words.indexOf('=')
    if (current === undefined || at < 1) continue
    const key = words.slice(0, at).trim()
    const value = words.slice(at + 1).trim()
    if (value === '') {
      parent = key
      continue
    }
    if (!/^\s/.test(line)) parent = undefined
    const section = sections.get(current) ?? {}
    section[parent === undefined ? key : `${parent}.${key}`] = value
    sections.set(current, section)
  }
  return sections
}

function sectionName(header: string, isConfig: boolean): string | undefined {
  const [, type, , name = ''] = /^([\w-]+)\s(["'])?([\w@+.%:/-]+)\2$/.exec(header) ?? []
  if (!isConfig) return type === undefined ? header : undefined
  if (type === undefined) return header === 'default' ? header : undefined
  if (type === 'profile') return name
  return type === 'services' || type === 'sso-session' ? `${type} ${name}` : undefined
}

/** `samconfig.toml` and `samconfig.yaml`: the parameters with which `sam deploy` deploys a template. */
import { basename, dirname, join, resolve } from 'node:path'
import { parse as parseToml } from 'smol-toml'
import { parse as parseYaml } from 'yaml'
import { isObject } from '../../base/is-object.ts'
import type { Loc, SourceText } from './source.ts'
import { projectPath } from './discover.ts'

/** What a parameter is given, by environments of the configuration. */
export interface GivenParameter {
  /** One for each environment; undefined where an environment leaves it at its default. */
  readonly values: readonly (string | undefined)[]
  /** The first place at which it is given. */
  readonly loc: Loc
}

/** By name of the parameter. */
export type GivenParameters = ReadonlyMap<string, GivenParameter>

/** In this order, as `sam` looks for them. */
const FILES = ['samconfig.toml', 'samconfig.yaml', 'samconfig.yml']

/**
 * The parameters that the configuration beside a template gives it; empty without one, or where it cannot be read.
 * @param read the text of a file of the project; undefined when there is none
 */
export function givenParameters(
  template: SourceText,
  root: string,
  read: (absolute: string) => string | undefined,
): GivenParameters {
  const folder = dirname(template.absolute)
  for (const name of FILES) {
    const absolute = join(folder, name)
    const text = read(absolute)
    if (text === undefined) continue
    return readGiven({ path: projectPath(root, absolute), absolute, text }, template.absolute)
  }
  return new Map()
}

function readGiven(source: SourceText, template: string): GivenParameters {
  const environments = environmentsOf(source).flatMap(environment => {
    const parameters = { ...tableIn(environment, 'global'), ...tableIn(environment, 'deploy') }
    return isMeant(parameters, source, template) ? [overridesOf(parameters['parameter_overrides'])] : []
  })
  const names = new Set(environments.flatMap(one => [...one.keys()]))
  return new Map(
    [...names].map(name => {
      const at = source.text.search(new RegExp(`\\b${name.replace(/\W/g, '')}\\b`))
      const start = Math.max(at, 0)
      return [
        name,
        {
          values: environments.map(one => one.get(name)),
          loc: { source, start, end: at < 0 ? 0 : start + name.length },
        },
      ]
    }),
  )
}

/** Its tables but `version`; none when it does not parse. */
function environmentsOf({ path, text }: SourceText): readonly { readonly [key: string]: unknown }[] {
  try {
    const whole: unknown = path.endsWith('.toml') ? parseToml(text) : parseYaml(text, { maxAliasCount: 100 })
    return isObject(whole) ? Object.values(whole).filter(isObject) : []
  } catch {
    return []
  }
}

function tableIn(
  environment: { readonly [key: string]: unknown },
  command: string,
): { readonly [key: string]: unknown } {
  const of = environment[command]
  const parameters = isObject(of) ? of['parameters'] : undefined
  return isObject(parameters) ? parameters : {}
}

/** Without a template, and with one that a build or a package makes, it is the usual one beside the configuration. */
function isMeant(parameters: { readonly [key: string]: unknown }, config: SourceText, template: string): boolean {
  const named = parameters['template_file'] ?? parameters['template']
  const isUsual = /^template\.(ya?ml|json)$/.test(basename(template))
  if (typeof named !== 'string') return isUsual
  const folder = dirname(config.absolute)
  return resolve(folder, named) === template || (isUsual && /(^|\/)\.aws-sam\/|packaged?\b/.test(named))
}

/**
 * `Key=Value Other="two words"`, `ParameterKey=Key,ParameterValue=Value`, a list of these, or a table. What is read
 * from a file or a parameter store is left out.
 */
function overridesOf(written: unknown): ReadonlyMap<string, string> {
  if (Array.isArray(written)) return new Map(written.flatMap(one => [...overridesOf(one)]))
  if (isObject(written))
    return new Map(
      Object.entries(written).flatMap(([key, value]) => (isPlain(value) ? [[key, String(value)] as const] : [])),
    )
  if (typeof written !== 'string') return new Map()
  return new Map(
    [...written.matchAll(PAIR)].map(match => [match[1] ?? '', match[2] ?? match[3] ?? unescaped(match[4] ?? '')]),
  )
}

const PAIR =
  /(?:ParameterKey=)?([A-Za-z0-9]{1,255})(?:=|,\s*ParameterValue=)(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|((?:\\.|[^\s"'\\])*))/g

const unescaped = (text: string): string => text.replace(/\\(.)/g, '$1')
const isPlain = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value)

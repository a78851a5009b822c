/**
 * Holds a configuration against `config.schema.json`: every mistake in one go, each with file, key path and what was
 * probably meant.
 */
import { messageOf } from '../base/message-of.ts'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import { textOf } from '../base/text-of.ts'
import { didYouMean } from '../base/suggest.ts'
import { UsageError } from '../base/usage-error.ts'
import type { Config, EndpointConfig } from './config.ts'
import { entriesOf } from '../base/entries-of.ts'

const SCHEMA = 'config.schema.json'

/**
 * Throws a `UsageError` that names `file` and the path of every key that is wrong. `also`: what else is found to be
 * wrong, a sentence each.
 */
export function checkConfig(value: unknown, file: string, also: readonly string[] = []): Config {
  return checked(value, file, '', also) as Config
}

/** The same for a file that holds one endpoint. */
export function checkEndpointFile(value: unknown, file: string): EndpointConfig {
  return checked(value, file, '#/$defs/endpointFile') as EndpointConfig
}

let compiler: Ajv2020 | undefined

function checked(value: unknown, file: string, part: string, also: readonly string[] = []): unknown {
  compiler ??= createCompiler()
  const schema = JSON.parse(readSchema()) as { readonly $id: string }
  if (compiler.getSchema(schema.$id) === undefined) compiler.addSchema(schema)
  const validate = compiler.getSchema(`${schema.$id}${part}`)
  if (validate === undefined) throw new Error(`${SCHEMA} has no ${part}`)
  validate(withoutUndefined(value))
  const problems = [...(validate.errors ?? []).map(sentence).filter(one => one !== undefined), ...also]
  if (problems.length === 0) return value
  throw new UsageError([...new Set(problems)].map(problem => `${file}: ${problem}`).join('\n'))
}

function createCompiler(): Ajv2020 {
  const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: false })
  ajv.addKeyword('must')
  ajv.addFormat('http-url', (text: string) => URL.canParse(text))
  ajv.addFormat('regex', (text: string) => regexProblem(text) === undefined)
  return ajv
}

/** What a program left undefined is the same as absent. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => (one === undefined ? [] : [[key, withoutUndefined(one)]])),
  )
}

type Part = { readonly [keyword: string]: unknown }

/** Undefined for what only says that another problem is one. */
function sentence(error: ErrorObject): string | undefined {
  const at = keyPath(error.instancePath)
  const part = (error.parentSchema ?? {}) as Part
  const given = shown(error.data)
  switch (error.keyword) {
    case 'if':
    case 'propertyNames':
      return undefined
    case 'required':
      return `${join(at, String(error.params['missingProperty']))} is missing`
    case 'additionalProperties':
      return unknownKey(at, String(error.params['additionalProperty']), part)
    case 'minProperties':
    case 'maxProperties':
      return `${at} must have exactly one of ${listed(
        entriesOf(part['properties']).map(([name]) => name),
        'and',
      )}`
    case 'enum':
      return notOneOf(error, at)
    case 'format':
      if (part['format'] === 'regex') return `${at} is not a regular expression: ${regexProblem(String(error.data))}`
  }
  return `${at === '' ? 'the file' : at} must ${demand(part, at === '')}, not ${given}`
}

function notOneOf(error: ErrorObject, at: string): string {
  const values = [error.schema].flat().map(String)
  if (error.propertyName !== undefined)
    return `${join(at, error.propertyName)} is not known here${didYouMean(error.propertyName, values)}`
  const hint = typeof error.data === 'string' ? didYouMean(error.data, values) : ''
  return `${at} must be ${values.join(' or ')}, not ${shown(error.data)}${hint}`
}

function unknownKey(at: string, key: string, part: Part): string {
  const known = Object.keys(part['properties'] ?? {}).filter(key => key !== '$schema')
  const hint = didYouMean(key, known) || `; there are ${known.join(', ')}`
  return `${join(at, key)} is not a key of ${at === '' ? 'this file' : at}${hint}`
}

/** What the schema wants, for people. */
function demand(part: Part, root: boolean): string {
  if (typeof part['must'] === 'string') return `be ${part['must']}`
  switch (part['type']) {
    case 'object':
      return root ? 'hold a mapping' : 'be a mapping'
    case 'array':
      return 'be a list'
    case 'boolean':
      return 'be true or false'
    case 'integer':
    case 'number': {
      const { minimum, maximum } = part
      const end = maximum === undefined ? ` of ${minimum} or more` : ` from ${minimum} to ${maximum}`
      return `be a ${part['type'] === 'integer' ? 'whole ' : ''}number${end}`
    }
    default:
      return 'be a text'
  }
}

function regexProblem(text: string): string | undefined {
  try {
    new RegExp(text)
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}

/** `/endpoints/mine/start/setup/0` as `endpoints.mine.start.setup[0]`. */
function keyPath(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map(key => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((at, key) => (/^\d+$/.test(key) && at !== '' ? `${at}[${key}]` : join(at, key)), '')
}

function join(at: string, key: string): string {
  return at === '' ? key : `${at}.${key}`
}

function listed(names: readonly string[], last: string): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1)}`
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  if (typeof value === 'string')
    return value === '' ? 'an empty text' : JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
  return `${typeof value === 'number' ? 'the number ' : ''}${textOf(value).slice(0, 60)}`
}

/** It lies beside the sources, of which `dist/` is another copy. */
function readSchema(): string {
  for (let folder = path.dirname(fileURLToPath(import.meta.url)); ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'config', SCHEMA)
    if (existsSync(file)) return readFileSync(file, 'utf8')
    if (folder === path.dirname(folder))
      throw new Error(`${SCHEMA} is not there: the installation of lambdacheck is damaged`)
  }
}

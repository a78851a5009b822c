/** Fills the templates of pages: references, and the tags that stand for values. */
import { createHash } from 'node:crypto'
import { writeZip } from '../../base/write-zip.ts'
import type { Tagged, Value } from '../../spec/model.ts'
import type { Endpoint, Scope } from '../case.ts'
import { profileOf } from '../ownership.ts'
import { resolveText } from './reference.ts'
import { isList, isMapping, isTagged } from '../../spec/value-kinds.ts'
import { isObject } from '../../base/is-object.ts'

/** What tags need to know. */
export interface FillTools {
  /** A fresh legal name with the run's prefix. */
  unique(stem: string): string
}

/** Stands for a member that is to be left out. */
const LEFT_OUT: unique symbol = Symbol('left out')

/** Variables that every template knows: `$endpoint` and `$probe`. */
export function standingScope(
  endpoint: Pick<Endpoint, 'role' | 'region' | 'accountId' | 'url' | 'name' | 'run' | 'probe' | 'flavours'>,
): Scope {
  const { role, region, accountId, url, name, run, probe, flavours = {} } = endpoint
  const deployed = ({ runtime, handler, zipFile }: Endpoint['probe']): Scope => ({
    Runtime: runtime,
    Handler: handler,
    ZipFile: zipFile,
  })
  return {
    endpoint: { role, region, accountId, url, name, run, signingProfile: profileOf(run) },
    probe: deployed(probe),
    // What is not there stands for the probe that is: the capability says whether a property may be asked at all.
    nodejs: deployed(flavours['nodejs'] ?? probe),
    python: deployed(flavours['python'] ?? probe),
    provided: deployed(flavours['provided'] ?? probe),
  }
}

/**
 * A request from its template. Values keep their types; keys of maps may be references too. Throws `UnknownVariable`
 * for a variable that is not in scope, and an `Error` for a tag that stands for no single value (generators, matchers).
 */
export function fillTemplate(
  template: { readonly [member: string]: Value },
  scope: Scope,
  tools: FillTools,
): { [member: string]: unknown } {
  const filled = fillValue(template, scope, tools)
  return isObject(filled) ? { ...filled } : {}
}

/** Any value of a template; `undefined` for `!absent`. */
export function fillValue(value: Value, scope: Scope, tools: FillTools): unknown {
  const filled = fillDeep(value, scope, tools)
  return filled === LEFT_OUT ? undefined : filled
}

function fillDeep(value: Value, scope: Scope, tools: FillTools): unknown {
  if (typeof value === 'string') return resolveText(value, scope)
  if (isList(value)) return value.map(one => fillDeep(one, scope, tools)).filter(one => one !== LEFT_OUT)
  if (isTagged(value)) return fillTag(value, scope, tools)
  if (!isMapping(value)) return value
  const filled: { [key: string]: unknown } = {}
  for (const [key, one] of Object.entries(value)) {
    const inner = fillDeep(one, scope, tools)
    if (inner !== LEFT_OUT) filled[String(resolveText(key, scope))] = inner
  }
  return filled
}

/** Generators and matchers are tags as well; here only those with one value count. */
function fillTag(tagged: Tagged, scope: Scope, tools: FillTools): unknown {
  const argument = fillDeep(tagged.value, scope, tools)
  switch (tagged.$tag) {
    case 'absent':
      return LEFT_OUT
    case 'unique':
      return tools.unique(typeof argument === 'string' ? argument : 'name')
    case 'unknown':
      return unknownKey(String(argument), tools)
    case 'bytes':
      return Buffer.alloc(sizeOf(argument, tagged), 'lambdacheck').toString('base64')
    case 'base64json':
      return Buffer.from(JSON.stringify(argument ?? null)).toString('base64')
    case 'zip':
      return zipOf(argument, tagged)
    case 'repeat':
      return repeated(argument, tagged)
    case 'sha256':
      return createHash('sha256').update(bytesOf(argument, tagged)).digest('base64')
    case 'size':
      return bytesOf(argument, tagged).byteLength
    default:
      throw new Error(`!${tagged.$tag} stands for no single value here (${where(tagged)})`)
  }
}

/** A key of the right form that nothing has. */
function unknownKey(kind: string, tools: FillTools): string {
  const name = tools.unique('unknown')
  if (kind === 'version') return '987654'
  if (kind !== 'uuid') return name
  const hex = createHash('sha256').update(name).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function sizeOf(argument: unknown, tagged: Tagged): number {
  const size = Number(String(argument).split('..', 1)[0])
  if (!Number.isInteger(size) || size < 0) throw new Error(`!bytes wants a number of bytes (${where(tagged)})`)
  return size
}

function zipOf(files: unknown, tagged: Tagged): string {
  if (typeof files !== 'object' || files === null)
    throw new Error(`!zip wants a map of file names to texts (${where(tagged)})`)
  return writeZip(
    Object.entries(files).map(([name, given]) => {
      const text = String(isObject(given) ? given['plain'] : given)
      // A script may be executed, as whoever packages it sees to, unless the page says that nobody has.
      return { name, content: new TextEncoder().encode(text), executable: !isObject(given) && text.startsWith('#!') }
    }),
  ).toString('base64')
}

/** What base64 text holds, or the archive of a map of files. */
function bytesOf(argument: unknown, tagged: Tagged): Buffer {
  return Buffer.from(typeof argument === 'string' ? argument : zipOf(argument, tagged), 'base64')
}

function repeated(argument: unknown, tagged: Tagged): string {
  const { text, times } = isObject(argument) ? argument : {}
  if (typeof text !== 'string' || typeof times !== 'number')
    throw new Error(`!repeat wants {text, times} (${where(tagged)})`)
  return text.repeat(times)
}

function where(tagged: Tagged): string {
  return `${tagged.source.file}:${tagged.source.line}`
}

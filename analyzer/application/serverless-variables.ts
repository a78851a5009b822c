/**
 * The variables of serverless.yml: `${self:custom.x}`, `${opt:stage, 'dev'}`, `${file(x.yml):key}` …, resolved as far
 * as files tell.
 */
import { resolve } from 'node:path'
import { projectPath } from './discover.ts'
import { evaluate } from './intrinsics.ts'
import type { Scope } from './intrinsics.ts'
import { readJson } from './read-json.ts'
import { readYaml } from './read-yaml.ts'
import { withPseudoHoles } from './service-part.ts'
import type { Loc, SourceText } from './source.ts'
import { joinValues, scalarValue, unknownValue } from './value.ts'
import type { Value } from './value.ts'

/** What variables of a serverless.yml are looked up in. */
export interface VariableWorld {
  /** The project; no file outside it is read. */
  readonly root: string
  readonly read: (path: string) => string | undefined
  /** The directory of serverless.yml, absolute. */
  readonly directory: string
  /** The whole file, evaluated. */
  readonly self: () => Value
  /** Scope for a file that is included. */
  readonly scopeOf: (source: SourceText) => Scope
}

const MAX_ACTIVE = 60
const MAX_FILES = 200

/** Begins a variable of the framework, and not `${AWS::Region}` or `${Resource.Arn}` of an `Fn::Sub`. */
const BEGIN = /\$\{\s{0,100}(?:[A-Za-z]{1,100}(?:\([^)]{0,500}\))?:(?!:)|file\(|strToBool\(|opt\b|env\b|'|"|\$\{)/

/** Makes the `expand` of a scope: a text to its value, undefined when it has no variable. */
export function variableExpander(world: VariableWorld): NonNullable<Scope['expand']> {
  const expansion: Expansion = { world, active: new Set(), files: new Map() }
  return (text, raw, source) => expand(expansion, text, { source, start: raw.start, end: raw.end })
}

/** A file with its variables, while they are resolved. */
interface Expansion {
  readonly world: VariableWorld
  /** Variables that are being resolved, to see circles. */
  readonly active: Set<string>
  /** Included files by absolute path; undefined for those that cannot be read. */
  readonly files: Map<string, Value | undefined>
}

function expand(expansion: Expansion, text: string, at: Loc): Value | undefined {
  if (!BEGIN.test(text)) return withPseudoHoles(text, at)
  const parts: Value[] = []
  let last = 0
  for (let open = text.indexOf('${'); open !== -1; open = text.indexOf('${', last)) {
    const close = closing(text, open)
    if (close === -1) break
    const whole = text.slice(open, close + 1)
    if (whole.search(BEGIN) !== 0) {
      parts.push(scalarValue(at, text.slice(last, close + 1)))
      last = close + 1
      continue
    }
    const before = text.slice(last, open)
    if (before) parts.push(withPseudoHoles(before, at) ?? scalarValue(at, before))
    parts.push(variable(expansion, text.slice(open + 2, close), at))
    last = close + 1
  }
  if (last < text.length) parts.push(withPseudoHoles(text.slice(last), at) ?? scalarValue(at, text.slice(last)))
  // A variable alone may be anything; among text it is a text.
  const [only, ...others] = parts
  return only && others.length === 0 ? only : joinValues(at, parts)
}

/** The inside of `${…}`: addresses with fallbacks. */
function variable(expansion: Expansion, inside: string, at: Loc): Value {
  const key = `${at.source.path} ${inside}`
  if (expansion.active.has(key) || expansion.active.size > MAX_ACTIVE)
    return unknownValue(at, `\${${inside}} refers to itself`)
  expansion.active.add(key)
  try {
    const options = splitTop(inside)
    const skipped: string[] = []
    for (const [index, option] of options.entries()) {
      const value = address(expansion, option.trim(), at)
      if (value === 'later') {
        skipped.push(option.trim())
        if (index === options.length - 1) return unknownValue(at, `\${${option.trim()}} is given at deployment`)
        continue
      }
      if (value.isAbsent || value.kind === 'null') {
        if (index === options.length - 1)
          return value.kind === 'null' ? value : unknownValue(at, `\${${option.trim()}} is not there`)
        continue
      }
      return skipped.length ? value.withVia({ kind: 'parameter', name: skipped.join(', '), loc: at }) : value
    }
    return unknownValue(at, `\${${inside}} cannot be resolved`)
  } finally {
    expansion.active.delete(key)
  }
}

/** One address; `later` when only a deployment knows it. */
function address(expansion: Expansion, written: string, at: Loc): Value | 'later' {
  const literal = /^(['"])(.*)\1$/s.exec(written)
  if (literal) return expand(expansion, literal[2] ?? '', at) ?? scalarValue(at, literal[2] ?? '')
  if (/^-?\d+(\.\d+)?$/.test(written)) return scalarValue(at, Number(written))
  if (written === 'true' || written === 'false') return scalarValue(at, written === 'true')
  if (written === 'null') return scalarValue(at, null)
  const nested = written.includes('${') ? expandText(expansion, written, at) : written
  if (nested === undefined)
    return inEachStage(expansion, written, at) ?? unknownValue(at, `\${${written}} has a part that is not known`)
  const colon = nested.startsWith('file(') ? -1 : nested.indexOf(':')
  const source = colon === -1 ? nested : nested.slice(0, colon)
  const rest = colon === -1 ? '' : nested.slice(colon + 1)
  if (nested.startsWith('file(')) return fileValue(expansion, nested, at)
  if (source.startsWith('strToBool(')) {
    const inner = splitTop(nested.slice('strToBool('.length, -1))[0]?.trim() ?? ''
    const value = /^['"]/.test(inner) ? scalarValue(at, inner.slice(1, -1)) : scalarValue(at, inner)
    const truth = value.boolean()
    return truth === undefined ? unknownValue(at, 'no boolean') : scalarValue(at, truth)
  }
  switch (source) {
    case 'self':
      return rest === ''
        ? expansion.world.self()
        : expansion.world
            .self()
            .at(...rest.split('.'))
            .withLoc(at)
            .withVia({ kind: 'variable', name: nested })
    case 'opt':
    case 'env':
      return 'later'
    case 'sls':
      return rest === 'stage' ? stage(expansion, at) : 'later'
    case 'param':
      return parameter(expansion, rest, at)
    default:
      return 'later'
  }
}

/** A stage that only a deployment knows, within an address. */
const STAGE = /\$\{\s{0,100}(?:opt:stage|sls:stage|self:(?:provider|custom)\.stage)\b[^{}]{0,200}\}/g

/** What an address may be: it is looked up for every stage that the service names. */
function inEachStage(expansion: Expansion, written: string, at: Loc): Value | undefined {
  if (written.search(STAGE) === -1) return undefined
  const alternatives = stagesFor(expansion, written).flatMap(name => {
    const value = address(expansion, written.replaceAll(STAGE, name), at)
    if (value === 'later' || value.isAbsent) return []
    const known = value.possible().filter(one => one.kind !== 'unknown')
    return known.map(one => one.withVia({ kind: 'parameter', name: `stage ${name}` }))
  })
  return alternatives.length ? unknownValue(at, 'the stage is given at deployment', { alternatives }) : undefined
}

/** The keys of the map in which an address looks the stage up; else those of `params`, `stages` and `custom.stages`. */
function stagesFor({ world }: Expansion, written: string): readonly string[] {
  const self = world.self()
  const before = /^self:((?:[\w-]+\.)*)\$\{/.exec(written)?.[1]
  const named =
    before === undefined
      ? [
          ...[self.at('params'), self.at('stages'), self.at('custom', 'stages')].flatMap(one => one.keys()),
          ...self
            .at('custom', 'stages')
            .items()
            .flatMap(one => one.string() ?? []),
        ].filter(name => name !== 'default')
      : self.at(...before.split('.').filter(Boolean)).keys()
  return [...new Set(named)].filter(name => /^[\w-]{1,100}$/.test(name))
}

function expandText(expansion: Expansion, text: string, at: Loc): string | undefined {
  return (expand(expansion, text, at) ?? scalarValue(at, text)).string()
}

function stage(expansion: Expansion, at: Loc): Value {
  const written = expansion.world.self().at('provider', 'stage')
  return (written.isAbsent ? scalarValue(at, 'dev') : written).withLoc(at).withVia({ kind: 'parameter', name: 'stage' })
}

function parameter(expansion: Expansion, name: string, at: Loc): Value | 'later' {
  const parameters = expansion.world.self().at('params')
  const present = stage(expansion, at).string()
  const stages = present === undefined ? parameters.keys() : [present]
  const possible = (stages.length ? stages : ['default']).flatMap(one => {
    const own = parameters.at(one, name)
    const value = own.isAbsent ? parameters.at('default', name) : own
    return value.isAbsent ? [] : [value.withLoc(at).withVia({ kind: 'parameter', name: `param:${name}` })]
  })
  const [only] = possible
  if (present !== undefined || !only) return only ?? 'later'
  return unknownValue(at, 'the stage is given at deployment', { alternatives: possible })
}

function fileValue(expansion: Expansion, written: string, at: Loc): Value | 'later' {
  const match = /^file\(([^)]*)\)(?::(.*))?$/s.exec(written)
  const path = match?.[1]?.trim().replace(/^['"]|['"]$/g, '')
  if (!path || !/\.(ya?ml|json)$/i.test(path)) return unknownValue(at, `\${${written}} is made by code`)
  const absolute = resolve(expansion.world.directory, path)
  const inside = projectPath(expansion.world.root, absolute)
  if (inside.startsWith('..')) return unknownValue(at, `${path} is outside the project`)
  let content = expansion.files.get(absolute)
  if (!expansion.files.has(absolute)) {
    content = expansion.files.size < MAX_FILES ? include(expansion, absolute, inside) : undefined
    expansion.files.set(absolute, content)
  }
  if (!content) return 'later'
  return match?.[2] ? content.at(...match[2].split('.')) : content
}

function include(expansion: Expansion, absolute: string, path: string): Value | undefined {
  const text = expansion.world.read(absolute)
  if (text === undefined) return undefined
  const { raw } = /\.json$/i.test(path) ? readJson(text) : readYaml(text)
  return raw && evaluate(raw, expansion.world.scopeOf({ path, absolute, text }))
}

/** Index of the brace that closes the `${` at `open`; -1 when none does. */
function closing(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at++) {
    if (text[at] === '{' && text[at - 1] === '$') depth++
    else if (text[at] === '}' && --depth === 0) return at
  }
  return -1
}

/** Splits at commas that stand in no quotes, brackets or nested variables. */
function splitTop(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let quote = ''
  let last = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? ''
    if (quote) {
      if (character === quote) quote = ''
    } else if (character === "'" || character === '"') quote = character
    else if (character === '{' || character === '(') depth++
    else if (character === '}' || character === ')') depth--
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(last, at))
      last = at + 1
    }
  }
  parts.push(text.slice(last))
  return parts
}

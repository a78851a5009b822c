/**
 * Writes reference/protocol/inputs.ts: the type of each action's request, as the pages state it and `wire.ts` reads it.
 * Build and typecheck run it; the file is not committed, so that it never disagrees with the pages.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { loadSpec } from '../spec/compiler/compile.ts'
import type { Action, Constraint, Member, Spec, TypeRef } from '../spec/model.ts'
import { plainTypeOf, unionOf } from './type-text.ts'
import { compareText } from '../base/compare-text.ts'

const file = new URL('../reference/protocol/inputs.ts', import.meta.url)

/** The text of the file for a specification. */
export function inputTypes(spec: Pick<Spec, 'actions' | 'types'>): string {
  const used = new Set<string>()
  const typeOf = (type: TypeRef, constraints: readonly Constraint[], inBody: boolean): string => {
    switch (type.kind) {
      case 'blob':
        return 'Buffer'
      case 'list':
        return `readonly ${parenthesised(typeOf(type.of, each(constraints), inBody))}[]`
      case 'map':
        return `{ readonly [key: string]: ${typeOf(type.value, each(constraints), inBody)} }`
      case 'ref':
        used.add(type.type)
        return type.type
      case 'string':
        return (inBody && unionOf(valuesOf(constraints.filter(one => one.on === 'self')))) || 'string'
      default:
        return plainTypeOf(type) ?? 'unknown'
    }
  }
  const membersOf = (members: readonly Member[]): string =>
    members
      .filter(member => member.in !== 'status')
      .map(
        ({ name, in: place, required, type, constraints }) =>
          `  readonly ${name}${required ? '' : '?'}: ${typeOf(place === 'payload' ? { kind: 'blob' } : type, constraints, place === 'body')}\n`,
      )
      .join('')

  const actions = Object.values(spec.actions).sort((one, other) => compareText(one.name, other.name))
  const inputs = actions.map(
    action => `${docOf(action)}\ninterface ${action.name}Input {\n${membersOf(action.request)}}\n`,
  )
  const types = new Map<string, string>()
  for (let name = next(); name !== undefined; name = next())
    types.set(name, `interface ${name} {\n${membersOf(spec.types[name]?.members ?? [])}}\n`)
  function next(): string | undefined {
    return [...used].find(name => !types.has(name))
  }
  return [
    '// Written by scripts/list-inputs.ts from the pages; `npm run inputs` writes it anew.\n',
    ...inputs,
    `${DOC_OF_INPUT}\nexport type Input<Action extends keyof Inputs> = Inputs[Action]\n`,
    `interface Inputs {\n${actions.map(({ name }) => `  readonly ${name}: ${name}Input\n`).join('')}}\n`,
    ...[...types].sort(([one], [other]) => compareText(one, other)).map(([, text]) => text),
  ].join('\n')
}

const DOC_OF_INPUT = "/** The request of an action: `Input<'GetAlias'>`. */"

/** Names the action, and the page of the guide that its own page names. */
function docOf({ name, guide }: Action): string {
  const page = guide === null ? '' : ` * https://docs.aws.amazon.com/lambda/latest/dg/${guide}.html\n`
  return `/**\n * The request of ${name}, checked against its page.\n${page} */`
}

/** The constraints of a list or map as those of its elements. */
function each(constraints: readonly Constraint[]): readonly Constraint[] {
  return constraints.flatMap(one => (one.on === 'each' ? [{ ...one, on: 'self' as const }] : []))
}

const valuesOf = (constraints: readonly Constraint[]): readonly string[] =>
  constraints.flatMap(one => (one.kind === 'enum' ? one.values : []))

const parenthesised = (type: string): string => (type.includes(' | ') ? `(${type})` : type)

if (process.argv[1]?.endsWith('list-inputs.ts')) {
  const text = inputTypes(loadSpec())
  if (before() !== text) writeFileSync(file, text)
}

function before(): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

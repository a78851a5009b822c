/**
 * Writes suites/events/index.ts: a TypeScript type and an arbitrary for each event that the pages describe. A test
 * holds it to them.
 */
import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { loadSpec } from '../spec/compiler/compile.ts'
import type { Constraint, Member, Spec, StructType, TypeRef } from '../spec/model.ts'
import { eventTypes, kindOf } from '../suites/events/event-kinds.ts'
import { plainTypeOf, unionOf } from './type-text.ts'

const file = new URL('../suites/events/index.ts', import.meta.url)

/** The text of the file for a specification. */
export function eventModule(spec: Pick<Spec, 'types'>): string {
  const kinds = eventTypes(spec)
  const structures = Object.values(spec.types).filter(type => kindOf(type) !== undefined)
  return `${HEAD}
${Object.entries(kinds)
  .map(([kind, type]) => arbitraryOf(kind, type))
  .join('\n')}
${structures.map(interfaceOf).join('\n')}`
}

const HEAD = `// Made by scripts/event-types.ts from spec/events: change the pages.
/**
 * \`lambdacheck/events\`: arbitraries of fast-check for the events with which services call functions, and their types.
 *
 *     import { sqsEvent } from 'lambdacheck/events'
 *     fc.assert(fc.asyncProperty(sqsEvent(), async event => { await handler(event) }))
 */
import type fc from 'fast-check'
import { arbitraryOfKind } from './arbitrary.ts'

/** The kinds of events by name. */
export { eventKinds } from './arbitrary.ts'
`

function arbitraryOf(kind: string, type: StructType): string {
  const name = `${type.name[0]?.toLowerCase() ?? ''}${type.name.slice(1)}`
  return `/** ${type.summary} */
export const ${name} = (): fc.Arbitrary<${type.name}> => arbitraryOfKind<${type.name}>('${kind}')
`
}

function interfaceOf(type: StructType): string {
  return `/** ${type.source.file}, in the guide ${type.guide ?? 'nowhere'}. */
export interface ${type.name} {
${type.members.map(memberOf).join('\n')}
}
`
}

function memberOf({ name, type, required, constraints }: Member): string {
  const isNull = constraints.some(one => one.kind === 'default' && one.value === null)
  const key = /^[A-Za-z]\w*$/.test(name) ? name : `'${name}'`
  return `  ${key}${required || isNull ? '' : '?'}: ${typeOf(type, constraints)}${isNull ? ' | null' : ''}`
}

function typeOf(type: TypeRef, constraints: readonly Constraint[]): string {
  switch (type.kind) {
    case 'blob':
      return 'string'
    case 'list':
      return `${typeOf(type.of, [])}[]`
    case 'map':
      return `{ [key: string]: ${typeOf(type.value, [])} }`
    case 'ref':
      return type.type
    case 'string':
      return (
        unionOf(constraints.flatMap(one => (one.kind === 'enum' && one.on === 'self' ? one.values : []))) ?? 'string'
      )
    default:
      return plainTypeOf(type) ?? 'unknown'
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  writeFileSync(file, eventModule(loadSpec()))

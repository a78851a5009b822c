/** Types as pages write them: `string`, `[VpcConfig](../types/VpcConfig.md)`, `list of T`, `map of T to T`. */
import type { TypeRef } from '../model.ts'
import { didYouMean } from '../../base/suggest.ts'

const SCALARS = ['string', 'integer', 'long', 'double', 'boolean', 'timestamp', 'blob', 'json'] as const

/** A link to the page of a type: `offset` is where it begins in the text. */
export interface TypeLink {
  readonly type: string
  readonly href: string
  readonly offset: number
}

/** The type that a cell says, or what is wrong with it. */
export type ParsedType =
  | { readonly type: TypeRef; readonly links: readonly TypeLink[] }
  | { readonly problem: string; readonly offset: number }

/** Reads a type, or says what is wrong and at which offset. */
export function parseType(text: string): ParsedType {
  const links: TypeLink[] = []
  let offset = 0
  let problem: string | undefined
  let problemAt = 0

  const skipBlanks = (): void => {
    while (text[offset] === ' ') offset++
  }
  const fail = (what: string): undefined => {
    if (problem === undefined) {
      problem = what
      problemAt = offset
    }
    return undefined
  }
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = offset
    const match = pattern.exec(text)
    if (match !== null) offset += match[0].length
    return match
  }

  const parse = (): TypeRef | undefined => {
    skipBlanks()
    const start = offset
    const link = take(/\[([A-Za-z]\w*)\]\(([^)\s]*)\)/y)
    if (link !== null) {
      links.push({ type: link[1] ?? '', href: link[2] ?? '', offset: start })
      return { kind: 'ref', type: link[1] ?? '' }
    }
    if (take(/list of\b/y) !== null) {
      const of = parse()
      return of === undefined ? undefined : { kind: 'list', of }
    }
    if (take(/map of\b/y) !== null) {
      const key = parse()
      if (key === undefined) return undefined
      skipBlanks()
      if (take(/to\b/y) === null) return fail('a map is written `map of string to TYPE`')
      const value = parse()
      return value === undefined ? undefined : { kind: 'map', key, value }
    }
    const word = /\S+/y
    word.lastIndex = offset
    const found = word.exec(text)?.[0] ?? ''
    const scalar = SCALARS.find(name => name === found)
    if (scalar === undefined) {
      if (found === '') return fail('a type is missing here')
      const advice = /^[A-Z]\w*$/.test(found)
        ? `; a type of ours is written as a link, \`[${found}](../types/${found}.md)\``
        : ''
      return fail(`unknown type \`${found}\`${advice || didYouMean(found, [...SCALARS, 'list of', 'map of'])}`)
    }
    offset += found.length
    return { kind: scalar }
  }

  const type = parse()
  skipBlanks()
  if (type !== undefined && offset < text.length) fail(`\`${text.slice(offset)}\` follows a type that is complete`)
  return type === undefined || problem !== undefined
    ? { problem: problem ?? 'a type is missing here', offset: problemAt }
    : { type, links }
}

/** A type in words, without links: `list of Layer`. */
export function printType(type: TypeRef): string {
  switch (type.kind) {
    case 'list':
      return `list of ${printType(type.of)}`
    case 'map':
      return `map of ${printType(type.key)} to ${printType(type.value)}`
    case 'ref':
      return type.type
    default:
      return type.kind
  }
}

/** The type of what a list or map holds; `undefined` for everything else. */
export function heldBy(type: TypeRef | undefined): TypeRef | undefined {
  if (type?.kind === 'list') return type.of
  return type?.kind === 'map' ? type.value : undefined
}

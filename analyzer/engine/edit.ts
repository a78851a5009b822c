/** Text edits for fixes: of templates in YAML and JSON with their indentation kept, and of code. */
import { present } from '../../base/present.ts'
import { stringify } from 'yaml'
import type { CodeFile } from '../application/code.ts'
import { lineOffset, lineText, positionAt } from '../application/source.ts'
import type { Loc, SourceText } from '../application/source.ts'
import type { Value } from '../application/value.ts'
import type { ts } from '../application/typescript.ts'
import type { Edit } from './rule.ts'

/** What may be written into a template. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain }

/**
 * Replaces a value of a template. Undefined when it is not written where it could be replaced: absent, a default, or
 * the default of a parameter that others may share.
 */
export function setValue(value: Value, plain: Plain): Edit | undefined {
  if (
    isModule(value.loc.source) ||
    value.isAbsent ||
    value.isDefault ||
    value.via.some(via => via.kind === 'parameter' || via.kind === 'variable' || via.kind === 'mapping')
  )
    return undefined
  const text = written(value.loc.source, value.loc.start, plain, true)
  // `Key:` with nothing behind it has a place, and no blank before it.
  const blank = value.loc.start === value.loc.end && value.loc.source.text[value.loc.start - 1] === ':' ? ' ' : ''
  return { loc: value.loc, text: blank + text }
}

/**
 * Adds an entry to a map that has at least one entry of its own, or is written `{}`; undefined when it is not written
 * as a map.
 * The map must be written where it is used: with globals merged in, the function's own part is what is added to.
 */
export function addEntry(map: Value, key: string, plain: Plain): Edit | undefined {
  if (map.kind !== 'map' || map.isTranslated || isModule(map.loc.source)) return undefined
  const { source, start, end } = map.loc
  const first = map
    .entries()
    .filter(entry => entry.keyLoc.source === source && entry.keyLoc.start >= start && entry.keyLoc.end <= end)
    .sort((one, other) => one.keyLoc.start - other.keyLoc.start)[0]
  const flow = isFlow(map.loc)
  if (!first) {
    if (!flow || !/^\{\s*\}$/.test(source.text.slice(start, end))) return undefined
    return {
      loc: map.loc,
      text: `{${isJson(source) ? `${JSON.stringify(key)}: ` : `${key}: `}${written(source, start, plain, true)}}`,
    }
  }
  const at = first.keyLoc.start
  const { line, column } = positionAt(source, at)
  const indent = ' '.repeat(column - 1)
  if (flow) {
    const ownLine =
      lineText(source, line)
        .slice(0, column - 1)
        .trim() === ''
    const name = isJson(source) ? JSON.stringify(key) : key
    return {
      loc: { source, start: at, end: at },
      text: `${name}: ${written(source, at, plain, true)},${ownLine ? `\n${lineText(source, line).slice(0, column - 1)}` : ' '}`,
    }
  }
  return {
    loc: { source, start: at, end: at },
    text: `${key}:${gap(plain)}${written(source, at, plain, false)}\n${indent}`,
  }
}

/** A service that is written as a module is code: what is set there may stand elsewhere. */
const isModule = ({ path }: SourceText): boolean => /\.[cm]?[jt]s$/.test(path)

/** Sets an entry of a map: replaces it where it is written, adds it where it is not. */
export function setEntry(map: Value, key: string, plain: Plain): Edit | undefined {
  const value = map.at(key)
  return value.isAbsent ? addEntry(map, key, plain) : setValue(value, plain)
}

/** Takes an entry out of its map, key and all; undefined when it would leave the map empty. */
export function removeEntry(entry: Value): Edit | undefined {
  const value = entry.written
  const map = value.parent
  if (map?.kind !== 'map' || map.isTranslated || !value.keyLoc || isModule(map.loc.source)) return undefined
  const { source, start } = value.keyLoc
  const siblings = map
    .entries()
    .filter(
      entry => entry.keyLoc.source === source && entry.keyLoc.start >= map.loc.start && entry.keyLoc.end <= map.loc.end,
    )
    .sort((one, other) => one.keyLoc.start - other.keyLoc.start)
  const index = siblings.findIndex(entry => entry.keyLoc.start === start)
  if (index === -1 || siblings.length < 2 || value.loc.source !== source) return undefined
  const next = siblings[index + 1]
  if (next) return { loc: { source, start: value.keyLoc.start, end: next.keyLoc.start }, text: '' }
  const previous = present(siblings[index - 1], 'an entry before the last')
  if (isFlow(map.loc)) return { loc: { source, start: previous.value.loc.end, end: value.loc.end }, text: '' }
  const first = positionAt(source, value.keyLoc.start).line
  const last = positionAt(source, Math.max(value.keyLoc.end, trimmedEnd(source, value.loc))).line
  return { loc: { source, start: lineOffset(source, first), end: lineOffset(source, last + 1) }, text: '' }
}

/** Takes an item out of its list; undefined when it would leave the list empty, or when it is not written there. */
export function removeItem(item: Value): Edit | undefined {
  const list = item.parent
  if (list?.kind !== 'list' || item.via.length || item.loc.source !== list.loc.source) return undefined
  const { source } = list.loc
  if (isModule(source)) return undefined
  const items = list.items()
  const index = items.findIndex(one => one.loc.start === item.loc.start)
  const next = items[index + 1]
  const previous = items[index - 1]
  // A tag before an item belongs to it, and is not part of its place.
  const plain = (start: number, end: number): boolean => start < end && !source.text.slice(start, end).includes('!')
  if (index === -1 || items.length < 2) return undefined
  if (next)
    return plain(item.loc.start, next.loc.start)
      ? { loc: { source, start: item.loc.start, end: next.loc.start }, text: '' }
      : undefined
  return previous && plain(previous.loc.end, item.loc.end)
    ? { loc: { source, start: previous.loc.end, end: item.loc.end }, text: '' }
    : undefined
}

/** Replaces a node of code. */
export const replaceNode = (file: CodeFile, node: ts.Node, text: string): Edit => ({
  loc: { source: file.source, start: node.getStart(), end: node.getEnd() },
  text,
})

/** Inserts text before a node of code. */
export const insertBefore = (file: CodeFile, node: ts.Node, text: string): Edit => ({
  loc: { source: file.source, start: node.getStart(), end: node.getStart() },
  text,
})

/** Inserts text after a node of code. */
export const insertAfter = (file: CodeFile, node: ts.Node, text: string): Edit => ({
  loc: { source: file.source, start: node.getEnd(), end: node.getEnd() },
  text,
})

/** Takes a node of code out; of a statement that stands alone on its lines, the lines too. */
export function removeNode(file: CodeFile, node: ts.Node): Edit {
  const { source } = file
  const from = positionAt(source, node.getStart())
  const to = positionAt(source, node.getEnd())
  const before = lineText(source, from.line).slice(0, from.column - 1)
  const after = lineText(source, to.line).slice(to.column - 1)
  const alone = before.trim() === '' && after.trim() === ''
  return {
    loc: {
      source,
      start: alone ? lineOffset(source, from.line) : node.getStart(),
      end: alone ? lineOffset(source, to.line + 1) : node.getEnd(),
    },
    text: '',
  }
}

const isJson = (source: SourceText): boolean => /\.json$/i.test(source.path) || /^\s*\{/.test(source.text.slice(0, 200))

/** JSON, or the flow style of YAML: what stands there begins with a bracket, or stands inside one. */
function isFlow(loc: Loc): boolean {
  if (isJson(loc.source)) return true
  return /^[{[]/.test(loc.source.text.slice(loc.start, loc.start + 1))
}

const trimmedEnd = (source: SourceText, loc: Loc): number =>
  loc.start + source.text.slice(loc.start, loc.end).trimEnd().length

const isCollection = (plain: Plain): boolean =>
  typeof plain === 'object' && plain !== null && Object.keys(plain).length > 0
const gap = (plain: Plain): string => (isCollection(plain) ? '\n' : ' ')

/** The value as text; a collection in block style is indented two deeper than the key at `start`. */
function written(source: SourceText, start: number, plain: Plain, flow: boolean): string {
  if (isJson(source)) return JSON.stringify(plain)
  if (flow || !isCollection(plain)) return stringify(plain, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd()
  const indent = ' '.repeat(positionAt(source, start).column + 1)
  return stringify(plain, { indent: 2, lineWidth: 0 })
    .trimEnd()
    .split('\n')
    .map(line => indent + line)
    .join('\n')
}

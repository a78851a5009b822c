import { nestingDepth } from '../../base/nesting-depth.ts'
import { parseTree, printParseErrorCode } from 'jsonc-parser'
import type { Node, ParseError } from 'jsonc-parser'
import type { Raw, RawEntry, ReadResult } from './raw.ts'

/** No template or policy nests deeper; beyond it a recursive reader would run out of stack. */
const MAX_DEPTH = 200

/**
 * Reads JSON (comments and a trailing comma are forgiven) into raw values with offsets.
 * @returns the tree as far as it was understood, and one problem for the first fault.
 */
export function readJson(text: string): ReadResult {
  const depth = nestingDepth(text)
  if (depth > MAX_DEPTH)
    return { problems: [{ message: `nested ${depth} levels deep, more than ${MAX_DEPTH}`, start: 0, end: 0 }] }
  const errors: ParseError[] = []
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0
  const tree = parseTree(start ? ` ${text.slice(1)}` : text, errors, { allowTrailingComma: true })
  const first = errors[0]
  const problems = first
    ? [
        {
          message: `not valid JSON: ${words(printParseErrorCode(first.error))}`,
          start: first.offset,
          end: first.offset + first.length,
        },
      ]
    : []
  return tree ? { raw: convert(tree), problems } : { problems }
}

/** `CommaExpected` as `comma expected`. */
const words = (code: string): string => code.replace(/(?!^)([A-Z])/g, ' $1').toLowerCase()

function convert(node: Node): Raw {
  const start = node.offset
  const end = node.offset + node.length
  if (node.type === 'array') return { kind: 'list', items: (node.children ?? []).map(convert), start, end }
  if (node.type === 'object') {
    const entries: RawEntry[] = []
    for (const property of node.children ?? []) {
      const [key, value] = property.children ?? []
      if (!key) continue
      entries.push({
        key: String(key.value),
        keyStart: key.offset,
        keyEnd: key.offset + key.length,
        value: value
          ? convert(value)
          : { kind: 'scalar', value: null, start: key.offset, end: key.offset + key.length },
      })
    }
    return { kind: 'map', entries, start, end }
  }
  return { kind: 'scalar', value: node.value as string | number | boolean | null, start, end }
}

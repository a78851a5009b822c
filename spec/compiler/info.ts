/** The info string of a fence: words, and attributes `name=value` or `name="a b"`. */
import type { Source } from '../model.ts'
import type { Fence } from './markdown.ts'
import type { Report } from './report.ts'

/** The info string of a fence: its name and its attributes. */
export interface Info {
  readonly words: readonly { readonly text: string; readonly source: Source }[]
  readonly attributes: ReadonlyMap<string, Attribute>
}

/** An attribute of an info string, with its place. */
export interface Attribute {
  readonly value: string
  /** Where the name begins. */
  readonly source: Source
  /** Where the value begins. */
  readonly valueSource: Source
}

/** Everything in the info string of a fence; attributes given twice are errors. */
export function readInfo(fence: Fence, report: Report): Info {
  const words: Info['words'][number][] = []
  const attributes = new Map<string, Attribute>()
  const at = (offset: number): Source => ({ ...fence.infoSource, column: fence.infoSource.column + offset })
  for (const match of fence.info.matchAll(/([\w-]+)=(?:"([^"]*)"|(\S*))|(\S+)/g)) {
    const [, name = '', quoted, plain = '', word] = match
    if (word !== undefined) {
      words.push({ text: word, source: at(match.index) })
    } else if (attributes.has(name)) {
      report.error(at(match.index), `\`${name}\` is given twice`)
    } else {
      const valueOffset = match.index + name.length + 1 + (quoted === undefined ? 0 : 1)
      attributes.set(name, { value: quoted ?? plain, source: at(match.index), valueSource: at(valueOffset) })
    }
  }
  return { words, attributes }
}

/** Notes every attribute that the fence may not have. */
export function checkAttributes(info: Info, fence: string, allowed: readonly string[], report: Report): void {
  for (const [name, { source }] of info.attributes) {
    if (allowed.includes(name)) continue
    report.error(source, `unknown attribute \`${name}\`; a \`${fence}\` fence has ${allowed.join(', ') || 'none'}`, {
      wrong: name,
      known: allowed,
    })
  }
}

/** The info string of a fence that has attributes after its name, and nothing else. */
export function readAttributes(fence: Fence, name: string, allowed: readonly string[], report: Report): Info {
  const info = readInfo(fence, report)
  checkAttributes(info, name, allowed, report)
  for (const word of info.words.slice(1))
    report.error(word.source, `\`${word.text}\` is no attribute; write \`name=value\``)
  return info
}

/** The parts of a list attribute, separated by commas or blanks, each with its place. */
export function splitList(value: string, start: Source): readonly { readonly text: string; readonly source: Source }[] {
  return [...value.matchAll(/[^\s,]+/g)].map(match => ({
    text: match[0],
    source: { ...start, column: start.column + match.index },
  }))
}

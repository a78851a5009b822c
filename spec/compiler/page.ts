/** A page cut into its front matter and its blocks, before anybody asks what they mean. */
import type { Edition, Level, Origin, Source, Value } from '../model.ts'
import { EDITION } from './constraint.ts'
import { splitList, type Attribute } from './info.ts'
import { readBlocks, type Block, type Fence, type Table } from './markdown.ts'
import type { Report } from './report.ts'
import { nearest } from '../../base/suggest.ts'
import type { World } from './world.ts'
import { LEVELS, ORIGINS } from './vocabulary.ts'
import { placeOf, readYamlMap, type Fragment, type Positions, type YamlMap } from './yaml.ts'
import { keysOf } from '../../base/keys-of.ts'
import { isOneOf } from '../../base/is-one-of.ts'
import { isList } from '../value-kinds.ts'

/** The edition of the guide that everything starts from. */
export const FIRST_EDITION = '2021-11'

/** Every kind of page by the key of its front matter that names it, with the other keys that it may have. */
export const FRONT_MATTER = {
  action: ['http', 'profile', 'guide', 'needs', 'capabilities', 'covers', 'edition', 'pagination'],
  type: ['guide', 'covers', 'edition'],
  resource: ['profile', 'guide', 'needs', 'capabilities', 'covers', 'edition', 'prepares'],
  topic: ['profile', 'guide', 'capabilities', 'covers', 'edition'],
  event: ['profile', 'guide', 'capabilities', 'edition'],
  quotas: ['profile', 'guide', 'capabilities', 'edition'],
  figures: [],
  constraints: [],
  rule: [
    'aliases',
    'category',
    'severity',
    'confidence',
    'proof',
    'severities',
    'presets',
    'guide',
    'fixable',
    'covers',
  ],
} as const

/** What a page is about; the keys of its front matter tell. */
export type PageKind = keyof typeof FRONT_MATTER

/** A page, read as far as all kinds of pages are alike. */
export interface Page {
  readonly kind: PageKind
  /** What the page is about: the value of the key that names its kind. */
  readonly name: string
  readonly file: string
  readonly front: FrontMatter
  readonly blocks: readonly Block[]
  /** The page without its front matter. */
  readonly markdown: string
  readonly source: Source
}

/** A word of the grammar and where it stands. */
export interface Word {
  readonly text: string
  readonly source: Source
}

/** The front matter of a page, key by key. */
export interface FrontMatter {
  /** Absent, or the value as text. */
  text(key: string): Word | undefined
  /** Words separated by blanks or commas, or a YAML list. */
  words(key: string): readonly Word[]
}

/**
 * What page readers share: where errors go, where values stand, and what is to be looked at when all pages have been
 * read.
 */
export interface Reading {
  readonly report: Report
  readonly positions: Positions
  /** A check that needs other pages. */
  later(check: (world: World) => void): void
}

/** Reads the outline of a page; `undefined` when it is not clear what kind of page it is. */
export function readPage(file: string, text: string, reading: Reading): Page | undefined {
  const { report } = reading
  const start: Source = { file, line: 1, column: 1 }
  const kinds = keysOf(FRONT_MATTER)
  const lines = text.split('\n')
  const end =
    lines[0]?.trimEnd() === '---' ? lines.findIndex((line, index) => index > 0 && line.trimEnd() === '---') : -1
  if (end === -1) {
    const problem =
      lines[0]?.trimEnd() === '---'
        ? 'the front matter has no end: close it with a line `---`'
        : 'a page begins with front matter between two lines `---`'
    report.error(start, `${problem}; it names the page with one of ${kinds.map(kind => `\`${kind}:\``).join(', ')}`)
    return undefined
  }

  const fragment: Fragment = { file, text: lines.slice(1, end).join('\n'), line: 2 }
  const values = readYamlMap(fragment, 'front matter', report, reading.positions)
  if (values === undefined) return undefined
  const named = kinds.filter(kind => Object.hasOwn(values, kind))
  const kind = named[0]
  if (kind === undefined || named.length > 1) {
    const found = Object.keys(values)
    const hint = found.length === 1 ? { wrong: found[0] ?? '', known: kinds } : undefined
    report.error(
      start,
      named.length > 1
        ? `a page is of one kind, and the front matter names ${named.map(one => `\`${one}\``).join(' and ')}`
        : 'the front matter does not say what the page is about: ' +
            `name it with one of ${kinds.map(kind => `\`${kind}:\``).join(', ')}`,
      hint,
    )
    return undefined
  }
  const allowed: readonly string[] = [kind, ...FRONT_MATTER[kind]]
  const mistyped = new Map<string, string>()
  for (const key of Object.keys(values)) {
    if (allowed.includes(key)) continue
    const meant = nearest(key, allowed)
    if (meant !== undefined && !Object.hasOwn(values, meant)) mistyped.set(meant, key)
    report.error(
      reading.positions.ofKey(values, key) ?? start,
      `unknown key \`${key}\`; the front matter of such a page has ${allowed.join(', ')}`,
      { wrong: key, known: allowed },
    )
  }

  const front = frontMatter(values, mistyped, fragment, reading)
  const name = front.text(kind)
  if (name === undefined) {
    report.error(reading.positions.ofKey(values, kind) ?? start, `\`${kind}\` is empty`)
    return undefined
  }
  return {
    kind,
    name: name.text,
    file,
    front,
    blocks: readBlocks(file, text, end + 1),
    markdown: `${lines
      .slice(end + 1)
      .join('\n')
      .trim()}\n`,
    source: start,
  }
}

/** A key that is only mistyped is read all the same, so that nothing else seems to be missing. */
function frontMatter(
  values: YamlMap,
  mistyped: ReadonlyMap<string, string>,
  fragment: Fragment,
  { report, positions }: Reading,
): FrontMatter {
  const start = placeOf(fragment, 0)
  const written = (key: string): string => mistyped.get(key) ?? key
  const place = (key: string): Source => positions.ofValue(values, written(key)) ?? start
  const scalar = (value: Value | undefined, source: Source, key: string): string | undefined => {
    if (value === undefined || value === null) return undefined
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value)
    report.error(source, `\`${key}\` is text`)
    return undefined
  }
  return {
    text(key) {
      const text = scalar(values[written(key)], place(key), key)
      return text === undefined || text === '' ? undefined : { text, source: place(key) }
    },
    words(key) {
      const value = values[written(key)]
      if (!isList(value)) return splitList(scalar(value, place(key), key) ?? '', place(key))
      return value.flatMap((one, index) => {
        const source = positions.ofValue(value, index) ?? place(key)
        const text = scalar(one, source, key)
        return text === undefined ? [] : [{ text, source }]
      })
    },
  }
}

/** The first paragraph under the title. */
export function summaryOf(page: Page): string {
  const title = page.blocks.findIndex(block => block.kind === 'heading' && block.level === 1)
  const next = page.blocks[title + 1]
  return next?.kind === 'paragraph' ? next.text.replace(/\s+/g, ' ') : ''
}

/** The text of the page's first heading; its name where there is none. */
export function titleOf(page: Page): string {
  const title = page.blocks.find(block => block.kind === 'heading' && block.level === 1)
  return title?.kind === 'heading' ? title.text : page.name
}

/** The fenced blocks of a page, in their order. */
export const fencesOf = (page: Page): readonly Fence[] => page.blocks.filter(block => block.kind === 'fence')
/** The tables of a page, in their order. */
export const tablesOf = (page: Page): readonly Table[] => page.blocks.filter(block => block.kind === 'table')

/** A word of a closed list, or `fallback` with an error when it is none. */
export function readWord<T extends string>(
  word: Word | undefined,
  what: string,
  known: readonly T[],
  fallback: T,
  report: Report,
): T {
  if (word === undefined) return fallback
  if (isOneOf(known, word.text)) return word.text
  report.error(word.source, `unknown ${what} \`${word.text}\`; write one of ${known.join(', ')}`, {
    wrong: word.text,
    known,
  })
  return fallback
}

/** The level that a word names; reports a word that names none, and takes the fallback then. */
export const readLevel = (word: Word | undefined, fallback: Level, report: Report): Level =>
  readWord(word, 'level', LEVELS, fallback, report)
/** The origin that a word names; reports a word that names none, and takes the fallback then. */
export const readOrigin = (word: Word | undefined, report: Report, fallback: Origin = 'guide'): Origin =>
  readWord(word, 'source', ORIGINS, fallback, report)

/** The edition that a word names; reports what has not its form, and takes the fallback then. */
export function readEdition<T extends Edition | undefined>(
  word: Word | undefined,
  fallback: T,
  report: Report,
): Edition | T {
  if (word === undefined) return fallback
  if (EDITION.test(word.text)) return word.text
  report.error(word.source, `\`${word.text}\` is no edition; write \`YYYY-MM\``)
  return fallback
}

/** The edition from which on a page holds, when that is not the first. */
export function laterEdition(page: Page, report: Report): Edition | undefined {
  const edition = readEdition(page.front.text('edition'), FIRST_EDITION, report)
  return edition === FIRST_EDITION ? undefined : edition
}

/** The value of an attribute as one word, with its place. */
export function wordOf(attribute: Attribute | undefined): Word | undefined {
  return attribute === undefined ? undefined : { text: attribute.value, source: attribute.valueSource }
}

/** The value of an attribute as words, each with its place. */
export function wordsOf(attribute: Attribute | undefined): readonly Word[] {
  return attribute === undefined ? [] : splitList(attribute.value, attribute.valueSource)
}

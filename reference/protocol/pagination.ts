import { refuse } from './errors.ts'
import type { Paging } from './pages.ts'
import { compareText } from '../../base/compare-text.ts'

/** One page of a list, with the marker of the next when there is more. */
interface Page<T> {
  readonly items: readonly T[]
  readonly next?: string
}

/** A list that is answered in pages. */
interface Paged<T> {
  /** Which list it is: a marker of another one is refused. */
  readonly list: string
  readonly all: Iterable<T>
  readonly keyOf: (item: T) => string
  /** An item as the answer has it. */
  readonly show: (item: T) => unknown
}

/** What every request for a page says. */
interface PageInput {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

/** The answer that has the page in the member of its items, and a mark of the next where there is more. */
export function answerPage<T>(
  paging: Paging | undefined,
  { Marker, MaxItems }: PageInput,
  { list, all, keyOf, show }: Paged<T>,
): { readonly body: object } {
  if (paging === undefined) throw new Error(`no page says how ${list} are paged`)
  const page = cutPage(list, all, keyOf, Marker, MaxItems, paging.most)
  return {
    body: {
      [paging.items]: page.items.map(item => show(item)),
      ...(page.next !== undefined && { [paging.next]: page.next }),
    },
  }
}

/**
 * Cuts a page out of a list that is ordered by `keyOf`.
 *
 * A marker holds the key of the last item given out, not a position, so that paging stays complete and free of repeats
 * when items come and go between calls. Markers are opaque to clients; one that was made for no list like this is
 * refused.
 */
export function cutPage<T>(
  list: string,
  all: Iterable<T>,
  keyOf: (item: T) => string,
  marker: string | undefined,
  size: number | undefined,
  mostPerPage: number,
): Page<T> {
  const items = [...all].map(item => ({ item, key: keyOf(item) })).sort((a, b) => compareText(a.key, b.key))
  const after = marker === undefined || marker === '' ? undefined : readMarker(list, marker)
  const start = after === undefined ? 0 : items.findIndex(({ key }) => key > after)
  if (start < 0) return { items: [] }
  const page = items.slice(start, start + Math.min(size ?? mostPerPage, mostPerPage))
  const last = page.at(-1)
  const more = start + page.length < items.length
  return { items: page.map(({ item }) => item), ...(more && last && { next: writeMarker(list, last.key) }) }
}

/** Keys of numbers that sort as the numbers do. */
export function ascending(n: number): string {
  return String(n).padStart(16, '0')
}

/** Keys of numbers that sort from the largest down. */
export function descending(n: number): string {
  return ascending(Number.MAX_SAFE_INTEGER - n)
}

function writeMarker(list: string, key: string): string {
  return Buffer.from(JSON.stringify([list, key])).toString('base64url')
}

function readMarker(list: string, marker: string): string {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(marker, 'base64url').toString('utf8'))
    if (Array.isArray(parsed) && parsed[0] === list && typeof parsed[1] === 'string') return parsed[1]
  } catch {
    // Falls through to the refusal: it is no marker of ours.
  }
  return refuse(
    'InvalidParameterValueException',
    'Invalid pagination token. The Marker is not one that this list has returned.',
  )
}

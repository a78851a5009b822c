/** From whatever a rule points at to a place in a file. */
import { sourceOfTree } from '../application/code.ts'
import type { Loc } from '../application/source.ts'
import { Value } from '../application/value.ts'
import type { ts } from '../application/typescript.ts'
import type { Place } from './rule.ts'

/** The place of anything that has one. */
export function locOfPlace(place: Place): Loc {
  if ('loc' in place) return place.loc
  if ('source' in place) return place
  const source = sourceOfTree(place.getSourceFile())
  if (!source) throw new Error('a node of a file that is not part of the application')
  return { source, start: place.getStart(), end: place.getEnd() }
}

/**
 * What stays the same around a place while other parts of the file change: the keys of a template down to a value, or
 * the names of the functions and classes around a node with the node's own text.
 */
export function anchorOf(place: Place, loc: Loc): string {
  if (place instanceof Value) {
    const path = place.written.path
    // What is missing is known by what it is missing from, too.
    if (path.length)
      return place.isAbsent || place.isDefault
        ? `${path.join('/')}:${squeeze(loc.source.text.slice(loc.start, loc.end))}`
        : path.join('/')
  }
  if ('kind' in place && 'parent' in place && 'getSourceFile' in place) {
    const names: string[] = []
    for (let node: ts.Node | undefined = place.parent; node; node = node.parent) {
      const name = (node as { name?: { text?: unknown } }).name?.text
      if (typeof name === 'string') names.unshift(name)
    }
    return `${names.join('/')}:${squeeze(loc.source.text.slice(loc.start, loc.end))}`
  }
  if ('id' in place && typeof place.id === 'string') return place.id
  return squeeze(loc.source.text.slice(loc.start, loc.end))
}

/** White space says nothing, and a long text is known by its beginning. */
const squeeze = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 300)

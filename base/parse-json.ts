/** JSON that somebody else wrote, when it is nothing that recursive code could not follow. */
import { nestingDepth } from './nesting-depth.ts'

/** Nothing that AWS sends or takes nests a tenth as deep. */
export const MAX_NESTING = 500

/**
 * Undefined for what is no JSON, and for what nests deeper than `MAX_NESTING`: a reader would run out of stack on what
 * the parser takes.
 */
export function parseJson(text: string): unknown {
  try {
    return nestingDepth(text) > MAX_NESTING ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

import { ascending } from '../protocol/pagination.ts'
import type { Version } from '../store/world.ts'

/** Sorts versions by number, `$LATEST` before them. */
export function versionKey(version: Version): string {
  return ascending(version.number === '$LATEST' ? 0 : Number(version.number))
}

/** How a property is called where it is written. */
import type { Value } from './value.ts'

/**
 * The name that stands in the file: `memory_size` in Terraform for `MemorySize`, which stays where no name of another
 * tool stands.
 */
export function writtenName(value: Value, name: string): string {
  const at = value.keyLoc
  const text = at?.source.text.slice(at.start, at.end).replace(/^["']|["']$/g, '')
  return text !== undefined && /^[a-z][\w-]{0,60}$/.test(text) ? text : name
}

/** The YAML tags of fences, and what each may be used for. */

/** In `forAll`: one value of many. */
export const GENERATORS = ['member', 'type', 'integer', 'oneOf', 'json', 'text', 'boolean', 'bytes', 'list'] as const

/** In requests: one value. */
export const VALUES = ['unique', 'absent', 'bytes', 'zip', 'repeat', 'unknown', 'base64json'] as const

/** In `returns` and `fails`: what a value must be like. */
export const MATCHERS = [
  'matches',
  'absent',
  'present',
  'not',
  'every',
  'contains',
  'between',
  'oneOf',
  'length',
  'equals',
  'json',
  'base64',
  'sha256',
  'size',
] as const

/** All tags of YAML blocks, each once. */
export const TAGS: readonly string[] = [...new Set<string>([...GENERATORS, ...VALUES, ...MATCHERS])]

/** Whether a name is that of a tag. */
export const isTag = (name: string): boolean => TAGS.includes(name)

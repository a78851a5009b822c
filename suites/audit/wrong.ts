import type { Source } from '../../spec/model.ts'

/** Is told of a value that cannot be, and where the page says so, if one does. */
export type Wrong = (
  path: readonly string[],
  message: string,
  expected: string,
  actual: unknown,
  stated?: Source,
) => void

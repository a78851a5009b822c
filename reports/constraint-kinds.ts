/** Kinds of clauses that a request breaks in one member. */
export const CONSTRAINT_KINDS = [
  'required',
  'type',
  'length',
  'range',
  'pattern',
  'enum',
  'items',
  'entries',
  'format',
] as const

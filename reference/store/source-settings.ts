import type { Input } from '../protocol/inputs.ts'

/** The settings of a mapping, beside the function and whether it is enabled. */
export type SourceSettings = Omit<Input<'CreateEventSourceMapping'>, 'FunctionName' | 'Enabled' | 'Tags'> & {
  readonly LastProcessingResult?: string
}

import type { CreateEventSourceMappingInput } from '../protocol/inputs.ts'

/** The settings of a mapping, beside the function and whether it is enabled. */
export type SourceSettings = Omit<CreateEventSourceMappingInput, 'FunctionName' | 'Enabled' | 'Tags'> & {
  readonly LastProcessingResult?: string
}

/** The settings of a mapping, beside the function and whether it is enabled. */
export interface SourceSettings {
  readonly EventSourceArn?: string
  readonly BatchSize?: number
  readonly BisectBatchOnFunctionError?: boolean
  readonly DestinationConfig?: {
    readonly OnSuccess?: { readonly Destination?: string }
    readonly OnFailure?: { readonly Destination?: string }
  }
  readonly FilterCriteria?: { readonly Filters?: readonly { readonly Pattern?: string }[] }
  readonly FunctionResponseTypes?: readonly string[]
  readonly MaximumBatchingWindowInSeconds?: number
  readonly MaximumRecordAgeInSeconds?: number
  readonly MaximumRetryAttempts?: number
  readonly ParallelizationFactor?: number
  readonly Queues?: readonly string[]
  readonly SelfManagedEventSource?: { readonly Endpoints?: { readonly KAFKA_BOOTSTRAP_SERVERS?: readonly string[] } }
  readonly SourceAccessConfigurations?: readonly { readonly Type?: string; readonly URI?: string }[]
  readonly StartingPosition?: string
  readonly StartingPositionTimestamp?: number
  readonly Topics?: readonly string[]
  readonly TumblingWindowInSeconds?: number
  readonly [later: string]: unknown
}

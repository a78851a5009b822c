import type { Spec } from '../../spec/model.ts'

/** The figures of the quota pages that the endpoint keeps to. Bytes, seconds, or counts, as the page of each says. */
export interface Limits {
  readonly functionName: number
  readonly environment: number
  readonly layers: number
  readonly resourcePolicy: number
  readonly tags: number
  readonly packageZipped: number
  readonly packageUnzipped: number
  readonly codeStorage: number
  readonly payloadSync: number
  readonly payloadSyncResponse: number
  readonly payloadAsync: number
  readonly clientContext: number
  readonly logTail: number
  readonly concurrency: number
  readonly concurrencyUnreservedMin: number
  readonly eventAge: number
  readonly eventRetries: number
  readonly initialisation: number
  readonly batchOfFifo: number
  readonly batchWithoutWindow: number
}

/**
 * Reads the limits from the quota pages; what they do not state has no limit. Of two editions of one figure the larger
 * holds.
 */
export function readLimits(spec: Spec): Limits {
  const quota = (id: string): number => {
    const values = spec.quotas.filter(row => row.id === id || row.id.startsWith(`${id}-2`)).map(row => row.value)
    return values.length === 0 ? Infinity : Math.max(...values)
  }
  return {
    functionName: quota('function-name'),
    environment: quota('environment'),
    layers: quota('layers'),
    resourcePolicy: quota('resource-policy'),
    tags: quota('tags'),
    packageZipped: quota('package-zipped'),
    packageUnzipped: quota('package-unzipped'),
    codeStorage: quota('code-storage'),
    payloadSync: quota('payload-sync'),
    payloadSyncResponse: quota('payload-sync-response'),
    payloadAsync: quota('payload-async'),
    clientContext: quota('client-context'),
    logTail: quota('log-tail'),
    concurrency: quota('concurrency'),
    concurrencyUnreservedMin: quota('concurrency-unreserved-min'),
    eventAge: quota('event-age-max'),
    eventRetries: quota('event-retries-max'),
    initialisation: quota('initialisation'),
    batchOfFifo: quota('batch-size-fifo-max'),
    batchWithoutWindow: quota('batch-size-without-window'),
  }
}

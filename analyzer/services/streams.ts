import type { EventSource } from '../application/model.ts'

/** Sources that are read shard by shard, in order: what fails holds up everything behind it. */
export const isStream = (event: EventSource): boolean => event.kind === 'kinesis' || event.kind === 'dynamodb'

/** Days that the source itself keeps a record, by default. */
export const daysKept = (event: EventSource): number => (event.kind === 'dynamodb' ? 1 : 7)

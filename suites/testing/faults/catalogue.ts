import { ANSWER_FAULTS } from './answers.ts'
import { DELIVERY_FAULTS } from './delivery.ts'
import type { Fault } from './fault.ts'
import { QUEUE_FAULTS } from './queues.ts'
import { LINK_FAULTS } from './links.ts'
import { LOG_FAULTS } from './logs.ts'
import { PAYLOAD_FAULTS } from './running-payloads.ts'
import { RESPONSE_STREAM_FAULTS } from './response-streams.ts'
import { REUSE_FAULTS } from './reuse.ts'
import { RUNNING_FAULTS } from './running.ts'
import { STATE_FAULTS } from './state.ts'
import { STREAM_FAULTS } from './streams.ts'
import { URL_FAULTS } from './urls.ts'

/** Every seeded fault. */
export const FAULTS: readonly Fault[] = [
  ...ANSWER_FAULTS,
  ...STATE_FAULTS,
  ...DELIVERY_FAULTS,
  ...RUNNING_FAULTS,
  ...QUEUE_FAULTS,
  ...STREAM_FAULTS,
  ...PAYLOAD_FAULTS,
  ...LOG_FAULTS,
  ...LINK_FAULTS,
  ...REUSE_FAULTS,
  ...URL_FAULTS,
  ...RESPONSE_STREAM_FAULTS,
]

import { ANSWER_FAULTS } from './answers.ts'
import { DELIVERY_FAULTS } from './delivery.ts'
import type { Fault } from './fault.ts'
import { LIMIT_FAULTS } from './limits.ts'
import { LINK_FAULTS } from './links.ts'
import { LOG_FAULTS } from './logs.ts'
import { MAPPING_SETTINGS_FAULTS } from './mapping-settings.ts'
import { QUEUE_FAULTS } from './queues.ts'
import { RESPONSE_STREAM_FAULTS } from './response-streams.ts'
import { REUSE_FAULTS } from './reuse.ts'
import { PAYLOAD_FAULTS } from './running-payloads.ts'
import { RUNNING_FAULTS } from './running.ts'
import { STATE_FAULTS } from './state.ts'
import { STREAM_FAULTS } from './streams.ts'
import { UNSEEN_FAULTS } from './unseen.ts'
import { URL_FAULTS } from './urls.ts'
import { VERSION_FAULTS } from './versions.ts'

/** By what they are in. */
export const FAULTS_IN = {
  'answers and what is kept': [...ANSWER_FAULTS, ...STATE_FAULTS, ...VERSION_FAULTS, ...LIMIT_FAULTS, ...UNSEEN_FAULTS],
  'functions that run': [
    ...RUNNING_FAULTS,
    ...PAYLOAD_FAULTS,
    ...LOG_FAULTS,
    ...LINK_FAULTS,
    ...REUSE_FAULTS,
    ...URL_FAULTS,
    ...RESPONSE_STREAM_FAULTS,
  ],
  'queues and asynchronous events': [...DELIVERY_FAULTS, ...QUEUE_FAULTS, ...MAPPING_SETTINGS_FAULTS],
  streams: STREAM_FAULTS,
} as const satisfies { readonly [part: string]: readonly Fault[] }

/** Every seeded fault. */
export const FAULTS: readonly Fault[] = Object.values(FAULTS_IN).flat()

/** The sweep at the end of a run. */
import type { Spec } from '../../spec/model.ts'
import type { Endpoint } from '../case.ts'
import type { Target } from '../endpoint/target.ts'
import { createClient } from '../wire/client.ts'
import { quote } from '../wire/reproduce.ts'
import { timeUntil } from './bounds.ts'
import { sweep, type Swept } from './sweep.ts'

/** What tidying up after a run came to, and how many requests it took. */
export interface RunSwept extends Swept {
  readonly requests: number
}

const LEAST_MS = 3000
const MOST_MS = 60_000

/**
 * Looks for what the run has made and deletes it, with connections of its own: lost answers have made things that
 * nobody noted down.
 * Without `capabilities` every service is looked at.
 */
export async function sweepRun(
  { spec, target }: { readonly spec: Spec; readonly target: Target },
  url: string,
  run: string,
  until: number,
  capabilities?: Endpoint['capabilities'],
): Promise<RunSwept> {
  const { region, credentials, limits } = target
  const endpoint = { url, region, credentials, limits }
  const client = createClient({ endpoint })
  const services = (['sqs', 'kinesis'] as const).filter(one => capabilities === undefined || capabilities[one] === true)
  try {
    const swept = await sweep({ spec, client, endpoint, run, services, timeMs: timeUntil(until, LEAST_MS, MOST_MS) })
    return { ...swept, requests: client.sent }
  } finally {
    await client.close()
  }
}

/** What a person should know of what is left. */
export function sayings(target: Target, url: string, { left, unread }: Swept): readonly string[] {
  // What was started for the run ends with it, and everything in it.
  const clean = `\`lambdacheck clean --endpoint ${quote(target.config.start === undefined ? url : target.name)}\` looks again`
  return [
    ...left.map(one => `Could not be deleted: ${one}`),
    ...(unread.length === 0 ? [] : [`What is left could not be looked for (${unread.join('; ')}); ${clean}`]),
  ]
}

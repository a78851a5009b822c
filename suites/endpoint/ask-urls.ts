/** Asks an endpoint for the URL of a function, and whether it is one that may be followed. */
import type { Spec } from '../../spec/model.ts'
import type { Client } from '../case.ts'
import { readLink } from '../wire/link.ts'

/** A function that is there, the address of the endpoint, and how long an answer may take. */
export interface AskUrlsOptions {
  readonly function: string
  readonly url: string
  /** Milliseconds. */
  readonly timeMs: number
}

/**
 * Gives the function a URL, and takes it away again. True when it leads to somebody else, as where an emulator answers
 * with a host of AWS: nobody can follow it. False where no URL was given, too. Never throws for what is answered.
 */
export async function urlsLeadAway(
  { actions }: Pick<Spec, 'actions'>,
  client: Pick<Client, 'call'>,
  { function: name, url, timeMs }: AskUrlsOptions,
): Promise<boolean> {
  const { CreateFunctionUrlConfig: create, DeleteFunctionUrlConfig: remove } = actions
  if (create === undefined || remove === undefined) return false
  const { members } = await client.call(create, { FunctionName: name, AuthType: 'AWS_IAM' }, { timeoutMs: timeMs })
  const given = members?.['FunctionUrl']
  if (given !== undefined) await client.call(remove, { FunctionName: name }, { timeoutMs: timeMs })
  return typeof given === 'string' && typeof readLink(given, url) === 'string'
}

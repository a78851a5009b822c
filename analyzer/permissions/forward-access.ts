/**
 * Forward access: services that do what they are asked with the rights of whoever asks. Rekognition reads the bucket,
 * the RDS Data API the secret, with the right of the caller's role, and no call in the code shows it.
 */
import { readFileSync } from 'node:fs'
import { dataFile } from '../data/data-file.ts'
import { actionsOfCall, serviceOfClient } from '../data/iam.ts'
import { loadKnowledge } from '../data/pages.ts'

/**
 * The shape of `forward-access.json`, which `scripts/condense-forward-access.ts` writes: client, IAM prefix of the
 * other service, operations.
 */
export interface ForwardAccessFile {
  readonly [client: string]: { readonly [service: string]: readonly string[] }
}

type Services = ReadonlyMap<string, ReadonlySet<string>>

interface Forwarding {
  /** By the IAM action of a call. */
  readonly byAction: Services
  /** By the IAM prefix of the called service: what any of its operations may use. */
  readonly byService: Services
}

const NONE: ReadonlySet<string> = new Set()
let known: Forwarding | undefined

/** The services that a call of an IAM action may use with the rights of the caller, as IAM prefixes; `*` for all. */
export const forwardedByAction = (action: string): ReadonlySet<string> =>
  (known ??= load()).byAction.get(action) ?? rowOf(action.slice(0, action.indexOf(':')))

/** The services that some call of a service may use with the rights of the caller. */
export const forwardedByService = (service: string): ReadonlySet<string> =>
  (known ??= load()).byService.get(service) ?? rowOf(service)

function load(): Forwarding {
  const byAction = new Map<string, Set<string>>()
  const byService = new Map<string, Set<string>>()
  const add = (map: Map<string, Set<string>>, key: string, prefix: string, service: string): void => {
    const services = map.get(key) ?? new Set(rowOf(prefix))
    map.set(key, services.add(service))
  }
  const file = JSON.parse(readFileSync(dataFile('forward-access.json'), 'utf8')) as ForwardAccessFile
  for (const [client, services] of Object.entries(file)) {
    const prefix = serviceOfClient(client) ?? client
    for (const [service, operations] of Object.entries(services)) {
      add(byService, prefix, prefix, service)
      for (const operation of operations)
        for (const action of actionsOfCall(client, operation) ?? []) add(byAction, action, prefix, service)
    }
  }
  return { byAction, byService }
}

let rows: Services | undefined

/** What the table of `spec/rules/sdk-permission-unused.md` says of every call of a service, whatever its input. */
function rowOf(service: string): ReadonlySet<string> {
  rows ??= new Map(
    [...(loadKnowledge().rules['sdk-permission-unused']?.markdown ?? '').matchAll(ROW)].map(
      ([, caller = '', used = '']) => [caller, new Set(used.replaceAll('`', '').split(', '))],
    ),
  )
  return rows.get(service) ?? NONE
}

const ROW = /^\| `([a-z0-9-]+)` \| ((?:`[a-z0-9*-]+`(?:, )?)+) \|/gm

/**
 * Which members may be chosen freely. A value can be legal by its constraints and refused all the same: because what it names does not
 * exist, because it goes with another member, because the account or the event source does not allow it. Such members are *coupled*; they
 * keep the value of the page's own example, so that no endpoint is failed for a refusal that is right.
 */
import type { Action, Constraint, Member, Quota, Spec } from '../../spec/model.ts'
import type { Shape } from '../oracle/legal.ts'
import type { MemberFilter } from './legal.ts'

/** Names of members that refer to something, or that only the present state of a resource makes right. */
const REFERS =
  /(Arns?|ARN|Ids?|Uri|URI|Marker|Token|Sha256|Version|Qualifier|Bucket|Key|ObjectVersion|Principal|Region)$/

/** By name alone, wherever they stand. */
const COUPLED: { readonly [member: string]: string } = {
  Code: 'the package and its kind go together',
  Content: 'the package and its kind go together',
  ZipFile: 'must be an archive that fits the handler',
  PackageType: 'goes with Code and ImageConfig',
  ImageConfig: 'for images only',
  Runtime: 'old runtimes are in the list and can no longer be used',
  CompatibleRuntimes: 'old runtimes are in the list and may be refused',
  FunctionName: 'names what must exist, or must bear the prefix of the run',
  Name: 'names what must exist, or must be new',
  LayerName: 'names what must exist, or must be new',
  StatementId: 'names what must exist, or must be new',
  Resource: 'names what must exist',
  Role: 'must exist and be allowed',
  RoutingConfig: 'its keys are versions that must exist',
  Action: 'only real actions are accepted',
  EventSourceToken: 'for Alexa only',
  SourceAccount: 'goes with the principal',
  TagKeys: 'names what should exist',
  ClientContext: 'is JSON in base64',
  InvokeArgs: 'is an event',
  Payload: 'is an event',
  InvocationType: 'decides about the answer',
  ProvisionedConcurrentExecutions: 'bounded by the account',
  VpcConfig: 'names what must exist',
  FileSystemConfigs: 'goes with VpcConfig',
  DestinationConfig: 'names what must exist',
  SelfManagedEventSource: 'excludes EventSourceArn',
  SourceAccessConfigurations: 'names what must exist',
  Queues: 'for message brokers only',
  Topics: 'for Kafka only',
  StartingPosition: 'for streams only',
  StartingPositionTimestamp: 'goes with StartingPosition',
  ParallelizationFactor: 'for streams only',
  TumblingWindowInSeconds: 'for streams only',
  BisectBatchOnFunctionError: 'for streams only',
  MaximumRecordAgeInSeconds: 'for streams only',
  FunctionResponseTypes: 'for some sources only',
  MaximumBatchingWindowInSeconds: 'not for FIFO queues',
  FilterCriteria: 'its patterns are a language of their own',
  SnapStart: 'for some runtimes only',
  UpdateRuntimeOn: 'Manual goes with RuntimeVersionArn',
  DryRun: 'leaves nothing to look at afterwards',
}

/** By action and member, where the name alone would say too much. */
const COUPLED_THERE: { readonly [actionMember: string]: string } = {
  'CreateEventSourceMapping.MaximumRetryAttempts': 'for streams only',
  'UpdateEventSourceMapping.MaximumRetryAttempts': 'for streams only',
  // Its only value is ALL.
  'ListFunctions.FunctionVersion': '',
}

/** Free, but not over the whole documented range. */
const NARROWED: { readonly [actionMember: string]: { readonly min?: number; readonly max?: number } } = {
  // More than ten needs a batching window, and FIFO queues never allow more.
  'CreateEventSourceMapping.BatchSize': { min: 1, max: 10 },
  'UpdateEventSourceMapping.BatchSize': { min: 1, max: 10 },
  // Accounts have a limit of their own, which may be as low as ten, most of it not to be reserved.
  'PutFunctionConcurrency.ReservedConcurrentExecutions': { min: 0, max: 1 },
}

/** Later members are accepted by the service but not known to every endpoint of the edition: not ours to send. */
function isOfTheEdition(member: Member): boolean {
  return member.origin === 'guide' && member.since === undefined
}

/** Null when the member is free, else why not. `path` from the action's request down, the member last. */
export function whyCoupled(
  spec: Pick<Spec, 'types'>,
  action: Action,
  member: Member,
  path: readonly string[],
): string | null {
  const there = COUPLED_THERE[`${action.name}.${path.filter(step => !/^[[{]/.test(step)).join('.')}`]
  if (there !== undefined) return there === '' ? null : there
  if (!isOfTheEdition(member)) return 'came after the edition of the page'
  const named = COUPLED[member.name]
  if (named !== undefined) return named
  if (member.in === 'uri') return 'names what must exist'
  if (REFERS.test(member.name)) return 'refers to something'
  if (isArn(member)) return 'is an ARN'
  return coupledInside(spec, action, member, path)
}

/** A structure is free when something in it is, and nothing that it needs is not. */
function coupledInside(
  spec: Pick<Spec, 'types'>,
  action: Action,
  member: Member,
  path: readonly string[],
): string | null {
  const type = member.type.kind === 'list' ? member.type.of : member.type
  if (type.kind !== 'ref' || path.length > 12) return null
  const members = spec.types[type.type]?.members ?? []
  const inside = members.map(one => ({ one, why: whyCoupled(spec, action, one, [...path, one.name]) }))
  const needed = inside.find(({ one, why }) => one.required && why !== null)
  if (needed !== undefined) return `needs ${needed.one.name}, which ${needed.why}`
  return inside.some(({ why }) => why === null) ? null : 'has nothing in it that is free'
}

function isArn(shape: Shape): boolean {
  return shape.constraints.some(
    one =>
      (one.kind === 'pattern' && /arn:|\(arn/.test(one.pattern)) || (one.kind === 'format' && one.format === 'arn'),
  )
}

/** The filter for generating members of an action's requests. */
export function freeMembers(spec: Pick<Spec, 'types'>, action: Action): MemberFilter {
  return (member, path) => whyCoupled(spec, action, member, path) === null
}

/** The member with the bounds that quotas and coupling put on it: what is legal by its constraints and accepted besides. */
export function narrowed(spec: Pick<Spec, 'quotas'>, action: Action, member: Member): Member {
  const path = `${action.name}.${member.name}`
  const extra: Constraint[] = []
  const add = (bounds: { readonly min?: number; readonly max?: number }): void => {
    extra.push({ kind: 'range', on: 'self', origin: 'model', since: 'quota', source: member.source, ...bounds })
  }
  if (member.type.kind === 'integer' || member.type.kind === 'long') {
    for (const quota of spec.quotas) if (quota.appliesTo.includes(path)) add(boundOf(quota))
    const there = NARROWED[path]
    if (there !== undefined) add(there)
  }
  return extra.length === 0 ? member : { ...member, constraints: [...member.constraints, ...extra] }
}

/** Quotas whose id says that they are a least value bound from below; all others from above. */
function boundOf(quota: Quota): { readonly min?: number; readonly max?: number } {
  return /(^|-)min($|-)/.test(quota.id) ? { min: quota.value } : { max: quota.value }
}

import type { Input } from '../protocol/inputs.ts'
import { randomUUID } from 'node:crypto'
import { functionArn, readFunctionReference } from '../protocol/arn.ts'
import type { Place } from '../protocol/arn.ts'
import { handler } from './call.ts'
import { refuse } from '../protocol/errors.ts'
import { answerPage } from '../protocol/pagination.ts'
import { resolveQualifier } from '../store/find.ts'
import { isGone } from '../store/mapping-state.ts'
import { unixTime } from '../store/time.ts'
import type { EventSourceMapping, World } from '../store/world.ts'
import { readTags } from './tags.ts'
import { checkSourceExists } from './source-exists.ts'
import { checkSourceSettings, sourceDefaults, sourceOf } from './event-sources.ts'
import type { SourceSettings } from '../store/source-settings.ts'
import type { Source } from './event-sources.ts'

/** https://docs.aws.amazon.com/lambda/latest/dg/API_CreateEventSourceMapping.html */
export const createEventSourceMapping = handler((call, input: Input<'CreateEventSourceMapping'>) => {
  const { world, now } = call
  const { FunctionName, Enabled, Tags, ...given } = input
  const source = sourceOf(given) ?? refuse('InvalidParameterValueException', 'Unrecognized event source.')
  checkSourceSettings(source, given, world.limits)
  const fn = existingFunction(world, FunctionName)
  refuseDuplicate(world, source, given, fn)
  checkSourceExists(world, fn, given.EventSourceArn)
  const uuid = randomUUID()
  const mapping: EventSourceMapping = {
    uuid,
    function: fn,
    settings: withoutEmptyFilters({
      ...world.mappingDefaults(given),
      ...sourceDefaults(source, uuid),
      ...given,
    }),
    tags: readTags(world, Tags),
    enabled: Enabled ?? true,
    transition: 'Creating',
    settlesAt: now + world.transitionMs,
    lastModified: now,
  }
  world.mappings.set(uuid, mapping)
  call.readers.follow(world, mapping)
  return { body: describe(world, mapping, now) }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_GetEventSourceMapping.html */
export const getEventSourceMapping = handler((call, input: Input<'GetEventSourceMapping'>) => ({
  body: describe(call.world, findMapping(call.world, input.UUID, call.now), call.now),
}))

/** https://docs.aws.amazon.com/lambda/latest/dg/API_UpdateEventSourceMapping.html */
export const updateEventSourceMapping = handler((call, input: Input<'UpdateEventSourceMapping'>) => {
  const { world, now } = call
  const { UUID, FunctionName, Enabled, ...given } = input
  const before = findMapping(world, UUID, now)
  const settings = { ...before.settings, ...given }
  checkSourceSettings(sourceOf(before.settings) as Source, settings, call.world.limits)
  if (given.SourceAccessConfigurations?.some(access => access.Type === 'VIRTUAL_HOST'))
    refuse('InvalidParameterValueException', 'The virtual host of an event source mapping cannot be changed.')
  refuseInTransition(before, now, 'update')
  const enabled = Enabled ?? before.enabled
  const fn = FunctionName === undefined ? before.function : existingFunction(world, FunctionName)
  const mapping: EventSourceMapping = {
    ...before,
    function: fn,
    settings: withoutEmptyFilters(settings),
    enabled,
    transition: transitionOf(before.enabled, enabled),
    settlesAt: now + world.transitionMs,
    lastModified: now,
  }
  world.mappings.set(UUID, mapping)
  call.readers.follow(world, mapping)
  return { body: describe(world, mapping, now) }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_DeleteEventSourceMapping.html */
export const deleteEventSourceMapping = handler((call, input: Input<'DeleteEventSourceMapping'>) => {
  const { world, now } = call
  const before = findMapping(world, input.UUID, now)
  refuseInTransition(before, now, 'delete')
  const mapping: EventSourceMapping = {
    ...before,
    transition: 'Deleting',
    settlesAt: now + world.transitionMs,
    lastModified: now,
  }
  world.mappings.set(mapping.uuid, mapping)
  call.readers.follow(world, mapping)
  return { body: describe(world, mapping, now) }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_ListEventSourceMappings.html */
export const listEventSourceMappings = handler((call, input: Input<'ListEventSourceMappings'>) => {
  const { world, now } = call
  const wanted = input.FunctionName === undefined ? undefined : readFunctionReference(world, input.FunctionName)
  const mappings = [...world.mappings.values()].filter(
    mapping =>
      !isGone(mapping, now) &&
      (input.EventSourceArn === undefined || mapping.settings.EventSourceArn === input.EventSourceArn) &&
      (wanted === undefined ||
        (mapping.function.name === wanted.name &&
          (wanted.qualifier === undefined || mapping.function.qualifier === wanted.qualifier))),
  )
  return answerPage(world.pages['ListEventSourceMappings'], input, {
    list: 'event source mappings',
    all: mappings,
    keyOf: mapping => mapping.uuid,
    show: mapping => describe(world, mapping, now),
  })
})

function existingFunction(world: World, name: string): EventSourceMapping['function'] {
  const reference = readFunctionReference(world, name)
  const fn = world.functions.get(reference.name)
  if (!fn || !resolveQualifier(fn, reference.qualifier))
    refuse('InvalidParameterValueException', 'Function does not exist')
  return reference
}

function findMapping(world: World, uuid: string, now: number): EventSourceMapping {
  const mapping = world.mappings.get(uuid)
  if (mapping && !isGone(mapping, now)) return mapping
  world.mappings.delete(uuid)
  return refuse('ResourceNotFoundException', 'The resource you requested does not exist.')
}

function refuseInTransition(mapping: EventSourceMapping, now: number, verb: 'update' | 'delete'): void {
  if (now < mapping.settlesAt)
    refuse('ResourceInUseException', `Cannot ${verb} the event source mapping because it is in use.`)
}

function refuseDuplicate(
  world: World,
  source: Source,
  given: SourceSettings,
  fn: EventSourceMapping['function'],
): void {
  const now = Date.now()
  const arn = functionArn(world, fn.name, fn.qualifier)
  for (const other of world.mappings.values()) {
    if (isGone(other, now) || functionArn(world, other.function.name, other.function.qualifier) !== arn) continue
    const found = `already exists. Please update or delete the existing mapping with UUID ${other.uuid}`
    if (source === 'selfManagedKafka') {
      const servers = bootstrapServers(given)
      const [topic] = given.Topics ?? []
      const others = other.settings as SourceSettings
      // One server or topic in common is enough for the mappings to be the same.
      if (others.Topics?.[0] === topic && bootstrapServers(others).some(server => servers.includes(server)))
        refuse(
          'ResourceConflictException',
          `An event source mapping with event source ("${servers.join(',')}"), function ("${arn}"), ` +
            `topics ("${topic}") ${found}`,
        )
    } else if (other.settings.EventSourceArn === given.EventSourceArn) {
      const names = `(" ${given.EventSourceArn} ") and function (" ${fn.name} ")`
      refuse(
        'ResourceConflictException',
        source === 'sqs' || source === 'sqsFifo'
          ? `An event source mapping with SQS arn ${names} ${found}`
          : `The event source arn ${names} provided mapping ${found}`,
      )
    }
  }
}

function bootstrapServers(settings: SourceSettings): readonly string[] {
  return settings.SelfManagedEventSource?.Endpoints?.KAFKA_BOOTSTRAP_SERVERS ?? []
}

/** Criteria without a filter filter nothing, and are not shown. */
function withoutEmptyFilters(settings: SourceSettings): SourceSettings {
  const { FilterCriteria, ...others } = settings
  return FilterCriteria?.Filters && FilterCriteria.Filters.length > 0 ? settings : others
}

/** The state through which a change of a mapping passes. */
function transitionOf(before: boolean, enabled: boolean): EventSourceMapping['transition'] {
  if (enabled === before) return 'Updating'
  return enabled ? 'Enabling' : 'Disabling'
}

function describe(place: Place, mapping: EventSourceMapping, now: number): object {
  const settled = now >= mapping.settlesAt
  const resting = mapping.enabled ? 'Enabled' : 'Disabled'
  const stream = mapping.settings.ParallelizationFactor !== undefined
  return {
    ...mapping.settings,
    UUID: mapping.uuid,
    EventSourceMappingArn: `arn:aws:lambda:${place.region}:${place.accountId}:event-source-mapping:${mapping.uuid}`,
    FunctionArn: functionArn(place, mapping.function.name, mapping.function.qualifier),
    State: settled ? resting : mapping.transition,
    StateTransitionReason: stream ? 'User action' : 'USER_INITIATED',
    LastModified: unixTime(settled ? mapping.settlesAt : mapping.lastModified),
  }
}

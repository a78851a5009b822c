/** Event source mappings whose functions are not declared in the project. */
import { mappingKind, makeEvent } from './event-sources.ts'
import type { Application, EventSource, Resource } from './model.ts'

const known = new WeakMap<Application, ReadonlyMap<Resource, EventSource>>()

/** What these mappings say, in the shape that events of functions have, by their resources. */
export function looseMappings(app: Application): ReadonlyMap<Resource, EventSource> {
  const done = known.get(app)
  if (done) return done
  const tied = new Set(app.functions.flatMap(fn => fn.events.map(event => event.loc)))
  const loose = new Map(
    app
      .ofType('AWS::Lambda::EventSourceMapping')
      .filter(resource => !tied.has(resource.loc))
      .map(resource => [resource, eventOf(resource)]),
  )
  known.set(app, loose)
  return loose
}

const eventOf = (resource: Resource): EventSource =>
  makeEvent({
    id: resource.id,
    kind: mappingKind(resource.properties),
    loc: resource.loc,
    source: resource.property('EventSourceArn'),
    properties: resource.properties,
    declaredBy: 'resource',
  })

import { httpApiCorsOf } from '../application/serverless.ts'
import type { Application, EventSource, LambdaFunction, Resource } from '../application/model.ts'
import { mapValue, mergeValues, translatedValue } from '../application/value.ts'
import type { Value } from '../application/value.ts'

/** An API that the tool of a template makes of the events of its functions, without a resource that declares it. */
export interface ImplicitApi {
  readonly id: string
  readonly type: string
  readonly properties: Value
  /** The first function that it calls. */
  readonly fn: LambdaFunction
}

/** What SAM makes of events that name no API, by the ids that it gives. */
const MADE_BY_SAM = [
  { kind: 'rest-api', section: 'Api', id: 'ServerlessRestApi' },
  { kind: 'http-api', section: 'HttpApi', id: 'ServerlessHttpApi' },
] as const

interface Call {
  readonly fn: LambdaFunction
  readonly event: EventSource
}

/** Every such API of an application, with what its template gives to all of its kind. */
export function* implicitApis(app: Application): Generator<ImplicitApi> {
  for (const template of app.templates) {
    const calls = app.functions
      .filter(fn => fn.template === template)
      .flatMap(fn => fn.events.map((event): Call => ({ fn, event })))
    if (template.format === 'sam')
      for (const { kind, section, id } of MADE_BY_SAM) {
        const own = calls.filter(
          ({ event }) => event.kind === kind && event.declaredBy === 'sam' && event.source.isAbsent,
        )
        const [first] = own
        if (!first) continue
        const type = `AWS::Serverless::${section}`
        const via = { kind: 'global', name: `Globals.${section}` } as const
        const auth = authOf(own)
        const over = auth ? mapValue(first.event.loc, [auth]) : mapValue(first.event.loc, [])
        yield { id, type, properties: mergeValues(template.root.at('Globals', section), over, via), fn: first.fn }
      }
    const [http] = calls.filter(({ event }) => event.kind === 'http-api' && event.declaredBy === 'serverless')
    const cors = http && httpApiCorsOf(template)
    if (cors) {
      const properties = translatedValue(cors.loc, { CorsConfiguration: cors })
      yield { id: 'HttpApi', type: 'AWS::ApiGatewayV2::Api', properties, fn: http.fn }
    }
  }
}

/** Events that each say who may call, which is as good as an API that says so. */
function authOf(calls: readonly Call[]) {
  const [first] = calls
  const auth = first?.event.property('Auth')
  if (!auth || calls.some(({ event }) => event.property('Auth').isAbsent)) return undefined
  return { key: 'Auth', keyLoc: auth.keyLoc ?? auth.loc, evaluate: () => auth }
}

/** Whether all events of an API of SAM say who may call. */
export function isGuardedByEvents(app: Application, api: Resource): boolean {
  const events = app.functions.flatMap(fn => fn.events.filter(({ resource }) => resource === api))
  return events.length > 0 && events.every(event => !event.property('Auth').isAbsent)
}

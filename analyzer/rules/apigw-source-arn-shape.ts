import type { InvokePermission } from '../application/model.ts'
import { setValue } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'

const METHOD = /^(GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS|ANY)$/i

/**
 * The source of an API of which no call can be: too short, with a method that is none, or in another Region than the
 * function.
 */
export const rule = defineRule({
  id: 'apigw-source-arn-shape',
  application(app, { report, turnTo }) {
    for (const permission of app.invokePermissions) {
      turnTo(permission.resource)
      const fault = faultOf(permission)
      if (!fault) continue
      const edit = fault.better === undefined ? undefined : setValue(permission.sourceArn, fault.better)
      report({
        at: permission.sourceArn,
        message: `${permission.resource.id} lets no call of the API in: ${fault.what}`,
        help:
          'A source is the id of the API, then stage, method and path, each of which may be *: `api/*/GET/pets`, ' +
          'or `api/*` for all of it',
        fixes: edit ? [{ description: `Write ${fault.better}`, kind: 'suggestion', edits: [edit] }] : [],
      })
    }
  },
})

interface Fault {
  readonly what: string
  readonly better?: string
}

function faultOf(permission: InvokePermission): Fault | undefined {
  const { sourceArn } = permission
  // Every part but references to resources and pseudo parameters may hold slashes of its own.
  if (sourceArn.parts().some(part => part.kind === 'unknown')) return undefined
  const text = sourceArn.text(part => (part.reference?.id.startsWith('AWS::') ? 'x' : '\0'))
  const [, region, api, rest] = /^arn:[^:]*:execute-api:([^:]*):[^:]*:([^/*]+)(?:\/(.*))?$/s.exec(text ?? '') ?? []
  if (text === undefined || api === undefined || region === undefined) return undefined
  const elsewhere = otherRegion(permission, region)
  if (elsewhere !== undefined) return { what: `the API is in ${region}, the function in ${elsewhere}` }
  const known = sourceArn.string()
  const better = (change: (source: string) => string): Pick<Fault, 'better'> =>
    known === undefined ? {} : { better: change(known) }
  if (rest === undefined)
    return {
      what: 'the source ends with the id of the API, without stage, method and path',
      ...better(source => `${source}/*`),
    }
  const segments = rest.split('/')
  const [stage = '', second, ...path] = segments
  if (segments.length === 1)
    return stage.includes('*') || stage.includes('\0')
      ? undefined
      : { what: `the source ends with the stage ${stage}, without method and path`, ...better(source => `${source}/*`) }
  if (second === undefined || !METHOD.test(second)) return undefined
  if (path.length === 0)
    return { what: `the source ends with the method ${second}, without a path`, ...better(source => `${source}/*`) }
  if (/^any$/i.test(second))
    return {
      what: `${second} is no method that a call has; write * for all of them`,
      ...better(source => source.replace(/\/any\//i, '/*/')),
    }
  if (second !== second.toUpperCase())
    return {
      what: `methods are written in capitals, and ${second} is not`,
      ...better(source => source.replace(`/${second}/`, `/${second.toUpperCase()}/`)),
    }
  return undefined
}

/** The Region of the function, when its ARN is written and names another. */
function otherRegion({ functionName }: InvokePermission, region: string): string | undefined {
  const own = /^arn:[^:]*:lambda:([a-z0-9-]+):/.exec(functionName.text('x') ?? '')?.[1]
  return own !== undefined &&
    /^[a-z]{2}(-[a-z]+)+-\d$/.test(region) &&
    /^[a-z]{2}(-[a-z]+)+-\d$/.test(own) &&
    own !== region
    ? own
    : undefined
}

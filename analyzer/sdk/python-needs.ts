/** What Python code needs of AWS: the actions of its calls of boto3, each on the thing that the call names. */
import type { PyNode, PythonFile, PythonHandler } from '../application/python.ts'
import type { LambdaFunction } from '../application/model.ts'
import { scalarValue } from '../application/value.ts'
import type { Value } from '../application/value.ts'
import { actionsOfCall } from '../data/iam.ts'
import { isForKind, NAMED_BY, needOn, objectsOf } from './sdk-needs.ts'
import type { Need } from './sdk-needs.ts'
import { botoCalls, openServices } from './boto3.ts'
import type { BotoCall } from './boto3.ts'
import { variableRead } from '../python/environment.ts'
import { enclosingFunction, literalOf, textOf } from '../python/syntax.ts'

/** What the function surely asks AWS for with the rights of its role. */
export function pythonNeedsOf(fn: LambdaFunction, handler: PythonHandler): readonly Need[] {
  return botoCalls(handler)
    .filter(call => call.object.byRole && (enclosingFunction(call.node) === undefined || handler.isInvoked(call.node)))
    .flatMap(call => needsOfCall(call, fn))
}

/** Everything that the files of the handler may ask for, called or not; too much rather than too little. */
export function pythonUsesOf(handler: PythonHandler): {
  readonly actions: ReadonlySet<string>
  readonly open: ReadonlySet<string>
} {
  const actions = new Set(
    botoCalls(handler).flatMap(call =>
      call.operation === undefined
        ? []
        : [...actionsOf(call), ...(actionsOfCall(call.object.client, call.operation) ?? [])],
    ),
  )
  return { actions, open: openServices(handler) }
}

/** A copy reads what it writes elsewhere. */
function actionsOf({ object, operation }: BotoCall): readonly string[] {
  if (operation === undefined) return []
  if (object.client === 's3' && operation === 'CopyObject') return ['s3:GetObject', 's3:PutObject']
  return actionsOfCall(object.client, operation) ?? []
}

function needsOfCall(call: BotoCall, fn: LambdaFunction): readonly Need[] {
  const { object, operation } = call
  if (operation === undefined) return []
  const [kind, ...members] = NAMED_BY[object.client]?.[0] ?? []
  return actionsOf(call).map(action => {
    const fits = kind !== undefined && isForKind(action, kind) ? kind : undefined
    // The source of a copy is another bucket than the one that is named.
    const isSource = operation === 'CopyObject' && action === 's3:GetObject'
    const at =
      fits && !isSource ? (object.named ?? members.map(name => call.member(name)).find(node => node)) : undefined
    return needOn({
      client: object.client,
      operation,
      loc: call.node.loc,
      action,
      kind: fits,
      named: at && valueNamed(at, at === object.named ? object.file : call.file, fn),
      namedAt: at?.loc,
      fn,
      below: (fits && objectsOf(action, fits)) ?? { pattern: [], text: '' },
    })
  })
}

/** What an expression is in a function: a literal, or what the template sets for the variable that it reads. */
function valueNamed(node: PyNode, file: PythonFile, fn: LambdaFunction, depth = 0): Value | undefined {
  const text = literalOf(node)
  if (text !== undefined) return scalarValue(node.loc, text)
  const read = variableRead(node, file)
  if (read) {
    const value = fn.environment.at(read.name)
    return value.isAbsent ? undefined : value
  }
  const bound = node.type === 'identifier' && depth < 8 ? file.bindings.get(textOf(node)) : undefined
  return bound && valueNamed(bound, file, fn, depth + 1)
}

/** What the code of a function needs of AWS, surely, and what it may use, at most. */
import type { PythonHandler } from '../application/python.ts'
import type { CodeFile, Handler } from '../application/code.ts'
import type { LambdaFunction } from '../application/model.ts'
import { actionsOfCall, serviceOfClient } from '../data/iam.ts'
import { documentOperation, sdkCallsOf, sdkUseOf } from './sdk-calls.ts'
import type { SdkCall } from './sdk-calls.ts'
import { needsOfCall } from './sdk-needs.ts'
import type { Need } from './sdk-needs.ts'
import { pythonNeedsOf, pythonUsesOf } from './python-needs.ts'
import { isReached } from '../dataflow/reach.ts'

const needsKnown = new WeakMap<LambdaFunction, readonly Need[]>()

/**
 * What the function surely asks AWS for with the rights of its role: calls in code that the handler reaches, by clients
 * that take their credentials from where they run.
 */
export function needsOf(fn: LambdaFunction): readonly Need[] {
  const known = needsKnown.get(fn)
  if (known) return known
  const handler = fn.entry
  const python = pythonOf(fn)
  const needs: Need[] = python ? [...pythonNeedsOf(fn, python)] : []
  if (handler && !handler.files.some(changesCredentials)) {
    for (const file of handler.files) {
      if (file.generated) continue
      for (const call of sdkCallsOf(file))
        if (isReached(call.node, handler) && isByRole(call, handler)) needs.push(...(needsOfCall(call, fn) ?? []))
    }
  }
  needsKnown.set(fn, needs)
  return needs
}

/** `AWS.config` with credentials or an endpoint speaks for every client of v2. */
const changesCredentials = (file: CodeFile): boolean =>
  /\bconfig\.(credentials\s*=|loadFromPath)|\bconfig\.update\(\s*\{[^}]{0,500}\b(credentials|accessKeyId|endpoint|profile)\b/.test(
    file.source.text,
  )

/** The calls of the SDK in code that the handler reaches. */
export function* reachedCalls(handler: Handler): Generator<SdkCall> {
  for (const file of handler.files) {
    if (file.generated) continue
    for (const call of sdkCallsOf(file)) if (isReached(call.node, handler)) yield call
  }
}

/**
 * Whether every client of the service that the handler's code makes, and there is one, acts with the function's role.
 */
function isByRole(call: SdkCall, handler: Handler): boolean {
  if (call.ownClient) return true
  const clients = handler.files.flatMap(file => sdkUseOf(file).clients).filter(one => one.client === call.client)
  return clients.length > 0 && clients.every(one => one.plain)
}

/** The handler of a function that runs on Python. */
const pythonOf = (fn: LambdaFunction): PythonHandler | undefined => (fn.lookup.found ? undefined : fn.lookup.python)

/** Everything that the code of a function may ask AWS for; nothing is known of one whose handler was not found. */
export function usesOfFunction(fn: LambdaFunction): Uses {
  const python = pythonOf(fn)
  if (python) return pythonUsesOf(python)
  return fn.entry ? usesOf(fn.entry) : { actions: new Set(), open: new Set(['*']) }
}

/** What the code of a handler may ask of AWS. */
export interface Uses {
  /** Actions that calls in any file of the handler may need. */
  readonly actions: ReadonlySet<string>
  /** IAM prefixes of services of which more may be used than is seen. */
  readonly open: ReadonlySet<string>
}

const usesKnown = new WeakMap<Handler, Uses>()

/** Everything that the files of a handler may ask AWS for, reached or not; too much rather than too little. */
export function usesOf(handler: Handler): Uses {
  const known = usesKnown.get(handler)
  if (known) return known
  const actions = new Set<string>()
  const open = new Set<string>()
  const files = handler.files.map(sdkUseOf)
  const add = (client: string, operation: string): boolean => {
    const needed = actionsOfCall(client, operation)
    for (const action of needed ?? []) actions.add(action)
    return needed !== undefined
  }
  for (const call of files.flatMap(use => use.calls))
    if (!add(call.client, call.operation)) open.add(serviceOfClient(call.client) ?? call.client)
  const clients = new Set(files.flatMap(use => use.clients))
  const packages = new Set(files.flatMap(use => [...use.packages]))
  const computed = files.some(use => use.computed)
  const made = new Set([
    ...[...packages].flatMap(one => /^@aws-sdk\/client-([a-z0-9-]+)$/.exec(one)?.[1] ?? []),
    ...[...clients].map(one => one.client),
  ])
  if (packages.has('@aws-sdk/lib-dynamodb')) made.add('dynamodb')
  if (packages.has('@aws-sdk/lib-storage') || packages.has('@aws-sdk/s3-presigned-post')) made.add('s3')
  const withMethods = new Set([...clients].filter(one => one.methods).map(one => one.client))
  if (handler.files.some(file => /\bDynamoDBDocument\b/.test(file.source.text))) withMethods.add('dynamodb')
  for (const file of handler.files) {
    if (!made.size) break
    const names = new Set(
      [...file.source.text.matchAll(/\b([A-Z]\w*)Command\b|\bpaginate([A-Z]\w*)|\bwaitUntil([A-Z]\w*)/g)].map(
        match => match[1] ?? match[2] ?? match[3] ?? '',
      ),
    )
    const methods = withMethods.size
      ? [
          ...new Set(
            [...file.source.text.matchAll(/\.\s*([a-z]\w{1,60})/g)].map(
              match => (match[1] ?? '').charAt(0).toUpperCase() + (match[1] ?? '').slice(1),
            ),
          ),
        ]
      : []
    for (const client of made) {
      for (const name of [...names, ...(withMethods.has(client) ? methods : [])]) {
        add(client, name)
        const document = client === 'dynamodb' ? documentOperation(name) : undefined
        if (document !== undefined) add(client, document)
      }
    }
  }
  if (computed) for (const client of made) open.add(serviceOfClient(client) ?? client)
  // What is made of the SDK v2 without being seen may be anything.
  if ([...packages].some(one => one === 'aws-sdk') && !withMethods.size) open.add('*')
  const uses = { actions, open }
  usesKnown.set(handler, uses)
  return uses
}

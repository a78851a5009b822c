/** What Python code asks AWS for through boto3: clients, resources and the calls of their methods. */
import type { PyNode, PythonFile, PythonHandler } from '../application/python.ts'
import { clientOfV2, serviceOfClient } from '../data/iam.ts'
import { qualifiedName } from '../python/file.ts'
import {
  ancestors,
  argumentsOf,
  collect,
  dottedName,
  enclosingFunction,
  isFunction,
  literalOf,
  textOf,
} from '../python/syntax.ts'

/** A client, a resource, or a thing of a resource (`Table`), and where it was made. */
export interface BotoObject {
  /** As the client packages of the JavaScript SDK are called, which the data on IAM goes by: `secrets-manager`. */
  readonly client: string
  readonly kind: 'client' | 'resource' | string
  /** What names the thing: the argument of `Table(…)`. */
  readonly named: PyNode | undefined
  /** The credentials are those of the function's role. */
  readonly byRole: boolean
  readonly node: PyNode
  readonly file: PythonFile
}

/** A call of a method of boto3. */
export interface BotoCall {
  readonly object: BotoObject
  /** `GetObject`; undefined when the method is none of which it is known what it asks for. */
  readonly operation: string | undefined
  readonly node: PyNode
  readonly file: PythonFile
  /** A member of the request by its name. */
  member(name: string): PyNode | undefined
}

/** Names of boto3 that are not those of the packages of the JavaScript SDK without their hyphens. */
const CLIENTS: { readonly [service: string]: string } = {
  'cognito-idp': 'cognito-identity-provider',
  stepfunctions: 'sfn',
  logs: 'cloudwatch-logs',
  events: 'eventbridge',
  ce: 'cost-explorer',
  autoscaling: 'auto-scaling',
  config: 'config-service',
  'iot-data': 'iot-data-plane',
  'lex-runtime': 'lex-runtime-service',
  dynamodbstreams: 'dynamodb-streams',
  apigateway: 'api-gateway',
  resourcegroupstaggingapi: 'resource-groups-tagging-api',
  es: 'elasticsearch-service',
  dms: 'database-migration-service',
  elbv2: 'elastic-load-balancing-v2',
  elb: 'elastic-load-balancing',
}

/**
 * The name that the service of a boto3 client has here (that of its SDK client); undefined for one that is not known.
 */
export const clientOfBoto = (service: string): string | undefined =>
  Object.hasOwn(CLIENTS, service) ? CLIENTS[service] : clientOfV2(service.replaceAll('-', ''))

/** Methods of things, and of clients beside those that are named after operations. */
const METHODS: { readonly [kind: string]: { readonly [method: string]: string } } = {
  client: {
    upload_file: 'PutObject',
    upload_fileobj: 'PutObject',
    download_file: 'GetObject',
    download_fileobj: 'GetObject',
    copy: 'CopyObject',
  },
  Table: { batch_writer: 'BatchWriteItem', load: 'DescribeTable', reload: 'DescribeTable' },
  Object: {
    get: 'GetObject',
    put: 'PutObject',
    delete: 'DeleteObject',
    upload_file: 'PutObject',
    upload_fileobj: 'PutObject',
    download_file: 'GetObject',
    download_fileobj: 'GetObject',
    load: 'HeadObject',
    copy_from: 'CopyObject',
  },
  Bucket: {
    upload_file: 'PutObject',
    upload_fileobj: 'PutObject',
    download_file: 'GetObject',
    download_fileobj: 'GetObject',
    put_object: 'PutObject',
  },
  Queue: {
    send_message: 'SendMessage',
    send_messages: 'SendMessage',
    receive_messages: 'ReceiveMessage',
    delete_messages: 'DeleteMessage',
  },
  Topic: { publish: 'Publish' },
}

/** Methods that ask nobody for anything. */
const SILENT = /^(can_paginate|close|get_waiter|generate_presigned_post|generate_db_auth_token)$/

/** Positions of the bucket among the arguments of the transfer methods of a client. */
const BUCKET_AT: { readonly [method: string]: number } = {
  upload_file: 1,
  upload_fileobj: 1,
  download_file: 0,
  download_fileobj: 0,
}

/** What an expression of a handler's code is, when it is something of boto3. */
export function botoObject(
  node: PyNode | undefined,
  file: PythonFile,
  handler: PythonHandler,
  depth = 0,
): BotoObject | undefined {
  if (!node || depth > 12) return undefined
  const next = (inner: PyNode | undefined, of = file): BotoObject | undefined =>
    botoObject(inner, of, handler, depth + 1)
  if (node.type === 'call') return made(node, file, next)
  if (node.type === 'parenthesized_expression' || node.type === 'await') return next(node.children[0])
  if (node.type === 'identifier' || node.type === 'attribute') {
    const name = dottedName(node)
    if (name === undefined) return undefined
    const bound = bindingOf(node, name, file)
    if (bound) return bound === node ? undefined : next(bound)
    const [first = '', last] = name.split('.')
    const imported = file.imports.find(one => one.local === first && (last === undefined) === (one.name !== undefined))
    if (!imported) return undefined
    for (const other of handler.files) {
      const value = other === file ? undefined : other.bindings.get(last ?? imported.name ?? '')
      if (value && isModule(other, imported.module)) return next(value, other)
    }
  }
  return undefined
}

const isModule = (file: PythonFile, module: string): boolean =>
  new RegExp(
    `(^|/)${module
      .replace(/^\.+/, '')
      .replaceAll('.', '/')
      .replace(/[^\w/]/g, '')}(/__init__)?\\.py$`,
  ).test(file.path)

/**
 * The last value that a name is bound to before it is used: in the function, in those around it, in the module; of
 * `self.x` anywhere.
 */
function bindingOf(node: PyNode, name: string, file: PythonFile): PyNode | undefined {
  const assignsName = (one: PyNode): boolean => one.type === 'assignment' && dottedName(one.field('left')) === name
  for (const around of ancestors(node)) {
    if (!isFunction(around)) continue
    const own = collect(around, assignsName).filter(one => enclosingFunction(one) === around)
    if (own.length) return own.at(-1)?.field('right')
  }
  if (name.includes('.')) return collect(file.root, assignsName).at(-1)?.field('right')
  return file.bindings.get(name)
}

function made(
  call: PyNode,
  file: PythonFile,
  next: (node: PyNode | undefined) => BotoObject | undefined,
): BotoObject | undefined {
  const fn = call.field('function')
  const name = qualifiedName(fn, file)
  const { positional, keywords, open } = argumentsOf(call)
  const own = !open && ![...keywords.keys()].some(key => /^(aws_|endpoint_url|profile_name)/.test(key))
  if (name === 'boto3.Session' || name === 'boto3.session.Session')
    return { client: 'session', kind: 'session', named: undefined, byRole: own, node: call, file }
  const method = fn?.type === 'attribute' ? fn.field('attribute') : undefined
  const makes = name === 'boto3.client' || name === 'boto3.resource'
  const session = !makes && method && /^(client|resource)$/.test(textOf(method)) ? next(fn?.field('object')) : undefined
  if (makes || session?.kind === 'session') {
    const client = clientOfBoto(literalOf(positional[0] ?? keywords.get('service_name')) ?? '')
    const kind = method ? textOf(method) : (name?.split('.').at(-1) ?? 'client')
    return client === undefined
      ? undefined
      : { client, kind, named: undefined, byRole: own && (session?.byRole ?? true), node: call, file }
  }
  const resource = method && /^[A-Z]/.test(textOf(method)) ? next(fn?.field('object')) : undefined
  if (!method || (resource?.kind !== 'resource' && resource?.kind !== 'Bucket')) return undefined
  // `bucket.Object(key)` is in the bucket that is known.
  const named = resource.kind === 'Bucket' ? resource.named : (positional[0] ?? [...keywords.values()][0])
  return { ...resource, kind: textOf(method), named, node: call }
}

const known = new WeakMap<PythonHandler, readonly BotoCall[]>()

/** The calls of boto3 in all files of a handler. */
export function botoCalls(handler: PythonHandler): readonly BotoCall[] {
  const found = known.get(handler)
  if (found) return found
  const calls = handler.files.flatMap(file =>
    collect(file.root, node => node.type === 'call' && node.field('function')?.type === 'attribute').flatMap(node =>
      callOf(node, file, handler),
    ),
  )
  known.set(handler, calls)
  return calls
}

function callOf(node: PyNode, file: PythonFile, handler: PythonHandler): readonly BotoCall[] {
  const fn = node.field('function')
  const method = textOf(fn?.field('attribute') ?? node)
  const target = fn?.field('object')
  const object = botoObject(target, file, handler) ?? collectionOf(target, file, handler)
  if (!object || object.kind === 'session' || SILENT.test(method)) return []
  if (object.kind === 'resource' && /^[A-Z]/.test(method)) return []
  if (object.kind === 'Bucket' && method === 'Object') return []
  const { positional, keywords } = argumentsOf(node)
  const isIndirect = method === 'get_paginator' || method === 'generate_presigned_url'
  const operation = isIndirect
    ? literalOf(positional[0] ?? keywords.get('ClientMethod') ?? keywords.get('operation_name'))
    : undefined
  const at = object.kind === 'client' ? BUCKET_AT[method] : undefined
  return [
    {
      object,
      operation: isIndirect ? operation && operationOf(operation) : operationNamed(object.kind, method, target),
      node,
      file,
      member: name =>
        isIndirect
          ? undefined
          : (keywords.get(name) ?? (name === 'Bucket' && at !== undefined ? positional[at] : undefined)),
    },
  ]
}

/** `bucket.objects.filter(…)`: the thing behind a collection of it. */
function collectionOf(node: PyNode | undefined, file: PythonFile, handler: PythonHandler): BotoObject | undefined {
  if (node?.type !== 'attribute' || !/^(objects|object_versions)$/.test(textOf(node.field('attribute') ?? node)))
    return undefined
  const bucket = botoObject(node.field('object'), file, handler)
  return bucket?.kind === 'Bucket' ? { ...bucket, kind: 'objects' } : undefined
}

function operationNamed(kind: string, method: string, target: PyNode | undefined): string | undefined {
  if (kind === 'objects') {
    if (/^(all|filter|limit|page_size|pages)$/.test(method)) return 'ListObjectsV2'
    return method === 'delete' ? 'DeleteObjects' : undefined
  }
  const special = Object.hasOwn(METHODS, kind) ? METHODS[kind] : undefined
  if (special && Object.hasOwn(special, method)) return special[method]
  // What a client calls like an operation is one; of things only those of tables are.
  return kind === 'client' || kind === 'Table' ? operationOf(method) : target && undefined
}

/** `list_objects_v2` is `ListObjectsV2`. */
const operationOf = (method: string): string =>
  method.replace(/(^|_)([a-z0-9])/g, (_, __: string, letter: string) => letter.toUpperCase())

/**
 * IAM prefixes of services of which more may be asked than is seen: clients that are handed on, calls that are not
 * understood.
 */
export function openServices(handler: PythonHandler): ReadonlySet<string> {
  const open = new Set<string>()
  const prefixOf = (object: BotoObject): string => serviceOfClient(object.client) ?? object.client
  for (const call of botoCalls(handler)) if (call.operation === undefined) open.add(prefixOf(call.object))
  for (const file of handler.files) {
    // A wait asks again and again for something that is not written here.
    const isWait = (node: PyNode): boolean =>
      node.type === 'call' && /\.get_waiter$/.test(dottedName(node.field('function')) ?? '')
    for (const node of collect(
      file.root,
      one => isWait(one) || one.type === 'identifier' || one.type === 'attribute',
    )) {
      const object = botoObject(node.type === 'call' ? node.field('function')?.field('object') : node, file, handler)
      if (object && (node.type === 'call' || isHandedOn(node))) open.add(prefixOf(object))
    }
    if (/\b(client|resource)\(\s*[A-Za-z_]/.test(file.source.text) && /\bboto3\b/.test(file.source.text)) open.add('*')
  }
  return open
}

/** An argument, a returned value, an element: code that is not followed may call anything of it. */
const isHandedOn = (node: PyNode): boolean =>
  /^(argument_list|keyword_argument|return_statement|list|tuple|dictionary|pair|expression_list|default_parameter)$/.test(
    node.parent?.type ?? '',
  )

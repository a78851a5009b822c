/**
 * Calls of the AWS SDK in a file: commands, paginators, waiters, uploads and helpers of v3, its aggregated clients, and
 * the clients of v2.
 */
import { own } from '../../base/own.ts'
import type { CodeFile } from '../application/code.ts'
import { ts } from '../application/typescript.ts'
import { clientOfV2 } from '../data/iam.ts'
import { bare, importOf, propertyName, resolveName } from '../syntax/syntax.ts'
import { follow, followMember } from '../dataflow/origins.ts'
import type { Placed } from '../dataflow/origins.ts'
import { textOf } from '../dataflow/values.ts'
import { lastName } from '../dataflow/file-index.ts'
import { each } from '../application/walk.ts'

/** A call of the AWS SDK. */
export interface SdkCall {
  /** `new GetItemCommand(…)`, `s3.getObject(…)`, `paginateQuery(…)`. */
  readonly node: ts.NewExpression | ts.CallExpression
  readonly file: CodeFile
  /** As in the package name: `dynamodb` of `@aws-sdk/client-dynamodb`. */
  readonly client: string
  /** `GetItem`. */
  readonly operation: string
  /** The helper makes the client itself. */
  readonly ownClient?: true
  /** Its input, as far as it is written. */
  readonly input: Placed | undefined
}

/** A client that the code makes. */
interface SdkClient {
  readonly client: string
  /** It takes region and credentials from where it runs, and nothing else from elsewhere. */
  readonly plain: boolean
  /** Operations are methods of it. */
  readonly methods: boolean
}

/** What a file does with the SDK; holds no syntax, so that trees can be let go. */
export interface SdkUse {
  readonly calls: readonly { readonly client: string; readonly operation: string }[]
  readonly clients: readonly SdkClient[]
  /** Packages of the SDK that are imported, types aside. */
  readonly packages: ReadonlySet<string>
  /** A method or command is chosen by a value: any may be called. */
  readonly computed: boolean
}

const summaries = new WeakMap<CodeFile, SdkUse>()
const callsOfTree = new WeakMap<ts.SourceFile, { readonly calls: readonly SdkCall[]; readonly use: SdkUse }>()

/** What a file does with the SDK. */
export function sdkUseOf(file: CodeFile): SdkUse {
  const known = summaries.get(file)
  if (known) return known
  const { use } = readTree(file)
  summaries.set(file, use)
  return use
}

/** The calls of the SDK in a file; do not keep them. */
export const sdkCallsOf = (file: CodeFile): readonly SdkCall[] => (touchesSdk(file) ? readTree(file).calls : [])

function readTree(file: CodeFile): { readonly calls: readonly SdkCall[]; readonly use: SdkUse } {
  if (!touchesSdk(file)) return { calls: [], use: { calls: [], clients: [], packages: new Set(), computed: false } }
  const known = callsOfTree.get(file.ast)
  if (known) return known
  const found = read(file)
  callsOfTree.set(file.ast, found)
  return found
}

const named = new WeakMap<CodeFile, boolean>()

/** Whether the text of a file names the SDK. */
function namesSdk(file: CodeFile): boolean {
  let answer = named.get(file)
  if (answer === undefined) named.set(file, (answer = /aws-sdk|powertools\/parameters/.test(file.source.text)))
  return answer
}

/**
 * Whether a file names the SDK, or imports one that does, perhaps through a file of exports: only there can calls be.
 */
const touchesSdk = (file: CodeFile, hops = 2): boolean =>
  namesSdk(file) ||
  (hops > 0 &&
    file.imports.some(
      one => one.file !== undefined && one.kind !== 'type' && one.file !== file && touchesSdk(one.file, hops - 1),
    ))

const V3 = /^@aws-sdk\/client-([a-z0-9-]+)$/

/** Methods of the document clients, of v2 and v3, and the commands of `lib-dynamodb`. */
const DOCUMENT: { readonly [name: string]: string } = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  BatchGet: 'BatchGetItem',
  BatchWrite: 'BatchWriteItem',
  TransactGet: 'TransactGetItems',
  TransactWrite: 'TransactWriteItems',
  Query: 'Query',
  Scan: 'Scan',
  ExecuteStatement: 'ExecuteStatement',
  BatchExecuteStatement: 'BatchExecuteStatement',
  ExecuteTransaction: 'ExecuteTransaction',
}

/** The operation behind a command of `lib-dynamodb` or a method of a document client: `GetItem` for `Get`. */
export const documentOperation = (name: string): string | undefined =>
  Object.hasOwn(DOCUMENT, name) ? DOCUMENT[name] : undefined

/** What waiters ask, by the client and the state that is waited for. */
const WAITERS: { readonly [client: string]: { readonly [state: string]: string } } = {
  dynamodb: { TableExists: 'DescribeTable', TableNotExists: 'DescribeTable' },
  s3: {
    BucketExists: 'HeadBucket',
    BucketNotExists: 'HeadBucket',
    ObjectExists: 'HeadObject',
    ObjectNotExists: 'HeadObject',
  },
  lambda: {
    FunctionActive: 'GetFunctionConfiguration',
    FunctionActiveV2: 'GetFunction',
    FunctionExists: 'GetFunction',
    FunctionUpdated: 'GetFunctionConfiguration',
    FunctionUpdatedV2: 'GetFunction',
  },
  kinesis: { StreamExists: 'DescribeStream', StreamNotExists: 'DescribeStream' },
  cloudformation: {
    StackExists: 'DescribeStacks',
    StackCreateComplete: 'DescribeStacks',
    StackUpdateComplete: 'DescribeStacks',
    StackDeleteComplete: 'DescribeStacks',
  },
}

/** What the parameter helpers of Powertools call. */
const POWERTOOLS: { readonly [name: string]: readonly [client: string, operation: string] } = {
  'ssm.getParameter': ['ssm', 'GetParameter'],
  'ssm.getParameters': ['ssm', 'GetParametersByPath'],
  'ssm.getParametersByName': ['ssm', 'GetParameters'],
  'ssm.setParameter': ['ssm', 'PutParameter'],
  'secrets.getSecret': ['secrets-manager', 'GetSecretValue'],
}

/** Methods of clients that call no operation. */
const NO_OPERATION = new Set([
  'send',
  'destroy',
  'on',
  'promise',
  'config',
  'setupRequestListeners',
  'makeUnauthenticatedRequest',
  'createSet',
  'getCredentials',
  'getPromise',
])

function read(file: CodeFile): { readonly calls: readonly SdkCall[]; readonly use: SdkUse } {
  const packages = new Set(
    file.imports
      .filter(
        one =>
          one.kind !== 'type' && /^(@aws-sdk\/|aws-sdk($|\/)|@aws-lambda-powertools\/parameters)/.test(one.specifier),
      )
      .map(one => one.specifier),
  )
  const calls: SdkCall[] = []
  const clients: SdkClient[] = []
  let computed = false
  each(file.ast, node => {
    if (ts.isNewExpression(node)) {
      const made = clientOf(node)
      if (made) clients.push({ client: made.client, plain: isPlain(node, made, file), methods: made.methods })
      const call = commandOf(node, file)
      if (call) calls.push(call)
      if (isComputed(node.expression)) computed = true
    } else if (ts.isCallExpression(node)) {
      const call = helperCall(node, file) ?? methodCall(node, file)
      if (call) calls.push(call)
      if (isComputed(bare(node.expression))) computed = true
    }
  })
  return {
    calls,
    use: { calls: calls.map(({ client, operation }) => ({ client, operation })), clients, packages, computed },
  }
}

const isComputed = (node: ts.Expression): boolean =>
  ts.isElementAccessExpression(node) &&
  !ts.isStringLiteralLike(node.argumentExpression) &&
  !ts.isNumericLiteral(node.argumentExpression)

const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

interface MadeClient {
  readonly client: string
  readonly methods: boolean
  readonly document: boolean
  /** Where its configuration stands among the arguments. */
  readonly configuredBy: ts.Expression | undefined
}

/**
 * The client that a parameter, variable or member is declared to be: `(client: S3)`,
 * `constructor(private readonly s3: AWS.S3)`.
 */
function clientByType(node: ts.Expression): MadeClient | undefined {
  const type = declaredType(node)
  if (!type || !ts.isTypeReferenceNode(type)) return undefined
  const made = importOfName(type.typeName)
  return made && clientNamed(made, undefined)
}

function declaredType(node: ts.Expression): ts.TypeNode | undefined {
  if (ts.isIdentifier(node)) {
    const declaration = resolveName(node)?.node
    return declaration && (ts.isParameter(declaration) || ts.isVariableDeclaration(declaration))
      ? declaration.type
      : undefined
  }
  if (!ts.isPropertyAccessExpression(node) || node.expression.kind !== ts.SyntaxKind.ThisKeyword) return undefined
  for (let current: ts.Node | undefined = node; current; current = current.parent) {
    if (!ts.isClassLike(current)) continue
    for (const member of current.members) {
      if (ts.isPropertyDeclaration(member) && propertyName(member.name) === node.name.text) return member.type
      if (!ts.isConstructorDeclaration(member)) continue
      const parameter = member.parameters.find(
        one =>
          ts.isParameterPropertyDeclaration(one, member) &&
          ts.isIdentifier(one.name) &&
          one.name.text === node.name.text,
      )
      if (parameter) return parameter.type
    }
    return undefined
  }
  return undefined
}

/** The import behind the name of a type, `S3` or `AWS.S3`. */
function importOfName(name: ts.EntityName): { readonly module: string; readonly name: string } | undefined {
  if (ts.isIdentifier(name)) return resolveName(name)?.imported
  const left = importOfName(name.left)
  return left && { module: left.module, name: `${left.name}.${name.right.text}` }
}

/** The client of the SDK that a `new` makes. */
function clientOf(node: ts.NewExpression): MadeClient | undefined {
  const made = importOf(node.expression) ?? capturedSdk(node.expression)
  return made && clientNamed(made, node.arguments?.[0])
}

/** The client that a class of the SDK is. */
function clientNamed(
  made: { readonly module: string; readonly name: string },
  configuredBy: ts.Expression | undefined,
): MadeClient | undefined {
  const v3 = V3.exec(made.module)?.[1]
  const name = made.name.replace(/^(default|\*)\./, '')
  if (made.module === '@aws-sdk/lib-dynamodb' && name === 'DynamoDBDocument')
    return { client: 'dynamodb', methods: true, document: true, configuredBy }
  if (v3 !== undefined) {
    if (/^[A-Z]\w*Client$/.test(name)) return { client: v3, methods: false, document: false, configuredBy }
    return name.toLowerCase() === v3.replace(/-/g, '')
      ? { client: v3, methods: true, document: false, configuredBy }
      : undefined
  }
  const old = nameOfV2(made)
  if (old === undefined) return undefined
  const document = /(^|\.)DocumentClient$/.test(old)
  const client = document ? 'dynamodb' : clientOfV2(old)
  return client === undefined ? undefined : { client, methods: true, document, configuredBy }
}

/** `S3` for `new AWS.S3()`, for `new S3()` of `aws-sdk` and of `aws-sdk/clients/s3`. */
function nameOfV2({ module, name }: { readonly module: string; readonly name: string }): string | undefined {
  const plain = name.replace(/^(default|\*)(\.|$)/, '')
  const path = /^aws-sdk\/clients\/([\w-]+)$/.exec(module)?.[1]
  if (path !== undefined) {
    if (plain === 'DocumentClient') return plain
    return plain === '' || plain.toLowerCase() === path ? path : undefined
  }
  return module === 'aws-sdk' && plain !== '' ? plain : undefined
}

/** `AWSXRay.captureAWS(require('aws-sdk'))` is the SDK. */
function capturedSdk(node: ts.Expression): { readonly module: string; readonly name: string } | undefined {
  if (!ts.isPropertyAccessExpression(node)) return undefined
  const left = node.expression
  if (!ts.isIdentifier(left)) {
    const inner = capturedSdk(left)
    return inner && { module: inner.module, name: `${inner.name}.${node.name.text}` }
  }
  const made = resolveName(left)?.initializer
  if (!made || !ts.isCallExpression(made) || !isCapture(made)) return undefined
  const source = made.arguments[0] && importOf(made.arguments[0])
  return source?.module === 'aws-sdk' ? { module: 'aws-sdk', name: node.name.text } : undefined
}

/** Tracers hand on the client that they are given. */
const isCapture = (call: ts.CallExpression): boolean => {
  const callee = bare(call.expression)
  const name = lastName(callee) ?? ''
  return /^(captureAWS(v3)?(Client)?|instrument\w*)$/.test(name)
}

/** Settings that make a client ask as somebody else, or somewhere else. */
const FOREIGN =
  /^(credentials|credentialDefaultProvider|credentialProvider|endpoint|endpointProvider|profile|accessKeyId|secretAccessKey|sessionToken|signer|bucketEndpoint|service)$/

/** Clients that are always told where to ask. */
const OF_ENDPOINTS = new Set(['apigatewaymanagementapi', 'iot-data-plane'])

function isPlain(node: ts.NewExpression, { configuredBy: configuration, client }: MadeClient, file: CodeFile): boolean {
  if (!configuration || !node.arguments) return true
  const { node: object } = follow(configuration, file)
  if (!ts.isObjectLiteralExpression(object)) return false
  return object.properties.every(property => {
    const name = propertyName(property.name)
    return (
      name !== undefined &&
      !ts.isSpreadAssignment(property) &&
      (!FOREIGN.test(name) || (name === 'endpoint' && OF_ENDPOINTS.has(client)))
    )
  })
}

const at = (node: ts.Expression | undefined, file: CodeFile): Placed | undefined => node && { node, file }

/** `new GetItemCommand(input)`, `new GetCommand(input)`, `new Upload({params})`. */
function commandOf(node: ts.NewExpression, file: CodeFile): SdkCall | undefined {
  const made = importOf(node.expression)
  if (!made) return undefined
  const name = made.name.replace(/^(default|\*)\./, '')
  const input = at(node.arguments?.[0], file)
  const v3 = V3.exec(made.module)?.[1]
  if (v3 !== undefined && name.endsWith('Command'))
    return { node, file, client: v3, operation: name.slice(0, -'Command'.length), input }
  if (made.module === '@aws-sdk/lib-dynamodb' && name.endsWith('Command')) {
    const operation = documentOperation(name.slice(0, -'Command'.length))
    return operation === undefined ? undefined : { node, file, client: 'dynamodb', operation, input }
  }
  if (made.module === '@aws-sdk/rds-signer' && name === 'Signer')
    return { node, file, client: 'rds-signer', operation: 'GetAuthToken', ownClient: true, input }
  if (made.module === '@aws-sdk/lib-storage' && name === 'Upload')
    return { node, file, client: 's3', operation: 'Upload', input: input && followMember(input.node, 'params', file) }
  return undefined
}

/** Paginators, waiters, presigned posts, parameters of Powertools. */
function helperCall(node: ts.CallExpression, file: CodeFile): SdkCall | undefined {
  const called = importOf(node.expression)
  if (!called) return undefined
  const name = called.name.replace(/^(default|\*)\./, '')
  const document = called.module === '@aws-sdk/lib-dynamodb'
  const client = document ? 'dynamodb' : V3.exec(called.module)?.[1]
  const input = at(node.arguments[1], file)
  if (client !== undefined) {
    const page = /^paginate([A-Z]\w*)$/.exec(name)?.[1]
    if (page !== undefined)
      return { node, file, client, operation: document ? (documentOperation(page) ?? page) : page, input }
    const state = /^waitUntil([A-Z]\w*)$/.exec(name)?.[1]
    const asked = state === undefined ? undefined : own(own(WAITERS, client) ?? {}, state)
    return asked === undefined ? undefined : { node, file, client, operation: asked, input }
  }
  if (called.module === '@aws-sdk/s3-presigned-post' && name === 'createPresignedPost')
    return { node, file, client: 's3', operation: 'PutObject', input }
  const provider = /^@aws-lambda-powertools\/parameters\/(ssm|secrets)$/.exec(called.module)?.[1]
  const helper = provider === undefined ? undefined : POWERTOOLS[`${provider}.${name}`]
  return helper && { node, file, client: helper[0], operation: helper[1], ownClient: true as const, input: undefined }
}

/** `s3.getObject(input)` on a client whose making is seen. */
function methodCall(node: ts.CallExpression, file: CodeFile): SdkCall | undefined {
  const callee = bare(node.expression)
  if (!ts.isPropertyAccessExpression(callee) || NO_OPERATION.has(callee.name.text)) return undefined
  const made = madeBy(callee.expression, file)
  if (!made?.methods) return undefined
  const method = callee.name.text
  const [first, second] = node.arguments
  const { client, document } = made
  if (document) {
    const operation = documentOperation(capitalised(method))
    return operation === undefined ? undefined : { node, file, client, operation, input: at(first, file) }
  }
  if (client === 's3' && method === 'upload') return { node, file, client, operation: 'Upload', input: at(first, file) }
  if (client === 's3' && method === 'createPresignedPost')
    return { node, file, client, operation: 'PutObject', input: at(first, file) }
  if (/^getSignedUrl(Promise)?$/.test(method) || method === 'makeRequest') {
    const operation = first && textOf(first, file)
    return operation === undefined
      ? undefined
      : { node, file, client, operation: capitalised(operation), input: at(second, file) }
  }
  if (method === 'waitFor') {
    const state = first && textOf(first, file)
    const asked = state === undefined ? undefined : own(own(WAITERS, client) ?? {}, capitalised(state))
    return asked === undefined ? undefined : { node, file, client, operation: asked, input: at(second, file) }
  }
  return { node, file, client, operation: capitalised(method), input: at(first, file) }
}

/** The client behind an expression, through tracers, document clients and names. */
function madeBy(node: ts.Expression, file: CodeFile, depth = 0): MadeClient | undefined {
  if (depth > 5) return undefined
  const target = follow(node, file)
  if (ts.isNewExpression(target.node)) return clientOf(target.node)
  if (!ts.isCallExpression(target.node)) return clientByType(target.node)
  const [argument] = target.node.arguments
  if (isCapture(target.node)) return argument && madeBy(argument, target.file, depth + 1)
  const callee = bare(target.node.expression)
  const from =
    ts.isPropertyAccessExpression(callee) && callee.name.text === 'from' ? importOf(callee.expression) : undefined
  if (from?.module === '@aws-sdk/lib-dynamodb')
    return {
      client: 'dynamodb',
      methods: from.name.endsWith('DynamoDBDocument'),
      document: true,
      configuredBy: undefined,
    }
  return undefined
}

/** Which calls are promises, from what is known of the libraries: a project that was only cloned has no types. */
import type { CodeFile, FunctionNode } from '../application/code.ts'
import { ts } from '../application/typescript.ts'
import { bare, dottedName, importOf, isAsync, isFunctionNode, isGlobal, returnsOf } from '../syntax/syntax.ts'
import { functionsBehind, originsOf } from './origins.ts'

/** What a call gives back, as far as waiting for it goes. */
export type Answer =
  /** It starts work that goes on until it is waited for. */
  | 'promise'
  /** It surely is none. */
  | 'plain'
  /** Nothing is known of it. `module`: the package that it comes from, when that can be told. */
  | { readonly module: string | undefined }

const MAX_DEPTH = 6

/** Whether a call is a promise. */
export const promiseOf = (call: ts.CallExpression, file: CodeFile): Answer => answerOf(call, file, 0)

function answerOf(node: ts.Expression, file: CodeFile, depth: number): Answer {
  const expression = bare(node)
  if (depth > MAX_DEPTH) return UNKNOWN
  if (ts.isNewExpression(expression)) return dottedName(expression.expression) === 'Promise' ? 'promise' : 'plain'
  if (ts.isAwaitExpression(expression)) return UNKNOWN
  if (ts.isConditionalExpression(expression))
    return eitherOf([answerOf(expression.whenTrue, file, depth + 1), answerOf(expression.whenFalse, file, depth + 1)])
  if (ts.isIdentifier(expression)) {
    const found = originsOf(expression, { file, handlers: [], through: 'one', callers: false })
    const [only] = found
    return only && found.length === 1 && !only.path.length && only.node !== expression && ts.isExpression(only.node)
      ? answerOf(only.node, only.file, depth + 1)
      : UNKNOWN
  }
  return ts.isCallExpression(expression) ? ofCall(expression, file, depth) : 'plain'
}

const UNKNOWN: Answer = { module: undefined }

const eitherOf = (answers: readonly Answer[]): Answer =>
  answers.find(one => one === 'promise') ?? answers.find(one => one !== 'plain') ?? 'plain'

function ofCall(call: ts.CallExpression, file: CodeFile, depth: number): Answer {
  const callee = bare(call.expression)
  const name = dottedName(callee)
  if (ts.isIdentifier(callee) && isGlobal(callee)) return GLOBALS.has(callee.text) ? 'promise' : 'plain'
  if (name !== undefined && /^Promise\.(all|allSettled|race|any|resolve|reject|try)$/.test(name)) return 'promise'
  if (
    name !== undefined &&
    /^(console|Math|JSON|Object|Array|Number|String|Date|Buffer|process|Reflect|Symbol)\./.test(name)
  )
    return 'plain'
  if (ts.isPropertyAccessExpression(callee)) {
    const method = callee.name.text
    // Only promises have these, and they are promises again.
    if (method === 'then' || method === 'catch' || method === 'finally')
      return call.arguments.some(one => isFunctionNode(one)) ||
        answerOf(callee.expression, file, depth + 1) === 'promise'
        ? chained(callee.expression, method, file, depth)
        : UNKNOWN
    // A request of the SDK v2.
    if (method === 'promise' && call.arguments.length === 0) return 'promise'
  }
  const own = functionsBehind(callee, file).filter(one => one.node !== call.parent)
  if (own.length) return eitherOf(own.map(one => ofFunction(one.node, one.file, depth)))
  return ofLibrary(call, callee, file)
}

/** `cy.get().then(fn)`, and builders that only look like promises, are started by it too: then something was begun. */
const chained = (left: ts.Expression, method: string, file: CodeFile, depth: number): Answer =>
  method === 'then' || answerOf(left, file, depth + 1) === 'promise' ? 'promise' : UNKNOWN

/** What a function of the project answers. */
function ofFunction(fn: FunctionNode, file: CodeFile, depth: number): Answer {
  if (fn.asteriskToken) return 'plain'
  if (isAsync(fn)) return 'promise'
  if (fn.type && /^Promise\b/.test(fn.type.getText())) return 'promise'
  if (!fn.body) return UNKNOWN
  const answers = returnsOf(fn).flatMap(one => (one ? [answerOf(one, file, depth + 1)] : []))
  return answers.length ? eitherOf(answers) : 'plain'
}

const GLOBALS: ReadonlySet<string> = new Set(['fetch'])

/** Functions and classes of packages: what a call of them answers. */
interface Library {
  readonly module: RegExp
  /** Exports that are promises when called; `default` is the module itself. */
  readonly calls?: RegExp
  /** Exports that make something, by `new` or by a call, whose methods are promises. */
  readonly makes?: RegExp
  readonly methods?: RegExp
  /** A last argument that is a function takes the answer instead. */
  readonly callbacks?: true
}

const ANY = /^/

const LIBRARIES: readonly Library[] = [
  { module: /^(node:)?(fs\/promises|timers\/promises|stream\/promises|dns\/promises|readline\/promises)$/, calls: ANY },
  { module: /^fs-extra$/, calls: /^(default\.)?(?!.*Sync$)/, callbacks: true },
  { module: /^(node:)?fs$/, calls: /^(default\.)?promises\./ },
  { module: /^(node:)?events$/, calls: /^(default\.)?once$/ },
  {
    module: /^@aws-sdk\/client-/,
    calls: /^waitUntil/,
    makes: /./,
    methods: /^(?!(destroy|middlewareStack|config)$)/,
    callbacks: true,
  },
  {
    module: /^@aws-sdk\/lib-dynamodb$/,
    makes: /^DynamoDBDocument(Client)?(\.from)?$/,
    methods: /^(?!destroy$)/,
    callbacks: true,
  },
  { module: /^@aws-sdk\/lib-storage$/, makes: /^Upload$/, methods: /^(done|abort)$/ },
  { module: /^@aws-sdk\/(s3-request-presigner|s3-presigned-post)$/, calls: /^(getSignedUrl|createPresignedPost)$/ },
  {
    module: /^axios$/,
    calls: /^(default|\*)?(\.?(request|get|delete|head|options|post|put|patch))?$/,
    makes: /(^|\.)create$/,
    methods: /^(request|get|delete|head|options|post|put|patch)$/,
  },
  {
    module: /^got$/,
    calls: /^(default|got|\*)?(\.?(get|post|put|patch|head|delete|paginate\.all))?$/,
    makes: /(^|\.)extend$/,
    methods: /^(get|post|put|patch|head|delete)$/,
  },
  {
    module: /^undici$/,
    calls: /^(fetch|request|stream|pipeline|connect)$/,
    makes: /^(Client|Pool|Agent)$/,
    methods: /^(request|stream|close)$/,
  },
  {
    module: /^ky$/,
    calls: /^(default|\*)?(\.?(get|post|put|patch|head|delete))?$/,
    makes: /(^|\.)(create|extend)$/,
    methods: /^(get|post|put|patch|head|delete)$/,
  },
  { module: /^(node-fetch|cross-fetch|isomorphic-fetch)$/, calls: /^(default|fetch|\*)?$/ },
  {
    module: /^ioredis$/,
    makes: /^(default|Redis|Cluster|\*)?(\.Cluster|\.default)?$/,
    methods: /^(?!(on|once|off|disconnect|pipeline|multi|duplicate)$)/,
    callbacks: true,
  },
  { module: /^redis$/, makes: /createClient$/, methods: /^(?!(on|once|off|multi|duplicate)$)/, callbacks: true },
  { module: /^pg$/, makes: /(^|\.)(Client|Pool)$/, methods: /^(query|connect|end)$/, callbacks: true },
  {
    module: /^mysql2\/promise$/,
    calls: /(^|\.)createConnection$/,
    makes: /(^|\.)(createPool|createConnection)$/,
    methods: /^(query|execute|end|getConnection|beginTransaction|commit|rollback)$/,
  },
  {
    module: /^mongodb$/,
    makes: /^MongoClient(\.connect)?$/,
    methods:
      /^(connect|close|insertOne|insertMany|updateOne|updateMany|deleteOne|deleteMany|replaceOne|bulkWrite|findOne|findOneAndUpdate|findOneAndDelete|countDocuments|toArray|createIndex|drop|command)$/,
  },
  {
    module: /^mongoose$/,
    calls: /(^|\.)(connect|disconnect)$/,
    makes: /(^|\.)model$/,
    methods:
      /^(create|insertMany|save|exec|updateOne|updateMany|deleteOne|deleteMany|findByIdAndUpdate|findOneAndUpdate|bulkWrite)$/,
  },
  {
    module: /^knex$/,
    makes: /^(default|knex|\*)?$/,
    methods: /^(insert|update|del|delete|raw|transaction|first|destroy|truncate)$/,
  },
  { module: /^(p-map|p-all|p-series|p-retry|p-limit|delay)$/, calls: /^(default|\*)?$/ },
]

function ofLibrary(call: ts.CallExpression, callee: ts.Expression, file: CodeFile): Answer {
  const last = call.arguments.at(-1)
  const takesCallback = last !== undefined && isFunctionNode(last)
  const made = importOf(callee)
  if (made) {
    const name = made.name.replace(/^(default|\*)\./, '')
    for (const library of LIBRARIES)
      if (
        library.module.test(made.module) &&
        library.calls &&
        (library.calls.test(made.name) || library.calls.test(name)) &&
        !(library.callbacks && takesCallback)
      )
        return 'promise'
    if (isPromisified(callee, file)) return 'promise'
    return isPackage(made.module) ? { module: made.module } : 'plain'
  }
  if (isPromisified(callee, file)) return 'promise'
  if (!ts.isPropertyAccessExpression(callee)) return UNKNOWN
  const makers = makersOf(callee.expression, file)
  const method = callee.name.text
  for (const maker of makers) {
    for (const library of LIBRARIES) {
      if (!library.module.test(maker.module) || !library.makes?.test(maker.name)) continue
      if (!library.methods?.test(method)) return 'plain'
      return library.callbacks && takesCallback ? 'plain' : 'promise'
    }
  }
  const [maker] = makers
  return { module: maker && isPackage(maker.module) ? maker.module : undefined }
}

const isPackage = (module: string): boolean => !/^(node:|\.|aws-sdk$|aws-sdk\/)/.test(module) && !BUILT_IN.test(module)
const BUILT_IN =
  /^(assert|buffer|child_process|cluster|crypto|dgram|dns|events|fs|http|http2|https|net|os|path|perf_hooks|process|querystring|readline|stream|string_decoder|timers|tls|tty|url|util|v8|vm|worker_threads|zlib)(\/|$)/

/** `const run = promisify(exec)`. */
function isPromisified(callee: ts.Expression, file: CodeFile): boolean {
  return originsOf(callee, { file, handlers: [], through: 'one', callers: false }).some(
    ({ node, path }) =>
      !path.length && ts.isCallExpression(node) && /(^|\.)promisify$/.test(dottedName(node.expression) ?? ''),
  )
}

/**
 * What made an object: the export that was called, or made by `new`, through the chain of its methods:
 * `db.collection('x')`.
 */
function makersOf(node: ts.Expression, file: CodeFile): readonly { readonly module: string; readonly name: string }[] {
  let expression = bare(node)
  // The head of a chain tells what the rest of it belongs to.
  for (let hop = 0; hop < 12; hop++) {
    const direct = importOf(expression)
    if (direct) return [{ module: direct.module, name: direct.name.replace(/^(default|\*)\.(?=.)/, '') }]
    const [only, ...others] = originsOf(expression, { file, handlers: [], through: 'one', callers: false })
    if (!only || others.length) return []
    const made = only.node
    if (only.path.length && made === expression) return []
    if (ts.isParameter(made) && made.type && ts.isTypeReferenceNode(made.type))
      return importedType(made.type.typeName, only.file)
    if (ts.isNewExpression(made) || ts.isCallExpression(made)) {
      const maker = importOf(made.expression)
      if (maker) return [{ module: maker.module, name: maker.name.replace(/^(default|\*)\.(?=.)/, '') }]
      const callee = bare(made.expression)
      if (ts.isPropertyAccessExpression(callee)) {
        expression = bare(callee.expression)
        continue
      }
      // `knex('table')`, where `knex` was made of the library.
      if (ts.isIdentifier(callee)) {
        expression = callee
        continue
      }
      return []
    }
    if (ts.isPropertyAccessExpression(made) || ts.isElementAccessExpression(made)) {
      expression = bare(made.expression)
      continue
    }
    if (ts.isIdentifier(made) && made !== expression) {
      expression = made
      continue
    }
    if (ts.isPropertyAccessExpression(expression)) {
      expression = bare(expression.expression)
      continue
    }
    return []
  }
  return []
}

function importedType(
  name: ts.EntityName,
  file: CodeFile,
): readonly { readonly module: string; readonly name: string }[] {
  const identifier = ts.isIdentifier(name) ? name : name.right
  const made = ts.isIdentifier(name) ? importOf(identifier) : undefined
  return made && file ? [made] : []
}

/**
 * Runtime for nodejs functions: loads the handler, asks the Runtime API for events and answers them.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
import { existsSync, readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { Writable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { format } from 'node:util'

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':')
const taskRoot = process.env.LAMBDA_TASK_ROOT
// Idle connections do not keep the event loop alive, so that a handler's own work alone decides when it is empty.
const agent = new Agent({ keepAlive: true, maxSockets: 1 })

// What a handler has written is written when its result is sent, and also when it exits.
for (const stream of [process.stdout, process.stderr]) stream._handle?.setBlocking?.(true)

/** The event being handled. */
let current

// The runtime must not outlive the endpoint, not even with a handler that keeps the event loop busy with timers.
const parent = process.ppid
setInterval(() => {
  if (process.ppid !== parent) process.exit(1)
}, 1000).unref()

function call(method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        agent,
        host,
        port,
        method,
        path: `/2018-06-01/runtime/${path}`,
        headers: {
          'Content-Type': 'application/json',
          ...(body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }),
          ...headers,
        },
      },
      response => {
        const chunks = []
        response.on('data', chunk => chunks.push(chunk))
        response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }))
        response.on('error', reject)
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

function runtimeError(name, message) {
  const error = new Error(message)
  error.name = name
  return error
}

/** An error as the service shows it. Anything may be thrown. */
function describe(error) {
  if (error instanceof Error || (typeof error === 'object' && error !== null && typeof error.stack === 'string'))
    return {
      errorType: String(error.name),
      errorMessage: String(error.message),
      trace: String(error.stack).split('\n'),
    }
  return { errorType: typeof error, errorMessage: String(error), trace: [] }
}

/** The same error as logs show it. */
function logged({ trace, ...report }) {
  return JSON.stringify({ ...report, stack: trace })
}

function logLine(level, text) {
  process.stdout.write(`${new Date().toISOString()}\t${current?.requestId ?? 'undefined'}\t${level}\t${text}\n`)
}

for (const [method, level] of [
  ['trace', 'TRACE'],
  ['debug', 'DEBUG'],
  ['log', 'INFO'],
  ['info', 'INFO'],
  ['warn', 'WARN'],
  ['error', 'ERROR'],
]) {
  console[method] = (...args) => logLine(level, format(...args))
}

/** Finds and loads `folder/module.export.nested`. */
async function loadHandler(text) {
  if (text.includes('..'))
    throw runtimeError(
      'Runtime.MalformedHandlerName',
      `'${text}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    )
  const folder = dirname(text)
  const [moduleName, ...names] = basename(text).split('.')
  if (moduleName === '' || names.length === 0 || names.some(name => name === ''))
    throw runtimeError('Runtime.MalformedHandlerName', 'Bad handler')
  const module = await loadModule(resolve(taskRoot, folder), moduleName)
  let handler = module
  for (const name of names) handler = handler?.[name] ?? (handler === module ? module.default?.[name] : undefined)
  const shown = names.join('.')
  if (handler === undefined || handler === null)
    throw runtimeError('Runtime.HandlerNotFound', `${text} is undefined or not exported`)
  if (typeof handler !== 'function') throw runtimeError('Runtime.HandlerNotFound', `${shown} is not a function`)
  return handler
}

async function loadModule(folder, name) {
  const require = createRequire(join(taskRoot, 'bootstrap.js'))
  const file = ['', '.js', '.mjs', '.cjs']
    .map(extension => join(folder, name + extension))
    .find(path => existsSync(path) && !isFolder(path))
  try {
    if (file === undefined)
      return require(existsSync(join(folder, name)) ? join(folder, name) : moduleOfLayer(folder, name))
    return isEsm(file) ? await import(pathToFileURL(file).href) : require(file)
  } catch (error) {
    if (error instanceof SyntaxError) throw wrapped('Runtime.UserCodeSyntaxError', error)
    if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND')
      throw wrapped('Runtime.ImportModuleError', error)
    throw error
  }
}

/** A handler that is not in the package may come from a layer, by way of NODE_PATH. */
function moduleOfLayer(folder, name) {
  return folder === taskRoot ? name : join(folder, name)
}

function isFolder(path) {
  try {
    readFileSync(path)
    return false
  } catch {
    return true
  }
}

function isEsm(file) {
  if (file.endsWith('.mjs')) return true
  if (file.endsWith('.cjs')) return false
  for (let folder = dirname(file); folder.startsWith(taskRoot); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest)) {
      try {
        return JSON.parse(readFileSync(manifest, 'utf8')).type === 'module'
      } catch {
        return false
      }
    }
  }
  return false
}

function wrapped(name, error) {
  const outer = runtimeError(name, String(error))
  outer.stack = `${name}: ${error.stack ?? error}`
  return outer
}

function makeContext(headers, requestId) {
  const deadline = Number(headers['lambda-runtime-deadline-ms'])
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parsedHeader(headers['lambda-runtime-client-context']),
    identity: parsedHeader(headers['lambda-runtime-cognito-identity']),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  }
}

/** Header values arrive byte by byte; they are UTF-8. */
function parsedHeader(value) {
  return value === undefined ? undefined : JSON.parse(Buffer.from(value, 'latin1').toString('utf8'))
}

const streamed = Symbol.for('aws.lambda.runtime.handler.streaming')

/** What the runtime gives to functions that answer little by little: `awslambda.streamifyResponse((event, stream, context) => …)`. */
globalThis.awslambda = {
  streamifyResponse(handler) {
    handler[streamed] = 'response'
    return handler
  },
  HttpResponseStream: {
    /** Puts status, headers and cookies before the body; eight zeros end them. */
    from(stream, prelude) {
      stream.setContentType('application/vnd.awslambda.http-integration-response')
      stream.write(JSON.stringify(prelude))
      stream.write(new Uint8Array(8))
      return stream
    },
  },
}

/** The answer to an event as the handler writes it. Nothing is sent before its first byte, so that an early error is one like any other. */
function responseStream(requestId) {
  let contentType = 'application/octet-stream'
  let outgoing
  const answered = Promise.withResolvers?.() ?? {}
  if (answered.promise === undefined)
    answered.promise = new Promise((resolve, reject) => Object.assign(answered, { resolve, reject }))
  const begin = () => {
    outgoing ??= request(
      {
        agent,
        host,
        port,
        method: 'POST',
        path: `/2018-06-01/runtime/invocation/${requestId}/response`,
        headers: {
          'Content-Type': contentType,
          'Lambda-Runtime-Function-Response-Mode': 'streaming',
          'Transfer-Encoding': 'chunked',
          Trailer: 'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body',
        },
      },
      response => response.resume().on('end', answered.resolve),
    ).on('error', answered.reject)
    return outgoing
  }
  const stream = new Writable({
    write(chunk, encoding, done) {
      const bytes = chunk instanceof Uint8Array
      const text = bytes || typeof chunk === 'string' ? chunk : JSON.stringify(chunk)
      begin().write(text, bytes || !Buffer.isEncoding(encoding) ? undefined : encoding, done)
    },
    final(done) {
      begin().end()
      answered.promise.then(() => done(), done)
    },
    decodeStrings: false,
    // Anything may be written; what is no text and no bytes is written as JSON.
    objectMode: true,
  })
  stream.setContentType = type => {
    contentType = type
  }
  return {
    stream,
    ended: answered.promise,
    /** Tells of an error behind what was written; false when nothing was. */
    async fail(report) {
      if (outgoing === undefined) return false
      outgoing.addTrailers({
        'Lambda-Runtime-Function-Error-Type': report.errorType,
        'Lambda-Runtime-Function-Error-Body': Buffer.from(JSON.stringify(report)).toString('base64'),
      })
      outgoing.end()
      await answered.promise
      return true
    },
  }
}

/** Runs a handler that streams. It has answered when its promise is kept and its stream is at its end. */
async function handleStreaming(handler, event, context, response) {
  const failed = new Promise((_, reject) => response.stream.once('error', reject))
  failed.catch(() => {})
  await Promise.race([Promise.resolve(handler(event, response.stream, context)), failed])
  // The end of the stream is the handler's to say; one that forgets it waits for its timeout.
  await Promise.race([response.ended, failed])
}

/** Runs the handler in whichever of its three styles: promise, callback, or context methods. Resolves to the JSON of the result. */
function handle(handler, event, context) {
  return new Promise((resolve, reject) => {
    let settled = false
    const settle = (waits, error, result) => {
      if (settled) return
      settled = true
      const finish = () => {
        if (error !== undefined && error !== null) return reject(error)
        try {
          resolve(JSON.stringify(result === undefined ? null : result) ?? 'null')
        } catch (cause) {
          reject(runtimeError('Runtime.MarshalError', `Unable to stringify response body as json: ${cause.message}`))
        }
      }
      if (waits) current.onEmpty = finish
      else finish()
    }
    current.onEmpty = () => settle(false, null, null)
    const callback = (error, result) => settle(context.callbackWaitsForEmptyEventLoop, error, result)
    context.done = callback
    context.succeed = result => settle(false, null, result)
    context.fail = error => settle(false, error ?? 'handled')
    const returned = handler(event, context, callback)
    if (typeof returned?.then === 'function')
      returned.then(
        result => settle(false, null, result),
        error => {
          settled = true
          reject(error)
        },
      )
  })
}

// Nothing is left to do and the handler has given no result, or waits for this very moment to give it.
process.on('beforeExit', () => {
  const onEmpty = current?.onEmpty
  if (!onEmpty) return
  current.onEmpty = undefined
  onEmpty()
})

/** An error that nothing caught ends the runtime; the event, or the initialisation, gets it as its result. */
async function die(name, error, status) {
  const report =
    name === undefined
      ? describe(error)
      : {
          ...describe(error),
          errorType: name,
          errorMessage: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
        }
  logLine(
    'ERROR',
    `${name === 'Runtime.UnhandledPromiseRejection' ? 'Unhandled Promise Rejection' : 'Uncaught Exception'} \t${logged(report)}`,
  )
  const path = current ? `invocation/${current.requestId}/error` : 'init/error'
  try {
    await call('POST', path, JSON.stringify(report), { 'Lambda-Runtime-Function-Error-Type': report.errorType })
  } finally {
    process.exit(status)
  }
}
process.on('uncaughtException', error => {
  void die(undefined, error, 129)
})
process.on('unhandledRejection', error => {
  void die('Runtime.UnhandledPromiseRejection', error, 128)
})

async function main() {
  let handler
  try {
    handler = await loadHandler(process.env._HANDLER)
  } catch (error) {
    const report = describe(error)
    logLine('ERROR', `Uncaught Exception \t${logged(report)}`)
    await call('POST', 'init/error', JSON.stringify(report), { 'Lambda-Runtime-Function-Error-Type': report.errorType })
    process.exit(1)
  }
  for (;;) {
    const { headers, body } = await call('GET', 'invocation/next')
    const requestId = headers['lambda-runtime-aws-request-id']
    process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id']
    current = { requestId }
    const response = handler[streamed] === undefined ? undefined : responseStream(requestId)
    try {
      if (response !== undefined) {
        await handleStreaming(handler, JSON.parse(body), makeContext(headers, requestId), response)
        continue
      }
      const result = await handle(handler, JSON.parse(body), makeContext(headers, requestId))
      current.onEmpty = undefined
      await call('POST', `invocation/${requestId}/response`, result)
    } catch (error) {
      current.onEmpty = undefined
      const report = describe(error)
      logLine('ERROR', `Invoke Error \t${logged(report)}`)
      if (await response?.fail(report)) continue
      await call('POST', `invocation/${requestId}/error`, JSON.stringify(report), {
        'Lambda-Runtime-Function-Error-Type': report.errorType,
      })
    }
  }
}

main().catch(() => {
  // The Runtime API is gone, and with it the endpoint.
  process.exit(1)
})

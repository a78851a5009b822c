// The probe for Node.js: does what its event tells it. The operations are those of ../README.md; lambda_function.py does the same.
const crypto = require('crypto')
const fs = require('fs')
const http = require('http')
const path = require('path')
const { journal, tell } = require('./journal.js')

const SECRETS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']
const MOST_FILES = 1000
const MOST_FINDINGS = 20
const MOST_BODY = 100000

// One execution environment: these live as long as it does.
const instance = crypto.randomBytes(16).toString('hex')
const counters = new Map()
const findings = []

exports.handler = async function handler(event, context) {
  const isBatch = isMap(event) && Array.isArray(event.Records)
  if (isBatch) await journal(event, context)
  const programs = programsOf(event)
  // A batch may be larger than an answer.
  if (programs === null) return event === undefined || (isBatch && process.env.LAMBDACHECK_JOURNAL) ? null : event
  const results = []
  const batch = { failures: [], state: isMap(event.state) ? event.state : {} }
  for (const { program, record, id } of programs) {
    const ended = await run(program, { context, results, record, id, batch })
    if (ended !== undefined) return ended.with
  }
  if (isBatch && isMap(event.window)) {
    const count = (batch.state.count || 0) + event.Records.length
    return { state: { ...batch.state, count }, batchItemFailures: batch.failures }
  }
  return batch.failures.length === 0 ? { results } : { batchItemFailures: batch.failures }
}

// `{with: value}` when the program says how the call ends.
async function run(program, at) {
  for (const operation of program) {
    const ended = await perform(operation, at)
    if (ended !== undefined) return ended
  }
  return undefined
}

// The event's own program, or those that the records of a queue or stream carry; null when there is none.
function programsOf(event) {
  if (!isMap(event)) return null
  if (Array.isArray(event.do)) return [{ program: event.do, record: null, id: null }]
  if (!Array.isArray(event.Records)) return null
  const programs = []
  for (const record of event.Records) {
    const program = programIn(record)
    if (program !== null) programs.push({ program, record, id: identifierOf(record) })
  }
  if (!isMap(event.window)) return programs.length === 0 ? null : programs
  const last = event.isFinalInvokeForWindow && isMap(event.state) ? event.state.finally : undefined
  if (Array.isArray(last)) programs.push({ program: last, record: null, id: event.window.start })
  return programs
}

// What `batchItemFailures` calls a record.
function identifierOf(record) {
  const { kinesis, dynamodb, messageId } = record
  if (isMap(kinesis)) return kinesis.sequenceNumber
  return isMap(dynamodb) ? dynamodb.SequenceNumber : messageId
}

function programIn(record) {
  if (!isMap(record)) return null
  try {
    const carried = JSON.parse(textIn(record))
    return isMap(carried) && Array.isArray(carried.do) ? carried.do : null
  } catch {
    return null
  }
}

function textIn({ kinesis, dynamodb, body }) {
  if (isMap(kinesis)) return Buffer.from(kinesis.data, 'base64').toString('utf8')
  if (!isMap(dynamodb)) return body
  const item = dynamodb.NewImage || dynamodb.OldImage || dynamodb.Keys
  return item.program.S
}

// `{with: value}` when the program ends here.
async function perform(operation, at) {
  const names = isMap(operation) ? Object.keys(operation) : []
  if (names.length !== 1) throw named('ProbeError', 'an operation is an object with one key')
  const name = names[0]
  const argument = operation[name]
  if (name === 'return') return { with: argument }
  if (name === 'reply') return { with: 'a'.repeat(Math.max(0, argument.bytes - 2)) }
  if (name === 'first') return isFirst(argument, at) ? run(argument.do, at) : undefined
  if (!hasOwn(operations, name)) throw named('ProbeError', `unknown operation ${name}`)
  at.results.push(await operations[name](argument, at.context, at))
  return undefined
}

// Environments come and go: the queue itself counts, and records of streams have an age.
function isFirst({ times, seconds }, { record, id }) {
  if (!isMap(record)) return counted(`first ${id}`) <= times
  const { kinesis, dynamodb, attributes } = record
  if (!isMap(kinesis) && !isMap(dynamodb)) return Number(attributes.ApproximateReceiveCount) <= times
  const since = isMap(kinesis) ? kinesis.approximateArrivalTimestamp : dynamodb.ApproximateCreationDateTime
  return Date.now() / 1000 - since < seconds
}

function counted(key) {
  counters.set(key, (counters.get(key) || 0) + 1)
  return counters.get(key)
}

const operations = {
  throw: error => {
    throw named(error.name, error.message)
  },
  sleep: async ms => {
    await new Promise(resolve => setTimeout(resolve, ms))
    return null
  },
  exit: code => process.exit(code),
  log: text => print(process.stdout, text),
  logError: text => print(process.stderr, text),
  env: names => {
    const values = {}
    for (const name of names === true ? Object.keys(process.env).sort() : names) values[name] = variable(name)
    return values
  },
  context: (_, context) => ({
    functionName: text(context.functionName),
    functionVersion: text(context.functionVersion),
    invokedFunctionArn: text(context.invokedFunctionArn),
    memoryLimitInMB: text(context.memoryLimitInMB),
    awsRequestId: text(context.awsRequestId),
    logGroupName: text(context.logGroupName),
    logStreamName: text(context.logStreamName),
    remainingTimeInMillis: Math.floor(context.getRemainingTimeInMillis()),
    clientContext: clientContext(context.clientContext),
    identity: identity(context.identity),
  }),
  files: root => list(root === true ? process.env.LAMBDA_TASK_ROOT || process.cwd() : root),
  alloc: megabytes => Buffer.alloc(megabytes * 1048576, 1).length / 1048576,
  runtimeApi: request => callRuntimeApi(request),
  count: counted,
  write: target =>
    attempt(() =>
      fs.writeFileSync(isMap(target) ? target.path : target, isMap(target) ? target.text : 'lambdacheck'),
    ) || true,
  read: file => {
    let content = null
    const failed = attempt(() => {
      content = fs.readFileSync(file, 'utf8')
    })
    return failed === null || failed.error === 'ENOENT' ? content : failed
  },
  instance: () => instance,
  clock: () => Date.now(),
  tell: ({ queueUrl, endpoint, text: body }) => tell({ queueUrl, endpoint, body }),
  failItem: (_, __, { id, batch }) => {
    batch.failures.push({ itemIdentifier: id })
    return id
  },
  state: (members, _, { batch }) => {
    Object.assign(batch.state, members)
    return null
  },
  record: (wanted, _, { record }) => {
    const wrong = []
    for (const path of Object.keys(wanted)) {
      const found = textAt(record, path.split('.'))
      if (!new RegExp(`^(?:${wanted[path]})$`, 'su').test(found)) wrong.push(`${path} is ${found}`)
    }
    if (wrong.length === 0) return true
    if (findings.length < MOST_FINDINGS) findings.push(wrong.join('; '))
    throw named('UnexpectedRecord', wrong.join('; '))
  },
  findings: () => findings,
}

// Written when this resolves: an exit that follows loses nothing.
function print(stream, text) {
  return new Promise(resolve => stream.write(`${text}\n`, () => resolve(null)))
}

// Null when it went well.
function attempt(action) {
  try {
    action()
    return null
  } catch (error) {
    return { error: error.code || error.name }
  }
}

// Texts as they are, all else as JSON; null for what is not there.
function textAt(record, path) {
  let value = record
  for (const name of path) value = isMap(value) && hasOwn(value, name) ? value[name] : null
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function variable(name) {
  const value = process.env[name]
  if (value === undefined) return null
  return SECRETS.includes(name) ? '(set)' : value
}

function clientContext(given) {
  if (!isMap(given)) return null
  return { custom: either(given.custom, given.Custom), env: either(given.env, given.Env) }
}

function identity(given) {
  if (!isMap(given) || !given.cognitoIdentityId) return null
  return {
    cognitoIdentityId: given.cognitoIdentityId,
    cognitoIdentityPoolId: either(given.cognitoIdentityPoolId, null),
  }
}

function list(root) {
  const found = []
  const visit = folder => {
    for (const entry of fs.readdirSync(path.join(root, folder), { withFileTypes: true })) {
      const relative = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) visit(relative)
      else found.push(relative)
    }
  }
  const failed = attempt(() => visit(''))
  if (failed !== null) return failed.error === 'ENOENT' ? [] : failed
  return found.sort().slice(0, MOST_FILES)
}

function callRuntimeApi(wanted) {
  const [host, port] = String(process.env.AWS_LAMBDA_RUNTIME_API).split(':')
  const body =
    wanted.body === undefined || wanted.body === null
      ? ''
      : typeof wanted.body === 'string'
        ? wanted.body
        : JSON.stringify(wanted.body)
  const options = {
    host,
    port: port || 80,
    method: wanted.method || 'GET',
    path: wanted.path,
    headers: { ...wanted.headers, 'content-length': Buffer.byteLength(body) },
    agent: false,
    timeout: 5000,
  }
  return new Promise(resolve => {
    const request = http.request(options, response => {
      const chunks = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8').slice(0, MOST_BODY),
        }),
      )
    })
    request.on('timeout', () => request.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })))
    request.on('error', error => resolve({ error: error.code || error.name }))
    request.end(body)
  })
}

function named(name, message) {
  const error = new Error(message)
  error.name = name
  return error
}

function text(value) {
  return value === undefined || value === null ? null : String(value)
}

function either(first, second) {
  if (first !== undefined && first !== null) return first
  return second === undefined ? null : second
}

/** The shorter way is not known to Node.js 14. */
function hasOwn(value, name) {
  return Object.prototype.hasOwnProperty.call(value, name)
}

function isMap(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

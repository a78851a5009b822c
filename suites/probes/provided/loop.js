// Serves invocations over the Runtime API with the probe for Node.js.
const http = require('http')
const { handler } = require('./index.js')

const [host, port] = String(process.env.AWS_LAMBDA_RUNTIME_API).split(':')
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })

function call(method, path, headers, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host, port: port || 80, method, path: `/2018-06-01/runtime${path}`, headers, agent },
      response => {
        const chunks = []
        response.on('data', chunk => chunks.push(chunk))
        response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }))
        response.on('error', reject)
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}

function contextOf(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms'])
  return {
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    clientContext: json(headers['lambda-runtime-client-context']),
    identity: json(headers['lambda-runtime-cognito-identity']),
    getRemainingTimeInMillis: () => deadline - Date.now(),
  }
}

function json(text) {
  try {
    return text ? JSON.parse(text) : undefined
  } catch {
    return undefined
  }
}

async function serve() {
  for (;;) {
    const { headers, body } = await call('GET', '/invocation/next', {}, undefined)
    const id = headers['lambda-runtime-aws-request-id']
    const trace = headers['lambda-runtime-trace-id']
    if (trace) process.env._X_AMZN_TRACE_ID = trace
    else delete process.env._X_AMZN_TRACE_ID
    try {
      const result = await handler(body === '' ? null : JSON.parse(body), contextOf(headers))
      await answer(id, 'response', {}, result === undefined ? null : result)
    } catch (error) {
      const trace = String(error.stack).split('\n').slice(1, 10)
      const type = { 'lambda-runtime-function-error-type': headerText(error.name) }
      await answer(id, 'error', type, { errorType: error.name, errorMessage: error.message, stackTrace: trace })
    }
  }
}

function answer(id, kind, headers, value) {
  return call(
    'POST',
    `/invocation/${id}/${kind}`,
    { ...headers, 'content-type': 'application/json' },
    JSON.stringify(value),
  )
}

function headerText(name) {
  return String(name)
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 100)
}

serve().catch(error => {
  process.stderr.write(`${error.stack}\n`)
  process.exit(1)
})

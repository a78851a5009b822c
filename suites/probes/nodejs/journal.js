// Tells a queue what the function was called with, so that a property can compare it: functions called by a mapping answer nobody.
const crypto = require('crypto')
const http = require('http')
const https = require('https')

// A message may have 256 KB; of larger events only their size is told.
const MOST_BYTES = 200000
const WAIT_MS = 4000

// `LAMBDACHECK_JOURNAL`: the url of the queue, and after a blank the url of the endpoint, where another way to the queue is wanted.
exports.journal = async function journal(event, context) {
  const [queueUrl, endpoint] = String(process.env.LAMBDACHECK_JOURNAL || '').split(' ')
  if (!queueUrl) return null
  const bytes = Buffer.byteLength(JSON.stringify(event === undefined ? null : event))
  const entry = {
    at: Date.now(),
    id: crypto.randomBytes(8).toString('hex'),
    requestId: context.awsRequestId,
    arn: context.invokedFunctionArn,
    bytes,
  }
  return tell({ queueUrl, endpoint, body: JSON.stringify(bytes > MOST_BYTES ? entry : { ...entry, event }) })
}

// Resolves with the status of the first answer; throws when nobody answers.
async function tell({ queueUrl, endpoint, body }) {
  const places = [process.env.AWS_ENDPOINT_URL_SQS, process.env.AWS_ENDPOINT_URL, queueUrl, endpoint].filter(Boolean)
  let trouble
  for (const place of places) {
    try {
      return await send(new URL(place), JSON.stringify({ QueueUrl: queueUrl, MessageBody: body }))
    } catch (error) {
      trouble = error
    }
  }
  trouble.name = 'JournalUnreachable'
  throw trouble
}
exports.tell = tell

function send(url, body) {
  const headers = sign(url.host, body)
  const options = {
    method: 'POST',
    host: url.hostname,
    port: url.port || undefined,
    path: '/',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    agent: false,
    timeout: WAIT_MS,
  }
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request(options, response => {
      response.resume()
      response.on('end', () =>
        response.statusCode === 200
          ? resolve(response.statusCode)
          : reject(new Error(`${url.host} answered ${response.statusCode}`)),
      )
    })
    request.on('timeout', () => request.destroy(new Error(`${url.host} did not answer`)))
    request.on('error', reject)
    request.end(body)
  })
}

// Signature version 4 with the credentials of the role.
function sign(host, body) {
  const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '')
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    host,
    'x-amz-date': time,
    ...(process.env.AWS_SESSION_TOKEN && { 'x-amz-security-token': process.env.AWS_SESSION_TOKEN }),
    'x-amz-target': 'AmazonSQS.SendMessage',
  }
  const names = Object.keys(headers).sort()
  const lines = names.map(name => `${name}:${headers[name]}\n`).join('')
  const scope = `${time.slice(0, 8)}/${process.env.AWS_REGION}/sqs/aws4_request`
  const request = `POST\n/\n\n${lines}\n${names.join(';')}\n${sha256(body)}`
  const parts = scope.split('/')
  const key = parts.reduce((last, part) => hmac(last, part), `AWS4${process.env.AWS_SECRET_ACCESS_KEY}`)
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(request)}`).toString('hex')
  const credential = `${process.env.AWS_ACCESS_KEY_ID}/${scope}`
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  }
}

function sha256(text) {
  return crypto.createHash('sha256').update(text).digest('hex')
}

function hmac(key, text) {
  return crypto.createHmac('sha256', key).update(text).digest()
}

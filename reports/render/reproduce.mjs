import crypto from 'node:crypto'
import http from 'node:http'
import https from 'node:https'

const REPORT = {}
const STEPS = []

const { env } = process
const base = new URL(env.LAMBDACHECK_URL || REPORT.url)
const basePath = base.pathname.replace(/\/$/, '')
const region = env.LAMBDACHECK_REGION || REPORT.region
const credentials = {
  id: env.AWS_ACCESS_KEY_ID || 'test',
  secret: env.AWS_SECRET_ACCESS_KEY || 'test',
  token: env.AWS_SESSION_TOKEN,
}
const BUSY_MS = 60_000
const TIMEOUT_MS = 60_000

// A name of its own for every run, of the kind that `lambdacheck clean` knows.
const random = crypto.randomBytes(8).readBigUInt64BE().toString(36).padStart(5, '0').slice(-5)
const check = crypto.createHash('sha256').update(`lambdacheck-${random}`).digest().readUInt32BE().toString(36)
const run = `lambdacheck-${random}${check.padStart(3, '0').slice(-3)}`
const values = {
  RUN: run,
  RUN_: run.replace('-', '_'),
  URL: base.origin + basePath,
  PORT: base.port || (base.protocol === 'https:' ? '443' : '80'),
}

const filled = text => text.replace(/\{\{(\w+)\}\}/g, (whole, name) => values[name] ?? whole)
const pause = ms => new Promise(resolve => setTimeout(resolve, ms))
const hash = data => crypto.createHash('sha256').update(data).digest('hex')
const hmac = (key, data) => crypto.createHmac('sha256', key).update(data).digest()
const encode = text =>
  encodeURIComponent(text).replace(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

// Signature Version 4.
function signed(method, path, query, given, body, service) {
  const date = new Date().toISOString().replace(/[:-]|\.\d{3}/g, '')
  const headers = { ...given, host: base.host, 'x-amz-date': date, 'x-amz-content-sha256': hash(body) }
  if (credentials.token) headers['x-amz-security-token'] = credentials.token
  const names = Object.keys(headers).sort()
  const segments = []
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(encode(segment))
  }
  const canonical = [
    method,
    `/${segments.join('/')}${segments.length > 0 && path.endsWith('/') ? '/' : ''}`,
    query
      .split('&')
      .filter(pair => pair !== '')
      .map(pair => {
        const [name, value = ''] = pair.split(/=(.*)/s).map(decodeURIComponent)
        return `${encode(name)}=${encode(value)}`
      })
      .sort()
      .join('&'),
    ...names.map(name => `${name}:${String(headers[name]).trim().replace(/\s+/g, ' ')}`),
    '',
    names.join(';'),
    hash(body),
  ].join('\n')
  const scope = `${date.slice(0, 8)}/${region}/${service}/aws4_request`
  const key = [region, service, 'aws4_request'].reduce(hmac, hmac(`AWS4${credentials.secret}`, date.slice(0, 8)))
  const signature = hmac(key, ['AWS4-HMAC-SHA256', date, scope, hash(canonical)].join('\n')).toString('hex')
  headers.authorization = `AWS4-HMAC-SHA256 Credential=${credentials.id}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`
  return headers
}

function sendOnce(step) {
  const [path, query = ''] = filled(step.target).split(/\?(.*)/s)
  const body = Buffer.from(filled(step.body ?? ''), step.base64 ? 'base64' : 'utf8')
  const whole = `${basePath}${path}`
  const headers = step.unsigned
    ? { ...step.headers, host: base.host }
    : signed(step.method, whole, query, step.headers, body, step.service)
  return new Promise((resolve, reject) => {
    const request = (base.protocol === 'https:' ? https : http).request(
      {
        hostname: base.hostname.replace(/^\[|\]$/g, ''),
        port: values.PORT,
        method: step.method,
        path: `${whole}${query === '' ? '' : `?${query}`}`,
        headers: { ...headers, 'content-length': body.length },
        timeout: TIMEOUT_MS,
      },
      response => {
        const chunks = []
        response.on('data', chunk => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => resolve(answerOf(response, Buffer.concat(chunks).toString('utf8'))))
      },
    )
    request.on('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)))
    request.on('error', reject)
    request.end(body)
  })
}

function answerOf({ statusCode: status, headers }, body) {
  const json = parsed(body)
  const named = headers['x-amzn-errortype'] ?? (status >= 400 ? (json?.__type ?? json?.code ?? json?.Type) : undefined)
  const error = named === undefined ? undefined : String(named).replace(/:.*/s, '').replace(/^.*#/, '')
  return { status, headers, body, json, error }
}

// What is still being made or updated is waited for, unless the report has that very conflict.
async function send(step) {
  const end = Date.now() + BUSY_MS
  for (;;) {
    const answer = await sendOnce(step)
    const busy = answer.status === 409 && step.came !== 409
    if (!busy || Date.now() > end) return answer
    await pause(500)
  }
}

const parsed = text => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
const at = (value, path) =>
  path.split('.').reduce((one, name) => {
    const inside = typeof one === 'string' ? parsed(one) : one
    return inside === null || typeof inside !== 'object' ? undefined : inside[name]
  }, value)

function take(step, answer) {
  for (const [name, path] of Object.entries(step.take ?? {})) {
    const value = at(answer.json, path)
    if (typeof value === 'string' || typeof value === 'number') values[name] = String(value)
  }
}

// As the report writes values, without what differs between two runs.
const alike = text =>
  text
    .replace(/lambdacheck[-_][0-9a-z]{8}[\w-]*/g, '#')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '#')
    .replace(/\d{4}-\d\d-\d\dT[\d:.+Z-]*|:\d{4,5}\//g, '#')
const shown = value => (value === undefined ? 'nothing' : JSON.stringify(value))

/** Undefined where nobody can tell. */
function stillFails({ status, error, json, headers }) {
  const { refusals, status: was, error: named, path, actual } = REPORT
  if (refusals.length > 0) return !refusals.some(one => one.error === error && (!one.status || one.status === status))
  if (status !== was || error !== named) return status >= 400
  if (path === undefined) return true
  const header = path.startsWith('$headers.')
    ? path.slice(9)
    : `x-amz-${path.replace(/(?!^)[A-Z]/g, '-$&')}`.toLowerCase()
  const inner = path.replace(/^Payload\.?/, '')
  const seen = headers[header] ?? (inner === '' ? json : at(json, inner))
  if (alike(shown(seen)).slice(0, 200) === alike(actual).slice(0, 200)) return true
  return undefined
}

const line = (mark, part, { name }, { status, error }, was) =>
  console.log(`${mark} ${part.padEnd(9)} ${name.padEnd(34)} ${status}${error ? ` ${error}` : ''}${was}`)

async function reproduce() {
  console.log(`${REPORT.id}\n  ${REPORT.clause}\n  expected ${REPORT.expected}\n  came     ${REPORT.came}\n`)
  let last
  for (const step of STEPS.filter(one => one.part !== 'clean-up')) {
    if (step.pauseMs) await pause(step.pauseMs)
    last = await send(step)
    take(step, last)
    const same = last.status === step.came
    line(same ? ' ' : '!', step.part, step, last, same ? '' : ` (the report has ${step.came})`)
    if (step.part === 'set-up' && last.status >= 300) {
      console.log(last.body.slice(0, 1000))
      return 2
    }
  }
  const patience = Date.now() + (REPORT.patienceMs ?? 0)
  const looked = STEPS.filter(one => one.part === 'case').at(-1)
  while (looked.method === 'GET' && stillFails(last) === true && Date.now() < patience) {
    await pause(1000)
    last = await send(looked)
  }
  console.log(`\n${last.status} ${last.error ?? ''}\n${last.body.slice(0, 2000)}\n`)
  const fails = stillFails(last)
  if (fails === undefined) {
    console.log('It is not as the report says any more; whether it is right now, the replay of the report tells.')
    return 0
  }
  console.log(fails ? 'It still fails.' : 'It does not fail any more.')
  return fails ? 1 : 0
}

async function cleanUp() {
  if (env.KEEP === '1') {
    console.log(`Kept: what begins with ${run}; \`lambdacheck clean --endpoint ${base.href}\` removes it.`)
    return
  }
  for (const step of STEPS.filter(one => one.part === 'clean-up')) {
    try {
      const answer = await send(step)
      line(answer.status < 300 || answer.status === 404 ? ' ' : '!', step.part, step, answer, '')
    } catch (error) {
      console.log(`! clean-up  ${step.name}: ${error.message}`)
    }
  }
}

try {
  process.exitCode = await reproduce()
} catch (error) {
  console.log(`${base.href} cannot be asked: ${error.message}`)
  process.exitCode = 2
} finally {
  await cleanUp()
}

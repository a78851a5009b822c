import { mkdtempSync, mkdirSync, rmSync, writeFileSync, chmodSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freePort } from './free-port.ts'
import { startEndpoint } from './start.ts'

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'lambdacheck-start-'))
})
afterEach(() => rmSync(cwd, { recursive: true, force: true }))

const SERVER = `
import { createServer } from 'node:http'
const seen = []
createServer((request, response) => {
  let body = ''
  request.on('data', (chunk) => (body += chunk)).on('end', () => {
    seen.push([request.method, request.url, request.headers['content-type'], body])
    response.end(JSON.stringify(seen))
  })
}).listen(Number(process.env.PORT), '127.0.0.1', function () { console.log('at http://127.0.0.1:' + this.address().port) })
`

test('the url may come from the output, and what is to be set up is sent', async () => {
  writeFileSync(path.join(cwd, 'server.mjs'), SERVER)
  const setup = [
    { path: '/config', body: { docker: false } },
    { method: 'PUT', path: '/form', headers: { 'content-type': 'text/plain' }, body: 'a=b' },
  ]
  const started = await startEndpoint(
    {
      url: 'http://127.0.0.1:0',
      start: { command: 'node server.mjs', env: { PORT: '0' }, ready: { log: 'at (?<url>\\S+)' }, setup },
    },
    cwd,
  )
  try {
    expect(started.ended()).toBeUndefined()
    const seen = (await (await fetch(started.url)).json()) as unknown[]
    expect(seen).toEqual([
      ['POST', '/config', 'application/json', '{"docker":false}'],
      ['PUT', '/form', 'text/plain', 'a=b'],
      ['GET', '/', null, ''],
    ])
  } finally {
    await started.stop()
  }
  await expect(fetch(started.url)).rejects.toThrow()
})

test('a port that listens is ready, and one that listens before is somebody else', async () => {
  writeFileSync(path.join(cwd, 'server.mjs'), SERVER)
  const port = await freePort()
  const config = {
    url: `http://127.0.0.1:${port}`,
    start: { command: 'node server.mjs', env: { PORT: String(port) }, ready: { port } },
  }
  const started = await startEndpoint(config, cwd)
  await expect(startEndpoint(config, cwd)).rejects.toThrow(/something already answers/)
  await started.stop()
})

test('a free port is chosen where the url leaves it open', async () => {
  writeFileSync(path.join(cwd, 'server.mjs'), SERVER)
  const config = {
    url: 'http://127.0.0.1:0/base',
    start: { command: 'PORT=$PORT node server.mjs --at $SAID', env: { SAID: 'p${PORT}' } },
  }
  const started = await Promise.all([startEndpoint(config, cwd), startEndpoint(config, cwd)])
  for (const one of started) {
    expect(one.url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d+\/base$/)
    expect((await fetch(one.url)).status).toBe(200)
    await one.stop()
  }
  expect(started[0]!.url).not.toBe(started[1]!.url)
})

test('programs of the project are found, from the folder upwards', async () => {
  mkdirSync(path.join(cwd, 'node_modules', '.bin'), { recursive: true })
  mkdirSync(path.join(cwd, '.venv', 'bin'), { recursive: true })
  mkdirSync(path.join(cwd, 'below'))
  for (const [file, text] of [
    ['node_modules/.bin/ours', 'yes'],
    ['.venv/bin/theirs', 'too'],
  ] as const) {
    writeFileSync(path.join(cwd, file), `#!/bin/sh\necho ${text}\n`)
    chmodSync(path.join(cwd, file), 0o755)
  }
  const started = await startEndpoint(
    {
      url: 'http://127.0.0.1:1',
      start: { command: 'ours; theirs; sleep 30', cwd: 'below', ready: { log: '^yes\\ntoo$' } },
    },
    cwd,
  )
  await started.stop()
  expect(started.ended()).toMatch(/^ended with exit code|^was ended by/)
})

test.each([
  ['exit 3', /ended with exit code 3 before it was ready\. It wrote nothing\./],
  ['printf "\\033[31mred\\033[0m\\001 alert\\n" >&2; exit 1', /\| red alert/],
  ['no-such-program', /ended with exit code 127[^]*no-such-program/],
])('%s is told as it is', async (command, message) => {
  await expect(
    startEndpoint({ url: 'http://127.0.0.1:1', start: { command, ready: { log: 'never' } } }, cwd),
  ).rejects.toThrow(message)
})

test('a refused setup is told', async () => {
  writeFileSync(path.join(cwd, 'server.mjs'), SERVER.replace('response.end(', 'response.writeHead(500).end('))
  const start = {
    command: 'node server.mjs',
    env: { PORT: '0' },
    ready: { log: 'at (?<url>\\S+)' },
    setup: [{ path: '/config' }],
  }
  await expect(startEndpoint({ url: 'http://127.0.0.1:0', start }, cwd)).rejects.toThrow(
    /start\.setup: POST \/config answered 500/,
  )
})

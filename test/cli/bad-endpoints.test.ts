import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Evidence } from '../../reports/evidence.ts'
import {
  babblingServer,
  CONSTANT_ANSWERS,
  constantServer,
  hangingServer,
  resettingServer,
  serving,
  type BadServer,
} from './bad-servers.ts'
import { builtFolder } from './built-folder.ts'
import { ROOT, runCli, startCli, type CliEnd } from './run-cli.ts'

const here = builtFolder('bad')

interface Tried extends CliEnd {
  readonly evidence: Evidence | undefined
}

async function certify(url: string, args: readonly string[] = []): Promise<Tried> {
  const cwd = mkdtempSync(path.join(here.root, 'p-'))
  const end = await runCli(['certify', '--endpoint', url, '--seed', '1', '--runs', '2', '--budget', '40s', ...args], {
    cwd,
  })
  return { ...end, evidence: evidenceIn(cwd) }
}

function evidenceIn(cwd: string): Evidence | undefined {
  try {
    return JSON.parse(readFileSync(path.join(cwd, 'lambdacheck-report', 'evidence.json'), 'utf8')) as Evidence
  } catch {
    return undefined
  }
}

async function against<T>(server: Promise<BadServer>, check: (server: BadServer) => Promise<T>): Promise<T> {
  const one = await server
  try {
    return await check(one)
  } finally {
    await one.close()
  }
}

describe('a server that gives one answer to everything is certified for nothing', () => {
  test.concurrent.each(Object.keys(CONSTANT_ANSWERS))('%s', { timeout: 120_000 }, name =>
    against(constantServer(CONSTANT_ANSWERS[name]!), async server => {
      const { code, evidence, ms, stderr } = await certify(server.url)
      expect(stderr).not.toContain('defect')
      expect(code).toBe(1)
      expect(evidence?.profiles.filter(one => one.certified)).toEqual([])
      expect(evidence?.results.length).toBeGreaterThan(500)
      if (name !== 'an echo') expect(evidence?.notes.join('\n')).toContain('answers every request alike')
      expect(ms).toBeLessThan(110_000)
    }),
  )
})

describe('an endpoint that cannot be reached', () => {
  test.concurrent('refuses connections', async () => {
    const server = await hangingServer()
    await server.close()
    const end = await certify(server.url)
    expect(end.stderr).toMatch(/cannot be reached: .*refused/)
    expect(end.code).toBe(3)
  })

  test.concurrent.each([
    ['hangs', hangingServer, /cannot be reached: .*timeout/],
    ['resets', resettingServer, /cannot be reached: .*reset/],
    ['speaks something else', babblingServer, /cannot be reached: .*protocol/],
  ] as const)('%s', { timeout: 60_000 }, (_, make, message) =>
    against(make(), async server => {
      const end = await certify(server.url)
      expect(end.stderr).toMatch(message)
      expect(end.stdout).toBe('')
      expect(end.code).toBe(3)
      expect(end.ms).toBeLessThan(40_000)
    }),
  )

  test.concurrent('has a certificate that nobody vouches for', () =>
    against(
      serving(
        createTlsServer({ key: TLS_KEY, cert: TLS_CERTIFICATE }, (_, response) => response.end('{}')) as never,
        () => 0,
      ),
      async server => {
        const end = await certify(server.url.replace('http:', 'https:'))
        expect(end.stderr).toMatch(/cannot be reached: .*certificate/)
        expect(end.code).toBe(3)
      },
    ))

  test.concurrent('does not speak TLS', () =>
    against(constantServer(CONSTANT_ANSWERS['200 {}']!), async server => {
      const end = await certify(server.url.replace('http:', 'https:'))
      expect(end.stderr).toMatch(/cannot be reached: .*tls/i)
      expect(end.code).toBe(3)
    }))

  test.concurrent('redirects', () =>
    against(
      constantServer((_, response) => response.writeHead(301, { location: 'https://example.org/\u009b31mred' }).end()),
      async server => {
        const end = await certify(server.url)
        expect(end.stderr).toMatch(/redirects to .* \(301\)/)
        expect(end.stderr).not.toContain('\u009b')
        expect(end.code).toBe(3)
      },
    ))
})

test.concurrent('an endpoint with endless answers is read only so far', { timeout: 120_000 }, () => {
  const chunk = Buffer.alloc(1024 * 1024, 'a')
  const flood = createServer((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(100 * chunk.length) })
    let left = 100
    const more = (): void => {
      while (left-- > 0) if (!response.write(chunk)) return void response.once('drain', more)
      response.end()
    }
    response.on('error', () => {})
    more()
  })
  return against(
    serving(flood, () => 0),
    async server => {
      const { code, evidence, ms } = await certify(server.url, ['--profile', 'tags'])
      expect(code).toBe(1)
      expect(evidence?.results.filter(one => one.verdict === 'pass')).toEqual([])
      expect(evidence?.profiles.every(one => !one.certified)).toBe(true)
      expect(ms).toBeLessThan(100_000)
    },
  )
})

describe('an endpoint that dies on the way', () => {
  test.concurrent('ends in verdicts, and what is left is said', { timeout: 150_000 }, async () => {
    const cwd = mkdtempSync(path.join(here.root, 'p-'))
    const endpoint = startCli(['serve', '--port', '0'], { cwd })
    const url = await endpoint.said(/listening on (\S+)/)
    const run = startCli(['certify', '--endpoint', url, '--seed', '1', '--runs', '2'], { cwd })
    await run.saw(/^\d+\/\d+/m)
    endpoint.kill('SIGKILL')
    const end = await run.end
    const evidence = evidenceIn(cwd)
    expect(end.code).toBe(1)
    expect(end.stderr).not.toContain('defect')
    expect(evidence?.profiles.every(one => !one.certified)).toBe(true)
    expect(evidence?.results.some(one => one.verdict === 'inconclusive')).toBe(true)
    expect(evidence?.results.filter(one => one.verdict === 'fail' && /refused|reset/.test(one.reason ?? ''))).toEqual(
      [],
    )
    expect(end.ms).toBeLessThan(120_000)
  })

  test.concurrent('that we started ourselves: its last words are in the notes', { timeout: 150_000 }, async () => {
    const cwd = mkdtempSync(path.join(here.root, 'p-'))
    writeFileSync(path.join(cwd, 'dying.mjs'), DYING_SERVER)
    writeFileSync(
      path.join(cwd, 'dying.yaml'),
      "url: http://127.0.0.1:0\nstart:\n  command: node dying.mjs\n  ready: {log: 'serving on (?<url>\\S+)'}\n",
    )
    const end = await runCli(['certify', '--endpoint', 'dying.yaml', '--profile', 'tags', '--seed', '1'], { cwd })
    expect(end.code).toBe(1)
    const notes = evidenceIn(cwd)?.notes.join('\n')
    expect(notes).toContain('The endpoint ended during the run')
    expect(notes).toContain('out of memory, sorry')
  })
})

/** The embedded endpoint behind a door that falls shut for good after three hundred requests. */
const DYING_SERVER = `
import { createServer, request as send } from 'node:http'
import { startReference } from ${JSON.stringify(path.join(ROOT, 'dist/reference/server.js'))}

const { url } = await startReference()
let left = 300
const server = createServer((incoming, outgoing) => {
  if (left-- === 0) {
    console.error('out of memory, sorry')
    process.exit(1)
  }
  const inner = send(url + incoming.url, { method: incoming.method, headers: incoming.headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers)
    answer.pipe(outgoing)
  })
  incoming.pipe(inner)
})
server.listen(0, '127.0.0.1', () => console.log('serving on http://127.0.0.1:' + server.address().port))
`

/** Made for this test, known to nobody. */
const TLS_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgXJno8WT3tW/pGzlZ
4ch1y+6ZoBtIp+xOxbeBC/Kfm5qhRANCAAQAHsEgwi3YvJ+gwo0Z/l008rEQ2Ppe
p8fRUAQ/awTVVpKf+bt9WY2NLf3HP/Hr9zLVbkumrufDf9HhglLuIH1R
-----END PRIVATE KEY-----
`
const TLS_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBfzCCASWgAwIBAgIUALJEHlij3LcjfBHsorJYkgJl3kkwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNDExNTUzN1oYDzIxMjYxMDMx
MTE1NTM3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQAHsEgwi3YvJ+gwo0Z/l008rEQ2Ppep8fRUAQ/awTVVpKf+bt9WY2N
Lf3HP/Hr9zLVbkumrufDf9HhglLuIH1Ro1MwUTAdBgNVHQ4EFgQUAgZmEo+/vnBL
qeAIxwH3qSWcZEowHwYDVR0jBBgwFoAUAgZmEo+/vnBLqeAIxwH3qSWcZEowDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiA346EzBLS6IsusZ5AKoimD
b6PHBrG4NaRSg52017EdSwIhAPxHyE4jVeG555/4lDKTEZTg5cDIA1LBz8Cg0v6z
cfnS
-----END CERTIFICATE-----
`

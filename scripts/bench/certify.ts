/** What a run costs: the pages, the suites, and our own share of a request. */
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request } from 'undici'
import { refuseBrowsers } from '../../base/refuse-browsers.ts'
import type { Evidence } from '../../reports/evidence.ts'
import { measure, table } from './measure.ts'

const root = new URL('../..', import.meta.url).pathname
const cli = join(root, 'bin/lambdacheck.js')

export async function benchCertify(): Promise<string[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'lambdacheck-bench-'))
  try {
    const pages = await measure([
      'node',
      '--input-type=module',
      '-e',
      `
      import { compileSpec, ownPagesFolder } from ${JSON.stringify(join(root, 'dist/spec/compiler/compile.js'))}
      compileSpec(ownPagesFolder())
      const times = []
      for (let i = 0; i < 5; i++) { const t = performance.now(); compileSpec(ownPagesFolder()); times.push(performance.now() - t) }
      console.log(times.sort((a, b) => a - b)[2])`,
    ])
    const loaded = await measure([
      'node',
      '--input-type=module',
      '-e',
      `
      import { loadSpec } from ${JSON.stringify(join(root, 'dist/spec/compiler/compile.js'))}
      const t = performance.now(); loadSpec(); console.log(performance.now() - t)`,
    ])
    const smoke = await measure(['node', cli, 'certify', '--smoke', '--seed', '1', '--out', join(scratch, 'smoke')])
    const full = await measure(['node', cli, 'certify', '--seed', '1', '--out', join(scratch, 'full')])
    const evidence = JSON.parse(readFileSync(join(scratch, 'full/evidence.json'), 'utf8')) as Evidence
    const share = await ownShare(scratch)
    return [
      table('The pages', [
        { what: 'compile all pages, warm', figure: `${Number(pages.stdout).toFixed(0)} ms`, aim: '< 300 ms' },
        { what: 'load the compiled specification, fresh process', figure: `${Number(loaded.stdout).toFixed(0)} ms` },
      ]),
      table('A run on the embedded endpoint', [
        { what: '--smoke, whole command', figure: `${smoke.wall.toFixed(1)} s`, aim: '< 10 s' },
        { what: 'everything, whole command', figure: `${full.wall.toFixed(1)} s`, aim: '< 60 s' },
        { what: 'cases a second', figure: (evidence.results.length / full.wall).toFixed(0) },
        { what: 'requests a second', figure: (evidence.requests / full.wall).toFixed(0) },
        { what: 'memory of all its processes at the most', figure: `${full.peak.toFixed(0)} MiB`, aim: '< 500 MiB' },
      ]),
      table('Our own CPU for a request (yardstick: a bare loop of undici that sends the same requests)', [
        { what: 'bare loop', figure: `${share.bare.toFixed(2)} ms`, ratio: '1.0' },
        { what: 'everything', figure: `${share.whole.toFixed(2)} ms`, ratio: (share.whole / share.bare).toFixed(1) },
        { what: 'what is ours of it', figure: `${(share.whole - share.bare).toFixed(2)} ms`, aim: '<= 1 ms' },
        { what: 'one profile', figure: `${share.short.toFixed(2)} ms`, ratio: (share.short / share.bare).toFixed(1) },
      ]),
    ]
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

interface Sent {
  readonly method: string
  readonly path: string
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

/** Milliseconds of CPU for a request. */
interface Share {
  /** In a run with all cases. */
  readonly whole: number
  /** In a run with one profile, most of which the compiler of JavaScript has not seen yet. */
  readonly short: number
  readonly bare: number
}

/**
 * Runs against an endpoint in a process of its own, behind a proxy that notes the requests; then sends these with
 * nothing around them.
 */
async function ownShare(scratch: string): Promise<Share> {
  const endpoint = spawn('node', [cli, 'serve', '--port', '0'], { stdio: ['ignore', 'pipe', 'ignore'] })
  const url = await new Promise<string>(resolve =>
    endpoint.stdout.on('data', (chunk: Buffer) => {
      const found = /https?:\/\/\S+/.exec(chunk.toString())
      if (found) resolve(found[0])
    }),
  )
  const sent: Sent[] = []
  const proxy = createServer((incoming, outgoing) => {
    const browser = refuseBrowsers(incoming)
    if (browser) return outgoing.writeHead(browser.status).end(browser.message)
    const chunks: Buffer[] = []
    incoming
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', async () => {
        const body = Buffer.concat(chunks)
        const headers = Object.fromEntries(
          Object.entries(incoming.headers).filter(
            ([name]) => !/^(connection|host|content-length|transfer-encoding)$/.test(name),
          ),
        ) as Record<string, string>
        sent.push({
          method: incoming.method ?? 'GET',
          path: incoming.url ?? '/',
          headers,
          body: body.toString('base64'),
        })
        try {
          const answer = await request(url + incoming.url, {
            method: incoming.method as 'GET',
            headers,
            ...(body.length > 0 ? { body } : {}),
          })
          outgoing.writeHead(answer.statusCode, answer.headers as Record<string, string>)
          outgoing.end(Buffer.from(await answer.body.arrayBuffer()))
        } catch {
          outgoing.destroy()
        }
      })
  })
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve))
  try {
    const through = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    const idle = await measure([
      'node',
      cli,
      'certify',
      '--endpoint',
      through,
      '--clause',
      'no.such.clause*',
      '--seed',
      '1',
      '--out',
      join(scratch, 'idle'),
    ])
    const before = sent.length
    const run = await measure([
      'node',
      cli,
      'certify',
      '--endpoint',
      through,
      '--profile',
      'aliases',
      '--seed',
      '1',
      '--out',
      join(scratch, 'share'),
    ])
    const mine = sent.slice(before)
    const list = join(scratch, 'requests.json')
    writeFileSync(list, JSON.stringify(mine))
    const script = join(root, 'scripts/bench/bare-loop.mjs')
    const bareIdle = await measure(['node', script, url, list, '0'])
    const bare = await measure(['node', script, url, list, String(mine.length)])
    // Without the proxy: that would have to keep tens of thousands of requests.
    const folder = join(scratch, 'whole')
    const all = await measure(['node', cli, 'certify', '--endpoint', url, '--seed', '1', '--out', folder])
    const { requests } = JSON.parse(readFileSync(join(folder, 'evidence.json'), 'utf8')) as Evidence
    return {
      whole: ((all.cpu - idle.cpu) * 1000) / requests,
      short: ((run.cpu - idle.cpu) * 1000) / mine.length,
      bare: ((bare.cpu - bareIdle.cpu) * 1000) / mine.length,
    }
  } finally {
    proxy.close()
    proxy.closeAllConnections()
    endpoint.kill('SIGTERM')
  }
}

import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { isRunning } from '../../base/is-running.ts'
import { endpointFolders } from '../../test/support/endpoint-folders.ts'
import { deploy, requester, run } from '../../test/support/reference-client.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const folder = mkdtempSync(join(tmpdir(), 'lambdacheck-serve-test-'))
const script = join(folder, 'serve.mts')
writeFileSync(
  script,
  `
  import { Command } from ${JSON.stringify(join(root, 'node_modules', 'commander', 'esm.mjs'))}
  import { registerServe } from ${JSON.stringify(join(root, 'cli', 'commands', 'serve.ts'))}
  const program = new Command('lambdacheck')
  registerServe(program)
  await program.parseAsync(process.argv)
`,
)
const started = new Set<ChildProcess>()
afterAll(() => {
  for (const child of started) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

interface Served {
  readonly child: ChildProcess
  readonly output: () => string
  readonly errors: () => string
  readonly ended: Promise<{ readonly code: number | null }>
}

function serve(...args: readonly string[]): Served {
  const child = spawn(
    process.execPath,
    [join(root, 'node_modules', 'jiti', 'lib', 'jiti-cli.mjs'), script, 'serve', ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  started.add(child)
  let output = ''
  let errors = ''
  child.stdout.on('data', chunk => {
    output += chunk
  })
  child.stderr.on('data', chunk => {
    errors += chunk
  })
  return {
    child,
    output: () => output,
    errors: () => errors,
    ended: once(child, 'close').then(([code]) => ({ code: code as number | null })),
  }
}

async function urlOf(served: Served): Promise<string> {
  for (;;) {
    const url = /http:\/\/\S+/.exec(served.output())?.[0]
    if (url !== undefined) return url
    if (served.child.exitCode !== null) throw new Error(served.errors())
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

const showsItself = {
  'index.js': 'exports.handler = async event => { if (event.busy) for (;;); return process.pid }',
}

async function isGone(pid: number): Promise<boolean> {
  for (let i = 0; i < 150; i++) {
    if (!isRunning(pid)) return true
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  return false
}

test.each(['SIGINT', 'SIGTERM'] as const)('one line tells the URL, and %s stops it cleanly', async signal => {
  const served = serve()
  const url = await urlOf(served)
  const send = requester(url)
  expect((await send('GET /2015-03-31/functions')).json).toEqual({ Functions: [] })
  await deploy(send, 'f', showsItself)
  const pid = (await run(send, 'f')).json
  const own = served.child.pid
  served.child.kill(signal)
  expect(await served.ended).toEqual({ code: 0 })
  expect(served.output()).toBe(`lambdacheck serve: listening on ${url}\n`)
  expect(served.errors()).toBe('')
  expect(endpointFolders(own)).toEqual([])
  expect(await isGone(pid)).toBe(true)
})

test.runIf(process.platform === 'linux')(
  'functions do not outlive an endpoint that is killed outright, not even busy ones; the next one removes its files',
  async () => {
    const served = serve()
    const send = requester(await urlOf(served))
    await deploy(send, 'f', showsItself, { Timeout: 600 })
    const pid = (await run(send, 'f')).json
    const own = served.child.pid
    const busy = run(send, 'f', { busy: true }).catch(() => {})
    await new Promise(resolve => setTimeout(resolve, 100))
    served.child.kill('SIGKILL')
    await served.ended
    expect(await isGone(pid)).toBe(true)
    await busy
    // Whichever endpoint starts next removes them, one of another test as well.
    await urlOf(serve())
    expect(endpointFolders(own)).toEqual([])
  },
)

test('a port that is taken is told in one line', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const served = serve('--port', String(port))
  expect(await served.ended).toEqual({ code: 2 })
  expect(served.errors()).toBe(
    `error: cannot listen on 127.0.0.1:${port} (EADDRINUSE); choose another with --port or --host\n`,
  )
  other.close()
})

test.each(['70000', 'http', '-1', '1.5'])('a port that is none: %s', async port => {
  const served = serve('--port', port)
  expect((await served.ended).code).not.toBe(0)
  expect(served.errors()).toContain('A port is a number from 0 to 65535.')
  expect(served.errors()).not.toContain('    at ')
})

test.each(['0.0.0.0', '::', '192.168.0.1', 'example.com'])('an address that others reach: %s', async host => {
  const served = serve('--host', host)
  expect((await served.ended).code).not.toBe(0)
  expect(served.errors()).toContain('listens for programs on this machine only')
  expect(served.errors()).not.toContain('    at ')
})

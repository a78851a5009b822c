/** Whatever an endpoint does with the credentials of a run, and however the run ends, they are in none of its files. */
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { decodings } from '../../base/fixtures/decodings.ts'
import { SPELLINGS } from '../../base/fixtures/spellings.ts'
import { startReference, type Reference } from '../../reference/server.ts'
import { loadSpec } from '../../spec/compiler/compile.ts'
import type { Behaviour } from '../../suites/testing/faults/fault.ts'
import { startFaultyProxy, type FaultyProxy } from '../../suites/testing/faults/proxy.ts'
import { builtFolder } from './built-folder.ts'
import { runCli, startCli } from './run-cli.ts'

/** As AWS makes them; a slash and a plus, which most encodings change, are surely in it. */
const secret = `s/${randomBytes(24).toString('base64').slice(0, 32)}+/Zz`
const token = `t+/${randomBytes(300).toString('base64')}`
const env = { AWS_ACCESS_KEY_ID: 'AKIA0123456789ABCDEF', AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token }

const here = builtFolder('secrets')
let reference: Reference
let proxy: FaultyProxy
beforeAll(async () => {
  reference = await startReference()
  proxy = await startFaultyProxy({ spec: loadSpec(), target: reference.url, behaviour: tattler() })
}, 120_000)
afterAll(async () => {
  await proxy.close()
  await reference.close()
})

/** Tells both secrets in every answer, each time in another spelling and in other places, one of them beyond what evidence keeps. */
function tattler(): Behaviour {
  const spellings = Object.values(SPELLINGS)
  let next = 0
  const spelt = (): string => `${spellings[next++ % spellings.length]!(next % 2 ? secret : token)}`
  return async (_, forward) => {
    const given = await forward()
    const headers = { ...given.headers, 'x-told': spelt(), [`x-${next}`]: spelt(), server: `tattler ${spelt()}` }
    switch (next % 5) {
      case 0:
        return { status: 400, headers, body: Buffer.from(JSON.stringify({ Type: 'User', message: `no: ${spelt()}` })) }
      case 1:
        return { status: 500, headers, body: Buffer.from(`<html>${spelt()}</html>`) }
      case 2:
        return { ...given, headers, body: Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(spelt()), given.body]) }
      case 3:
        return {
          ...given,
          headers,
          body: Buffer.from(
            JSON.stringify({ Told: spelt(), Pad: 'x'.repeat(16_100 + (next % 300)), [spelt()]: spelt() }),
          ),
        }
      default:
        return { ...given, headers }
    }
  }
}

function filesIn(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map(name => path.join(root, name))
    .filter(file => statSync(file).isFile())
}

/** Lines of files in which somebody would find a secret. */
function found(root: string): readonly string[] {
  return filesIn(root).flatMap(file =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter(line => decodings(line).some(text => text.includes(secret) || text.includes(token.slice(0, 100))))
      .map(line => `${path.relative(root, file)}: ${line.slice(0, 300)}`),
  )
}

const args = [
  'certify',
  '--seed',
  '5',
  '--runs',
  '3',
  '--action',
  'GetFunction',
  '--action',
  'TagResource',
  '--endpoint',
]

test('an endpoint that tells them in every answer', { timeout: 120_000 }, async () => {
  const cwd = path.join(here.root, 'told')
  mkdirSync(cwd)
  const end = await runCli([...args, proxy.url], { cwd, env })
  expect(end.code, end.stderr).toBe(1)
  expect(end.stderr.match(/these look like real AWS credentials \(AKIA…\)/g)).toHaveLength(1)
  expect(filesIn(cwd).map(file => path.basename(file))).toContain('evidence.json')
  expect(readFileSync(path.join(cwd, 'lambdacheck-report/evidence.json'), 'utf8')).toContain('REDACTED')
  expect(found(cwd)).toEqual([])
  for (const text of decodings(`${end.stdout}${end.stderr}`)) expect(text.includes(secret)).toBe(false)
})

test('a run that is killed, and the next one', { timeout: 120_000 }, async () => {
  const cwd = path.join(here.root, 'killed')
  mkdirSync(cwd)
  const run = startCli(['certify', '--seed', '5', '--runs', '20', '--endpoint', proxy.url], { cwd, env })
  // In the middle of it: the plan is there, and goes with the run.
  await vi.waitFor(() => expect(filesIn(cwd).map(file => path.basename(file))).toContain('plan.json'), 60_000)
  run.kill('SIGKILL')
  await run.end
  const left = readdirSync(path.join(cwd, '.lambdacheck'))
  expect(left).toHaveLength(1)
  expect(filesIn(cwd).map(file => path.basename(file))).toContain('plan.json')
  expect(found(cwd)).toEqual([])
  await runCli([...args, proxy.url], { cwd, env })
  expect(readdirSync(path.join(cwd, '.lambdacheck'))).toEqual([])
})

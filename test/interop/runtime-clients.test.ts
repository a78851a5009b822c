/** The runtime clients that people build functions with speak the embedded endpoint's Runtime API. */
import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { strToU8, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startReference, type Reference } from '../../reference/server.ts'
import { requester, role, run, settle, type Send } from '../support/reference-client.ts'

/** Builds do not block: while this process stands still, the endpoint in it closes connections that the next request would take. */
const build = promisify(execFile)

let reference: Reference
let send: Send
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'lambdacheck-runtime-clients-'))
  reference = await startReference({ transitionMs: 10 })
  send = requester(reference.url)
})
afterAll(async () => {
  await reference.close()
  rmSync(folder, { recursive: true, force: true })
})

async function deployProvided(FunctionName: string, files: { readonly [name: string]: Uint8Array }): Promise<void> {
  const zip = zipSync(
    Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, [bytes, { os: 3, attrs: 0o100755 << 16 }]])),
  )
  const Code = { ZipFile: Buffer.from(zip).toString('base64') }
  const body = { FunctionName, Role: role, Runtime: 'provided.al2023', Handler: 'handler.main', Timeout: 20, Code }
  expect((await send('POST /2015-03-31/functions', { body })).status).toBe(201)
  await settle(send, FunctionName)
}

async function answersAndFails(name: string): Promise<void> {
  for (const event of [{ word: 'grüße' }, [1, 2.5, null]]) {
    const answer = await run(send, name, event)
    expect(answer.json).toEqual({
      event,
      id: answer.headers.get('x-amzn-requestid'),
      arn: `arn:aws:lambda:eu-west-1:000000000000:function:${name}`,
    })
  }
  const failed = await run(send, name, 'fail')
  expect(failed.headers.get('x-amz-function-error')).toBe('Unhandled')
  expect(failed.json).toMatchObject({ errorMessage: 'as asked' })
  expect((await run(send, name, 'again')).json).toMatchObject({ event: 'again' })
}

const venv = path.resolve(import.meta.dirname, '../../.venv')
const python = path.join(existsSync(venv) ? realpathSync(venv) : venv, 'bin/python')
// Functions have temporary files of their own: what lies below those of this machine is not there for them.
const isHidden = python.startsWith(`${tmpdir()}/`)
const hasClient = !isHidden && existsSync(python) && spawnSync(python, ['-c', 'import awslambdaric']).status === 0

test.skipIf(hasClient)('SKIPPED: awslambdaric is not installed where functions see it', ctx => ctx.skip())

describe.skipIf(!hasClient)('awslambdaric', () => {
  test('gets events, answers them, and fails', { timeout: 60_000 }, async () => {
    await deployProvided('python-client', {
      bootstrap: strToU8(`#!/bin/sh\nexec ${python} -m awslambdaric "$_HANDLER"\n`),
      'handler.py': strToU8(
        [
          'def main(event, context):',
          '    if event == "fail":',
          '        raise ValueError("as asked")',
          '    return {"event": event, "id": context.aws_request_id, "arn": context.invoked_function_arn}',
        ].join('\n'),
      ),
    })
    await answersAndFails('python-client')
  })
})

const GO = path.join(import.meta.dirname, 'go-runtime')
const hasGo = spawnSync('go', ['list', '-deps', '.'], { cwd: GO, timeout: 60_000 }).status === 0

describe.skipIf(!hasGo)('aws-lambda-go', () => {
  test('gets events, answers them, and fails', { timeout: 300_000 }, async () => {
    const bootstrap = path.join(folder, 'bootstrap')
    await build('go', ['build', '-trimpath', '-ldflags=-s -w', '-o', bootstrap, '.'], {
      cwd: GO,
      env: { ...process.env, CGO_ENABLED: '0' },
    })
    await deployProvided('go-client', { bootstrap: readFileSync(bootstrap) })
    await answersAndFails('go-client')
  })
})

const RUST = path.join(import.meta.dirname, 'rust-runtime')
/** What cargo has built stays, as Go keeps what it has: half a minute of the processor, for code of others. */
const BUILT_RUST = path.resolve(import.meta.dirname, '../../node_modules/.cache/lambdacheck/rust-runtime')
const hasRust = spawnSync('cargo', ['fetch', '--locked'], { cwd: RUST, timeout: 60_000 }).status === 0

test.skipIf(hasRust)('SKIPPED: cargo is not installed, or cannot fetch lambda_runtime', ctx => ctx.skip())

describe.skipIf(!hasRust)('lambda_runtime', () => {
  test('gets events, answers them, and fails', { timeout: 300_000 }, async () => {
    await build('cargo', ['build', '--release', '--locked', '--offline'], {
      cwd: RUST,
      env: { ...process.env, CARGO_TARGET_DIR: BUILT_RUST },
    })
    await deployProvided('rust-client', { bootstrap: readFileSync(path.join(BUILT_RUST, 'release/bootstrap')) })
    await answersAndFails('rust-client')
  })
})

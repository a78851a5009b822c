import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { unzipSync } from 'fflate'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { PROBE_ROLES } from '../../suites/probes/roles.ts'
import { registerProbes } from './probes.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lambdacheck-export-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
  vi.restoreAllMocks()
})

async function run(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let out = ''
  let err = ''
  vi.spyOn(process.stdout, 'write').mockImplementation(text => Boolean((out += String(text))))
  const program = new Command().exitOverride().configureOutput({ writeErr: text => (err += text) })
  registerProbes(program)
  for (const command of program.commands)
    for (const inner of [command, ...command.commands])
      inner.exitOverride().configureOutput({ writeErr: text => (err += text) })
  try {
    await program.parseAsync(['probes', ...(args[0] === 'events' ? [] : ['export']), ...args], { from: 'user' })
    return { code: 0, out, err }
  } catch (error) {
    if (error instanceof CommanderError) return { code: error.exitCode, out, err }
    throw error
  }
}

const read = (name: string): string => readFileSync(join(folder, name), 'utf8')

test('writes code, templates and the part of an endpoint file, which agree on the names', async () => {
  const { code, out } = await run('--out', folder, '--runtime', 'nodejs14.x')
  expect(code).toBe(0)
  for (const name of [
    'probe/index.js',
    'serverless.yml',
    'template.yaml',
    'probe-nodejs.zip',
    'lambdacheck.config.yaml',
  ])
    expect(out).toContain(join(folder, name))
  const serverless = parse(read('serverless.yml')) as {
    functions: { [role: string]: { name: string; handler: string; timeout: number } }
    provider: { runtime: string }
  }
  const sam = parse(read('template.yaml')) as {
    Resources: { [id: string]: { Properties: { FunctionName: string; Runtime: string } } }
  }
  const config = parse(read('lambdacheck.config.yaml')) as {
    endpoints: { mine: { probes: { [role: string]: string }; capabilities: { create: boolean } } }
  }
  const { probes, capabilities } = config.endpoints.mine
  expect(Object.keys(probes)).toEqual(PROBE_ROLES.map(one => one.role))
  expect(capabilities).toEqual({ create: false })
  for (const { role, configuration } of PROBE_ROLES) {
    expect(serverless.functions[role]).toMatchObject({
      name: probes[role],
      handler: 'probe/index.handler',
      timeout: configuration.Timeout,
    })
  }
  expect(Object.values(sam.Resources).map(one => one.Properties.FunctionName)).toEqual(Object.values(probes))
  expect(serverless.provider.runtime).toBe('nodejs14.x')
})

test('the provided flavour has an executable bootstrap, and Serverless gets its archive', async () => {
  expect((await run('--out', folder, '--flavour', 'provided', '--format', 'serverless')).code).toBe(0)
  expect(statSync(join(folder, 'probe/bootstrap')).mode & 0o111).toBe(0o111)
  expect(parse(read('serverless.yml'))).toMatchObject({ package: { artifact: 'probe-provided.zip' } })
  expect(Object.keys(unzipSync(readFileSync(join(folder, 'probe-provided.zip'))))).toContain('bootstrap')
})

test('the static flavour is a task folder, a folder for /opt, and a script that starts the emulator with them', async () => {
  const { code, out } = await run('--out', folder, '--flavour', 'static', '--architecture', 'arm64')
  expect(code).toBe(0)
  for (const name of ['task/bootstrap', 'opt/bin/lambdacheck-probe', 'opt/extensions/watcher', 'start-rie.sh']) {
    expect(out).toContain(join(folder, name))
    expect(statSync(join(folder, name)).mode & 0o111).toBe(0o111)
  }
  expect(Object.keys(unzipSync(readFileSync(join(folder, 'layer.zip'))))).toContain('extensions/watcher')
  expect(parse(read('lambdacheck.config.yaml'))).toMatchObject({
    endpoints: { rie: { capabilities: { create: false }, probes: { runtime: 'function', extended: 'function' } } },
  })
  execFileSync('sh', ['-n', join(folder, 'start-rie.sh')])
})

test('what was written can be run', async () => {
  await run('--out', folder, '--format', 'sam')
  const program =
    "require('./probe/index.js').handler({do:[{count:'a'},{count:'a'}]}).then(r=>console.log(JSON.stringify(r)))"
  expect(execFileSync(process.execPath, ['-e', program], { cwd: folder }).toString()).toBe('{"results":[1,2]}\n')
})

test('a file that somebody changed is not overwritten unless that is asked for', async () => {
  await run('--out', folder)
  expect((await run('--out', folder)).code).toBe(0)
  writeFileSync(join(folder, 'serverless.yml'), 'mine: true\n')
  const refused = await run('--out', folder)
  expect(refused.code).toBe(2)
  expect(refused.err).toContain('serverless.yml would be overwritten')
  expect(read('serverless.yml')).toBe('mine: true\n')
  expect((await run('--out', folder, '--force')).code).toBe(0)
  expect(read('serverless.yml')).not.toBe('mine: true\n')
})

test('a folder that cannot be written to, and a format that there is not, end with a clear message', async () => {
  writeFileSync(join(folder, 'file'), '')
  const refused = await run('--out', join(folder, 'file'))
  expect(refused).toMatchObject({
    code: 2,
    err: expect.stringMatching(/cannot write .*file.* \((ENOTDIR|EEXIST)\)/) as string,
  })
  expect((await run('--out', folder, '--format', 'docker')).err).toContain('Allowed choices are serverless, sam, zip')
})

test('prints events of a kind, the same for the same seed', async () => {
  const first = await run('events', 'sqs', '--count', '3', '--seed', '7')
  const again = await run('events', 'sqs', '--count', '3', '--seed', '7')
  const other = await run('events', 'sqs', '--count', '3', '--seed', '8')
  const lines = first.out.trimEnd().split('\n')
  expect(lines).toHaveLength(3)
  for (const line of lines) expect(JSON.parse(line)).toHaveProperty('Records.0.eventSource', 'aws:sqs')
  expect(again.out).toBe(first.out)
  expect(other.out).not.toBe(first.out)
})

test('says which kinds of events there are', async () => {
  expect((await run('events')).out.trimEnd().split('\n')).toEqual(
    expect.arrayContaining(['sqs', 's3', 'apigateway-v2', 'cloudwatch-logs']),
  )
  const { code, err } = await run('events', 'sqz')
  expect(code).toBe(2)
  expect(err).toContain('there is no kind of event "sqz"; did you mean sqs?')
  expect((await run('events', 'sqs', '--count', '0')).err).toContain('a whole number from 1 to 10000')
})

/** Signals and kills at random moments of a run: each ends clean, or says what is left. */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { isRunning } from '../../base/is-running.ts'
import { startReference } from '../../reference/server.ts'
import type { Evidence } from '../../reports/evidence.ts'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { findOurs } from '../../suites/run/sweep.ts'
import { createClient } from '../../suites/wire/client.ts'

export interface HostileRow {
  readonly tried: string
  readonly survived: boolean
  readonly note: string
}

export interface SignalsOptions {
  /** Chooses the moments. */
  readonly seed: number
  /** So many runs get SIGINT or SIGTERM. */
  readonly signals: number
  /** So many are killed outright, and `clean` is called afterwards. */
  readonly kills: number
  /** Milliseconds from the start of a run in which the moments lie. */
  readonly withinMs?: number
}

const PROGRAM = path.resolve(import.meta.dirname, '../../bin/lambdacheck.js')
const WITHIN_MS = 12_000
const LONGEST_MS = 120_000
const WHERE = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }
const LIMITS = { concurrency: 4, rate: 0, requestTimeoutMs: 5000, maxResponseBytes: 10_000_000 }

/** Runs the built program against an embedded endpoint that outlives the runs. One row for each run. */
export async function trySignals(options: SignalsOptions): Promise<readonly HostileRow[]> {
  const reference = await startReference()
  const folder = mkdtempSync(path.join(tmpdir(), 'lambdacheck-signals-'))
  const random = seeded(options.seed)
  const rows: HostileRow[] = []
  try {
    for (let index = 0; index < options.signals + options.kills; index++) {
      const signal = index >= options.signals ? 'SIGKILL' : index % 2 === 0 ? 'SIGINT' : 'SIGTERM'
      const afterMs = Math.round(random() * (options.withinMs ?? WITHIN_MS))
      const cwd = mkdtempSync(path.join(folder, 'run-'))
      rows.push(await tryOne(reference.url, cwd, signal, afterMs))
    }
  } finally {
    await reference.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return rows
}

async function tryOne(url: string, cwd: string, signal: NodeJS.Signals, afterMs: number): Promise<HostileRow> {
  const tried = `${signal} after ${afterMs} ms`
  // What is started beside the run: a shell and a process of its own that has to go with it.
  const command = `sleep 4242 & echo $! > child; echo serving on ${url}; wait`
  const start = { command, ready: { log: 'serving on (?<url>\\S+)' } }
  writeFileSync(path.join(cwd, 'endpoint.json'), JSON.stringify({ url: 'http://127.0.0.1:0', start }))
  const run = startProgram(['certify', '--endpoint', 'endpoint.json', '--runs', '50'], cwd)
  await new Promise(resolve => setTimeout(resolve, afterMs))
  run.child.kill(signal)
  const { code, by } = await run.end
  const wrong: string[] = []
  const early = by === signal && !run.said().includes('Asking')
  if (signal !== 'SIGKILL' && code !== 130 && !early) wrong.push(`exit ${code ?? by}`)
  if (code === 0 && !existsSync(evidenceIn(cwd))) wrong.push('exit 0 without evidence')
  if (!(await childGone(cwd))) wrong.push('what was started lives on')
  if (signal === 'SIGKILL') {
    const clean = await startProgram(['clean', '--endpoint', url, '--yes'], cwd).end
    if (clean.code !== 0) wrong.push(`clean ended with ${clean.code}`)
  }
  const left = await leftovers(url)
  const told = notesIn(cwd)
  if (left.some(one => !told.includes(one))) wrong.push(`left and not said: ${left.join(', ')}`)
  const end =
    signal === 'SIGKILL' ? 'clean found all' : early ? 'ended before anything was sent' : 'cleaned up, exit 130'
  return { tried, survived: wrong.length === 0, note: wrong.length === 0 ? end : wrong.join('; ') }
}

interface Run {
  readonly child: ChildProcess
  readonly end: Promise<{ readonly code: number | null; readonly by: NodeJS.Signals | null }>
  said(): string
}

function startProgram(args: readonly string[], cwd: string): Run {
  const env = { ...process.env, AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', NO_COLOR: '1' }
  const child = spawn(process.execPath, [PROGRAM, ...args], { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] })
  let text = ''
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const end = new Promise<{ code: number | null; by: NodeJS.Signals | null }>(resolve => {
    const tooLong = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS)
    child.on('close', (code, by) => {
      clearTimeout(tooLong)
      resolve({ code, by })
    })
  })
  return { child, end, said: () => text }
}

async function childGone(cwd: string): Promise<boolean> {
  const file = path.join(cwd, 'child')
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0
  for (let attempt = 0; attempt < 50; attempt++) {
    if (!isRunning(pid)) return true
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  return false
}

async function leftovers(url: string): Promise<readonly string[]> {
  const endpoint = { url, ...WHERE }
  const client = createClient({ endpoint: { ...endpoint, limits: LIMITS } })
  const found = await findOurs({ spec: loadSpec(), client, endpoint, services: [], timeMs: 20_000 })
  await client.close()
  return [...found.groups.flat().map(one => one.name), ...found.unread]
}

function evidenceIn(cwd: string): string {
  return path.join(cwd, 'lambdacheck-report', 'evidence.json')
}

function notesIn(cwd: string): string {
  try {
    return (JSON.parse(readFileSync(evidenceIn(cwd), 'utf8')) as Evidence).notes.join('\n')
  } catch {
    return ''
  }
}

/** Numbers from 0 to 1, always the same for a seed. */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

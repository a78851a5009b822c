/** Runs the built command line in a process of its own. */
import { spawn } from 'node:child_process'
import path from 'node:path'

export const ROOT = path.resolve(import.meta.dirname, '../..')

export interface CliEnd {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly ms: number
}

export interface CliRun {
  readonly end: Promise<CliEnd>
  readonly pid: number
  kill(signal: NodeJS.Signals): void
  /** Resolves as soon as standard error matches. */
  saw(pattern: RegExp): Promise<void>
}

export interface CliOptions {
  readonly cwd: string
  readonly env?: { readonly [name: string]: string }
}

/** None of the AWS settings of the machine gets in. */
function cleanEnv(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS_|LAMBDACHECK_|VITEST|FORCE_COLOR|NODE_OPTIONS|CI$)/.test(name))
  return { ...Object.fromEntries(kept), AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', NO_COLOR: '1' }
}

export function startCli(args: readonly string[], options: CliOptions): CliRun {
  const start = performance.now()
  const child = spawn(process.execPath, [path.join(ROOT, 'bin/lambdacheck.js'), ...args], {
    cwd: options.cwd,
    env: { ...cleanEnv(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  const waiting: { readonly pattern: RegExp; readonly resolve: () => void }[] = []
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
    for (const one of waiting) if (one.pattern.test(stderr)) one.resolve()
  })
  return {
    pid: child.pid as number,
    end: new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr, ms: performance.now() - start }))),
    kill: (signal) => void child.kill(signal),
    saw: (pattern) =>
      new Promise((resolve, reject) => {
        waiting.push({ pattern, resolve })
        if (pattern.test(stderr)) resolve()
        child.on('close', () => reject(new Error(`it ended without saying ${pattern}:\n${stderr}`)))
      }),
  }
}

export function runCli(args: readonly string[], options: CliOptions): Promise<CliEnd> {
  return startCli(args, options).end
}

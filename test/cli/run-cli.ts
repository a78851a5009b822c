/** Runs the built command line in a process of its own. */
import { spawn } from 'node:child_process'
import path from 'node:path'
import type { Readable } from 'node:stream'

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
  /** The first group of what standard output matches, as soon as it does. */
  said(pattern: RegExp): Promise<string>
}

export interface CliOptions {
  readonly cwd: string
  readonly env?: { readonly [name: string]: string }
}

/** The environment of this process, without the AWS settings of the machine. */
export function cleanEnv(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(AWS_|LAMBDACHECK_|VITEST|FORCE_COLOR|NODE_OPTIONS|CI$)/.test(name),
  )
  return {
    ...Object.fromEntries(kept),
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    NO_COLOR: '1',
  }
}

export function startCli(args: readonly string[], options: CliOptions): CliRun {
  return startProgram(path.join(ROOT, 'bin/lambdacheck.js'), args, options)
}

/** A script for Node.js. */
export function startProgram(script: string, args: readonly string[], options: CliOptions): CliRun {
  const start = performance.now()
  const child = spawn(process.execPath, [script, ...args], {
    cwd: options.cwd,
    env: { ...cleanEnv(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  /** Runs after the text has grown, since its listener came later. */
  const when = (stream: Readable, text: () => string, pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(text())
        if (match !== null) resolve(match[1] ?? '')
      }
      look()
      stream.on('data', look)
      child.on('close', () => reject(new Error(`it ended without ${pattern}:\n${stdout}\n${stderr}`)))
    })
  return {
    pid: child.pid as number,
    end: new Promise(resolve =>
      child.on('close', code => resolve({ code, stdout, stderr, ms: performance.now() - start })),
    ),
    kill: signal => void child.kill(signal),
    saw: async pattern => void (await when(child.stderr, () => stderr, pattern)),
    said: pattern => when(child.stdout, () => stdout, pattern),
  }
}

export function runCli(args: readonly string[], options: CliOptions): Promise<CliEnd> {
  return startCli(args, options).end
}

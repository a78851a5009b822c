/** Runs the command line in this process: for what ends before anything is started, a process of its own would show nothing more. */
import { vi } from 'vitest'
import { main } from '../../cli/main.ts'
import { cleanEnv, type CliEnd } from './run-cli.ts'

/** One at a time: the working directory, the environment and what is written are those of the process. */
export async function runHere(args: readonly string[], { cwd }: { readonly cwd: string }): Promise<CliEnd> {
  const start = performance.now()
  const before = { cwd: process.cwd(), env: process.env, exitCode: process.exitCode }
  const listeners = process.stdout.listeners('error')
  const written = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const)
    vi.spyOn(process[stream], 'write').mockImplementation(text => {
      written[stream] += String(text)
      return true
    })
  process.chdir(cwd)
  process.env = cleanEnv()
  try {
    const code = await main(args)
    return { code, ...written, ms: performance.now() - start }
  } finally {
    vi.restoreAllMocks()
    process.chdir(before.cwd)
    process.env = before.env
    process.exitCode = before.exitCode
    for (const listener of process.stdout.listeners('error'))
      if (!listeners.includes(listener)) process.stdout.removeListener('error', listener as () => void)
  }
}

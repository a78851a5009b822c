import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from './run-cli.ts'

const execute = promisify(execFile)

/** What a command says, on both streams, when a user without any configuration pastes it into a shell. */
export async function paste(command: string, keys: { readonly [name: string]: string }): Promise<string> {
  const env = {
    ...keys,
    HOME: '/nonexistent',
    PATH: `${path.join(ROOT, '.venv/bin')}:${process.env['PATH']}`,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_PAGER: '',
  }
  const end = await execute('bash', ['--norc', '-c', command], { env }).catch(
    (error: { stdout: string; stderr: string }) => error,
  )
  return `${end.stdout}\n${end.stderr}`
}

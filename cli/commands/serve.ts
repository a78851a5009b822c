import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import { isLoopbackAddress } from '../../base/refuse-browsers.ts'
import { startReference } from '../../reference/server.ts'

/** Adds `lambdacheck serve`: the embedded endpoint, on its own, until it is interrupted. */
export function registerServe(program: Command): void {
  program
    .command('serve')
    .description('run the embedded Lambda endpoint')
    .option('--port <number>', 'port to listen on; 0 picks a free one', readPort, 0)
    .option('--host <address>', "address of this machine's loopback interface to listen on", readHost, '127.0.0.1')
    .option(
      '--clock-rate <number>',
      'how many times faster than on AWS retries come, events and records expire and batching windows end',
      readRate,
    )
    .action(async (options: { readonly port: number; readonly host: string; readonly clockRate?: number }) => {
      const stopped = interrupted()
      const key = process.env['LAMBDACHECK_SERVE_KEY']
      const reference = await startReference({ ...options, ...(key && { accessKeyId: key }) }).catch(
        (error: NodeJS.ErrnoException) => {
          if (
            error.code === 'EADDRINUSE' ||
            error.code === 'EACCES' ||
            error.code === 'EADDRNOTAVAIL' ||
            error.code === 'ENOTFOUND'
          )
            return program.error(
              `error: cannot listen on ${options.host}:${options.port} (${error.code}); ` +
                'choose another with --port or --host',
              { exitCode: 2 },
            )
          throw error
        },
      )
      process.stdout.write(`lambdacheck serve: listening on ${reference.url}\n`)
      await stopped
      await reference.close()
    })
}

function readPort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('A port is a number from 0 to 65535.')
  return port
}

/** One is AWS's own time: a minute before the second attempt, two before the third. */
function readRate(text: string): number {
  const rate = Number(text)
  if (!(rate >= 1 && rate <= 10_000)) throw new InvalidArgumentError('A rate is a number from 1 to 10000.')
  return rate
}

/** The endpoint runs whatever code it is given, for whoever reaches it. */
function readHost(text: string): string {
  const host = text.replace(/^\[(.*)\]$/, '$1')
  if (host.toLowerCase() !== 'localhost' && !isLoopbackAddress(host))
    throw new InvalidArgumentError(
      'The endpoint runs code, so it listens for programs on this machine only: 127.0.0.1, ::1 or localhost.',
    )
  return host
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process in the usual way. */
function interrupted(): Promise<void> {
  return new Promise(resolve => {
    const stop = (): void => {
      process.off('SIGINT', stop)
      process.off('SIGTERM', stop)
      resolve()
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  })
}

/** `lambdacheck clean`: deletes what runs have left on an endpoint. */
import type { Command } from 'commander'
import { plainLine } from '../../reports/plain.ts'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { findTarget } from '../../suites/endpoint/target.ts'
import { UnreachableError, UsageError } from '../../suites/endpoint/usage-error.ts'
import { COMMON_PREFIX, sweep } from '../../suites/run/sweep.ts'
import { createClient } from '../../suites/wire/client.ts'

interface CleanFlags {
  readonly endpoint?: string
  readonly allowAws?: boolean
}

/** Exit codes: 0 nothing is left, 1 something could not be deleted, 2 usage, 3 not reachable. */
export function registerClean(program: Command): void {
  program
    .command('clean')
    .description('delete what runs have left on an endpoint')
    .option('--endpoint <url|name|file>', 'where; absent: AWS_ENDPOINT_URL_LAMBDA, then the configuration')
    .option('--allow-aws', 'let the endpoint be AWS itself')
    .action(async (flags: CleanFlags) => {
      process.exitCode = await clean(flags)
    })
}

async function clean(flags: CleanFlags): Promise<number> {
  const target = await findTarget({
    endpoint: flags.endpoint,
    cwd: process.cwd(),
    env: process.env,
    allowAws: flags.allowAws === true,
  })
  if (!URL.canParse(target.config.url) || new URL(target.config.url).port === '0')
    throw new UsageError(`${target.name} has no address of its own: nothing can be left there`)
  const spec = loadSpec()
  const client = createClient({ endpoint: { ...target, url: target.config.url } })
  try {
    const list = spec.actions['ListFunctions']
    const greeting = list === undefined ? undefined : await client.call(list, {})
    if (greeting?.failure !== undefined)
      throw new UnreachableError(`${target.config.url} cannot be reached: ${greeting.failure.message}`)
    const { deleted, left } = await sweep(spec, client, COMMON_PREFIX)
    for (const one of deleted) process.stdout.write(`deleted ${plainLine(one)}\n`)
    for (const one of left) process.stderr.write(`could not be deleted: ${plainLine(one)}\n`)
    if (deleted.length === 0 && left.length === 0)
      process.stdout.write(`Nothing of ours is on ${plainLine(target.name)}.\n`)
    return left.length === 0 ? 0 : 1
  } finally {
    await client.close()
  }
}

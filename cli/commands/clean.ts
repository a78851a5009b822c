/** `lambdacheck clean`: deletes what runs have left on an endpoint, once somebody has said yes. */
import { targetOf, type TargetFlags } from '../target-of.ts'
import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { plainLine } from '../../reports/plain.ts'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { UnreachableError, UsageError } from '../../base/usage-error.ts'
import { findOurs, sweep, type SweepOptions } from '../../suites/run/sweep.ts'
import { createClient, type WireClient } from '../../suites/wire/client.ts'
import type { Spec } from '../../spec/model.ts'

interface CleanFlags extends TargetFlags {
  readonly dryRun?: boolean
  readonly yes?: boolean
}

/** For looking as well as for deleting. */
const TIME_MS = 5 * 60_000

/**
 * Exit codes: 0 nothing of ours is left (or `--dry-run` has shown what is), 1 something is left, 2 usage: without a
 * terminal nothing is deleted unless `--yes` says so, 3 not reachable.
 */
export function registerClean(program: Command): void {
  program
    .command('clean')
    .description('delete what runs have left on an endpoint')
    .option('--endpoint <url|name|file>', 'endpoint to clean (default: AWS_ENDPOINT_URL_LAMBDA, the configuration)')
    .option('--dry-run', 'print what would be deleted, and delete nothing')
    .option('--yes', 'delete without asking; required without a terminal')
    .option('--config <file>', 'configuration file (default: the lambdacheck.config.* that is found)')
    .option('--allow-aws', 'allow the endpoint to be AWS itself')
    .action(async (flags: CleanFlags) => {
      process.exitCode = await clean(flags)
    })
}

async function clean(flags: CleanFlags): Promise<number> {
  const target = await targetOf(flags)
  const { url } = target.config
  if (!URL.canParse(url) || new URL(url).port === '0')
    throw new UsageError(`${target.name} has no address of its own: nothing can be left there`)
  const spec = loadSpec()
  const client = createClient({ endpoint: { ...target, url } })
  try {
    await greet(spec, client, url)
    const where = { url, region: target.region }
    return await cleanUp({ spec, client, endpoint: where, services: ['sqs', 'kinesis'], timeMs: TIME_MS }, flags)
  } finally {
    await client.close()
  }
}

async function greet(spec: Spec, client: WireClient, url: string): Promise<void> {
  const list = spec.actions['ListFunctions']
  const failure = list === undefined ? undefined : (await client.call(list, {})).failure
  if (failure !== undefined) throw new UnreachableError(`${url} cannot be reached: ${failure.message}`)
}

async function cleanUp(options: SweepOptions, flags: CleanFlags): Promise<number> {
  const { url } = options.endpoint
  const found = await findOurs(options)
  const items = found.groups.flat()
  for (const one of found.unread) process.stderr.write(`could not be looked at: ${plainLine(one)}\n`)
  if (items.length === 0) {
    if (found.unread.length === 0) process.stdout.write(`Nothing of ours is on ${plainLine(url)}.\n`)
    return found.unread.length === 0 ? 0 : 1
  }
  const kinds = items.length === 1 ? 'one thing' : `${items.length} things`
  if (!flags.yes || flags.dryRun) {
    process.stdout.write(`Of ours, there ${items.length === 1 ? 'is' : 'are'} ${kinds} on ${plainLine(url)}:\n`)
    for (const one of items) process.stdout.write(`  ${plainLine(one.name)}\n`)
  }
  if (flags.dryRun) return 0
  if (!flags.yes) {
    if (!process.stdin.isTTY || !process.stdout.isTTY)
      throw new UsageError(`nothing was deleted: there is no terminal to ask on. Say --yes to delete ${kinds}.`)
    if (!(await confirmed(`Delete ${kinds}? [y/N] `))) {
      process.stdout.write('Nothing was deleted.\n')
      return 1
    }
  }
  const { deleted, left, unread } = await sweep({ ...options, only: new Set(items.map(one => one.name)) })
  for (const one of deleted) process.stdout.write(`deleted ${plainLine(one)}\n`)
  for (const one of left) process.stderr.write(`could not be deleted: ${plainLine(one, 2000)}\n`)
  for (const one of unread) process.stderr.write(`could not be looked at: ${plainLine(one)}\n`)
  return left.length === 0 && unread.length === 0 ? 0 : 1
}

async function confirmed(question: string): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stdout })
  const closed = new Promise<string>(resolve => prompt.once('close', () => resolve('')))
  try {
    return /^y(es)?$/i.test((await Promise.race([prompt.question(question), closed])).trim())
  } finally {
    prompt.close()
  }
}

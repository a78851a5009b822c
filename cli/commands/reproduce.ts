/** `lambdacheck reproduce`: shows one failure of a run again, by itself. */
import { spawn } from 'node:child_process'
import type { Command } from 'commander'
import { didYouMean } from '../../base/suggest.ts'
import { UsageError } from '../../base/usage-error.ts'
import type { CaseResult, Evidence } from '../../reports/evidence.ts'
import { loadEvidence } from '../../reports/load-evidence.ts'
import { scriptOf } from '../../reports/script.ts'
import { startEndpoint } from '../../suites/endpoint/start.ts'
import { embeddedEndpoint } from '../embedded-endpoint.ts'
import { targetOf, type TargetFlags } from '../target-of.ts'

interface ReproduceFlags extends TargetFlags {
  readonly evidence: string
  readonly keep?: boolean
  readonly print?: boolean
}

/** Exit codes: 1 it still fails, 0 it does not any more, 2 usage, or it could not be looked at. */
export function registerReproduce(program: Command): void {
  program
    .command('reproduce <case>')
    .description('run one failure again by itself, and say whether it still fails')
    .option('--evidence <file|folder>', 'the run that the failure is of', 'lambdacheck-report')
    .option('--endpoint <url|name|file>', 'endpoint to ask (default: as for certify)')
    .option('--config <file>', 'configuration file (default: the lambdacheck.config.* that is found)')
    .option('--keep', 'leave what it makes, and say what removes it')
    .option('--print', 'print the script in place of running it')
    .option('--allow-aws', 'allow the endpoint to be AWS itself')
    .action(async (id: string, flags: ReproduceFlags) => {
      process.exitCode = await reproduce(id, flags)
    })
}

async function reproduce(id: string, flags: ReproduceFlags): Promise<number> {
  const evidence = loadEvidence(flags.evidence)
  const result = resultOf(evidence, id)
  const script = scriptOf(result, evidence)
  if (script === undefined)
    throw new UsageError(
      result.verdict === 'fail'
        ? `the evidence does not hold all that ${id} takes (a request that is too long, or an earlier version ` +
            `wrote it): ${result.reproduce?.replay ?? ''}`
        : `${id} did not fail: it is ${result.verdict}${result.reason === undefined ? '' : ` (${result.reason})`}`,
    )
  if (flags.print === true) {
    process.stdout.write(script)
    return 0
  }
  const target = await targetOf(flags, { embedded: embeddedEndpoint() })
  const { start } = target.config
  if (start !== undefined && flags.keep === true)
    throw new UsageError(`--keep keeps nothing where the endpoint ends with the command: start ${target.name} yourself`)
  const started = start === undefined ? undefined : await startEndpoint({ ...target.config, start }, target.folder)
  try {
    const { accessKeyId, secretAccessKey, sessionToken } = target.credentials
    const { AWS_SESSION_TOKEN: _, ...env } = process.env
    return await run(script, {
      ...env,
      // Only in the memory of the two processes.
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
      LAMBDACHECK_URL: started?.url ?? target.config.url,
      LAMBDACHECK_REGION: target.region,
      ...(flags.keep === true ? { KEEP: '1' } : {}),
    })
  } finally {
    await started?.stop()
  }
}

function resultOf({ results }: Evidence, id: string): CaseResult {
  const found =
    results.find(one => one.id === id) ?? only(results.filter(one => one.clause.id === id && one.verdict === 'fail'))
  if (found !== undefined) return found
  const near = didYouMean(id, new Set(results.filter(one => one.verdict === 'fail').map(one => one.id)))
  throw new UsageError(
    `the run has no case ${JSON.stringify(id)}${near}. Reports and evidence.json name the failures by their ids.`,
  )
}

function only<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined
}

function run(script: string, env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '-'], { env, stdio: ['pipe', 'inherit', 'inherit'] })
    child.on('error', reject)
    child.on('close', code => resolve(code ?? 2))
    child.stdin.end(script)
  })
}

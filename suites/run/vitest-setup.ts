/**
 * `lambdacheck/vitest`: the global setup of a Vitest of one's own that runs compiled suites, and matchers for one that
 * certifies.
 */
import { rmSync } from 'node:fs'
import path from 'node:path'
import { loadSpec } from '../../spec/compiler/compile.ts'
import type { Level } from '../../spec/model.ts'
import { deriveCases } from './derive.ts'
import { askEndpoint, isNoLambda } from '../endpoint/ask.ts'
import { startEndpoint } from '../endpoint/start.ts'
import { findTarget } from '../endpoint/target.ts'
import { UsageError } from '../../base/usage-error.ts'
import { newRunName } from '../ownership.ts'
import { quote } from '../wire/reproduce.ts'
import { CREDENTIALS_KEY, PLAN_KEY, writePlan } from './plan.ts'
import { createTemporaryRunFolder } from './run-folder.ts'
import { selectCases } from './select.ts'
import { sayings, sweepRun } from './sweep-run.ts'

export { lambdaMatchers } from './matchers.ts'

/** The part of Vitest's project that is used. */
interface Project {
  provide(key: string, value: unknown): void
}

const CASE_TIMEOUT_MS = 60_000
const DEFAULT_RUNS = 20
/** For what the suites have left. */
const TIDY_MS = 30_000

/**
 * Starts the endpoint if its configuration says how, asks what it can do, and hands it to the suites. The endpoint is
 * the one of `LAMBDACHECK_ENDPOINT` (url, name or file), else as for `lambdacheck certify`. `LAMBDACHECK_SEED`,
 * `LAMBDACHECK_RUNS` and `LAMBDACHECK_LEVEL` (`must`, the default, `should`, `may`) are what the options of the command
 * are; `LAMBDACHECK_ALLOW_AWS=1` lets it be AWS.
 * Gives what is to be called when all suites are over.
 * @since 0.1.0
 */
export default async function setup(project: Project): Promise<() => Promise<void>> {
  const { env } = process
  const target = await findTarget({
    endpoint: env['LAMBDACHECK_ENDPOINT'],
    cwd: process.cwd(),
    env,
    allowAws: env['LAMBDACHECK_ALLOW_AWS'] === '1',
    warn: text => process.stderr.write(`lambdacheck: ${text}\n`),
  })
  const spec = loadSpec()
  const run = newRunName()
  const started =
    target.config.start === undefined
      ? undefined
      : await startEndpoint({ ...target.config, start: target.config.start }, target.folder)
  const folder = createTemporaryRunFolder()
  const url = started?.url ?? target.config.url
  const tearDown = async (): Promise<void> => {
    rmSync(folder, { recursive: true, force: true })
    for (const one of sayings(target, url, await sweepRun({ spec, target }, url, run, Date.now() + TIDY_MS)))
      process.stderr.write(`lambdacheck: ${one}\n`)
    await started?.stop()
  }
  try {
    const asked = await askEndpoint({
      target,
      url,
      spec,
      run,
      signal: new AbortController().signal,
    })
    // Every case would be skipped for want of its action, and skipping looks like success here.
    if (asked.constant !== undefined) throw new UsageError(isNoLambda(asked.constant))
    const planFile = path.join(folder, 'plan.json')
    writePlan(planFile, {
      endpoint: asked.endpoint,
      spec,
      seed: whole(env, 'LAMBDACHECK_SEED') ?? 1,
      runs: whole(env, 'LAMBDACHECK_RUNS') ?? DEFAULT_RUNS,
      caseTimeoutMs: CASE_TIMEOUT_MS,
      deadline: null,
      cleanBy: null,
      prefix: run,
      cases: selectCases(deriveCases(spec), { level: levelOf(env) }).map(one => one.id),
      command: `lambdacheck certify${env['LAMBDACHECK_ENDPOINT'] === undefined ? '' : ` --endpoint ${quote(env['LAMBDACHECK_ENDPOINT'])}`}`,
      mode: 'assert',
    })
    project.provide(PLAN_KEY, planFile)
    project.provide(CREDENTIALS_KEY, asked.endpoint.credentials)
    return tearDown
  } catch (error) {
    await tearDown()
    throw error
  }
}

function whole(env: NodeJS.ProcessEnv, name: string): number | undefined {
  const text = env[name]
  if (text === undefined || text === '') return undefined
  if (!/^-?\d{1,10}$/.test(text)) throw new UsageError(`${name} must be a whole number, not ${JSON.stringify(text)}`)
  return Number(text)
}

function levelOf(env: NodeJS.ProcessEnv): Level {
  const level = env['LAMBDACHECK_LEVEL'] ?? 'must'
  if (level !== 'must' && level !== 'should' && level !== 'may')
    throw new UsageError(`LAMBDACHECK_LEVEL must be must, should or may, not ${JSON.stringify(level)}`)
  return level
}

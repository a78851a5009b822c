/** A run of the suites for a program: what the command does, without its output. */
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Evidence } from '../reports/evidence.ts'
import { findTarget } from '../suites/endpoint/target.ts'
import { certify } from '../suites/run/certify.ts'
import { embeddedEndpoint } from './embedded-endpoint.ts'
import type { CertifyRequest } from './library.ts'
import { packageVersion } from './package-file.ts'
import { CASE_TIMEOUT_MS, DEFAULT_BUDGET_MS, DEFAULT_RUNS, DEFAULT_SEED, prepareCases } from './prepare-cases.ts'
import { createProgress } from './progress.ts'

/**
 * Asks the endpoint what it is able to do, runs the cases, and gives the evidence. Throws an `UnreachableError` when
 * nothing answers.
 */
export async function runCertify(request: CertifyRequest): Promise<Evidence> {
  const cwd = resolve(request.cwd ?? '.')
  const out = resolve(cwd, request.out ?? 'lambdacheck-report')
  mkdirSync(out, { recursive: true })
  const target = await findTarget({
    endpoint: request.endpoint,
    cwd,
    env: process.env,
    allowAws: false,
    embedded: embeddedEndpoint(),
  })
  const { profiles, actions, clauses, level } = request
  const budgetMs = request.budgetMs ?? DEFAULT_BUDGET_MS
  const runs = request.runs ?? DEFAULT_RUNS
  const seed = request.seed ?? DEFAULT_SEED
  return certify({
    version: packageVersion(),
    target,
    prepare: () => prepareCases({ profiles, actions, clauses, level }),
    seed,
    runs,
    budgetMs,
    caseTimeoutMs: Math.min(CASE_TIMEOUT_MS, budgetMs),
    workers: 1,
    out,
    cwd,
    command: 'lambdacheck certify',
    narrowed: [...(actions ?? []).map(one => `--action ${one}`), ...(clauses ?? []).map(one => `--clause ${one}`)],
    options: { seed, runs, budgetMs, profile: profiles, action: actions, clause: clauses, level },
    signal: request.signal ?? new AbortController().signal,
    progress: createProgress(process.stderr, true),
  })
}

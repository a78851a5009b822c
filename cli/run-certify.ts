/** A run of the suites for a program: what the command does, without its output. */
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { readFileSync } from 'node:fs'
import { caseListOf } from '../reports/case-list.ts'
import type { Evidence } from '../reports/evidence.ts'
import { loadSpec } from '../spec/compiler/compile.ts'
import { deriveCases } from '../suites/run/derive.ts'
import { findTarget } from '../suites/endpoint/target.ts'
import { certify } from '../suites/run/certify.ts'
import { selectCases } from '../suites/run/select.ts'
import { embeddedEndpoint } from './embedded-endpoint.ts'
import type { CertifyRequest } from './library.ts'
import { packageFile } from './package-file.ts'
import { createProgress } from './progress.ts'

const RUNS = 20
const BUDGET_MS = 30 * 60_000
const CASE_TIMEOUT_MS = 60_000

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
  const budgetMs = request.budgetMs ?? BUDGET_MS
  const runs = request.runs ?? RUNS
  const seed = request.seed ?? 1
  return certify({
    version: (JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string }).version,
    target,
    prepare() {
      const spec = loadSpec()
      const all = deriveCases(spec)
      const cases = selectCases(all, { profiles, actions, clauses, level })
      return { spec, cases, caseList: caseListOf(all, new Set(cases.map(one => one.clause.profile))) }
    },
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

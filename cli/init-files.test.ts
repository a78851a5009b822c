import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { loadConfig } from '../config/load-config.ts'
import { EMULATORS, filesOf, type Plan } from './init-files.ts'

const plans: readonly Plan[] = [...Object.keys(EMULATORS), 'http://127.0.0.1:4566', undefined].flatMap(emulator =>
  ([true, false] as const).flatMap(project =>
    (['github', 'gitlab', 'none'] as const).map(
      (ci): Plan => ({ ...(emulator && { emulator }), project, preset: 'security', ci }),
    ),
  ),
)

describe('what init writes', () => {
  it.each(plans.map(plan => [JSON.stringify(plan), plan] as const))(
    'is read by what it is for: %s',
    async (_, plan) => {
      const files = new Map(filesOf(plan))
      const folder = mkdtempSync(join(tmpdir(), 'lambdacheck-init-'))
      try {
        writeFileSync(join(folder, 'lambdacheck.config.yaml'), files.get('lambdacheck.config.yaml') ?? '')
        const { config } = await loadConfig(folder, { code: false })
        expect(config.lint?.preset).toBe(plan.project ? 'security' : undefined)
        expect(Object.keys(config.endpoints ?? {})).toHaveLength(plan.emulator === undefined ? 0 : 1)
        if (plan.emulator) expect(config.endpoints?.[config.endpoint ?? '']).toBeDefined()
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
      const workflow = files.get('.github/workflows/lambdacheck.yml')
      if (plan.ci === 'github') {
        const runs = parse(workflow ?? '').jobs.lambdacheck.steps.map((step: { run?: string }) => step.run ?? '')
        expect(runs.some((run: string) => run.includes('lambdacheck lint'))).toBe(plan.project)
        expect(runs.some((run: string) => run.includes('lambdacheck certify'))).toBe(plan.emulator !== undefined)
      }
      if (plan.ci === 'gitlab') {
        const jobs = parse(files.get('.gitlab/lambdacheck.yml') ?? '') ?? {}
        expect(Object.keys(jobs)).toHaveLength(Number(plan.project) + Number(plan.emulator !== undefined))
      }
    },
  )
})

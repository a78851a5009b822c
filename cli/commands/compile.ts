/** `lambdacheck compile`: the suites as files for a Vitest of one's own. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Command } from 'commander'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { deriveCases } from '../../suites/run/derive.ts'
import { UsageError } from '../../base/usage-error.ts'
import { groupBySuite } from '../../suites/run/plan.ts'
import { writeSuiteFiles } from '../../suites/run/suite-files.ts'
import { prepareOutFolder } from '../out-folder.ts'

/** Exit codes: 0 written, 2 it could not be. */
export function registerCompile(program: Command): void {
  program
    .command('compile')
    .description('write the suites as test files for your own Vitest')
    .option('--out <folder>', 'folder for the files', 'lambdacheck-suites')
    .action((flags: { readonly out: string }) => {
      const out = prepareOutFolder(flags.out)
      const config = path.join(out, 'vitest.config.js')
      if (existsSync(config) && readFileSync(config, 'utf8') !== VITEST_CONFIG)
        throw new UsageError(
          `${path.relative('.', config)} has been changed and would be overwritten; ` +
            'choose another folder with --out, or remove it',
        )
      const suites = groupBySuite(deriveCases(loadSpec()))
      const files = writeSuiteFiles(out, suites.keys())
      writeFileSync(config, VITEST_CONFIG)
      process.stdout.write(
        `${files.length} suites in ${flags.out}. Run them with \`npx vitest run --config ` +
          `${path.join(flags.out, 'vitest.config.js')}\`; LAMBDACHECK_ENDPOINT says which endpoint.\n`,
      )
    })
}

const VITEST_CONFIG = `import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.test.js'],
    globalSetup: ['lambdacheck/vitest'],
    // The suites share nothing but the endpoint: one module graph for all of them is enough, and much faster.
    isolate: false,
    maxWorkers: 1,
    maxConcurrency: 8,
  },
})
`

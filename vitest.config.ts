import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import closingLine from './scripts/closing-line.ts'
import { LongestFirst } from './scripts/longest-first.ts'

export default defineConfig({
  test: {
    include: ['{base,config,spec,suites,reports,analyzer,reference,cli,scripts,test}/**/*.test.ts'],
    exclude: ['{base,analyzer,reports,spec/compiler,suites/probes,test}/fixtures/**', '**/node_modules/**', 'dist/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // One more than there are cores: what drives processes and servers mostly waits for them.
    maxWorkers: availableParallelism() + 1,
    maxConcurrency: 3,
    sequence: { sequencer: LongestFirst },
    // CI=true would turn colours on for what tests read as plain text.
    env: { NO_COLOR: '1' },
    reporters: ['default', closingLine()],
  },
})

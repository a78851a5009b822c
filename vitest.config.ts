import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import closingLine from './scripts/closing-line.ts'
import { LongestFirst } from './scripts/longest-first.ts'

const EXCLUDED = [
  '{base,analyzer,reports,spec/compiler,suites/probes,test}/fixtures/**',
  '**/node_modules/**',
  'dist/**',
]
/** Broken endpoints: each of these tests waits, mostly for what never comes, and so many wait together. */
const FAULTS = ['suites/testing/faults/**/*.test.ts']
/** Tests that drive programs, stand in for globals or look at what a process leaves: each file has a process of its own. */
const APART = [
  '{test,cli,scripts}/**/*.test.ts',
  'suites/{run,probes}/**/*.test.ts',
  'suites/*.test.ts',
  'reference/{invoke,mappings}/**/*.test.ts',
]

export default defineConfig({
  test: {
    projects: [
      // These two kinds wait for other processes, with bounds in seconds, and some faults show by chance (which record
      // overtakes, which messages meet in a batch): they get another try, and the reporter says so.
      { extends: true, test: { name: 'faults', include: FAULTS, exclude: EXCLUDED, maxConcurrency: 16, retry: 2 } },
      { extends: true, test: { name: 'programs', include: APART, exclude: EXCLUDED, maxConcurrency: 6, retry: 1 } },
      {
        extends: true,
        test: {
          name: 'units',
          include: ['{base,config,spec,suites,reports,analyzer,reference,scripts}/**/*.test.ts'],
          exclude: [...EXCLUDED, ...FAULTS, ...APART],
          // Files of one worker share what they import: the compiler and the pages are loaded three times, not a hundred and fifty times.
          isolate: false,
        },
      },
    ],
    globalSetup: 'test/support/temporary-folder.ts',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Two more than there are cores: what drives processes and servers mostly waits for them.
    maxWorkers: availableParallelism() + 2,
    maxConcurrency: 3,
    sequence: { sequencer: LongestFirst },
    // CI=true would turn colours on for what tests read as plain text.
    env: { NO_COLOR: '1' },
    reporters: ['default', closingLine()],
  },
})

import { defineConfig } from 'vitest/config'
import closingLine from './scripts/closing-line.ts'

export default defineConfig({
  test: {
    include: ['{base,config,spec,suites,reports,analyzer,reference,cli,scripts,test}/**/*.test.ts'],
    exclude: ['{base,analyzer,reports,spec/compiler,suites/probes,test}/fixtures/**', '**/node_modules/**', 'dist/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // CI=true would turn colours on for what tests read as plain text.
    env: { NO_COLOR: '1' },
    reporters: ['default', closingLine()],
  },
})

import type { Reporter, TestModule } from 'vitest/node'

/**
 * Ends a test run with one plain line, `N passed, N failed, N skipped`, for readers that know no runner's own words.
 */
export default function closingLine(): Reporter {
  return {
    onTestRunEnd(modules: readonly TestModule[], unhandled) {
      const counts = { passed: 0, failed: unhandled.length, skipped: 0 }
      for (const module of modules) {
        if (module.state() === 'failed' && module.children.size === 0) counts.failed += 1
        for (const test of module.children.allTests()) {
          const { state } = test.result()
          if (state === 'passed' || state === 'failed' || state === 'skipped') counts[state] += 1
        }
      }
      console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
    },
  }
}

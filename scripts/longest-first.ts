/**
 * The order of test files: those that drive whole processes take longest and wait most, so they begin first and the
 * short ones fill the gaps.
 * Vitest's own order knows durations only from earlier runs, which a fresh checkout has not had.
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Most seconds first, each measured by itself. Files that are not named come after these, in Vitest's order. */
const LONG = [
  'suites/testing/faults/streams.test.ts',
  'test/cli/bad-endpoints.test.ts',
  'test/cli/outages.test.ts',
  'suites/testing/faults/queues.test.ts',
  'test/cli/certify.test.ts',
  'test/cli/interrupt.test.ts',
  'suites/testing/faults/running.test.ts',
  'suites/honesty.test.ts',
  'suites/testing/faults/answers.test.ts',
  'test/cli/emulators.test.ts',
  'suites/testing/faults/faults.test.ts',
  'suites/testing/faults/sandbox.test.ts',
  'scripts/replay/replay.test.ts',
  'test/cli/ending-endpoint.test.ts',
  'test/cli/reproduce.test.ts',
  'test/emulators.test.ts',
  'suites/endpoint/ask.test.ts',
  'suites/families/model/commands.test.ts',
  'test/package.test.ts',
]

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONG.findIndex(name => moduleId.endsWith(`/${name}`))
      return at < 0 ? LONG.length : at
    }
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}

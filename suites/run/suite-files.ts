/** Suites as files that Vitest runs. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** Writes one file a suite and gives their paths back. A name is a file name: letters, digits, dashes. */
export function writeSuiteFiles(folder: string, suites: Iterable<string>): readonly string[] {
  mkdirSync(folder, { recursive: true })
  return [...suites].map((suite) => {
    const file = path.join(folder, `${suite}.test.js`)
    writeFileSync(file, suiteFile(suite))
    return file
  })
}

/** Vitest is handed over, so that its tests are those of the Vitest that runs the file. */
function suiteFile(suite: string): string {
  return `import * as vitest from 'vitest'\nimport { defineSuite } from 'lambdacheck/suites'\n\ndefineSuite(${JSON.stringify(suite)}, vitest)\n`
}

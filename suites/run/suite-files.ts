/** Suites as files that Vitest runs. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** Writes one file a suite and gives their paths back. A name is a file name: letters, digits, dashes. */
export function writeSuiteFiles(folder: string, suites: Iterable<string>): readonly string[] {
  mkdirSync(folder, { recursive: true })
  return [...suites].map(suite => writeFile(folder, suite, `defineSuite(${JSON.stringify(suite)}, vitest)`))
}

/**
 * Spreads the suites over `count` files. Within a file everything runs side by side and shares what has been made; a
 * file waits for the one before it. Which suite goes where depends on nothing but the suites, so that shards of
 * different machines fit together.
 */
export function writeBundles(
  folder: string,
  suites: readonly string[],
  count: number,
): ReadonlyMap<string, readonly string[]> {
  mkdirSync(folder, { recursive: true })
  const bundles = new Map<string, readonly string[]>()
  for (let index = 0; index < Math.min(count, suites.length); index++) {
    const own = suites.filter((_, at) => at % count === index)
    const name = `bundle-${index + 1}`
    writeFile(folder, name, `defineSuites(${JSON.stringify(own)}, vitest)`)
    bundles.set(name, own)
  }
  return bundles
}

/** Vitest is handed over, so that its tests are those of the Vitest that runs the file. */
function writeFile(folder: string, name: string, call: string): string {
  const file = path.join(folder, `${name}.test.js`)
  writeFileSync(
    file,
    `import * as vitest from 'vitest'\nimport { ${call.slice(0, call.indexOf('('))} } from ` +
      `'lambdacheck/suites'\n\n${call}\n`,
  )
  return file
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { ensureBuilt } from './built.ts'
import { ROOT, startProgram } from './run-cli.ts'

beforeAll(() => ensureBuilt(), 120_000)

test('a worker that hangs is left behind, and said', { timeout: 60_000 }, async () => {
  const cwd = mkdtempSync(path.join(tmpdir(), 'lambdacheck-hang-'))
  try {
    writeFileSync(
      path.join(cwd, 'endless.test.js'),
      "import { test } from 'vitest'\ntest('endless', () => { while (true) {} })\n",
    )
    writeFileSync(
      path.join(cwd, 'run.mjs'),
      `import { runSuites } from ${JSON.stringify(path.join(ROOT, 'dist/suites/run/engine.js'))}
const end = await runSuites({ folder: ${JSON.stringify(cwd)}, planFile: '', workers: 1, casesAtOnce: 1, patienceMs: 2000, endBy: Date.now() + 60_000, signal: new AbortController().signal, onFile() {}, onResult() {}, onFileEnd() {} })
console.log(JSON.stringify(end))
process.exit(0)
`,
    )
    const end = await startProgram(path.join(cwd, 'run.mjs'), [], { cwd }).end
    expect(JSON.parse(end.stdout)).toEqual({ trouble: 'nothing happened for 2 s; the workers hang' })
    expect(end.ms).toBeLessThan(20_000)
  } finally {
    rmSync(cwd, { recursive: true, force: true })
  }
})

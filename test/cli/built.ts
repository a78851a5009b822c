/** The command line is tested as it is published: built. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { globSync } from 'tinyglobby'
import { ROOT } from './run-cli.ts'

const CACHE = path.join(ROOT, 'node_modules/.cache/lambdacheck')
const STAMP = path.join(CACHE, 'tested')
const LOCK = path.join(CACHE, 'building')
const LOCK_STALE_MS = 120_000

/** Builds when a source is newer than the last build for tests; one test process at a time. To be called in `beforeAll`. */
export async function ensureBuilt(): Promise<void> {
  while (!isFresh()) {
    if (!takeLock()) {
      await new Promise(resolve => setTimeout(resolve, 200))
      continue
    }
    try {
      const started = new Date()
      // Types are checked by another command: what is wrong there does not keep the rest from being tried.
      spawnSync('npm', ['run', '-s', 'build'], { cwd: ROOT, stdio: 'ignore' })
      writeFileSync(STAMP, '')
      utimesSync(STAMP, started, started)
    } finally {
      rmSync(LOCK, { recursive: true, force: true })
    }
    return
  }
}

function isFresh(): boolean {
  if (!['dist/cli/main.js', 'dist/bundle/main.js'].every(file => existsSync(path.join(ROOT, file)))) return false
  const built = statSync(STAMP, { throwIfNoEntry: false })?.mtimeMs
  if (built === undefined) return false
  const folders = '{base,config,spec,suites,reports,analyzer,reference,cli}/**/*.ts'
  // The index of the rules and the types of requests are written by builds: they are newer than the beginning of that build.
  const sources = globSync([folders, '!**/*.test.ts', '!analyzer/rules/index.ts', '!reference/protocol/inputs.ts'], {
    cwd: ROOT,
  })
  return sources.every(file => statSync(path.join(ROOT, file)).mtimeMs <= built)
}

function takeLock(): boolean {
  try {
    mkdirSync(path.dirname(LOCK), { recursive: true })
    mkdirSync(LOCK)
    return true
  } catch {
    const held = statSync(LOCK, { throwIfNoEntry: false })
    if (held !== undefined && Date.now() - held.mtimeMs > LOCK_STALE_MS) rmSync(LOCK, { recursive: true, force: true })
    return false
  }
}

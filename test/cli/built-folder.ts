import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { ensureBuilt } from './built.ts'

/** Builds the command line, and gives the tests of a file one folder, which is deleted after all that they clean up. */
export function builtFolder(name: string): { readonly root: string } {
  const here = { root: '' }
  beforeAll(async () => {
    await ensureBuilt()
    here.root = mkdtempSync(path.join(tmpdir(), `lambdacheck-${name}-`))
  }, 120_000)
  afterAll(() => rmSync(here.root, { recursive: true, force: true }))
  return here
}

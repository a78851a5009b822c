import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, vi } from 'vitest'

/** Where a test is, and what was written in it. */
export interface OwnFolder {
  root: string
  out: string
  err: string
}

/** Gives each test of the file a working directory of its own, and catches what commands write. `prepare` fills the folder. */
export function inOwnFolder(prefix: string, prepare: (root: string) => void = () => {}): OwnFolder {
  const here: OwnFolder = { root: '', out: '', err: '' }
  let back = ''
  beforeEach(() => {
    back = process.cwd()
    here.root = mkdtempSync(join(tmpdir(), prefix))
    prepare(here.root)
    process.chdir(here.root)
    here.out = ''
    here.err = ''
    vi.spyOn(process.stdout, 'write').mockImplementation(text => {
      here.out += String(text)
      return true
    })
    vi.spyOn(process.stderr, 'write').mockImplementation(text => {
      here.err += String(text)
      return true
    })
  })
  afterEach(() => {
    vi.restoreAllMocks()
    process.chdir(back)
    process.exitCode = undefined
    rmSync(here.root, { recursive: true, force: true })
  })
  return here
}

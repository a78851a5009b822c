import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { mutantsOf } from './operators.ts'
import { compileReference } from './program.ts'
import { readReviewed } from './reviewed.ts'

it('every survivor that was read still is a mutant of a file that is there', async () => {
  const reviewed = readReviewed(path.join(import.meta.dirname, 'reviewed.yaml'))
  const files = new Map((await compileReference()).map(one => [one.file, one]))
  for (const one of reviewed) {
    expect(existsSync(path.resolve(import.meta.dirname, '../..', one.file)), one.file).toBe(true)
    const mutants = mutantsOf(one.file, files.get(one.file)!.js)
    expect(
      mutants.some(mutant => mutant.operator === one.operator && mutant.was === one.was),
      `${one.file}: ${one.was}`,
    ).toBe(true)
  }
})

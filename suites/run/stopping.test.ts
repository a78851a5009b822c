import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { announceStop, onStop } from './stopping.ts'

test('those that listen hear of it, and those that come later', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lambdacheck-stop-'))
  try {
    const plan = path.join(folder, 'plan.json')
    const [early, other, late] = [vi.fn(), vi.fn(), vi.fn()]
    const ends = [onStop(plan, early), onStop(path.join(folder, 'another.json'), other)]
    announceStop(plan)
    announceStop(plan)
    await vi.waitFor(() => expect(early).toHaveBeenCalledTimes(1))
    ends.push(onStop(plan, late))
    expect(late).toHaveBeenCalledTimes(1)
    expect(other).not.toHaveBeenCalled()
    for (const end of ends) end()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

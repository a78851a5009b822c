import { spawnSync } from 'node:child_process'
import { expect, it, vi } from 'vitest'
import { isRunning } from './is-running.ts'

it('tells a process that is there from one that has ended', () => {
  expect(isRunning(process.pid)).toBe(true)
  expect(isRunning(spawnSync(process.execPath, ['--version']).pid)).toBe(false)
})

it('takes a process that may not be told anything for one that is there', () => {
  const kill = vi.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' })
  })
  expect(isRunning(1)).toBe(true)
  kill.mockRestore()
})

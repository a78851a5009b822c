import { once } from 'node:events'
import { spawn, spawnSync } from 'node:child_process'
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

it.runIf(process.platform === 'linux')('takes a process that nobody has waited for as ended', async () => {
  const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'ignore'] })
  const [line] = await once(parent.stdout, 'data')
  await vi.waitFor(() => expect(isRunning(Number(line))).toBe(false))
  expect(isRunning(parent.pid ?? 0)).toBe(true)
  parent.kill()
})

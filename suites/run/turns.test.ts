import { expect, test } from 'vitest'
import { createTurns } from './turns.ts'

/** A task that says when it begins and ends, and ends when it is told. */
function task(name: string, log: string[]): { run: () => Promise<string>; end: () => void } {
  let end = (): void => {}
  const ended = new Promise<void>(resolve => (end = resolve))
  return {
    run: async () => {
      log.push(`${name} begins`)
      await ended
      log.push(`${name} ends`)
      return name
    },
    end: () => end(),
  }
}

const soon = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 5))

test('what wants to be alone waits for what runs, and lets nobody in', async () => {
  const turns = createTurns()
  const log: string[] = []
  const [one, two, lonely, later] = ['one', 'two', 'lonely', 'later'].map(name => task(name, log))
  const all = Promise.all([
    turns.beside(one!.run),
    turns.beside(two!.run),
    turns.alone(lonely!.run),
    turns.beside(later!.run),
  ])
  await soon()
  expect(log).toEqual(['one begins', 'two begins'])
  one!.end()
  await soon()
  expect(log).toEqual(['one begins', 'two begins', 'one ends'])
  two!.end()
  await soon()
  expect(log.slice(3)).toEqual(['two ends', 'lonely begins'])
  lonely!.end()
  await soon()
  expect(log.slice(5)).toEqual(['lonely ends', 'later begins'])
  later!.end()
  expect(await all).toEqual(['one', 'two', 'lonely', 'later'])
})

test('what fails keeps nobody waiting', async () => {
  const turns = createTurns()
  const fail = (): Promise<never> => Promise.reject(new Error('no'))
  await expect(turns.beside(fail)).rejects.toThrow('no')
  await expect(turns.alone(fail)).rejects.toThrow('no')
  expect(await turns.alone(async () => 1)).toBe(1)
})

import { expect, test } from 'vitest'
import { UnreachableError } from '../base/usage-error.ts'
import type { Evidence, Verdict } from '../reports/evidence.ts'
import { evidenceOf, resultOf } from '../reports/fixtures/evidence.ts'
import { watchFailures } from './watch.ts'

const run = (verdicts: { readonly [id: string]: Verdict }): Evidence =>
  evidenceOf(Object.entries(verdicts).map(([id, verdict]) => resultOf({ id, verdict })))

async function watch(first: Evidence, rounds: readonly (Evidence | Error)[]) {
  const asked: (readonly string[])[] = []
  const said: string[] = []
  const stop = new AbortController()
  const left = await watchFailures(first, {
    async again(ids) {
      asked.push(ids)
      const round = rounds[asked.length - 1]
      if (asked.length >= rounds.length) stop.abort()
      if (round instanceof Error) throw round
      return round as Evidence
    },
    say: text => said.push(text),
    pause: () => Promise.resolve(),
    signal: asked.length > rounds.length ? AbortSignal.abort() : stop.signal,
  })
  return { asked, said: said.join('\n'), left }
}

test('only what failed is asked for again, until nothing fails', async () => {
  const { asked, left } = await watch(run({ a: 'fail', b: 'pass', c: 'fail' }), [
    run({ a: 'pass', c: 'fail' }),
    run({ c: 'inconclusive' }),
    new UnreachableError('it is being started again'),
    run({ c: 'fail' }),
    run({ c: 'fail' }),
  ])
  expect(asked).toEqual([['a', 'c'], ['c'], ['c'], ['c'], ['c']])
  expect(left).toEqual(['c'])
})

test('a run without failures is not watched, and what is mended is said', async () => {
  expect(await watch(run({ a: 'pass' }), [])).toMatchObject({ asked: [], left: [] })
  const stop = new AbortController()
  const said: string[] = []
  const left = await watchFailures(run({ a: 'fail' }), {
    again: () => Promise.resolve(run({ a: 'pass' })),
    say: text => said.push(text),
    pause: () => Promise.resolve(),
    signal: stop.signal,
  })
  expect(left).toEqual([])
  expect(said.join('\n')).toMatch(/✔ a[^]*Nothing of what failed fails any more/)
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { startReference, type Reference } from '../../../reference/server.ts'
import { loadSpec } from '../../../spec/compiler/compile.ts'
import type { Spec } from '../../../spec/model.ts'
import type { Case, CaseOutcome } from '../../case.ts'
import type { Behaviour } from '../../testing/faults/fault.ts'
import { withJson } from '../../testing/faults/fault.ts'
import { startFaultyProxy } from '../../testing/faults/proxy.ts'
import { faultyEndpoint } from '../../testing/faults/run-cases.ts'
import { openSession } from '../../run/session.ts'
import { commandCases } from './commands.ts'

let spec: Spec
let reference: Reference
beforeAll(async () => {
  spec = loadSpec()
  reference = await startReference({ spec, transitionMs: 5 })
})
afterAll(() => reference.close())

interface RunOptions {
  readonly seed: number
  readonly path?: string
  readonly id?: string
  readonly target?: string
  readonly caseTimeoutMs?: number
}

async function runModel(behaviour: Behaviour, options: RunOptions): Promise<CaseOutcome> {
  const { id = 'alias.model#model', target = reference.url, caseTimeoutMs = 30_000 } = options
  const one = commandCases(spec).find(found => found.id === id) as Case
  const proxy = await startFaultyProxy({ spec, target, behaviour })
  const endpoint = faultyEndpoint(proxy.url, 10_000, { run: 'lc-model', capabilities: {} })
  const session = openSession({
    spec,
    endpoint,
    seed: options.seed,
    runs: 10,
    caseTimeoutMs,
    prefix: 'lc-model',
    signal: new AbortController().signal,
  })
  try {
    const open = session.openCase(options.path === undefined ? {} : { path: options.path })
    const outcome = await one.run(open.context)
    await open.close()
    return outcome
  } finally {
    await session.close()
    await proxy.close()
  }
}

/** A list of three lacks its last: the sequence that is tried first never makes three. */
const forgetsTheThird: Behaviour = async (request, forward) => {
  const given = await forward()
  return request.action === 'ListAliases'
    ? withJson(given, value => ({ ...value, Aliases: (value['Aliases'] as unknown[]).slice(0, 2) }))
    : given
}

test('a failure that only random commands find is shrunk to the commands that make it, and its seed and path replay it', {
  timeout: 90_000,
}, async () => {
  let seed = 1
  let found = await runModel(forgetsTheThird, { seed })
  while (found.verdict === 'pass' && seed < 6) found = await runModel(forgetsTheThird, { seed: ++seed })
  expect(found.verdict).toBe('fail')
  const commands = found.counterexample as readonly string[]
  // A sequence that does without looks reads everything before it lists.
  const names = commands.map(one => one.split(' ', 1)[0]).filter(name => name !== 'read')
  expect(names).toEqual(['create', 'create', 'create', 'list'])
  expect(found.path).toMatch(/^[\d:]+;\S+$/)

  const replayed = await runModel(forgetsTheThird, { seed, path: found.path as string })
  expect(replayed).toMatchObject({ verdict: 'fail', counterexample: commands })
})

test('the sequence that is tried first is cut down to what fails', { timeout: 60_000 }, async () => {
  const updatesNothing: Behaviour = async (request, forward) =>
    request.action === 'UpdateAlias' ? forward({ method: 'GET', body: Buffer.alloc(0) }) : forward()
  const outcome = await runModel(updatesNothing, { seed: 1 })
  expect(outcome).toMatchObject({
    verdict: 'fail',
    counterexample: [expect.stringMatching(/^create 0/), expect.stringMatching(/^update 0/), 'read 0'],
  })
})

const honest: Behaviour = (_, forward) => forward()
/** What is deleted is answered as it was. */
const deletesNothing: Behaviour = (request, forward) =>
  request.action === 'DeleteFunction' ? forward({ method: 'GET', body: Buffer.alloc(0) }) : forward()

test.concurrent.each([
  // Updates and creations of 0.7 seconds: the first sequences end, the one of every change does not.
  { caseTimeoutMs: 22_000, behaviour: honest, verdict: 'pass' },
  { caseTimeoutMs: 8000, behaviour: honest, verdict: 'inconclusive', reason: /^time ran out/ },
  { caseTimeoutMs: 22_000, behaviour: deletesNothing, verdict: 'fail' },
])('a slow endpoint is not failed for what the time was not enough for: %j', { timeout: 90_000 }, async row => {
  const slow = await startReference({ spec, transitionMs: 700 })
  try {
    const outcome = await runModel(row.behaviour, { ...row, seed: 1, id: 'function.model#model', target: slow.url })
    expect(outcome).toMatchObject({
      verdict: row.verdict,
      ...(row.reason && { reason: expect.stringMatching(row.reason) }),
    })
  } finally {
    await slow.close()
  }
})

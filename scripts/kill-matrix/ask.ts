/** Asks an endpoint with faults by many cases, and says which of them fail. */
import { eachAtOnce } from '../../base/each-at-once.ts'
import type { Case, CaseOutcome } from '../../suites/case.ts'
import { openJudge, type Judge, type JudgeOptions } from '../mutation/judge.ts'

/** What cases said of one endpoint. */
export interface Asked {
  /** Ids of the cases that failed twice, and pass on the sound program. */
  readonly failed: readonly string[]
  /** Those that only a server error, or what could not be made, failed: whatever crashes is noticed by anybody. */
  readonly crashed: readonly string[]
  readonly passed: readonly string[]
  /** Those that came to no verdict. */
  readonly open: readonly string[]
}

/** Most of the time of a case is waiting. */
const TOGETHER = 12
/** A case that waited for so long may have met a busy machine. */
const SLOW_MS = 5000

/** The cases in their order, as many as there is time for. */
export async function askAll(
  options: JudgeOptions,
  url: string,
  sound: Judge,
  cases: readonly Case[],
  timeMs: number,
): Promise<Asked> {
  const until = Date.now() + timeMs
  const judging = openJudge(options, url)
  const asked = { failed: [] as string[], crashed: [] as string[], passed: [] as string[], open: [] as string[] }
  const ask = async (one: Case): Promise<void> => {
    if (Date.now() > until) return
    const first = await judging.run(one)
    if (first.verdict !== 'fail') return void (first.verdict === 'pass' ? asked.passed : asked.open).push(one.id)
    const second = await judging.run(one)
    const isMeant = second.verdict === 'fail' && (first.ms < SLOW_MS || (await sound.run(one)).verdict === 'pass')
    if (!isMeant) asked.open.push(one.id)
    else (isCrash(first.outcome) || isCrash(second.outcome) ? asked.crashed : asked.failed).push(one.id)
  }
  try {
    await eachAtOnce(
      cases.filter(one => one.isLast !== true),
      TOGETHER,
      ask,
    )
    for (const one of cases.filter(last => last.isLast === true)) await ask(one)
    return asked
  } finally {
    await judging.close()
  }
}

/** Failed by a fault of the server, or since what is needed could not be made. */
function isCrash({ expected, exchanges }: CaseOutcome): boolean {
  return (exchanges.at(-1)?.response?.status ?? 0) >= 500 || MAKING.includes(expected ?? '')
}

const MAKING = ['no server error where something is made', 'what was made to become ready']

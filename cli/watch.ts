/** `certify --watch`: the cases that fail, again and again, while somebody mends the endpoint. */
import pc from 'picocolors'
import { UnreachableError } from '../base/usage-error.ts'
import type { Evidence } from '../reports/evidence.ts'
import { plainLine } from '../reports/plain.ts'
import { amount, summarize } from '../reports/summary.ts'

/** How `certify --watch` runs cases again, says what came of them, and waits for the next round. */
export interface Watching {
  /** Runs these cases, and no others. */
  again(ids: readonly string[]): Promise<Evidence>
  say(text: string): void
  /** Resolves when the next round is to begin. */
  pause(): Promise<void>
  readonly signal: AbortSignal
}

const SHOWN = 20

/**
 * Rounds over what failed in the round before, until nothing does; gives the ids that still fail when it is stopped.
 * Failures that are expected are left alone.
 */
export async function watchFailures(first: Evidence, watching: Watching): Promise<readonly string[]> {
  const { signal, say } = watching
  let failing = failuresOf(first)
  while (failing.length > 0 && !signal.aborted) {
    say(`Watching ${amount(failing.length, 'failing case')}. Ctrl-C ends it.`)
    await watching.pause()
    if (signal.aborted) break
    const evidence = await roundOf(watching, failing)
    if (evidence === undefined || signal.aborted) continue
    const now = failuresOf(evidence)
    // What could not be judged, in a round in which the endpoint was being mended, is not mended.
    const passed = new Set(evidence.results.filter(one => one.verdict === 'pass').map(one => one.id))
    const mended = failing.filter(id => passed.has(id))
    for (const id of mended.slice(0, SHOWN)) say(pc.green(`✔ ${plainLine(id, 200)}`))
    if (mended.length > SHOWN) say(pc.green(`✔ and ${amount(mended.length - SHOWN, 'more case')}`))
    const [cause] = summarize(evidence).causes
    failing = failing.filter(id => !passed.has(id))
    if (failing.length > 0)
      say(
        `${pc.red(`✘ ${now.length} fail`)}${failing.length > now.length ? `, ${failing.length - now.length} could not be judged` : ''}${cause === undefined ? '' : `. Mend next: ${plainLine(cause.title, 200)} ` + `(${amount(cause.results.length, 'case')})`}`,
      )
  }
  if (failing.length === 0) say(pc.green('Nothing of what failed fails any more. A whole run certifies.'))
  return failing
}

/** An endpoint that is being started again is waited for. */
async function roundOf({ again, say }: Watching, ids: readonly string[]): Promise<Evidence | undefined> {
  try {
    return await again(ids)
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error
    say(pc.dim(plainLine(error.message, 300)))
    return undefined
  }
}

function failuresOf({ results }: Evidence): readonly string[] {
  return results.filter(one => one.verdict === 'fail' && one.expectedFailure !== true).map(one => one.id)
}

/** Matchers for the Vitest of an emulator: what a run of `certify` came to, with the causes in the message. */
import { withBaseline } from '../../reports/baseline.ts'
import type { Evidence } from '../../reports/evidence.ts'
import { loadEvidence } from '../../reports/load-evidence.ts'
import { plainLine } from '../../reports/plain.ts'
import { amount, heldBack, summarize } from '../../reports/summary.ts'

interface Matched {
  readonly pass: boolean
  readonly message: () => string
}

const CAUSES_SHOWN = 8

/**
 * For `expect.extend`. Each takes the evidence that `certify` gives.
 *
 * - `toBeCertified()`: every profile of the run is.
 * - `toBeCertifiedFor(...profiles)`: these are, whatever becomes of others.
 * - `toBeNoWorseThan(evidence)`: nothing fails that did not in an earlier run; evidence, or the path of its file or folder.
 * @since 0.1.0
 */
export const lambdaMatchers = {
  toBeCertified(evidence: Evidence): Matched {
    const { overall } = summarize(evidence)
    return matched(overall.verdict === 'certified', evidence, overall.sentence)
  },
  toBeCertifiedFor(evidence: Evidence, ...profiles: readonly string[]): Matched {
    const missing = profiles.filter(name => !evidence.profiles.some(one => one.profile === name && one.certified))
    const reasons = missing.map(name => {
      const profile = evidence.profiles.find(one => one.profile === name)
      return `${name} is not certified: ${profile?.reason ?? 'no case of it ran.'}`
    })
    const good = `${profiles.join(', ')} ${profiles.length === 1 ? 'is' : 'are'} certified.`
    return matched(missing.length === 0 && profiles.length > 0, evidence, reasons.join('\n') || good)
  },
  toBeNoWorseThan(evidence: Evidence, before: Evidence | string): Matched {
    const held = withBaseline(evidence, typeof before === 'string' ? loadEvidence(before) : before)
    return matched(held.baseline?.worse === false, held, held.baseline?.sentence ?? '')
  },
}

function matched(pass: boolean, evidence: Evidence, sentence: string): Matched {
  return { pass, message: () => [plainLine(sentence, 2000), ...(pass ? [] : causesOf(evidence))].join('\n') }
}

/** What is to be mended, as far as a person reads in the output of a test. */
function causesOf(evidence: Evidence): readonly string[] {
  const { causes } = summarize(evidence)
  const replay = causes[0]?.results[0]?.reproduce?.replay
  return [
    ...causes
      .slice(0, CAUSES_SHOWN)
      .map((one, at) =>
        plainLine(`${at + 1}. ${one.title} (${amount(one.results.length, 'case')}; ${heldBack(one, 3)})`, 600),
      ),
    ...(causes.length > CAUSES_SHOWN ? [`… and ${amount(causes.length - CAUSES_SHOWN, 'more cause')}`] : []),
    ...(replay === undefined ? [] : [`Replay the first: ${plainLine(replay, 1000)}`]),
  ]
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: as Vitest declares it
  interface Matchers<T = any> {
    toBeCertified(): T
    toBeCertifiedFor(...profiles: readonly string[]): T
    toBeNoWorseThan(before: Evidence | string): T
  }
}

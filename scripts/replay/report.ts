/** What a replay came to, as text. */
import type { Aspect } from './compare-answers.ts'
import type { Found, Replay } from './play-file.ts'

const ASPECTS: readonly Aspect[] = ['status', 'type', 'text', 'members']

/** `all`: the known differences, too, each with its reason. */
export function renderReplay(replay: Replay, { all }: { readonly all: boolean }): string {
  const { played } = replay
  const errors = played.filter(one => one.call.recorded?.errorType)
  const agree = (aspects: readonly Aspect[], among = played): string => {
    const good = among.filter(one => !one.differences.some(each => aspects.includes(each.aspect))).length
    return `${good} of ${among.length} (${among.length === 0 ? '-' : ((100 * good) / among.length).toFixed(1)} %)`
  }
  return [
    ...replay.unexplained.map(one => line(one)),
    ...(all ? replay.explained.map(one => `${line(one)}\n    known: ${one.known?.reason}`) : []),
    `answers: ${played.length}, of ${replay.sequences} sequences`,
    `status and error type: ${agree(['status', 'type'])}`,
    `error text: ${agree(['status', 'type', 'text'], errors)}`,
    `members: ${agree(['status', 'type', 'members'])}`,
    `differences: ${replay.explained.length} with a known reason, ${replay.unexplained.length} without (${ASPECTS.map(
      aspect => `${aspect} ${replay.unexplained.filter(one => one.difference.aspect === aspect).length}`,
    ).join(', ')})`,
    '',
  ].join('\n')
}

function line({ played, difference }: Found): string {
  return [
    `${played.call.operation} (${difference.aspect}), call ${played.number} of ${played.test.split('/').at(-1)}`,
    `    request:  ${JSON.stringify(played.call.request)
      ?.replace(/"ZipFile":"[^"]{40,}"/g, '"ZipFile":"…"')
      .slice(0, 300)}`,
    `    recorded: ${difference.recorded.slice(0, 600)}`,
    `    came:     ${difference.came.slice(0, 600)}`,
  ].join('\n')
}

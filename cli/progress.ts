/** Says how far a run is: one line that changes on a terminal, a line every few seconds elsewhere. */
import pc from 'picocolors'
import type { CaseResult } from '../reports/evidence.ts'

/** Tells a person how far a run has come. */
export interface Progress {
  say(text: string): void
  /** How many cases there will be. */
  expect(cases: number): void
  result(result: CaseResult): void
  /** Takes the changing line away. */
  end(): void
}

interface Sink {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

const REDRAW_MS = 80
const PLAIN_LINE_MS = 5000
const BAR = 20

/** A line that is written over on a terminal, a line now and then elsewhere. */
export function createProgress(sink: Sink, quiet: boolean, now: () => number = Date.now): Progress {
  if (quiet) return { say() {}, expect() {}, result() {}, end() {} }
  const live = sink.isTTY === true && process.env['CI'] === undefined && process.env['TERM'] !== 'dumb'
  const start = now()
  let total = 0
  let done = 0
  let fails = 0
  let inconclusive = 0
  let current = ''
  let lastShown = 0
  let drawn = false

  const erase = (): void => {
    if (drawn) sink.write('\r\u001b[K')
    drawn = false
  }
  const line = (): string => {
    const share = total === 0 ? 0 : done / total
    const counts = [
      `${done}/${total}`,
      ...(fails === 0 ? [] : [pc.red(`${fails} failing`)]),
      ...(inconclusive === 0 ? [] : [pc.yellow(`${inconclusive} inconclusive`)]),
      ...(done < 20 || done === total ? [] : [`${seconds(((now() - start) / done) * (total - done))} left`]),
    ].join(', ')
    if (!live) return `${counts}${current === '' ? '' : ` (${current})`}`
    const filled = Math.round(share * BAR)
    return `${pc.cyan('━'.repeat(filled))}${pc.dim('━'.repeat(BAR - filled))} ${counts}${room(sink, current)}`
  }
  const show = (force: boolean): void => {
    const time = now()
    if (!force && time - lastShown < (live ? REDRAW_MS : PLAIN_LINE_MS)) return
    lastShown = time
    if (!live) return void sink.write(`${line()}\n`)
    erase()
    sink.write(line())
    drawn = true
  }
  return {
    say(text) {
      erase()
      sink.write(`${text}\n`)
    },
    expect(cases) {
      total = cases
      lastShown = now()
    },
    result(result) {
      done++
      if (result.verdict === 'fail' && result.expectedFailure !== true) fails++
      if (result.verdict === 'inconclusive') inconclusive++
      current = result.action ?? result.clause.profile
      show(false)
    },
    end() {
      erase()
    },
  }
}

function seconds(ms: number): string {
  const all = Math.max(1, Math.round(ms / 1000))
  return all < 60 ? `${all}s` : `${Math.floor(all / 60)}m${String(all % 60).padStart(2, '0')}s`
}

/** The name of what is being tested, where the line has room for it. */
function room(sink: Sink, text: string): string {
  return (sink.columns ?? 80) < 76 + text.length ? '' : pc.dim(` ${text}`)
}

/** Audits a file of recorded traffic: every exchange against its page, nothing is sent. */
import type { Spec } from '../../spec/model.ts'
import type { Violation } from '../oracle/violation.ts'
import type { SeenExchange, SentCall, Unreadable } from './exchange.ts'
import { createHistory } from './history.ts'
import { judgeExchange } from './judge.ts'
import { readTraffic } from './traffic.ts'

/** What came of the exchanges of a file, counted. */
export interface AuditCounts {
  readonly exchanges: number
  /** Exchanges of actions that have no page: nothing can be said of them. */
  readonly unjudged: number
  readonly violating: number
  readonly violations: number
  readonly unreadable: number
}

/** Is told of what an audit finds, as it finds it. */
export interface AuditListener {
  /** In the order of the file; an exchange without violations has none. */
  exchange(exchange: SeenExchange, violations: readonly Violation[]): void
  unreadable(problem: Unreadable): void
}

/** Judges exchanges one after the other, and remembers what they did. */
export interface Auditor {
  judge(exchange: SeenExchange): readonly Violation[]
  sent(call: SentCall): void
}

/** Judges recorded exchanges one after the other, each in the light of those before it. */
export function createAuditor(spec: Spec): Auditor {
  const history = createHistory(spec)
  return {
    judge(exchange) {
      const violations = [...judgeExchange(spec, exchange), ...history.trouble(exchange)]
      history.remember(exchange)
      return violations
    },
    sent: call => history.sent(call),
  }
}

/** Throws `UnreadableFile` when the file as a whole cannot be read. */
export async function auditFile(spec: Spec, file: string, listener: AuditListener): Promise<AuditCounts> {
  const auditor = createAuditor(spec)
  let exchanges = 0
  let unjudged = 0
  let violating = 0
  let count = 0
  let unreadable = 0
  for await (const item of readTraffic(spec, file)) {
    if ('unreadable' in item) {
      unreadable++
      listener.unreadable(item.unreadable)
      continue
    }
    if ('sent' in item) {
      auditor.sent(item.sent)
      continue
    }
    const violations = judged(auditor, item.exchange)
    if ('problem' in violations) {
      unreadable++
      listener.unreadable(violations)
      continue
    }
    exchanges++
    if (item.exchange.action === null) unjudged++
    count += violations.length
    if (violations.length > 0) violating++
    listener.exchange(item.exchange, violations)
  }
  return { exchanges, unjudged, violating, violations: count, unreadable }
}

/** One exchange that breaks the oracle costs one exchange, and says so. */
function judged(auditor: Auditor, exchange: SeenExchange): readonly Violation[] | Unreadable {
  try {
    return auditor.judge(exchange)
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : 'something that is no error was thrown'
    return { line: exchange.line, problem: `not judged, a defect of lambdacheck: ${reason}` }
  }
}

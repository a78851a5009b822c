/** `lambdacheck audit FILE`: judges recorded traffic without sending anything. */
import type { Command } from 'commander'
import pc from 'picocolors'
import type { Clause } from '../../spec/model.ts'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { auditFile, type AuditCounts, type AuditListener } from '../../suites/audit/audit.ts'
import type { SeenExchange } from '../../suites/audit/exchange.ts'
import type { Violation } from '../../suites/oracle/violation.ts'

/** Exit codes: 0 no violation, 1 violations, 2 the file cannot be read, or something in it. */
export function registerAudit(program: Command): void {
  program
    .command('audit')
    .argument('<file>', 'JSON Lines ({operation, request, response}) or HAR 1.2')
    .description('check recorded traffic against the pages; sends nothing')
    .option('--json', 'print one JSON document with a verdict for every exchange')
    .action(async (file: string, options: { readonly json?: boolean }) => {
      process.exitCode = await audit(file, options.json === true)
    })
}

async function audit(file: string, json: boolean): Promise<number> {
  const spec = loadSpec()
  const clauses = new Map(spec.clauses.map(clause => [clause.id, clause]))
  const report = json ? jsonReport(file, clauses) : textReport(file, clauses)
  const counts = await auditFile(spec, file, report)
  report.end(counts)
  if (counts.violations > 0) return 1
  return counts.unreadable > 0 || counts.exchanges === 0 ? 2 : 0
}

interface Report extends AuditListener {
  end(counts: AuditCounts): void
}

function jsonReport(file: string, clauses: ReadonlyMap<string, Clause>): Report {
  let separator = `{"schemaVersion":1,"file":${JSON.stringify(file)},"exchanges":[\n`
  const unreadable: { readonly line: number; readonly problem: string }[] = []
  return {
    exchange(exchange, violations) {
      const { line, id, operation, action, answer } = exchange
      const shown = violations.map(one => ({
        ...one,
        page: clauses.get(one.clause)?.page,
        pageLine: clauses.get(one.clause)?.line,
      }))
      const result = { line, id, action: operation, status: answer.status, judged: action !== null, violations: shown }
      process.stdout.write(`${separator}${JSON.stringify(result)}`)
      separator = ',\n'
    },
    unreadable(problem) {
      unreadable.push(problem)
    },
    end(counts) {
      if (separator !== ',\n') process.stdout.write(separator)
      process.stdout.write(`],\n"unreadable":${JSON.stringify(unreadable)},\n"summary":${JSON.stringify(counts)}}\n`)
    },
  }
}

function textReport(file: string, clauses: ReadonlyMap<string, Clause>): Report {
  return {
    exchange(exchange, violations) {
      for (const one of violations)
        process.stdout.write(`${lines(file, exchange, one, clauses.get(one.clause)).join('\n')}\n`)
    },
    unreadable({ line, problem }) {
      process.stderr.write(`${file}:${line}: ${printable(problem)}\n`)
    },
    end(counts) {
      const { exchanges, unjudged, violating, violations, unreadable } = counts
      const verdict =
        violations === 0
          ? pc.green('no violation')
          : pc.red(`${violations} ${violations === 1 ? 'violation' : 'violations'} in ${violating} of them`)
      process.stdout.write(`${exchanges} exchanges, ${verdict}`)
      if (unjudged > 0) process.stdout.write(`; ${unjudged} of actions that have no page`)
      if (unreadable > 0) process.stdout.write(`; ${unreadable} unreadable`)
      process.stdout.write('\n')
    },
  }
}

function lines(
  file: string,
  { line, operation, answer }: SeenExchange,
  violation: Violation,
  clause: Clause | undefined,
): readonly string[] {
  const where = violation.path.length === 0 ? '' : ` at ${violation.path.join('.')}`
  const page = violation.stated ?? (clause === undefined ? undefined : { file: clause.page, line: clause.line })
  return [
    `${file}:${line}: ${operation ?? 'unknown action'} ${answer.status ?? ''}: ${printable(violation.message)}`,
    `  expected ${printable(violation.expected)}, got ${printable(violation.actual)}${printable(where)}`,
    pc.dim(`  ${violation.clause}${page === undefined ? '' : `  spec/${page.file}:${page.line}`}`),
  ]
}

/** Text from a recording may hold anything, escape sequences for the terminal too. */
function printable(text: string): string {
  return text
    .replace(
      /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
      char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    .slice(0, 600)
}

/** GitLab's code quality report: the findings of lint, one object each, which a merge request shows beside the line. */
import type { Evidence, Finding } from '../evidence.ts'
import { plainLine } from '../plain.ts'
import { summarize } from '../summary.ts'

const SEVERITIES: { readonly [severity in Finding['severity']]: 'major' | 'minor' | 'info' } = {
  error: 'major',
  warning: 'minor',
  info: 'info',
}

/** A JSON array; what somebody has accepted is not in it. */
export function renderGitlab(evidence: Evidence): string {
  const issues = summarize(evidence).findings.map(finding => ({
    type: 'issue',
    description: plainLine(finding.message, 600) || plainLine(finding.rule, 200) || 'lambdacheck',
    check_name: plainLine(finding.rule, 200) || 'lambdacheck',
    fingerprint: plainLine(finding.fingerprint, 100),
    severity: SEVERITIES[finding.severity],
    categories: ['Bug Risk'],
    ...(finding.help === undefined ? {} : { content: { body: plainLine(finding.help, 1000) } }),
    location: {
      // Relative to the repository, without `./`, as GitLab looks it up.
      path: plainLine(finding.location.file, 400).replace(/^\.\//, '') || '.',
      lines: { begin: finding.location.line, end: finding.location.endLine ?? finding.location.line },
    },
  }))
  return `${JSON.stringify(issues, null, 2)}\n`
}

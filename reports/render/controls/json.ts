/** The verdicts of controls as JSON, with what each rests on. */
import type { ControlReport } from '../../controls/assess.ts'

/** The assessment as JSON, for other programs. */
export function renderControlsJson(reports: readonly ControlReport[]): string {
  const plain = reports.map(({ framework, evidence, controls, statuses, accepted }) => ({
    framework: { id: framework.id, title: framework.title, version: framework.version, source: framework.origin },
    tool: evidence.tool,
    subject: subjectOf(evidence),
    startedAt: evidence.startedAt,
    finishedAt: evidence.finishedAt,
    statuses,
    controls: controls.map(({ control, status, why, counts, missing, observations }) => ({
      id: control.id,
      title: control.title,
      severity: control.severity,
      methods: control.methods,
      status,
      why,
      counts,
      limits: control.limits,
      notRun: missing,
      observations: observations.map(({ findings, ...one }) => ({
        ...one,
        findings: findings.map(finding => finding.fingerprint),
      })),
    })),
    accepted: accepted.map(({ findings: _findings, ...one }) => one),
  }))
  return `${JSON.stringify({ schemaVersion: 1, frameworks: plain }, null, 2)}\n`
}

/** What the report speaks of. */
function subjectOf({ lint, endpoint, spec }: ControlReport['evidence']): object {
  return {
    ...(lint && {
      project: { commit: lint.commit, digest: lint.digest, files: lint.files.length, unread: lint.unread },
    }),
    ...(endpoint && { endpoint: { name: endpoint.name, url: endpoint.url, software: endpoint.software } }),
    specification: spec,
  }
}

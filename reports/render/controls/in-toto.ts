/** An in-toto attestation of the kind `test-result`, unsigned: `cosign attest-blob` or CI signs it. */
import type { ControlReport } from '../../controls/assess.ts'
import { plainLine } from '../../plain.ts'

/** What the predicate of in-toto's `test-result` calls the outcome. */
function resultOf(failed: number, warned: number): 'FAILED' | 'WARNED' | 'PASSED' {
  if (failed > 0) return 'FAILED'
  return warned > 0 ? 'WARNED' : 'PASSED'
}

/** The statement, one line of JSON as signers take it. */
export function renderInToto(reports: readonly ControlReport[]): string {
  const evidence = reports[0]?.evidence
  const named = reports.flatMap(({ framework, controls }) =>
    controls.map(control => ({ name: `${framework.id}:${control.control.id}`, status: control.status })),
  )
  const of = (...statuses: readonly string[]): readonly string[] =>
    named.filter(one => statuses.includes(one.status)).map(one => plainLine(one.name, 200))
  const failed = of('not-satisfied')
  const warned = of('in-part', 'not-assessed', 'manual')
  const { lint, endpoint, digest } = evidence ?? {}
  return `${JSON.stringify({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [
      ...(lint?.commit === undefined ? [] : [{ name: 'git', digest: { gitCommit: lint.commit } }]),
      ...(lint?.files ?? []).map(one => ({ name: plainLine(one.file, 400), digest: { sha256: one.sha256 } })),
      ...(endpoint?.artifact === undefined
        ? []
        : [
            {
              name: plainLine(endpoint.artifact.name, 200),
              digest: { sha256: plainLine(endpoint.artifact.sha256, 64) },
            },
          ]),
      ...(digest === undefined ? [] : [{ name: 'evidence.json', digest: { 'lambdacheck-evidence': digest } }]),
    ],
    predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
    predicate: {
      result: resultOf(failed.length, warned.length),
      configuration: [
        ...reports.map(({ framework }) => ({
          name: framework.id,
          uri: plainLine(framework.origin, 400),
          annotations: { version: plainLine(framework.version, 60) },
        })),
        {
          name: 'specification',
          digest: { sha256: evidence?.spec.digest ?? '' },
          annotations: { edition: plainLine(evidence?.spec.edition ?? '', 40) },
        },
        { name: 'lambdacheck', annotations: { version: plainLine(evidence?.tool.version ?? '', 60) } },
        ...(endpoint === undefined
          ? []
          : [
              {
                name: 'endpoint',
                annotations: { name: plainLine(endpoint.name, 100), software: plainLine(endpoint.software ?? '', 100) },
              },
            ]),
      ],
      passedTests: of('satisfied', 'not-applicable'),
      warnedTests: warned,
      failedTests: failed,
    },
  })}\n`
}

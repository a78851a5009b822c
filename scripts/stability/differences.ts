/** Verdicts of several runs of one endpoint, held against each other. */
import type { Evidence, Verdict } from '../../reports/evidence.ts'

export interface EndpointRuns {
  readonly endpoint: string
  readonly runs: readonly Evidence[]
}

/**
 * `CASE: pass, pass, fail` for each case whose verdict is not the same in all runs; one that a run has not is `missing`
 * there.
 */
export function differingVerdicts({ runs }: EndpointRuns): readonly string[] {
  const verdicts = runs.map(run => new Map(run.results.map(one => [one.id, one.verdict])))
  const ids = [...new Set(verdicts.flatMap(one => [...one.keys()]))].sort()
  return ids.flatMap(id => {
    const own = verdicts.map(one => one.get(id) ?? 'missing')
    return new Set(own).size === 1 ? [] : [`${id}: ${own.join(', ')}`]
  })
}

/** The page of the docs. */
export function renderStability(all: readonly EndpointRuns[], date: string): string {
  const rows = all.flatMap(one =>
    one.runs.map((run, at) => {
      const count = (verdict: Verdict): number => run.results.filter(result => result.verdict === verdict).length
      const cells = [
        at === 0 ? (run.endpoint?.software ?? one.endpoint) : '',
        String(run.options['seed']),
        String(run.requests),
        ...(['pass', 'fail', 'unsupported', 'skipped', 'inconclusive'] as const).map(count),
        at === 0 ? String(differingVerdicts(one).length) : '',
      ]
      return `| ${cells.join(' | ')} |`
    }),
  )
  const differing = all.flatMap(one => differingVerdicts(one).map(line => `- ${one.endpoint}: \`${line}\``))
  return `# The same verdict every time

\`npm run stability\` certifies MiniStack and moto three times each, with two seeds, and holds the verdicts against each other, case by case. Made on ${date}, with
${all[0]?.runs[0]?.results.length ?? 0} cases and ${String(all[0]?.runs[0]?.options['runs'])} examples a case.

| endpoint | seed | requests | pass | fail | unsupported | skipped | inconclusive | verdicts that differ |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
${differing.length === 0 ? '' : `\n${differing.join('\n')}\n`}
What makes it so: examples are enumerated before any is drawn, nothing that was harmed is lent again, lists of the whole account are judged by what the case
has made, and a case that an outage got into is run again ([suites](../suites/README.md)).
`
}

/** Joins the evidence of several runs that tested parts of the same thing. */
import { present } from '../base/present.ts'
import { certifyProfiles } from './certify.ts'
import type { CaseList, CaseResult, Evidence, Finding, Verdict } from './evidence.ts'
import { EvidenceError } from './evidence-error.ts'
import { plainLine } from './plain.ts'
import { joinStatements } from './statement-verdicts.ts'
import { WORST_FIRST } from './worst-first.ts'

/** Evidence and what messages call it: usually its file. */
export interface Named {
  readonly name: string
  readonly evidence: Evidence
}

/**
 * One evidence of all parts: results of all, the worse one where a case ran in more than one part, profiles judged
 * anew.
 *
 * @throws EvidenceError when the parts are of different pages or of different endpoints
 */
export function mergeEvidence(parts: readonly Named[]): Evidence {
  const [first, ...others] = parts
  if (first === undefined) throw new EvidenceError('there is nothing to join: name at least one evidence file')
  for (const other of others) refuseForeign(first, other)
  const all = parts.map(part => part.evidence)
  const results = worstResults(all.map(one => one.results))
  const notes: string[] = []
  const endpoint = joinEndpoints(all, notes)
  const narrowed = joinNarrowed(all, notes)
  const versions = [...new Set(all.map(one => one.tool.version))]
  if (versions.length > 1) notes.push(`Joined from runs of different versions of lambdacheck: ${versions.join(', ')}.`)
  if (parts.length > 1) notes.push(`Joined from ${parts.length} runs.`)
  const caseList = joinCaseLists(parts)
  const scope = {
    partial: all.some(one => one.partial),
    ...(narrowed.length === 0 ? {} : { narrowed }),
    ...(caseList === undefined ? {} : { caseList }),
  }
  return {
    schemaVersion: 1,
    tool: first.evidence.tool,
    startedAt: all.map(one => one.startedAt).reduce((a, b) => (Date.parse(b) < Date.parse(a) ? b : a)),
    finishedAt: all.map(one => one.finishedAt).reduce((a, b) => (Date.parse(b) > Date.parse(a) ? b : a)),
    ...scope,
    spec: first.evidence.spec,
    ...(endpoint === undefined ? {} : { endpoint }),
    options: Object.fromEntries(
      Object.entries(first.evidence.options).filter(([key, value]) =>
        all.every(one => JSON.stringify(one.options[key]) === JSON.stringify(value)),
      ),
    ),
    results,
    profiles: certifyProfiles(results, { ...scope, ...(endpoint === undefined ? {} : { endpoint }) }),
    ...(all.some(one => one.statements !== undefined) && {
      statements: joinStatements(all.flatMap(one => Object.entries(one.statements ?? {}))),
    }),
    requests: all.reduce((sum, one) => sum + one.requests, 0),
    findings: joinFindings(all),
    notes: [...new Set([...all.flatMap(one => one.notes), ...notes])],
  }
}

/** The results of all lists, one for each case: of several the worst, and of equals the first. */
export function worstResults(lists: readonly (readonly CaseResult[])[]): CaseResult[] {
  const byId = new Map<string, CaseResult>()
  for (const result of lists.flat()) {
    const known = byId.get(result.id)
    if (known === undefined || weight(result.verdict) < weight(known.verdict)) byId.set(result.id, result)
  }
  return [...byId.values()]
}

const weight = (verdict: Verdict): number => WORST_FIRST.indexOf(verdict)

function refuseForeign(first: Named, other: Named): void {
  const [a, b] = [first.evidence, other.evidence]
  if (a.spec.digest !== b.spec.digest) {
    throw new EvidenceError(
      `${first.name} and ${other.name} were made with different pages (digests ${plainLine(a.spec.digest, 12)} ` +
        `and ${plainLine(b.spec.digest, 12)}): only runs of the same version of the pages can be joined. ` +
        'Run them again with one version',
    )
  }
  if (a.endpoint === undefined || b.endpoint === undefined) return
  // The URL may differ: every shard of a matrix starts its endpoint on a port of its own.
  for (const fact of ['name', 'region', 'software', 'artifact'] as const) {
    const [left, right] = [factOf(a.endpoint, fact), factOf(b.endpoint, fact)]
    if (left !== right && left !== undefined && right !== undefined) {
      throw new EvidenceError(
        `${first.name} and ${other.name} are about different endpoints (${fact} ${plainLine(left, 80)} and ` +
          `${plainLine(right, 80)}): join the shards of one endpoint, or use \`lambdacheck report compare\` to ` +
          'see them side by side',
      )
    }
  }
}

/** What an endpoint is called by. */
function factOf(
  endpoint: NonNullable<Evidence['endpoint']>,
  fact: 'name' | 'region' | 'software' | 'artifact',
): string | undefined {
  return fact === 'artifact' ? endpoint.artifact?.sha256 : endpoint[fact]
}

/** One list for all parts that ran cases; none when one of them has none. */
function joinCaseLists(parts: readonly Named[]): CaseList | undefined {
  const tested = parts.filter(({ evidence }) => evidence.endpoint !== undefined || evidence.results.length > 0)
  const [first, ...others] = tested
  const list = first?.evidence.caseList
  if (first === undefined || list === undefined || others.some(other => other.evidence.caseList === undefined))
    return undefined
  const profiles = new Map(Object.entries(list.profiles))
  for (const other of others) {
    const { digest, profiles: more } = present(other.evidence.caseList, 'the case list')
    const differs = Object.entries(more).some(
      ([name, one]) => (profiles.get(name)?.digest ?? one.digest) !== one.digest,
    )
    if (digest !== list.digest || differs)
      throw new EvidenceError(
        `${first.name} and ${other.name} have different lists of cases (digests ${plainLine(list.digest, 12)} ` +
          `and ${plainLine(digest, 12)}): only runs of one version of lambdacheck can be joined. ` +
          'Run them again with one version',
      )
    for (const [name, one] of Object.entries(more)) profiles.set(name, one)
  }
  return { ...list, profiles: Object.fromEntries(profiles) }
}

function joinEndpoints(all: readonly Evidence[], notes: string[]): Evidence['endpoint'] {
  const endpoints = all.flatMap(one => (one.endpoint === undefined ? [] : [one.endpoint]))
  const [first] = endpoints
  if (first === undefined) return undefined
  const software = endpoints.find(endpoint => endpoint.software !== undefined)?.software
  const join = <T>(what: 'capabilities' | 'actions', worse: (a: T, b: T) => T): { [key: string]: T } => {
    const joined = new Map<string, T>()
    for (const endpoint of endpoints) {
      for (const [key, value] of Object.entries(endpoint[what]) as [string, T][]) {
        const known = joined.get(key)
        if (known !== undefined && known !== value && known !== 'unknown' && value !== 'unknown')
          notes.push(`The runs do not agree on ${key}: ${known} and ${value}.`)
        joined.set(key, known === undefined ? value : worse(known, value))
      }
    }
    return Object.fromEntries(joined)
  }
  type State = 'supported' | 'unsupported' | 'unknown'
  const order: readonly State[] = ['unsupported', 'supported', 'unknown']
  return {
    ...first,
    ...(software === undefined ? {} : { software }),
    capabilities: join<boolean>('capabilities', (a, b) => a && b),
    declared: (first.declared ?? []).filter(one => endpoints.every(each => each.declared?.includes(one) === true)),
    actions: join<State>('actions', (a, b) => (order.indexOf(a) < order.indexOf(b) ? a : b)),
  }
}

/** Shards that are all there narrow nothing any more; every other narrowing stays. */
function joinNarrowed(all: readonly Evidence[], notes: string[]): string[] {
  const left = new Set<string>()
  const shards = new Map<number, Set<number>>()
  let unsharded = false
  // Lint alone says nothing about which cases ran.
  for (const { narrowed = [] } of all.filter(one => one.endpoint !== undefined || one.results.length > 0)) {
    const shard = narrowed.map(one => /^--shard (\d+)\/(\d+)$/.exec(one)).find(one => one !== null)
    if (shard === undefined || shard === null) unsharded = true
    else shards.set(Number(shard[2]), (shards.get(Number(shard[2])) ?? new Set()).add(Number(shard[1])))
    for (const one of narrowed) if (shard?.[0] !== one) left.add(one)
  }
  const whole = unsharded || [...shards].some(([count, seen]) => seen.size === count && Math.max(...seen) <= count)
  if (!whole) {
    for (const [count, seen] of shards) {
      const missing = Array.from({ length: Math.min(count, 1000) }, (_, at) => at + 1).filter(one => !seen.has(one))
      for (const one of seen) left.add(`--shard ${one}/${count}`)
      notes.push(
        `Of ${count} shards ${missing.length === 1 ? 'this one is' : 'these are'} missing: ` +
          `${missing.slice(0, 20).join(', ')}.`,
      )
    }
  }
  return [...left]
}

function joinFindings(all: readonly Evidence[]): Finding[] {
  const byFingerprint = new Map<string, Finding>()
  for (const finding of all.flatMap(one => one.findings)) {
    const known = byFingerprint.get(finding.fingerprint)
    if (known === undefined || (known.suppressed !== undefined && finding.suppressed === undefined))
      byFingerprint.set(finding.fingerprint, finding)
  }
  return [...byFingerprint.values()]
}

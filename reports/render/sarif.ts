/**
 * SARIF 2.1.0, as GitHub code scanning, Azure DevOps and editors read it: failures of certification and findings of
 * lint in one run.
 */
import type {
  Fix as SarifFix,
  Location as SarifLocation,
  Log,
  Region,
  ReportingDescriptor,
  ReportingDescriptorRelationship,
  Result,
  Suppression,
  ToolComponent,
} from 'sarif'
import { matchesGlob } from '../../base/glob.ts'
import type { Framework, Level } from '../../spec/model.ts'
import type { CaseResult, ClauseRef, Evidence, Finding, Fix, Location, RuleVerdicts } from '../evidence.ts'
import { code, prose } from './markdown-text.ts'
import { plain, plainLine } from '../plain.ts'
import { summarize } from '../summary.ts'

/** GitHub refuses a run with more. */
const MOST_RESULTS = 25_000
/** Longer names of rules, and longer messages, are refused or cut by readers. */
const MOST_ID = 255
const MOST_MESSAGE = 1000

/** Base of the paths of a user's project, which readers resolve to their checkout. */
const PROJECT = '%SRCROOT%'
/** Base of the paths of specification pages, which are not part of the project. */
const PAGES = 'LAMBDACHECK'

/**
 * The log as text, ends in a newline.
 *
 * @param frameworks their controls become taxonomies, to which the rules are related
 */
export function renderSarif(evidence: Evidence, frameworks: readonly Framework[] = []): string {
  return `${JSON.stringify(sarifLog(evidence, frameworks), null, 1)}\n`
}

function sarifLog(evidence: Evidence, frameworks: readonly Framework[]): Log {
  const rules = collectRules(relationsOf(frameworks), evidence.lint?.rules ?? [])
  const { findings, suppressed, excused } = summarize(evidence)
  const failures = evidence.results.filter(result => result.verdict === 'fail')
  const results = [
    ...[...findings, ...suppressed].map(finding => findingResult(finding, rules.ofFinding(finding))),
    ...failures.map(failure => ({
      ...failureResult(failure, rules.ofClause(failure.clause)),
      ...(evidence.baseline && { baselineState: excused.isNew(failure) ? ('new' as const) : ('unchanged' as const) }),
    })),
  ]
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'lambdacheck',
            version: plainLine(evidence.tool.version, 80) || '0',
            rules: rules.all,
            ...(frameworks.length && {
              supportedTaxonomies: frameworks.map(({ id }, index) => ({ name: plainLine(id, 80), index })),
            }),
          },
        },
        ...(frameworks.length && { taxonomies: frameworks.map(taxonomyOf) }),
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: {
          [PAGES]: { description: { text: 'The installed package lambdacheck, whose pages say what must hold.' } },
        },
        invocations: [
          {
            executionSuccessful: !evidence.partial,
            ...instants(evidence),
            toolExecutionNotifications: [
              ...evidence.notes.map(note => ({
                level: 'note' as const,
                message: { text: plainLine(note, MOST_MESSAGE) || '-' },
              })),
              ...(results.length > MOST_RESULTS
                ? [
                    {
                      level: 'warning' as const,
                      message: { text: `${results.length - MOST_RESULTS} more results do not fit in this file.` },
                    },
                  ]
                : []),
            ],
          },
        ],
        results: results.slice(0, MOST_RESULTS),
      },
    ],
  }
}

function instants(evidence: Evidence): { startTimeUtc?: string; endTimeUtc?: string } {
  const utc = (text: string): string | undefined =>
    Number.isNaN(Date.parse(text)) ? undefined : new Date(text).toISOString()
  const [startTimeUtc, endTimeUtc] = [utc(evidence.startedAt), utc(evidence.finishedAt)]
  return {
    ...(startTimeUtc === undefined ? {} : { startTimeUtc }),
    ...(endTimeUtc === undefined ? {} : { endTimeUtc }),
  }
}

function taxonomyOf({ id, title, version, origin, controls }: Framework): ToolComponent {
  return {
    name: plainLine(id, 80),
    version: plainLine(version, 60),
    shortDescription: { text: plainLine(title, 300) },
    ...(/^https?:\/\//.test(origin) && { informationUri: origin }),
    isComprehensive: false,
    taxa: controls.map(control => ({
      id: plainLine(control.id, MOST_ID),
      shortDescription: { text: plainLine(control.title, 300) },
    })),
  }
}

type Relations = (rule: string) => readonly ReportingDescriptorRelationship[]

/** The controls that name a rule, or whose patterns fit a clause. */
function relationsOf(frameworks: readonly Framework[]): Relations {
  return rule =>
    frameworks.flatMap(({ id, controls }, index) =>
      controls
        .filter(control => control.rules.includes(rule) || control.clauses.some(glob => matchesGlob(glob, rule)))
        .map(control => ({
          target: { id: plainLine(control.id, MOST_ID), toolComponent: { name: plainLine(id, 80), index } },
          kinds: ['relevant'],
        })),
    )
}

interface Rule {
  readonly id: string
  readonly index: number
}

/** The rules that results speak of, each once, in the order in which they come up. */
function collectRules(
  relations: Relations,
  ran: readonly RuleVerdicts[],
): {
  readonly all: ReportingDescriptor[]
  ofClause(clause: ClauseRef): Rule
  ofFinding(finding: Finding): Rule
} {
  const all: ReportingDescriptor[] = []
  const known = new Map<string, Rule>()
  const once = (name: string, describe: (id: string) => ReportingDescriptor): Rule => {
    const id = plainLine(name, MOST_ID) || 'unnamed'
    const there = known.get(id)
    if (there !== undefined) return there
    const rule = { id, index: all.length }
    const relationships = relations(name)
    all.push({ ...describe(id), ...(relationships.length && { relationships: [...relationships] }) })
    known.set(id, rule)
    return rule
  }
  return {
    all,
    ofClause: clause => once(clause.id, id => clauseRule(id, clause)),
    ofFinding: finding =>
      once(finding.rule, id =>
        lintRule(
          id,
          finding,
          ran.find(one => one.rule === finding.rule),
        ),
      ),
  }
}

function clauseRule(id: string, clause: ClauseRef): ReportingDescriptor {
  const page = `spec/${plainLine(clause.page, 200)}:${clause.line}`
  const sentence = plainLine(clause.text, MOST_MESSAGE) || clause.level
  return {
    id,
    shortDescription: { text: sentence },
    fullDescription: { text: sentence },
    help: {
      text: `${sentence}\n\nLevel ${clause.level.toUpperCase()}, profile ${plainLine(clause.profile, 80)}, ${page}.`,
      markdown:
        `${prose(sentence, MOST_MESSAGE)}\n\nLevel **${clause.level.toUpperCase()}**, ` +
        `profile ${prose(clause.profile, 80)}, ${code(page)}.`,
    },
    defaultConfiguration: { level: LEVELS[clause.level] },
    properties: { tags: tags('certification', clause.profile, clause.kind), page, origin: clause.origin },
  }
}

/** A rule of the project's own has a page in the project, and one of ours in the package. */
function lintRule(id: string, finding: Finding, ran: RuleVerdicts | undefined): ReportingDescriptor {
  const ours = finding.page === undefined ? undefined : `spec/${plainLine(finding.page, 200)}`
  const page = ours ?? (ran && plainLine(ran.page, 200))
  const title = plainLine(ran?.title ?? '', MOST_MESSAGE) || sentenceOf(id)
  const explain = `lambdacheck explain ${id}`
  const help = (help: string | undefined, command: string, where: string | undefined): string =>
    `${help === undefined ? '' : `${help}\n\n`}Run ${command} to read why${where === undefined ? '' : ` (${where})`}.`
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: title },
    help: {
      text: help(finding.help && plain(finding.help, MOST_MESSAGE), `"${explain}"`, page),
      markdown: help(finding.help && prose(finding.help, MOST_MESSAGE), code(explain), page && code(page)),
    },
    defaultConfiguration: { level: SEVERITIES[finding.severity] },
    properties: { tags: tags('lint'), ...precisionOf(finding), ...(page === undefined ? {} : { page }) },
  }
}

/** As code scanning orders and filters rules; the word of its own format for how often one is right. */
const precisionOf = ({ confidence }: Finding): { readonly precision?: string } =>
  confidence === undefined ? {} : { precision: confidence === 'certain' ? 'very-high' : 'high' }

/** Tags are a set. */
const tags = (...names: readonly string[]): string[] => [
  ...new Set(names.map(name => plainLine(name, 80)).filter(one => one !== '')),
]

/** `handler-not-found` as `Handler not found`. */
function sentenceOf(id: string): string {
  const words = id.replaceAll('-', ' ')
  return `${(words[0] ?? '').toUpperCase()}${words.slice(1)}`
}

const LEVELS: { readonly [level in Level]: Result.level } = { must: 'error', should: 'warning', may: 'note' }
const SEVERITIES: { readonly [severity in Finding['severity']]: Result.level } = {
  error: 'error',
  warning: 'warning',
  info: 'note',
}

function failureResult(result: CaseResult, rule: Rule): Result {
  const { clause, reproduce } = result
  const text = [
    plainLine(result.reason ?? clause.text, MOST_MESSAGE) || clause.level,
    ...(result.expected === undefined ? [] : [`Expected: ${plainLine(result.expected, 400)}`]),
    ...(result.actual === undefined ? [] : [`Actual: ${plainLine(result.actual, 400)}`]),
    ...(reproduce === undefined ? [] : [`Replay: ${plainLine(reproduce.replay, 400)}`]),
  ].join('\n')
  return {
    ruleId: rule.id,
    ruleIndex: rule.index,
    level: LEVELS[clause.level],
    message: { text },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(`spec/${clause.page}`), uriBaseId: PAGES },
          region: { startLine: clause.line },
        },
        logicalLocations: [{ fullyQualifiedName: plainLine(result.id, 400) || 'case', kind: 'member' }],
      },
    ],
    partialFingerprints: { 'lambdacheckCase/v1': plainLine(result.id, 400) || 'case' },
    ...(result.expectedFailure === true
      ? {
          suppressions: [
            { kind: 'external', status: 'accepted', justification: 'An expected failure of this endpoint.' },
          ],
        }
      : {}),
  }
}

function findingResult(finding: Finding, rule: Rule): Result {
  // What a person has to judge is no fix: tools apply these unasked.
  const fixes = finding.fixes.filter(fix => fix.kind === 'fix' && fix.edits.length > 0).map(fixOf)
  return {
    ruleId: rule.id,
    ruleIndex: rule.index,
    level: SEVERITIES[finding.severity],
    message: { text: plain(finding.message, MOST_MESSAGE).trim() || rule.id },
    locations: [locationOf(finding.location)],
    ...(finding.related.length === 0
      ? {}
      : {
          relatedLocations: finding.related.slice(0, 100).map((one, at) => ({
            id: at + 1,
            ...locationOf(one),
            message: { text: plainLine(one.message, MOST_MESSAGE) || '-' },
          })),
        }),
    ...(finding.confidence === undefined ? {} : { properties: { confidence: finding.confidence } }),
    partialFingerprints: { 'lambdacheckFinding/v1': plainLine(finding.fingerprint, 400) || rule.id },
    ...(fixes.length === 0 ? {} : { fixes }),
    ...(finding.suppressed === undefined ? {} : { suppressions: [suppressionOf(finding.suppressed)] }),
  }
}

function suppressionOf(suppressed: NonNullable<Finding['suppressed']>): Suppression {
  return {
    kind: 'inSource',
    status: 'accepted',
    justification:
      plainLine(
        `${suppressed.reason}${suppressed.by ? ` (by ${suppressed.by})` : ''}${suppressed.until ? ` (until ${suppressed.until})` : ''}`,
        400,
      ) || 'no reason given',
    location: locationOf(suppressed.location),
  }
}

function fixOf(fix: Fix): SarifFix {
  const files = [...new Set(fix.edits.map(edit => edit.file))]
  return {
    description: {
      text: plainLine(fix.description, 400) || 'Fix',
    },
    artifactChanges: files.map(file => ({
      artifactLocation: { uri: uriOf(file), uriBaseId: PROJECT },
      replacements: fix.edits
        .filter(edit => edit.file === file)
        // The text is what would be written to the file: cleaning it would change the fix. JSON keeps it harmless.
        .map(edit => ({
          deletedRegion: { charOffset: edit.start, charLength: edit.end - edit.start },
          insertedContent: { text: edit.text.replace(/\p{Surrogate}/gu, '\ufffd') },
        })),
    })),
  }
}

function locationOf(location: Location): SarifLocation {
  const region: Region = {
    startLine: location.line,
    startColumn: location.column,
    ...(location.endLine === undefined ? {} : { endLine: location.endLine }),
    ...(location.endColumn === undefined ? {} : { endColumn: location.endColumn }),
  }
  return { physicalLocation: { artifactLocation: { uri: uriOf(location.file), uriBaseId: PROJECT }, region } }
}

/** A relative path as a URI reference: what a path may hold and a URI may not is percent-encoded. */
function uriOf(path: string): string {
  const clean = plainLine(path, 1000).replaceAll('\\', '/')
  const uri = clean.split('/').map(encodeURIComponent).join('/').replace(/^\/+/, '')
  return uri === '' ? '.' : uri
}

/**
 * OSCAL assessment results, NIST's model for what an assessment found. The same evidence gives the same document,
 * identifiers too.
 */
import { createHash } from 'node:crypto'
import type { AssessedControl, ControlReport, Observation } from '../../controls/assess.ts'
import { STATUS_WORDS } from '../../controls/assess.ts'
import { plainLine } from '../../plain.ts'
import { own } from '../../../base/own.ts'

const VERSION = '1.2.3'
/** OSCAL's reasons for the state of an objective; every other status is `other`. */
const REASONS: { readonly [status: string]: string } = { satisfied: 'pass', 'not-satisfied': 'fail' }

/** Of one control: what failed stands first. */
const MOST_OBSERVATIONS = 500

/** The assessment as OSCAL assessment results, in JSON. */
export function renderOscal(reports: readonly ControlReport[]): string {
  const [first] = reports
  const evidence = first?.evidence
  const digest = createHash('sha256')
    .update(JSON.stringify(evidence ?? null))
    .digest('hex')
  const id = (...parts: readonly string[]): string => stableUuid([digest, ...parts].join('\n'))
  const plan = id('plan')
  return `${JSON.stringify(
    {
      'assessment-results': {
        uuid: id('document', ...reports.map(report => report.framework.id)),
        metadata: {
          title: `lambdacheck: ${reports.map(report => text(report.framework.title, 200)).join(', ') || 'no framework'}`,
          'last-modified': instant(evidence?.finishedAt),
          version: text(evidence?.tool.version ?? '0', 60),
          'oscal-version': VERSION,
          parties: [{ uuid: id('party'), type: 'organization', name: 'lambdacheck' }],
        },
        'import-ap': { href: `#${plan}` },
        results: reports.map(report => resultOf(report, id)),
        'back-matter': {
          resources: [
            {
              uuid: plan,
              title: 'Plan of the assessment',
              description:
                'There is no plan of its own: every rule of the linter and every clause that the framework ' +
                'names is looked at, for every resource that the templates declare.',
            },
          ],
        },
      },
    },
    null,
    1,
  )}\n`
}

type Id = (...parts: readonly string[]) => string

function resultOf({ framework, controls, evidence }: ControlReport, id: Id): object {
  const observed = controls.flatMap(control =>
    control.observations.slice(0, MOST_OBSERVATIONS).map((it, at) => ({
      control,
      it,
      uuid: id(framework.id, control.control.id, 'observation', String(at)),
    })),
  )
  const risks = controls.flatMap(control =>
    control.observations
      .filter(it => it.verdict === 'accepted')
      .map((it, at) => riskOf(control, it, id(framework.id, control.control.id, 'risk', String(at)))),
  )
  const assessed = controls.filter(control => control.status !== 'manual' && control.status !== 'not-assessed')
  return {
    uuid: id(framework.id, 'result'),
    title: text(`${framework.title} ${framework.version}`, 300),
    description:
      `What lambdacheck can see of ${text(framework.title, 200)}, from ${text(framework.origin, 300)}. ` +
      "Identifiers are those of the framework, in OSCAL's form; titles are lambdacheck's own.",
    start: instant(evidence.startedAt),
    end: instant(evidence.finishedAt),
    'reviewed-controls': {
      'control-selections': [
        { 'include-controls': controls.map(control => ({ 'control-id': oscalId(framework.id, control.control.id) })) },
      ],
      ...(assessed.length < controls.length && {
        remarks: `Not assessed: ${controls
          .filter(control => !assessed.includes(control))
          .map(control => `${control.control.id} (${STATUS_WORDS[control.status]})`)
          .join(', ')}.`,
      }),
    },
    ...(observed.length && {
      observations: observed.map(({ control, it, uuid }) => ({
        uuid,
        title: text(`${it.check}: ${STATUS[it.verdict]}`, 300),
        description: text(descriptionOf(it), 1000),
        props: [
          { name: 'control', value: token(control.control.id) },
          { name: 'check', value: token(it.check) },
          { name: 'verdict', value: it.verdict },
        ],
        methods: [control.control.clauses.length && !it.place ? 'TEST' : 'EXAMINE'],
        types: ['control-objective'],
        collected: instant(evidence.finishedAt),
      })),
    }),
    ...(risks.length && { risks }),
    ...(assessed.length && {
      findings: assessed.map(one => findingOf(one, framework.id, observed, id)),
    }),
  }
}

function findingOf(
  { control, status, why }: AssessedControl,
  framework: string,
  observed: readonly { readonly control: AssessedControl; readonly uuid: string }[],
  id: Id,
): object {
  const related = observed.filter(one => one.control.control === control)
  return {
    uuid: id(framework, control.id, 'finding'),
    title: text(`${control.id}: ${control.title}`, 300),
    description: text(
      `${STATUS_WORDS[status]}: ${why}${control.limits ? ` Not looked at: ${control.limits}` : ''}`,
      1500,
    ),
    target: {
      type: 'objective-id',
      'target-id': oscalId(framework, control.id),
      status: {
        state: status === 'satisfied' || status === 'not-applicable' ? 'satisfied' : 'not-satisfied',
        reason: own(REASONS, status) ?? 'other',
      },
    },
    ...(related.length && { 'related-observations': related.map(one => ({ 'observation-uuid': one.uuid })) }),
  }
}

function riskOf({ control }: AssessedControl, it: Observation, uuid: string): object {
  return {
    uuid,
    title: text(`${control.id}: ${it.check} at ${it.subject}`, 300),
    description: text(descriptionOf(it), 1000),
    statement: text(it.why ?? 'no reason was given', 1000),
    props: it.by === undefined ? undefined : [{ name: 'accepted-by', value: text(it.by, 200) }],
    status: 'deviation-approved',
    ...(it.until !== undefined &&
      !Number.isNaN(Date.parse(it.until)) && { deadline: instant(`${it.until}T23:59:59Z`) }),
  }
}

const STATUS: { readonly [verdict in Observation['verdict']]: string } = {
  pass: 'holds',
  fail: 'does not hold',
  unknown: 'cannot be known',
  accepted: 'does not hold, and is accepted',
  'not-applicable': 'does not apply',
}

const descriptionOf = (it: Observation): string =>
  `${it.subject}${it.place ? ` (${it.place.file}:${it.place.line})` : ''}: ` +
  `${STATUS[it.verdict]}${it.why ? `: ${it.why}` : ''}`

/** Characters that OSCAL takes nowhere in a line of text are taken out; nothing is left empty. */
const text = (value: string, limit: number): string => plainLine(value, limit).trim() || '-'
/** Values of properties have no white space at their ends. */
const token = (value: string): string => text(value, 300)

/** `ia-5.7` for NIST's `IA-5(7)`; other frameworks bear their name, for an identifier begins with a letter. */
export function oscalId(framework: string, control: string): string {
  const own = control
    .toLowerCase()
    .replace(/\((\d+)\)/g, '.$1')
    .replace(/[^\p{L}\p{N}.\-_]+/gu, '-')
  return framework === 'nist-800-53' ? own : `${framework.replace(/^[^a-z]+/, 'x')}-${own}`
}

const instant = (value: string | undefined): string =>
  value === undefined || Number.isNaN(Date.parse(value)) ? '1970-01-01T00:00:00Z' : new Date(value).toISOString()

/** A UUID of version 5's form, from a digest of what it names. */
function stableUuid(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${'89ab'[Number.parseInt(hex[16] ?? '0', 16) % 4]}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

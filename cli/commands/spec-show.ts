/** The text of `lambdacheck spec show ID`. */
import { present } from '../../base/present.ts'
import { printConstraint } from '../../spec/compiler/constraint.ts'
import { coverageOf } from '../../spec/compiler/coverage.ts'
import { didYouMean } from '../../base/suggest.ts'
import { printType } from '../../spec/compiler/type-ref.ts'
import type {
  Action,
  Clause,
  LedgerEntry,
  Member,
  Resource,
  RulePage,
  Source,
  Spec,
  StructType,
} from '../../spec/model.ts'

type Shown = { readonly text: string } | { readonly problem: string }

/**
 * What an id says, where it stands, and what covers it; the id may be that of a clause, a ledger entry, an action, a
 * type, a resource or a rule.
 */
export function showText(spec: Spec, id: string): Shown {
  const clause = spec.clauses.find(one => one.id === id)
  if (clause !== undefined) return { text: clauseText(spec, clause) }
  const entry = spec.ledger.find(one => one.id === id)
  if (entry !== undefined) return { text: entryText(spec, entry) }
  for (const [things, text] of [
    [spec.actions, actionText],
    [spec.types, typeText],
    [spec.resources, resourceText],
    [spec.rules, ruleText],
  ] as readonly (readonly [{ readonly [name: string]: unknown }, (spec: Spec, thing: never) => string])[]) {
    if (Object.hasOwn(things, id)) return { text: text(spec, things[id] as never) }
  }
  const known = [
    ...Object.keys(spec.actions),
    ...Object.keys(spec.types),
    ...Object.keys(spec.resources),
    ...Object.keys(spec.rules),
    ...[...spec.clauses, ...spec.ledger].map(one => one.id),
  ]
  return { problem: `nothing is called \`${printable(id)}\`${didYouMean(id, known)}` }
}

const lines = (...parts: readonly (string | readonly string[] | undefined | false)[]): string =>
  `${parts
    .flat()
    .filter(one => one !== undefined && one !== false)
    .join('\n')}\n`
const where = ({ file, line }: Pick<Source, 'file' | 'line'>): string => `spec/${file}:${line}`
const labelled = (label: string, words: readonly string[]): string | undefined =>
  words.length === 0 ? undefined : `${label}: ${words.join(', ')}`

/** What came from the command line is shown without its control characters, and not at any length. */
function printable(text: string): string {
  return text.replace(/\p{C}/gu, '\uFFFD').slice(0, 100)
}

function clauseText(spec: Spec, clause: Clause): string {
  const covered = clause.covers.map(id => {
    const entry = spec.ledger.find(one => one.id === id)
    return `  ${id} (${entry?.page ?? '?'}): ${entry?.statement ?? ''}`
  })
  return lines(
    clause.id,
    clause.text,
    `${clause.level} · ${clause.kind} · profile ${clause.profile} · source ${clause.origin}${editions(clause)}`,
    where({ file: clause.page, line: clause.line }),
    labelled('needs', clause.needs),
    covered.length === 0 ? 'covers no statement of the ledger' : ['covers', ...covered],
  )
}

const editions = ({ since, until }: Pick<Clause, 'since' | 'until'>): string =>
  `${since === undefined ? '' : ` · since ${since}`}${until === undefined ? '' : ` · until ${until}`}`

function entryText(spec: Spec, entry: LedgerEntry): string {
  const covered = coverageOf(spec)
    .flatMap(page => page.entries)
    .find(one => one.entry === entry)
  const clauses = covered?.clauses ?? []
  return lines(
    entry.id,
    entry.statement,
    `${entry.level} · ${entry.kind} · ${entry.how} · page ${entry.page} of the ` +
      `guide${entry.since === undefined ? '' : ` · since then: ${entry.since}`}`,
    where(entry.source),
    entry.sameAs === undefined ? undefined : `says the same as ${entry.sameAs}`,
    entry.why === undefined || covered?.standing === 'open' ? undefined : `not testable: ${entry.why}`,
    entry.part === undefined ? undefined : `tested in part; not: ${entry.part}`,
    clauses.length > 0 && ['covered by', ...clauses.map(briefly)],
    clauses.length === 0 && covered?.standing === 'open' && `open: ${entry.why ?? 'no clause covers it'}`,
  )
}

const briefly = (clause: Clause): string =>
  `  ${clause.id} (${clause.level}) ${where({ file: clause.page, line: clause.line })}`

function actionText(spec: Spec, action: Action): string {
  return lines(
    `${action.name}  ${action.method} ${action.path}`,
    action.summary,
    `profile ${action.profile} · edition ` +
      `${action.edition}${action.guide === null ? '' : ` · page ${action.guide} of the guide`}`,
    where(action.source),
    labelled('needs', [...action.needs, ...action.capabilities]),
    action.request.length === 0 ? 'request: empty' : ['request', ...action.request.map(memberText)],
    action.responses.flatMap(response => {
      const when =
        response.when === undefined
          ? ''
          : ` (${Object.entries(response.when)
              .map(pair => pair.join(': '))
              .join(', ')})`
      return [`response ${response.status}${when}`, ...response.members.map(memberText)]
    }),
    ['errors', ...action.errors.map(row => `  ${row.name} ${row.status}: ${row.when}`)],
    ['clauses', ...spec.clauses.filter(clause => clause.action === action.name).map(briefly)],
  )
}

function memberText(member: Member): string {
  const place =
    member.in === 'body' ? '' : ` in ${member.in}${member.wireName === member.name ? '' : ` ${member.wireName}`}`
  const constraints = member.constraints.map(one => ` \`${printConstraint(one)}\``).join('')
  return `  ${member.name}: ${printType(member.type)}${member.required ? ', required' : ''}${place}${constraints}${editions(member)}`
}

function typeText(spec: Spec, type: StructType): string {
  const holds = (members: readonly Member[]): boolean =>
    members.some(member => printType(member.type).split(' ').includes(type.name))
  const users = [
    ...Object.values(spec.actions).filter(action =>
      holds([...action.request, ...action.responses.flatMap(response => response.members)]),
    ),
    ...Object.values(spec.types).filter(other => holds(other.members)),
  ]
  return lines(
    type.name,
    type.summary || undefined,
    `edition ${type.edition}${type.guide === null ? '' : ` · page ${type.guide} of the guide`}`,
    where(type.source),
    ['members', ...type.members.map(memberText)],
    labelled(
      'used by',
      users.map(one => one.name),
    ),
    labelled('covers', type.covers),
  )
}

function resourceText(spec: Spec, resource: Resource): string {
  const { lifecycle } = resource
  return lines(
    resource.name,
    `profile ${resource.profile} · edition ` +
      `${resource.edition}${resource.guide === null ? '' : ` · page ${resource.guide} of the guide`}`,
    where(resource.source),
    labelled('needs', [...resource.needs, ...resource.capabilities]),
    labelled('key', lifecycle.key),
    (['create', 'read', 'update', 'delete', 'list'] as const).flatMap(role =>
      lifecycle[role] === undefined ? [] : [`${role}: ${lifecycle[role]}`],
    ),
    [
      'clauses',
      ...spec.clauses
        .filter(clause => clause.resource === resource.name)
        .map(clause => `${briefly(clause)}: ${clause.text}`),
    ],
  )
}

function ruleText(spec: Spec, rule: RulePage): string {
  return clauseText(
    spec,
    present(
      spec.clauses.find(clause => clause.id === `rule.${rule.id}`),
      `the clause of ${rule.id}`,
    ),
  )
}

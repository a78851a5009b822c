import { groupInOrder } from '../../base/group-by.ts'
import { withGlobals } from '../application/globals.ts'
import { looseMappings } from '../application/loose-mappings.ts'
import type { Application, EventKind, EventSource, LambdaFunction, Resource } from '../application/model.ts'
import { isTranslatedName } from '../application/terraform/types.ts'
import { loadKnowledge } from '../data/pages.ts'
import type { Report, RuleContext } from '../engine/rule.ts'
import { brokenAt, readConstraints } from './constraints.ts'
import type { Constraint, Subject } from './constraints.ts'
import { implicitApis, isGuardedByEvents } from './implicit-apis.ts'
import type { Value } from '../application/value.ts'

const pages = new Map<string, readonly Constraint[]>()

/** The rows of a rule's page. */
export function constraintsOf(rule: string): readonly Constraint[] {
  const known = pages.get(rule) ?? readConstraints(loadKnowledge().rules[rule]?.markdown ?? '')
  pages.set(rule, known)
  return known
}

const PROVED: { readonly [proof in Constraint['proof']]: string } = {
  schema: '; proved by the published schema',
  recorded: '; proved by an answer of AWS',
  documentation: '; proved by documentation alone',
  policy: '',
}

/**
 * Every row of a rule's page that is broken in an application. `turnTo` hears of everything that a row is held against.
 */
export function* brokenConstraints(
  app: Application,
  rule: string,
  turnTo: (subject: Resource | LambdaFunction) => void,
): Generator<Report> {
  const rows = [...brokenRows(app, rule, turnTo)]
  // What many inherit is one finding.
  const heirs = groupInOrder(rows, ({ at, constraint }) => `${placeOf(at)}\n${constraint.id}`)
  for (const { of, at, constraint } of rows) {
    const ids = new Set((heirs.get(`${placeOf(at)}\n${constraint.id}`) ?? []).map(row => row.id))
    turnTo(of)
    yield {
      at: at.keyLoc ?? at,
      message: `${namesOf([...ids])}: ${constraint.message}`,
      help: `Row ${constraint.id} of the page${PROVED[constraint.proof]}`,
      ...(constraint.proof === 'documentation' ? { severity: 'warning' as const } : {}),
    }
  }
}

function placeOf(at: Value): string {
  const { source, start } = at.keyLoc ?? at.loc
  return `${source.path}\n${start}`
}

const namesOf = (ids: readonly string[]): string =>
  ids.length > 3 ? `${ids.slice(0, 3).join(', ')} and ${ids.length - 3} more` : ids.join(', ')

interface BrokenRow {
  readonly id: string
  readonly of: Resource | LambdaFunction
  readonly at: Value
  readonly constraint: Constraint
}

function* brokenRows(
  app: Application,
  rule: string,
  turnTo: (subject: Resource | LambdaFunction) => void,
): Generator<BrokenRow> {
  for (const constraint of constraintsOf(rule))
    for (const [id, subject, of] of subjectsOf(app, constraint)) {
      turnTo(of)
      const at = brokenAt(subject, constraint)
      if (at) yield { id, of, at, constraint }
    }
}

/** The same, but what one place lacks is one finding, however many rows of the page ask for it. */
export function reportByPlace(
  app: Application,
  rule: string,
  { turnTo, report }: Pick<RuleContext, 'turnTo' | 'report'>,
): void {
  const places = groupInOrder([...brokenRows(app, rule, turnTo)], row => `${placeOf(row.at)}\n${row.id}`)
  for (const rows of places.values()) {
    const [first] = rows
    if (!first) continue
    turnTo(first.of)
    report({
      at: first.at.keyLoc ?? first.at,
      message: `${first.id}: ${rows.map(({ constraint }) => constraint.message).join('; ')}`,
      help: `${rows.length === 1 ? 'Row' : 'Rows'} ${rows.map(({ constraint }) => constraint.id).join(', ')} of the page`,
    })
  }
}

type Held = readonly [id: string, subject: Subject, of: Resource | LambdaFunction]

function* subjectsOf(app: Application, { types }: Constraint): Generator<Held> {
  for (const type of types) {
    if (type === 'function') for (const fn of app.functions) yield [fn.id, subjectOf(fn), fn]
    else if (/^(sam-|serverless-)?event:/.test(type)) yield* eventsOf(app, type)
    else if (type.endsWith('[]')) yield* itemsOf(app, type)
    else
      for (const resource of app.ofType(type)) {
        const properties = withGlobals(resource)
        yield [
          resource.id,
          {
            property: (...path) => properties.at(...path),
            tells: path => tellsOf(resource, path) && !(path === 'Auth' && isGuardedByEvents(app, resource)),
            condition: resource.condition,
          },
          resource,
        ]
      }
    if (type === 'AWS::Lambda::Url') yield* urlsOfServerless(app)
    for (const { id, type: made, properties, fn } of implicitApis(app))
      if (made === type)
        yield [
          id,
          {
            property: (...path) => properties.at(...path),
            tells: () => !properties.isTranslated && !fn.template.open && !properties.open,
          },
          fn,
        ]
  }
}

/** URLs that the Serverless Framework makes of `url`. */
function* urlsOfServerless(app: Application): Generator<Held> {
  for (const fn of app.functions)
    for (const { kind, declaredBy, properties } of fn.events)
      if (kind === 'url' && declaredBy === 'serverless')
        yield [fn.id, { property: (...path) => properties.at(...path), tells: () => false, condition: undefined }, fn]
}

/** `AWS::Events::Rule Targets[]`: each item of a list of such resources. */
function* itemsOf(app: Application, type: string): Generator<Held> {
  const [holder = '', list = ''] = type.split(' ')
  const path = list.slice(0, -2).split('.')
  for (const resource of app.ofType(holder))
    for (const [index, item] of resource
      .property(...path)
      .items('single')
      .entries())
      yield [
        `${resource.id} (${path.at(-1)} ${index + 1})`,
        {
          property: (...steps) => item.at(...steps),
          tells: () => tellsOf(resource, path[0] ?? '') && !item.open,
          condition: resource.condition,
        },
        resource,
      ]
}

/** Event sources of a kind, also of mappings whose functions stand elsewhere. */
function* eventsOf(app: Application, type: string): Generator<Held> {
  const [by = '', kind = ''] = type.split(':')
  const isMeant = (of: EventKind): boolean => kind === of || (kind === 'stream' && /^(kinesis|dynamodb)$/.test(of))
  const held = ({ id, properties }: EventSource, of: Resource | LambdaFunction, name: string): Held => [
    name === '' ? id : `${name} (${id})`,
    {
      property: (...path) => properties.at(...path),
      ...('resource' in of && { fn: of }),
      tells: path =>
        of.template.format === 'terraform'
          ? isTranslatedName(id, 'AWS::Lambda::EventSourceMapping', path)
          : !properties.isTranslated && !properties.open && !of.template.open,
    },
    of,
  ]
  for (const fn of app.functions)
    for (const event of fn.events)
      if (isMeant(event.kind) && (by === 'event' || by === `${event.declaredBy}-event`))
        yield by === 'serverless-event' ? heldByFramework(event, fn) : held(event, fn, fn.id)
  if (by !== 'event') return
  for (const [resource, event] of looseMappings(app)) if (isMeant(event.kind)) yield held(event, resource, '')
}

/** An event of a serverless.yml: what a policy of its API says of callers, it need not say itself. */
const heldByFramework = ({ id, properties }: EventSource, fn: LambdaFunction): Held => {
  const { root, open } = fn.template
  const isRestricted = ['resourcePolicy', 'restApiId'].some(name => !root.at('provider', 'apiGateway', name).isAbsent)
  const isPrivate = /^private$/i.test(root.at('provider', 'endpointType').string() ?? '')
  return [
    `${fn.id} (${id})`,
    {
      property: (...path) => properties.at(...path),
      tells: () => !properties.open && !open && !isRestricted && !isPrivate,
    },
    fn,
  ]
}

/** A function with what it inherits; `OnFailure` is where its failed events go, by whatever resource says so. */
const subjectOf = (fn: LambdaFunction): Subject => ({
  property: (...path) => (path[0] === 'OnFailure' ? fn.asyncConfig.onFailure : fn.property(...path)),
  tells: path => tellsOf(fn.resource, path) && fn.template.format !== 'serverless',
  condition: fn.resource.condition,
})

/** Whether what a resource does not say at a path it does not say at all. */
function tellsOf({ id, type, properties, template }: Resource, path: string): boolean {
  if (template.format === 'terraform') return isTranslatedName(id, type, path)
  return !properties.isTranslated && !template.open
}

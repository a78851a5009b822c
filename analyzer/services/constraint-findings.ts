import type { Application, LambdaFunction, Resource } from '../application/model.ts'
import { loadKnowledge } from '../data/pages.ts'
import type { Report } from '../engine/rule.ts'
import { brokenAt, readConstraints } from './constraints.ts'
import type { Constraint, Subject } from './constraints.ts'

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
  for (const constraint of constraintsOf(rule)) {
    for (const [id, subject, of] of subjectsOf(app, constraint)) {
      turnTo(of)
      const at = brokenAt(subject, constraint)
      if (!at) continue
      yield {
        at: at.keyLoc ?? at,
        message: `${id}: ${constraint.message}`,
        help: `Row ${constraint.id} of the page${PROVED[constraint.proof]}`,
        ...(constraint.proof === 'documentation' ? { severity: 'warning' as const } : {}),
      }
    }
  }
}

function* subjectsOf(
  app: Application,
  { types }: Constraint,
): Generator<readonly [id: string, subject: Subject, of: Resource | LambdaFunction]> {
  for (const type of types) {
    if (type === 'function') for (const fn of app.functions) yield [fn.id, subjectOf(fn), fn]
    else if (type.startsWith('event:') || type.startsWith('sam-event:')) {
      const [by = '', kind = ''] = type.split(':')
      for (const fn of app.functions)
        for (const event of fn.events)
          if (
            (kind === event.kind || (kind === 'stream' && /^(kinesis|dynamodb)$/.test(event.kind))) &&
            (by === 'event' || event.declaredBy === 'sam')
          )
            yield [
              `${fn.id} (${event.id})`,
              {
                property: (...path) => event.properties.at(...path),
                translated: event.properties.isTranslated || event.properties.open || fn.template.open,
              },
              fn,
            ]
    } else
      for (const resource of app.ofType(type))
        yield [
          resource.id,
          {
            property: (...path) => resource.property(...path),
            translated:
              resource.properties.isTranslated || resource.template.open || resource.template.format === 'terraform',
          },
          resource,
        ]
  }
}

const subjectOf = (fn: LambdaFunction): Subject => ({
  property: (...path) => fn.property(...path),
  translated: fn.template.format === 'serverless' || fn.template.format === 'terraform' || fn.template.open,
})

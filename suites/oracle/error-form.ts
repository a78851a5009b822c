/** The form of a refusal: a documented name, the status that goes with it, a text. */
import type { Action, Spec } from '../../spec/model.ts'
import { errorsOf, statusesOf } from './errors.ts'
import type { SeenAnswer } from './response.ts'
import { isObject } from '../../base/is-object.ts'
import { show, type Violation } from './violation.ts'

/**
 * Differences of an error answer from what the action's page and the common errors allow. `answer.status` is 400 or
 * above.
 */
export function checkError(spec: Spec, action: Action, answer: SeenAnswer): readonly Violation[] {
  const status = answer.status ?? 0
  const name = answer.error?.name
  if (name === undefined) {
    return [
      {
        clause: `${action.name}.answer`,
        path: [],
        message: 'a refusal names its error in the header x-amzn-ErrorType or in the body',
        expected: 'the name of an error',
        actual: `status ${status} without one`,
      },
    ]
  }
  const clause = clauseOf(spec, action, name)
  const statuses = statusesOf(spec, action, name)
  if (statuses.length === 0 && !mayComeUnlisted(action, name, status)) {
    const fitting = [
      ...new Set(
        errorsOf(spec, action)
          .filter(row => row.status === status)
          .map(row => row.name),
      ),
    ]
    return [
      {
        clause,
        path: [],
        message: `${action.name} gives documented errors only`,
        expected: fitting.join(', ') || 'a documented error',
        actual: show(name),
      },
    ]
  }
  const violations: Violation[] = []
  if (statuses.length > 0 && !statuses.includes(status)) {
    violations.push({
      clause,
      path: [],
      message: `${name} has status ${statuses.join(' or ')}`,
      expected: `status ${statuses.join(' or ')}`,
      actual: `status ${status}`,
    })
  }
  if (answer.body.length > 0 && !isObject(answer.json)) {
    violations.push({
      clause,
      path: [],
      message: 'the body of a refusal is a JSON object',
      expected: 'a JSON object',
      actual: show(new TextDecoder().decode(answer.body.subarray(0, 200))),
    })
  } else if (answer.error?.message === undefined && !/^AccessDenied/.test(name)) {
    violations.push({
      clause,
      path: ['message'],
      message: 'a refusal says why',
      expected: 'text in message or Message',
      actual: show(answer.json),
    })
  }
  return violations
}

/** Errors that the service gives where they fit, though the guide does not list them for every such action. */
function mayComeUnlisted(action: Action, name: string, status: number): boolean {
  switch (name) {
    case 'ResourceNotFoundException':
      return status === 404 && action.request.some(member => member.in === 'uri')
    case 'ResourceConflictException':
      return status === 409 && action.method !== 'GET'
    case 'PreconditionFailedException':
      return status === 412 && action.request.some(member => member.name === 'RevisionId')
    default:
      return false
  }
}

/** The clause of the error itself when the page has one, else that of the action's answers. */
export function clauseOf(spec: Pick<Spec, 'clauses'>, action: Action, name: string): string {
  const id = `${action.name}.error.${name}`
  return spec.clauses.some(clause => clause.id === id) ? id : `${action.name}.answer`
}

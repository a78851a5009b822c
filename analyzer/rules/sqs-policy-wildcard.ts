import type { Statement } from '../application/model.ts'
import { defineRule } from '../engine/rule.ts'
import { replaceAction } from '../permissions/policy-text.ts'
import { own } from '../../base/own.ts'

const READ = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']

/** A queue that lets others do everything to it. */
export const rule = defineRule({
  id: 'sqs-policy-wildcard',
  statement(statement, policy, { report }) {
    if (
      policy.kind !== 'resource' ||
      statement.effect !== 'Allow' ||
      statement.value.at('Effect').isUnknown ||
      !isOfQueue(policy.resource?.type, statement)
    )
      return
    if (isOwner(statement)) return
    for (const action of statement.actions) {
      if (!/^(sqs:)?\*$/i.test(action.string() ?? '')) continue
      const sending = isForService(statement)
      const enough = sending ? ['sqs:SendMessage'] : READ
      const edit = replaceAction(action, enough)
      report({
        at: action,
        message:
          `${action.string()} lets ${who(statement)} do everything to the queue: purge and delete it, ` +
          'and change this policy',
        help: sending
          ? 'A service that sends needs sqs:SendMessage alone'
          : `Who reads from the queue needs ${READ.join(', ')}; who sends needs sqs:SendMessage`,
        fixes: edit ? [{ description: `Allow ${enough.join(', ')}`, kind: 'suggestion', edits: [edit] }] : [],
      })
    }
  },
})

/** The policy of a queue: its resource says so, or, in a file of its own, the ARN of its resource. */
function isOfQueue(type: string | undefined, statement: Statement): boolean {
  if (type !== undefined) return /^AWS::SQS::/.test(type)
  return (
    statement.resources.some(resource => /^arn:[^:]*:sqs:/.test(resource.text() ?? '')) ||
    statement.actions.some(action => /^sqs:/i.test(action.string() ?? ''))
  )
}

/** What of CloudFormation's own parameters matters in the ARN of an owner. */
const PSEUDO_PARAMETERS: { readonly [id: string]: string } = { 'AWS::AccountId': 'OWN', 'AWS::Partition': 'aws' }

/** What SQS itself writes for the account that owns the queue. */
function isOwner(statement: Statement): boolean {
  const { principal } = statement
  if (principal.kind !== 'map') return false
  return principal.entries().every(
    entry =>
      entry.key === 'AWS' &&
      entry.value.items('single').every(one => {
        const text = one.text(part => own(PSEUDO_PARAMETERS, part.reference?.id) ?? 'x')
        return one.reference?.id === 'AWS::AccountId' || /^arn:[^:]*:iam::OWN:root$/.test(text ?? '')
      }),
  )
}

/** For a service, or for everybody whom a condition lets in by the resource that it comes from. */
function isForService(statement: Statement): boolean {
  const { principal } = statement
  if (principal.kind === 'map' && principal.entries().every(entry => entry.key === 'Service')) return true
  return (
    isEverybody(statement) &&
    statement.condition
      .entries()
      .some(entry => entry.value.entries().some(condition => /^aws:SourceArn$/i.test(condition.key)))
  )
}

function isEverybody({ principal }: Statement): boolean {
  return (
    principal.string() === '*' ||
    (principal.kind === 'map' &&
      principal.entries().some(entry => entry.value.items('single').some(one => one.string() === '*')))
  )
}

function who(statement: Statement): string {
  if (isEverybody(statement)) return statement.condition.isAbsent ? 'everybody' : 'everybody who meets the condition'
  const names = statement.principal
    .entries()
    .flatMap(entry => entry.value.items('single').map(one => one.resource?.id ?? one.text('…') ?? '…'))
  return names.join(', ') || 'others'
}

import { own } from '../../base/own.ts'
import type { Application, LambdaFunction, Resource } from '../application/model.ts'
import { policiesOf } from '../application/policies.ts'
import type { Value } from '../application/value.ts'
import { managedPolicy } from '../data/managed-policies.ts'
import { covers } from '../data/iam.ts'
import { defineRule } from '../engine/rule.ts'
import type { Repair, Report } from '../engine/rule.ts'
import { needsOf } from '../sdk/function-code.ts'
import { nameOfManaged } from '../permissions/grants.ts'
import { draftsOf, statementText } from '../permissions/policy-text.ts'
import type { Need } from '../sdk/sdk-needs.ts'

const FULL = /FullAccess(V\d|_v\d)?$|^(AdministratorAccess|PowerUserAccess|SystemAdministrator|DatabaseAdministrator)$/

/** Policies of AWS for a whole service, and SAM's templates for one thing of it with the parameter that names it. */
const TEMPLATES: { readonly [policy: string]: readonly (readonly [template: string, parameter: string])[] } = {
  AmazonDynamoDBFullAccess: [
    ['DynamoDBReadPolicy', 'TableName'],
    ['DynamoDBWritePolicy', 'TableName'],
    ['DynamoDBCrudPolicy', 'TableName'],
  ],
  AmazonS3FullAccess: [
    ['S3ReadPolicy', 'BucketName'],
    ['S3WritePolicy', 'BucketName'],
    ['S3CrudPolicy', 'BucketName'],
  ],
}

/** A managed policy that allows all of a service, or all there is. */
export const rule = defineRule({
  id: 'iam-full-access-policy',
  fn(fn, { report }) {
    for (const value of fn.permissions.managed) {
      const name = nameOfManaged(value)
      if (name === undefined || !FULL.test(name)) continue
      const needs = needsOf(fn).filter(need => grants(name, need.action))
      const drafts = draftsOf(needs)
      report({
        at: value,
        message: `${name} allows ${extentOf(name)}`,
        help: drafts.length
          ? `The code of ${fn.id} asks for ${drafts.map(draft => statementText(draft, fn.template)).join(' and ')}`
          : generalHelp(fn),
        related: [{ at: fn, message: `${fn.id} has this policy` }],
        fixes: byTemplate(fn, value, name, needs),
      })
    }
  },
  resource: {
    'AWS::IAM::Role'(role, { app, report }) {
      if (isForLambda(role) && !isHeld(app, role))
        for (const value of role.property('ManagedPolicyArns').items()) reportAlone(value, report)
    },
    aws_iam_role_policy_attachment(attachment, { report }) {
      if (!attachment.property('role').resource) reportAlone(attachment.property('policy_arn'), report)
    },
  },
})

/** A role of functions that stand elsewhere. */
const isForLambda = (role: Resource): boolean =>
  policiesOf(role).some(
    ({ kind, statements }) =>
      kind === 'trust' &&
      statements.some(({ principal }) =>
        principal
          .at('Service')
          .items('single')
          .some(one => one.string() === 'lambda.amazonaws.com'),
      ),
  )

const isHeld = (app: Application, role: Resource): boolean => app.functions.some(fn => fn.permissions.role === role)

function reportAlone(value: Value, report: (finding: Report) => void): void {
  const name = nameOfManaged(value)
  if (name !== undefined && FULL.test(name))
    report({ at: value, message: `${name} allows ${extentOf(name)}`, help: STATEMENT_HELP })
}

const extentOf = (name: string): string =>
  /^(Admin|PowerUser|IAMFull)/.test(name)
    ? 'nearly everything in the account'
    : 'all actions of a service on everything in the account'

const STATEMENT_HELP = 'Write a statement with the actions that are needed, on what they are needed for'

const generalHelp = (fn: LambdaFunction): string =>
  fn.resource.type === 'AWS::Serverless::Function'
    ? 'Take a policy template of SAM for the one thing, such as DynamoDBCrudPolicy or S3ReadPolicy, or a statement'
    : STATEMENT_HELP

const grants = (name: string, action: string): boolean =>
  (managedPolicy(name) ?? []).some(statement => statement.actions?.some(pattern => covers(pattern, action)) ?? false)

/** In SAM, the policy template that does what the code is seen to do with the one thing that it uses. */
function byTemplate(fn: LambdaFunction, value: Value, name: string, needs: readonly Need[]): readonly Repair[] {
  const resources = new Set(needs.map(need => need.resource))
  const [resource] = resources
  const templates = own(TEMPLATES, name) ?? []
  if (
    fn.permissions.kind !== 'generated' ||
    fn.resource.type !== 'AWS::Serverless::Function' ||
    resources.size !== 1 ||
    !resource ||
    value.string() === undefined ||
    value.via.length ||
    /\.json$/.test(value.loc.source.path)
  )
    return []
  const all = (actions: RegExp): boolean => needs.every(need => actions.test(need.action))
  const writes = all(/:(Put|Update|BatchWrite)/) ? templates[1] : templates[2]
  const [template, parameter] = (all(/:(Get|BatchGet|Query|Scan|List|Head)/) ? templates[0] : writes) ?? []
  if (template === undefined) return []
  return [
    {
      description: `Take ${template} for ${resource.id}`,
      kind: 'suggestion',
      edits: [{ loc: value.loc, text: `{${template}: {${parameter}: !Ref ${resource.id}}}` }],
    },
  ]
}

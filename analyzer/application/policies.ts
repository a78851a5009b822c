/** Policy documents, wherever they stand, as one shape. */
import type { Permissions, Policy, PolicyKind, Resource, Statement, Template } from './model.ts'
import type { Loc } from './source.ts'
import type { Value } from './value.ts'

/** The statements of a policy document; a single statement and a list are the same. */
export function readPolicy(
  document: Value,
  kind: PolicyKind,
  owner: { resource?: Resource | undefined; template?: Template | undefined; loc?: Loc },
): Policy {
  const written = document.at('Statement')
  const items = written.items('single')
  return {
    kind,
    loc: owner.loc ?? document.loc,
    value: document,
    statements: items.filter(item => item.kind === 'map').map(readStatement),
    resource: owner.resource,
    template: owner.template,
    open: document.isUnknown || written.isUnknown || written.open || items.some(item => item.isUnknown),
  }
}

function readStatement(value: Value): Statement {
  return {
    loc: value.loc,
    value,
    sid: value.at('Sid').string(),
    effect: value.at('Effect').string() === 'Deny' ? 'Deny' : 'Allow',
    actions: value.at('Action').items('single'),
    notActions: value.at('NotAction').items('single'),
    resources: value.at('Resource').items('single'),
    notResources: value.at('NotResource').items('single'),
    principal: value.at('Principal'),
    condition: value.at('Condition'),
  }
}

/** Types that are a policy, or have one, the property that holds it, and what it is attached to. */
const DOCUMENTS: readonly (readonly [types: readonly string[], property: string, kind: PolicyKind])[] = [
  [
    ['Policy', 'ManagedPolicy', 'RolePolicy', 'UserPolicy', 'GroupPolicy'].map(name => `AWS::IAM::${name}`),
    'PolicyDocument',
    'identity',
  ],
  [
    [
      'SQS::QueuePolicy',
      'SQS::QueueInlinePolicy',
      'SNS::TopicPolicy',
      'SNS::TopicInlinePolicy',
      'S3::BucketPolicy',
    ].map(name => `AWS::${name}`),
    'PolicyDocument',
    'resource',
  ],
  [['AWS::KMS::Key'], 'KeyPolicy', 'resource'],
  [['SecretsManager', 'Kinesis', 'Logs'].map(name => `AWS::${name}::ResourcePolicy`), 'ResourcePolicy', 'resource'],
]

/** Every policy document of a resource. */
export function policiesOf(resource: Resource): readonly Policy[] {
  const policies: Policy[] = []
  const add = (document: Value, kind: PolicyKind): void => {
    // One of several holds: each is looked at, and none is the whole.
    const possible = document.possible()
    for (const one of possible) {
      if (one.isAbsent) continue
      const policy = readPolicy(one, kind, { resource, template: resource.template })
      policies.push(possible.length > 1 ? { ...policy, open: true } : policy)
    }
  }
  const holder = DOCUMENTS.find(([types]) => types.includes(resource.type))
  if (holder !== undefined) add(resource.property(holder[1]), holder[2])
  if (resource.type === 'AWS::IAM::Role') add(resource.property('AssumeRolePolicyDocument'), 'trust')
  switch (resource.type) {
    case 'AWS::IAM::Role':
    case 'AWS::IAM::User':
    case 'AWS::IAM::Group':
      for (const policies of resource.property('Policies').possible())
        for (const policy of policies.items()) add(policy.at('PolicyDocument'), 'identity')
      break
    case 'AWS::Events::EventBusPolicy':
      if (resource.property('Statement').kind === 'map') {
        policies.push({
          kind: 'resource',
          loc: resource.loc,
          value: resource.properties,
          statements: [readStatement(resource.property('Statement'))],
          resource,
          template: resource.template,
          open: false,
        })
      }
      break
    case 'AWS::Serverless::Function':
    case 'AWS::Serverless::StateMachine':
      for (const policy of resource.property('Policies').items('single'))
        if (isDocument(policy)) add(policy, 'identity')
      add(resource.property('AssumeRolePolicyDocument'), 'trust')
      break
    case 'aws_iam_policy_document':
      // Nothing says what it is for but its statements.
      add(resource.property('PolicyDocument'), kindOfDocument(resource.property('PolicyDocument', 'Statement')))
      break
    case 'AWS::Serverless::Api':
      add(resource.property('Auth', 'ResourcePolicy', 'CustomStatements'), 'resource')
      break
  }
  return policies
}

function kindOfDocument(statements: Value): PolicyKind {
  const items = statements.items('single')
  if (items.every(item => item.at('Principal').isAbsent && item.at('NotPrincipal').isAbsent)) return 'identity'
  return items.every(item => item.at('Resource').isAbsent && item.at('NotResource').isAbsent) ? 'trust' : 'resource'
}

/** Whether a value is a policy document: a mapping with a `Statement`. */
export const isDocument = (value: Value): boolean => value.kind === 'map' && !value.at('Statement').isAbsent

/**
 * What a function that names a role may do: the role's own policies, and the policies of the template that are attached
 * to it.
 * @param attachable resources of the same template that may attach themselves to a role.
 */
export function permissionsOfRole(role: Value, at: Loc, attachable: readonly Resource[]): Permissions {
  const resource = role.resource ?? attachable.find(one => one.type === 'AWS::IAM::Role' && namesRole(role, one))
  if (resource?.type !== 'AWS::IAM::Role') {
    return {
      kind: 'unknown',
      role: undefined,
      loc: role.isAbsent ? at : role.loc,
      policies: [],
      managed: [],
      templates: [],
      open: true,
    }
  }
  const policies = [...policiesOf(resource).filter(policy => policy.kind === 'identity')]
  const managedWritten = resource.property('ManagedPolicyArns')
  const managed = [...managedWritten.items()]
  let open =
    resource.properties.open ||
    managedWritten.isUnknown ||
    managedWritten.open ||
    resource.property('Policies').isUnknown
  for (const other of attachable) {
    if (other.type === 'AWS::IAM::Policy' || other.type === 'AWS::IAM::ManagedPolicy') {
      const roles = other.property('Roles')
      if (roles.isUnknown || roles.items().some(item => item.isUnknown && item.kind !== 'reference')) open = true
      if (roles.items().some(item => item.resource === resource || namesRole(item, resource)))
        policies.push(...policiesOf(other))
    } else if (other.type === 'AWS::IAM::RolePolicy') {
      const name = other.property('RoleName')
      if (name.resource === resource || namesRole(name, resource)) policies.push(...policiesOf(other))
    }
  }
  // A managed policy of the same template is as good as an inline one.
  const imported: Value[] = []
  for (const arn of managed) {
    if (arn.resource?.type === 'AWS::IAM::ManagedPolicy') policies.push(...policiesOf(arn.resource))
    else imported.push(arn)
  }
  if (imported.some(arn => !isAwsManaged(arn))) open = true
  if (policies.some(policy => policy.open)) open = true
  return {
    kind: 'explicit',
    role: resource,
    loc: resource.loc,
    policies: [...new Set(policies)],
    managed: imported,
    templates: [],
    open,
  }
}

/** A policy that AWS keeps: `arn:aws:iam::aws:policy/…`, also with an unknown partition. */
export const isAwsManaged = (arn: Value): boolean => /^arn:[^:]+:iam::aws:policy\//.test(arn.text() ?? '')

/**
 * `Policies` of a SAM function or of the framework's own role: documents, policy templates, names and ARNs in one list.
 */
export function permissionsOfSam(policies: Value, resource: Resource, at: Loc): Permissions {
  const found: Policy[] = []
  const managed: Value[] = []
  const templates: { name: string; value: Value }[] = []
  let open = policies.isUnknown || policies.open
  for (const item of policies.items('single')) {
    if (item.isUnknown) {
      if (item.resource?.type === 'AWS::IAM::ManagedPolicy') found.push(...policiesOf(item.resource))
      else {
        managed.push(item)
        if (!isAwsManaged(item)) open = true
      }
    } else if (item.kind === 'string') managed.push(item)
    else if (isDocument(item)) found.push(readPolicy(item, 'identity', { resource, template: resource.template }))
    else for (const entry of item.entries()) templates.push({ name: entry.key, value: entry.value })
  }
  if (found.some(policy => policy.open)) open = true
  return { kind: 'generated', role: undefined, loc: at, policies: found, managed, templates, open }
}

/** Whether a value names the role by its `RoleName` or an ARN that ends in it. */
function namesRole(value: Value, role: Resource): boolean {
  if (value.resource) return value.resource === role
  const name = role.property('RoleName').string()
  const text = value.text()
  return name !== undefined && text !== undefined && (text === name || text.endsWith(`:role/${name}`))
}
